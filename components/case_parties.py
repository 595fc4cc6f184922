"""Who works on an event: departments with their own clocks, requests, steps of the plan, linked events."""

from __future__ import annotations

from datetime import timedelta

from dash import html
from dash.development.base_component import Component

from access.personal import mask_text
from components.case_seen import Seen
from components.case_steps import near
from components.markup import Node
from components.sla import sla
from components.times import stamp
from dispatch.clocks import Clock
from dispatch.event import Assignment, Event, Request
from dispatch.state import ACTION_NAMES

PARTS = {"lead": "主办", "joint": "协办"}
ENDS = {"done": "已反馈", "returned": "已退回", "transferred": "已转出", "closed": "已结束"}
OUTCOMES = {"waiting": "待审批", "granted": "已同意", "denied": "不同意", "lapsed": "已失效"}
LINKS = {
    "merged_into": "并入",
    "holds": "含并入的",
    "split_into": "拆出",
    "split_from": "拆自",
}


def case_parties(seen: Seen) -> list[Node]:
    """Each part only if there is something to tell."""
    return [*_departments(seen), *_requests(seen), *_plan(seen), *_links(seen)]


def _departments(seen: Seen) -> list[Node]:
    shown = [one for one in seen.case.assignments if one.round == seen.event.round]
    earlier = len(seen.case.assignments) - len(shown)
    if not shown:
        return []
    clocks = {one.department: clock for one, clock in seen.detail.joint_clocks if one.round == seen.event.round}
    rows = [
        _department(one, clocks.get(one.department), seen) for one in sorted(shown, key=lambda one: one.part != "lead")
    ]
    more = html.Small(f"此前 {earlier} 次派遣见经过", className="mut") if earlier else None
    return [html.H2(["承办 ", more]), html.Ul(rows, className="dpt")]


def _department(one: Assignment, clock: Clock | None, seen: Seen) -> Component:
    if one.ended:
        stand: Node = html.Span(f"{ENDS.get(one.ended, one.ended)} {seen.at(one.done_at)}", className="sub")
    else:
        stand = html.Span(f"{seen.at(one.signed_at)} 签收" if one.signed_at else "未签收", className="sub")
    own = seen.detail.clock if one.part == "lead" and not one.ended else clock if not one.ended else None
    left = sla(own.due_at, seen.now, near(own, seen)) if own is not None and own.due_at is not None else None
    due = html.Span(f"协办时限 {stamp(one.due_at)[5:]}", className="mut") if one.due_at else None
    task = html.Span(mask_text(one.task), className="mut tk") if one.task else None
    name = html.B(seen.rules.department_name(one.department))
    return html.Li([html.I(PARTS.get(one.part, one.part), className="tg3"), html.Div([name, task, due]), stand, left])


def _requests(seen: Seen) -> list[Node]:
    rows = [_request(one, seen) for one in reversed(seen.case.requests)]
    return [html.H2("申请与审批"), html.Ul(rows, className="dpt")] if rows else []


def _request(one: Request, seen: Seen) -> Component:
    said = seen.case.ledger[one.seq - 1] if one.seq <= len(seen.case.ledger) else None
    who = said.actor if said else ""
    what = f"{ACTION_NAMES[one.action]}{_given(one, seen)}"
    stand = OUTCOMES.get(one.outcome, one.outcome)
    inside = html.Div(
        [html.B(what), html.Span(f"{who} {seen.at(one.asked_at)}：{mask_text(one.note)}", className="mut tk")]
    )
    look = "chip ink" if one.outcome == "waiting" else "tg3"
    return html.Li([html.I("批", className="tg3"), inside, html.I(stand, className=look), None])


def _given(one: Request, seen: Seen) -> str:
    data, rules = one.data, seen.rules
    if "amount" in data:
        unit = rules.handling_limit(seen.event.category, seen.event.level).unit
        return f" {float(data['amount']):g} {unit}"
    if "department" in data:
        return f" 至{rules.department_name(str(data['department']))}"
    if "reason" in data:
        return "：" + next((o.name for o in rules.rules.pause_reasons if o.key == data["reason"]), "")
    return ""


def _plan(seen: Seen) -> list[Node]:
    steps = seen.case.steps
    if not steps:
        return []
    done = sum(one.done_at is not None for one in steps)
    rows = []
    for one in steps:
        who = seen.rules.department_name(one.department) if one.department else "主办单位"
        if one.done_at:
            stand: Node = html.Span(f"{seen.at(one.done_at)} {one.done_by}", className="sub")
        else:
            stand = (
                sla(one.due_at, seen.now, timedelta(minutes=15)) if one.due_at else html.Span("未做", className="sub")
            )
        mark = html.I("✓" if one.done_at else str(one.position), className="tg3")
        rows.append(html.Li([mark, html.Div([html.B(one.words), html.Span(who, className="mut tk")]), stand, None]))
    title = html.H2([f"预案 {steps[0].plan} ", html.Small(f"{done}/{len(steps)}", className="mut")])
    return [title, html.Ul(rows, className="dpt")]


def _links(seen: Seen) -> list[Node]:
    found = seen.detail.links
    if not found:
        return []
    held = sum(other.callers for kind, other in found if kind == "holds")
    remark = html.Small(f"共 {seen.event.callers} 人上报，其中并入 {held} 人", className="mut") if held else None
    return [
        html.H2(["关联事件 ", remark]),
        html.Ul([_link(kind, other, seen) for kind, other in found], className="dpt"),
    ]


def _link(kind: str, other: Event, seen: Seen) -> Component:
    name = html.A(html.B(mask_text(other.title)), href=seen.place.to(f"/event/{other.number}"))
    told = f"{other.number} · {seen.at(other.reported_at)} 上报 · {other.callers} 人"
    inside = html.Div([name, html.Span(told, className="mut tk")])
    return html.Li(
        [html.I(LINKS.get(kind, kind), className="tg3"), inside, html.Span(other.state_name, className="sub"), None]
    )
