"""The plan's four stages above the desk's eight, the hours of the day, and what happened today, for the wall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.event_name import EventWay, event_name
from components.faces import empty, panel_head
from components.loop_band import loop_stages, loop_totals
from components.place import Place
from components.sla import overdue, sla
from components.ticker import ticker
from dispatch.loop import DecisionRow, Loop, LoopFold, TickerRow
from dispatch.stage import FOLD_OF


def loop_band(loop: Loop, place: Place, path: str) -> list[Component]:
    """Totals left; right the four stages of the plan over the eight of the desk."""
    folds = [_fold(fold, sum(FOLD_OF[one.stage] is fold.fold for one in loop.stages)) for fold in loop.folds]
    return [
        loop_totals(loop),
        html.Div([html.Div(folds, className="folds"), loop_stages(loop, place, path)], className="flow"),
    ]


def happenings(rows: Sequence[TickerRow], now: datetime, way: EventWay | None = None) -> list[Component]:
    """今日大事: today's acts on red to yellow matters."""
    great = [row for row in rows if row.level in {1, 2, 3}]
    head = panel_head("今日大事", f"{len(great)} 条" if great else "")
    if not great:
        return [head, empty("今日暂无大事", "红、橙、黄级事件有进展时在此列出")]
    return [head, ticker(great, now, shown=8, way=way)]


def supervised_list(rows: Sequence[DecisionRow], now: datetime, way: EventWay | None = None) -> list[Component]:
    """督办件: what waits with a deadline, the nearest first; three of them fit."""
    due = sorted((row.sla, row.number, row) for row in rows if row.sla)
    head = html.H3(["督办件 ", html.Small(f"{len(due)} 件")])
    if not due:
        return [head, empty("没有限时督办件", "领导批示、超期升级的事件在此列出")]
    lines = [
        html.Li([event_name(row.title, number, way), html.Span(row.owner, className="sub"), sla(end, now)])
        for end, number, row in due[:3]
    ]
    return [head, html.Ul(lines, className="sv3")]


def _fold(fold: LoopFold, span: int) -> Component:
    return html.Div(
        [
            html.B(fold.name),
            html.B(str(fold.in_stage), className="n", **attributes(data_live=f"fold-{fold.fold}")),
            overdue(fold.overdue),
        ],
        style={"--span": span},
        title=f"{fold.name}：在办 {fold.in_stage} 件，超期 {fold.overdue} 件，今日退回 {fold.returned} 次",
    )
