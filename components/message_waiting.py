"""Proposals a person must confirm: what was said, what the router thinks and why, one choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.faces import empty
from components.form import submit
from components.markup import Markup, element
from components.times import age


@dataclass(frozen=True)
class WaitingLine:
    """One event whose category waits for a person."""

    number: str
    title: str
    reported_at: datetime
    version: int
    proposed: str
    proposed_name: str
    runner_up: str
    confidence: float
    words: tuple[str, ...]
    department: str
    is_listed: bool
    href: str
    now: datetime


def waiting_list(
    lines: Sequence[WaitingLine], categories: Sequence[tuple[str, str]], more: int, bar: float, *, may_settle: bool
) -> Component:
    """The oldest report first."""
    if not lines:
        return empty("没有待确认的类别", f"置信度达到 {100 * bar:.0f}% 的自动填写并记入台账，其余在这里等人确认")
    rows = [html.Li(_line(one, categories, may_settle=may_settle)) for one in lines]
    rest = html.P(f"另有 {more} 件，处理后依次列出", className="sub") if more > 0 else None
    return html.Div([html.Ul(rows, className="waits"), rest])


def _line(one: WaitingLine, categories: Sequence[tuple[str, str]], *, may_settle: bool) -> list[Component | Markup]:
    why = f"依据“{'”“'.join(one.words)}”" if one.words else "没有可依据的词"
    second = f"，其次 {one.runner_up}" if one.runner_up else ""
    how = "权责清单词语" if one.is_listed else f"置信度 {100 * one.confidence:.0f}%"
    lead = f"，建议主办 {one.department}" if one.department else ""
    made: list[Component | Markup] = [
        html.Div(
            [
                html.A(one.title, href=one.href, title=f"{one.number} {one.title}"),
                html.Span(f"{age(one.now - one.reported_at)}前", className="n sub"),
            ],
            className="hd",
        ),
        html.P([html.B(one.proposed_name), f"（{how}）{second}；{why}{lead}"], className="sub"),
    ]
    return [*made, _choice(one, categories)] if may_settle else made


def _choice(one: WaitingLine, categories: Sequence[tuple[str, str]]) -> Component:
    """The proposal stands chosen; any other category may be taken instead."""
    options = [element("option", name, value=code, selected=code == one.proposed) for code, name in categories]
    if not one.proposed:
        options.insert(0, element("option", "请选择类别", value="", selected=True))
    field = element("select", options, name="category", required=True, aria_label=f"{one.title[:20]} 的类别")
    version = element("input", type="hidden", name="version", value=str(one.version))
    send = submit("确认", f"/api/v1/events/{one.number}/routing")
    said = html.Span(className="said", role="status")
    return html.Form([field, version, send, said], className="fm row", **attributes(aria_label="确认类别"))
