"""DeskNext: what waits for a seat, by what is to be done. Clocks are drawn by the browser as in the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.case_queue import QueueRow
from components.chip import chip
from components.faces import empty


@dataclass(frozen=True)
class Waiting:
    """One kind of work: `count` is all of it; `rows` its most pressing events, each with where it opens."""

    name: str
    says: str
    count: int
    href: str
    rows: Sequence[tuple[QueueRow, str]]


def desk_next(kinds: Sequence[Waiting]) -> Component:
    """A list for each kind of work; a sentence where nothing waits."""
    nothing = empty("没有等本席办理的事件", "受理、派遣规则运行中；新事件会自动出现在左侧列表")
    return html.Div([html.H2("等本席办理"), *map(_kind, kinds)] if kinds else nothing, className="nx")


def _kind(kind: Waiting) -> Component:
    rest = kind.count - len(kind.rows)
    return html.Section(
        [
            html.H3([html.A(kind.name, href=kind.href), html.B(str(kind.count), className="n"), html.Small(kind.says)]),
            html.Ul([_row(row, href) for row, href in kind.rows]),
            html.P(html.A(f"另有 {rest} 件", href=kind.href), className="mut") if rest else None,
        ]
    )


def _row(row: QueueRow, href: str) -> Component:
    due = row.due.isoformat() if row.due else None
    since = row.since.isoformat() if row.due else None
    return html.Li(
        [
            chip(row.level),
            html.Div([html.A(row.title, href=href, title=row.title), *(_mark(*mark) for mark in row.marks)]),
            html.Span(row.where, className="mut"),
            html.Span(row.standing),
            html.I(row.still, className="sla ok", **attributes(data_left="true" if due else None)),
        ],
        **attributes(data_due=due, data_from=since, data_near=f"{row.near:.0f}" if due else None),
    )


def _mark(words: str, says: str) -> Component:
    return html.I(words, className="tg3", title=says)
