"""CaseList: open events of a county, most urgent first; and what was done last between city and county."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.event_name import EventWay, event_name
from components.faces import empty, panel_head
from components.times import age, when
from dispatch.loop import Loop, MapPin, TickerRow
from dispatch.stage import STAGE_NAMES

LEVELS = {0: "一般", 1: "红", 2: "橙", 3: "黄", 4: "蓝"}


def case_list(
    pins: Sequence[MapPin], loop: Loop, place_name: str, now: datetime, at_most: int, way: EventWay | None = None
) -> list[Component]:
    """Level, what, which stage since when; over its limit filled. Without any it says that intake is running."""
    title = f"{place_name}在办事件"
    if not pins:
        return [panel_head(title, "0 件"), empty("没有在办事件", "事件受理、派遣规则运行中；新事件出现在这里")]
    rest = len(pins) - at_most
    note = f"{loop.open or len(pins)} 件" + (f"，列出最急 {at_most} 件" if rest > 0 else "")
    rows = [_case(pin, now, way) for pin in pins[:at_most]]
    return [panel_head(title, note), html.Ul(rows, className="cases")]


def ticker_list(rows: Sequence[TickerRow], now: datetime, at_most: int, way: EventWay | None = None) -> list[Component]:
    """The newest acts, newest first."""
    if not rows:
        return [panel_head("市区往来", ""), empty("今日尚无往来", "派遣、反馈、督办办理后出现在这里")]
    lines = [
        html.Li(
            [
                html.Span(when(row.at, now), className="n"),
                level_chip(row.level),
                html.Span([event_name(row.title, row.number, way), html.Span(row.said, className="sub")]),
            ]
        )
        for row in rows[:at_most]
    ]
    return [panel_head("市区往来", f"最近 {len(lines)} 条"), html.Ul(lines, className="acts-list")]


def level_chip(level: int) -> Component:
    """一般 outlined, 蓝黄橙红 filled."""
    return html.I(LEVELS.get(level, "一般"), className=f"chip L{level if level in LEVELS else 0}")


def _case(pin: MapPin, now: datetime, way: EventWay | None) -> Component:
    late = html.I("超期", className="sla over") if pin.overdue else html.I(age(now - pin.since), className="sla ok")
    mark = html.I("模", className="pv m", title="模拟数据") if pin.simulated else None
    return html.Li(
        [
            level_chip(pin.level),
            html.Span(
                [
                    event_name(pin.title, pin.number, way),
                    html.Span([mark, f"{STAGE_NAMES[pin.stage]} · {pin.number}"], className="sub"),
                ]
            ),
            late,
        ]
    )
