"""The events behind a figure, and appeals against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.county_events import level_chip
from components.faces import empty
from components.form import choice, form, note_field, submit
from components.markup import Tree
from components.table import table
from components.times import when
from dispatch.appeals import Appeal

COLUMNS = ("", "事件", "区域", "主办", "上报", "处置时限", "处置反馈", "结案时限", "结案", "计入分子")
OUTCOMES = {"waiting": "待审批", "granted": "同意剔除", "denied": "不同意"}


@dataclass(frozen=True)
class EventLine:
    """One event of a figure. `good`: it is in the numerator."""

    number: str
    title: str
    level: int
    place: str
    unit: str
    reported: datetime
    handle_due: datetime | None
    handled: datetime | None
    case_due: datetime | None
    closed: datetime | None
    good: bool
    href: str


def event_table(lines: Sequence[EventLine], now: datetime) -> Component:
    """In the order of the figure."""
    if not lines:
        return empty("这个数没有对应的事件", "分母为 0 时不计算比率")
    return table(COLUMNS, [_row(one, now) for one in lines], "对应的事件", "evl")


def _row(one: EventLine, now: datetime) -> Component:
    moments = (one.reported, one.handle_due, one.handled, one.case_due, one.closed)
    return html.Tr(
        [
            html.Td(level_chip(one.level)),
            html.Th(
                [html.A(one.title, href=one.href), html.Small(one.number, className="sub sub2")],
                scope="row",
                title=one.title,
            ),
            html.Td(one.place),
            html.Td(one.unit),
            *(html.Td(when(moment, now), className="n") for moment in moments),
            html.Td("是" if one.good else "否", className="" if one.good else "bad"),
        ]
    )


def appeal_list(
    found: Sequence[Appeal], measures: Mapping[str, str], units: Mapping[str, str], now: datetime, *,
    may_decide: bool, event_href: Mapping[str, str],
) -> Tree:  # fmt: skip
    """Those that wait with the way to decide them, then what was decided."""
    if not found:
        return empty("没有申诉", "主办单位可在结案后的申诉期内，对本单位的事件申请剔除")
    return html.Ul([_appeal(one, measures, units, now, may_decide, event_href) for one in found], className="held")


def _appeal(
    one: Appeal, measures: Mapping[str, str], units: Mapping[str, str], now: datetime, may_decide: bool,
    event_href: Mapping[str, str],
) -> Component:  # fmt: skip
    about = measures.get(one.measure, "全部比率")
    head = html.Div(
        [
            html.B([html.A(one.number, href=event_href[one.number]), f" · {about}"]),
            html.Span(f"{units.get(one.department, one.department)}：{one.reason}"),
            html.Span(f"{OUTCOMES[one.outcome]} · {when(one.decided_at or one.asked_at, now)}", className="mut"),
        ],
        className="hd",
    )
    said = html.Span(f"审批意见：{one.note}", className="sub") if one.note else None
    return html.Li([head, said, _decide(one) if may_decide and one.outcome == "waiting" else None])


def _decide(one: Appeal) -> Component:
    address = f"/api/v1/appeals/{one.id}"
    buttons = [
        submit("同意剔除", address, decision="grant", primary=True),
        submit("不同意", address, decision="deny"),
    ]
    return form([note_field("审批意见", "写明核实情况")], buttons)


def appeal_form(number: str, measures: Sequence[tuple[str, str]], days: int) -> Component:
    """The department's way to ask that a case be left out."""
    fields = [
        choice("measure", "从哪项剔除", [*measures, ("*", "全部比率")]),
        note_field("申诉理由", f"结案后 {days} 个工作日内可以申诉，由另一人审批"),
    ]
    return form(fields, [submit("提交申诉", f"/api/v1/events/{number}/appeals", primary=True)])
