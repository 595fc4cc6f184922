"""Rules of early warning on screen: all of them, one in full, and what other bounds would have told of the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import LEVELS, chip
from components.form import form, submit
from components.markup import Markup, element
from components.numbers import plain
from components.table import number, table
from decisions.warning_words import number as written

COLUMNS = ("规则", "指标", "范围", "看什么", "红→", "橙→", "黄→", "蓝→", "持续", "责任单位")
FIELDS = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝", "hysteresis": "回差"}
TIMES = {"lasting": "持续多久才提示", "calm": "平复多久才解除"}
REPLAY = ("区域", "现行：次数→", "试算：次数→", "现行：时长→", "试算：时长→", "分级变化")


@dataclass(frozen=True)
class RuleLine:
    """A rule in words. `bounds` by level 1 to 4; `edited`: changed on screen."""

    key: str
    name: str
    indicator: str
    indicator_href: str
    where: str
    measure: str
    direction: str
    bounds: Mapping[int, float]
    lasting: str
    owner: str
    is_edited: bool
    href: str
    is_chosen: bool


@dataclass(frozen=True)
class ReplayLine:
    """One region over the past: beginnings and hours in force, with the present bounds and the tried ones."""

    place: str
    times: tuple[int, int]
    hours: tuple[float, float]
    levels: tuple[Mapping[int, int], Mapping[int, int]]


def rule_table(rules: Sequence[RuleLine]) -> Component:
    """All rules in the order of the file."""
    return table(COLUMNS, [_row(one) for one in rules], "预警规则", "rules")


def tried_form(values: Mapping[str, str], hidden: Mapping[str, str]) -> Component:
    """The numbers of a rule; every change goes into the address and the past is replayed with it."""
    fields = [
        html.Label(
            [words, element("input", type="text", name=name, value=values.get(name, ""), inputmode="decimal",
                            maxlength=12, autocomplete="off")]
        )
        for name, words in (FIELDS | TIMES).items()
    ]  # fmt: skip
    kept = [element("input", type="hidden", name=name, value=value) for name, value in hidden.items()]
    return html.Form([*kept, *fields], className="fm tried", **attributes(data_query="true"))


def replay_table(lines: Sequence[ReplayLine], days: int) -> Component:
    """What the present bounds and the tried ones tell over the past, region by region."""
    rows = [
        html.Tr(
            [
                html.Th(one.place, scope="row"),
                number(str(one.times[0])),
                number(str(one.times[1])),
                number(f"{plain(one.hours[0], 1)} 小时"),
                number(f"{plain(one.hours[1], 1)} 小时"),
                html.Td(f"{_levels(one.levels[0])} → {_levels(one.levels[1])}"),
            ]
        )
        for one in lines
    ]
    return html.Div(
        [table(REPLAY, rows, f"近 {days} 天回放"), html.P(f"近 {days} 天的读数逐个重放，不看未来。", className="sub")]
    )


def edit_form(key: str, tried: Mapping[str, str], *, is_edited: bool) -> list[Component]:
    """Keep what was tried, with the reason; take back what was changed before."""
    address = f"/api/v1/warning-rules/{key}/edits"
    made: list[Component] = []
    if tried:
        hidden: list[Component | Markup] = [
            element("input", type="hidden", name=name, value=value) for name, value in tried.items()
        ]
        made.append(form([*hidden, _reason("修改理由")], [submit("按试算值修改", address, primary=True)]))
    if is_edited:
        made.append(form([_reason("恢复理由")], [submit("恢复文件原值", address)]))
    return made


def file_link(href: str) -> Component:
    """The rules in force as a file."""
    return html.A("导出 YAML", href=href, className="act", **attributes(download="warnings.yaml"))


def _reason(label: str) -> Component:
    field = element("input", name="reason", type="text", required=True, maxlength=300, autocomplete="off")
    return html.Label([label, field], className="full")


def _levels(found: Mapping[int, int]) -> str:
    return " ".join(f"{LEVELS[level]}{count}" for level, count in sorted(found.items())) or "无"


def _row(one: RuleLine) -> Component:
    mark: list[Component | Markup] = [chip(0, "改")] if one.is_edited else []
    sign = "≥" if one.direction == "above" else "≤"
    return html.Tr(
        [
            html.Th([*mark, html.A(one.name, href=one.href)], scope="row"),
            html.Td(html.A(one.indicator, href=one.indicator_href), title=one.indicator),
            html.Td(one.where),
            html.Td(one.measure),
            *(number(f"{sign}{written(one.bounds[level])}" if level in one.bounds else "") for level in LEVELS),
            html.Td(one.lasting),
            html.Td(one.owner),
        ],
        className="chosen" if one.is_chosen else "",
    )
