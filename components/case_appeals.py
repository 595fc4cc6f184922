"""申诉 of one event: what was asked, what became of it; the form to ask, and to decide, for those who may."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from access.personal import mask_text
from components.case_seen import Seen
from components.form import choice, form, note_field, submit
from components.markup import Markup, Node, element
from dispatch.appeals import Appeal
from dispatch.measures import BY_KEY, MEASURES
from dispatch.state import DONE

OUTCOMES = {"waiting": "待审批", "granted": "同意剔除", "denied": "不同意"}


def case_appeals(seen: Seen) -> list[Node]:
    """Nothing while there is nothing to tell and nothing to be done."""
    rows = [_row(one, seen) for one in seen.appeals]
    offered = [_ask(seen)] if seen.may_appeal and seen.event.state in DONE else []
    if not rows and not offered:
        return []
    return [html.H2("申诉"), html.Ul(rows, className="dpt") if rows else None, *offered]


def _row(one: Appeal, seen: Seen) -> Component:
    known = BY_KEY.get(one.measure)
    what = f"{seen.rules.department_name(one.department)}：不计入{known.name if known else '全部评价'}"
    note = html.Span(f"{seen.at(one.asked_at)} {mask_text(one.reason)}", className="mut tk")
    answer = html.Span(mask_text(one.note), className="mut tk") if one.note else None
    stand = html.I(OUTCOMES.get(one.outcome, one.outcome), className="tg3")
    decide = _decide(one) if one.outcome == "waiting" and seen.may_approve else None
    return html.Li([html.I("诉", className="tg3"), html.Div([html.B(what), note, answer, decide]), stand, None])


def _ask(seen: Seen) -> Markup:
    measures = [("*", "全部评价"), *((one.key, one.name) for one in MEASURES)]
    fields: list[Component | Markup] = [
        choice("measure", "不计入", measures),
        note_field("理由", "不应由本单位负责的依据"),
    ]
    inside = form(fields, [submit("申诉", f"{seen.address}/appeals")])
    days = seen.rules.rules.appeal_days
    return element("details", [html.Summary(f"提出申诉（结案后 {days} 个工作日内）"), inside], class_="fold rvl")


def _decide(one: Appeal) -> Component:
    address = f"/api/v1/appeals/{one.id}"
    buttons = [submit("同意剔除", address, decision="grant"), submit("不同意", address, decision="deny")]
    return form([note_field("审批意见", "依据")], buttons)
