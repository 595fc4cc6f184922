"""The way from an event to its review, and the lists of reviews and measures at the evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dash import html
from dash.development.base_component import Component

from access.personal import mask_text
from components.attributes import attributes
from components.chip import chip
from components.faces import empty, panel_head
from components.markup import Node
from components.times import when
from dispatch.review import STATES, Measure, Review
from dispatch.review_lists import Listed


@dataclass(frozen=True)
class Due:
    """A measure still open: of which event, by whom, with the way to it."""

    number: str
    measure: Measure
    department: str
    href: str


def review_link(found: Review | None, reasons: Sequence[str], href: str) -> list[Node]:
    """Beside the event: how its review stands, or why there should be one."""
    if found is None:
        words = "；".join(reasons) or "一般事件，可按需复盘"
        return [panel_head("复盘", "尚未开始"), html.P(words, className="sub"), _way("写复盘", href)]
    done = sum(one.done_at is not None for one in found.now)
    told = f"改进措施 {len(found.now)} 条，完成 {done}" if found.now else "尚无改进措施"
    signed = f"，{found.signed_by}" if found.signed_by else ""
    return [panel_head("复盘", f"{STATES[found.state]}{signed}"), html.P(told, className="sub"), _way("看复盘", href)]


def _way(words: str, href: str) -> Component:
    return html.A([f"{words} ", html.Kbd("R")], href=href, className="act", **attributes(data_go="review"))


def review_lists(
    waiting: Sequence[tuple[Listed, str]], written: Sequence[tuple[Listed, str]], due: Sequence[Due], now: datetime,
    today: date,
) -> list[Node]:  # fmt: skip
    """Big events without a review, reviews that are there, measures by their day."""
    late = sum(one.measure.is_late(today) for one in due)
    note = f"未完成措施 {len(due)} 条" + (f"，逾期 {late}" if late else "")
    return [
        panel_head("复盘与改进", note),
        html.Div(
            [
                html.Div([html.H3("待复盘", className="h3"), _events(waiting, now, "近期没有待复盘的重大事件")]),
                html.Div([html.H3("复盘", className="h3"), _events(written, now, "还没有复盘")]),
                html.Div([html.H3("未完成的改进措施", className="h3"), _measures(due, today)]),
            ],
            className="rev3",
        ),
    ]


def _events(found: Sequence[tuple[Listed, str]], now: datetime, nothing: str) -> Component:
    if not found:
        return empty(nothing, "红色、橙色、多单位督办和多人反映的事件结案后列在这里")
    return html.Ul([html.Li(_event(one, href, now)) for one, href in found], className="rvq")


def _event(one: Listed, href: str, now: datetime) -> list[Node]:
    stand = (
        f"{STATES[one.state]}，措施 {one.measures - one.open_measures} / {one.measures}" if one.has_review else "结案"
    )
    return [
        chip(one.level), html.A(mask_text(one.title), href=href, title=one.number),
        html.Span(f"{stand} {when(one.changed_at, now)}", className="mut"),
    ]  # fmt: skip


def _measures(found: Sequence[Due], today: date) -> Component:
    if not found:
        return empty("没有未完成的措施", "复盘中的改进措施在完成前列在这里")
    return html.Ul([html.Li(_measure(one, today)) for one in found], className="rvq m")


def _measure(one: Due, today: date) -> list[Node]:
    late = one.measure.is_late(today)
    return [
        html.A(mask_text(one.measure.words), href=one.href, title=one.number), html.Span(one.department),
        html.Span(f"{'逾期，' if late else ''}{one.measure.due_on:%m-%d} 前", className="bad" if late else "mut"),
    ]  # fmt: skip
