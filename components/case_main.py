"""Everything known of one event: what was reported, first times, who works on it, photos, the whole course."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from access.personal import mask_text
from components.case_appeals import case_appeals
from components.case_course import case_course
from components.case_fields import reveal_form
from components.case_files import case_files
from components.case_parties import case_parties
from components.case_seen import Seen
from components.markup import Markup, Node, element
from components.times import dwell
from dispatch.first_times import NAMES, first_times
from dispatch.state import Action

FIELDS = {"reporter_name": "姓名", "reporter_phone": "电话", "reporter_address": "住址"}
DEGREES = {"impact": "影响", "urgency": "紧急"}


def case_main(seen: Seen, evidence: Sequence[Node] = ()) -> list[Node]:
    """Left what was said and done, right what was seen."""
    left = [*_said(seen), *_times(seen), *case_parties(seen), *_result(seen), *case_appeals(seen), *case_course(seen)]
    right = [*evidence, *case_files(seen)]
    return [html.Div([html.Div(left, className="cl"), html.Div(right, className="cr")], className="two2")]


def _said(seen: Seen) -> list[Node]:
    event = seen.event
    words = mask_text(event.description) or "没有情况说明"
    parts: list[Node] = [html.Div(words, className="say")]
    parts.append(html.Span(f"{seen.at(event.reported_at)} · {_who(seen)}", className="mut"))
    inside: list[Node] = [html.Div(parts, className="rq")]
    if seen.may_reveal and (seen.reporter or words != event.description):
        inside.append(_reveal(seen, words != event.description))
    reasons = [html.Li(mask_text(text)) for text in event.reasons.values() if text]
    why = element("details", [html.Summary("为何是这个类别、级别、区域"), html.Ul(reasons)], class_="why2d")
    return [html.H2("诉求"), *inside, why if reasons else None]


def _who(seen: Seen) -> str:
    if not seen.reporter:
        return "诉求人不显示" if not seen.may_reveal else "诉求人未留"
    return "诉求人 " + " ".join(seen.reporter.values()) + "（已脱敏）"


def _reveal(seen: Seen, has_text: bool) -> Markup:
    """One field in full for a reason that goes on record; nothing of it is kept."""
    options = [(field, words) for field, words in FIELDS.items() if field in seen.reporter]
    options += [("description", "情况说明原文")] if has_text else []
    if not options:
        return Markup()
    inside = reveal_form("查看原文", "理由记入审计", seen.event.number, options)
    return element("details", [html.Summary("查看原文"), html.Div(inside, className="rev")], class_="fold rvl")


def _times(seen: Seen) -> list[Node]:
    event, times = seen.event, first_times(seen.case)
    shown = [(name, getattr(times, key)) for key, name in NAMES.items()]
    cells = [
        html.Div([html.Dt(name), html.Dd(_length(seconds, key_missing(name, seen)), className="n")])
        for name, seconds in shown
    ]
    degree = html.Small(f"影响 {event.impact} × 紧急 {event.urgency}", className="mut")
    return [html.H2(["四个第一时间 ", degree]), html.Dl(cells, className="im")]


def key_missing(name: str, seen: Seen) -> str:
    """What stands where a first time is not known (yet)."""
    if name == NAMES["discover"]:
        return "发生时间不明" if seen.event.occurred_at is None else "—"
    return "—"


def _length(seconds: float | None, missing: str) -> Component | str:
    return html.Small(missing) if seconds is None else dwell(seconds)


def _result(seen: Seen) -> list[Node]:
    """Called back, evaluated: what came of it."""
    event = seen.event
    told: list[Node] = []
    row = seen.last(Action.CALL_BACK)
    if row is not None and event.satisfied is not None:
        told.append(html.Li([html.B("回访 满意" if event.satisfied else "回访 不满意"), _note(row.note)]))
    row = seen.last(Action.EVALUATE)
    if row is not None and event.score is not None:
        told.append(
            html.Li([html.B(f"评价 {event.score} 分"), html.Span("（满分 5 分）", className="mut"), _note(row.note)])
        )
    return [html.H2("评价"), html.Ul(told, className="res")] if told else []


def _note(text: str) -> Component | None:
    return html.Span(mask_text(text), className="sub") if text else None
