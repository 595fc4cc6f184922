"""CaseQueue: tabs, filters and rows of the desk. Clocks are drawn by the browser from the instants given here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import chip
from components.faces import empty
from components.markup import Markup, element, markup

ROWS_KEPT = 4000
"""Rows kept as text."""
Link = Callable[..., str]
"""The address of the desk with some parameters changed: link(tab="all", rows=None)."""


@dataclass(frozen=True)
class QueueRow:
    """One row. `near` is the time left, in seconds, from which its clock is outlined; without `due` it stands still."""

    number: str
    version: int
    level: int
    title: str
    where: str
    standing: str
    marks: tuple[tuple[str, str], ...]
    """Short marks with what they mean: (退回 2, 退单 2 次)."""
    since: datetime
    due: datetime | None
    near: float
    still: str = ""
    """What stands in place of a clock: 挂账."""


@dataclass(frozen=True)
class QueueTab:
    """One tab with its true count."""

    key: str
    name: str
    says: str
    count: int


@dataclass(frozen=True)
class QueueFilter:
    """A choice: name of the parameter, words, what is chosen, and what there is to choose: value → words."""

    key: str
    words: str
    chosen: str
    choices: Mapping[str, str]


@dataclass(frozen=True)
class QueueGroup:
    """Rows under one heading; `count` is all there are, also those not drawn."""

    key: str
    name: str
    count: int
    rows: Sequence[QueueRow]


def queue_tabs(tabs: Sequence[QueueTab], chosen: str, link: Link, report: str = "") -> Component:
    """Links; the chosen one is underlined. `report`: where a new event is reported, for whoever may."""
    new = html.A(["＋ 上报 ", html.Kbd("N")], href=report, className="new") if report else None
    return html.Nav(
        [
            html.A(
                [one.name, html.B(str(one.count), className="n")],
                href=link(tab=None if one.key == "all" else one.key, group=None, rows=None),
                title=one.says,
                **attributes(aria_current="true" if one.key == chosen else None, data_tab=one.key),
            )
            for one in tabs
        ]
        + ([new] if new else []),
        className="tabs",
        **attributes(aria_label="事件分类"),
    )


def queue_filters(filters: Sequence[QueueFilter], text: str) -> Component:
    """A search and the choices; each stands in the address."""
    search = element(
        "input", type="search", name="q", value=text, maxlength="60", autocomplete="off", class_="inp",
        placeholder="编号、地点、标题", aria_label="按编号、地点、标题查找", data_query_search="true",
    )  # fmt: skip
    return html.Form(
        [search, *map(_filter, filters)],
        className="fl",
        **attributes(data_query="true", role="search", aria_label="筛选"),
    )


def _filter(one: QueueFilter) -> Markup:
    options = [element("option", one.words, value="")]
    options += [
        element("option", words, value=value, selected=value == one.chosen) for value, words in one.choices.items()
    ]
    look = "inp set" if one.chosen else "inp"
    return element("select", options, name=one.key, class_=look, aria_label=one.words)


def queue_list(groups: Sequence[QueueGroup], link: Link, more: str, shown: int, total: int) -> list[Component]:
    """The groups that hold anything; below them the way to further rows."""
    if not total:
        return [html.Div(empty("这里没有事件", "受理、派遣规则运行中；新事件会自动出现在这里"), className="ql none")]
    parts: list[Component] = [_group(group, link) for group in groups if group.count]
    if shown < total:
        words = f"已列出 {shown} 件，共 {total} 件。"
        parts.append(html.P([words, html.A("再显示 200 件", href=link(rows=more), className="more")], className="rest"))
    return [html.Div(parts, className="ql", **attributes(data_list="queue"))]


def _group(group: QueueGroup, link: Link) -> Component:
    head = html.H3([group.name, html.Small(str(group.count), className="n")])
    rows = [_row(row, link(event=row.number)) for row in group.rows]
    return html.Section([head, html.Ul(rows)], **attributes(data_row=group.key))


@lru_cache(maxsize=ROWS_KEPT)
def _row(row: QueueRow, href: str) -> Markup:
    """As text: of hundreds of rows few are others than a moment ago, and as components they cost ten times as much."""
    pick = element(
        "input", type="checkbox", class_="pick", aria_label=f"选中 {row.number}", data_pick=row.number, tabindex="-1"
    )
    marks = [element("i", words, class_="tg3", title=says) for words, says in row.marks]
    title = element("a", row.title, href=href, title=row.title, data_open=row.number)
    due = row.due.isoformat() if row.due else None
    clock = element("i", row.still, class_="sla ok", data_left="true" if due else None)
    return element(
        "li",
        [
            pick,
            _chip(row.level),
            element("div", [element("b", title), *marks], class_="qt"),
            clock,
            element("span", row.where, class_="mut qw", title=f"{row.number} {row.where}"),
            element("span", row.standing, class_="qs"),
            element("span", element("i"), class_="tb", aria_hidden="true") if due else None,
        ],
        data_row=row.number, data_event=row.number, data_version=str(row.version), data_level=str(row.level),
        data_from=row.since.isoformat() if due else None, data_due=due, data_near=f"{row.near:.0f}" if due else None,
    )  # fmt: skip


@cache
def _chip(level: int) -> Markup:
    return markup(chip(level))
