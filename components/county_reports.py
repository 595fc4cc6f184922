"""ReportsDue: what a county still owes, one line per source: mark, what, since when, who answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.faces import empty, panel_head
from components.marks import lateness
from components.place import Place
from components.shown import short_name
from components.times import period
from indicators.reports_due import ReportDue

NAMED = 2


@dataclass(frozen=True)
class DueLine:
    """A report due with the short name of the unit that answers for the source, and whether a person enters it."""

    due: ReportDue
    owner: str
    by_hand: bool


def reports_due_list(lines: Sequence[DueLine], watched: int, place: Place, at_most: int) -> list[Component]:
    """The most overdue first. With nothing owed it says how many figures are watched."""
    if not lines:
        return [
            panel_head("待报数据", f"{watched} 项监测中"),
            empty("各项数据按约报送", f"正在监测本级 {watched} 项指标的报送约定"),
        ]
    owed = sum(len(line.due.indicators) for line in lines)
    rest = len(lines) - at_most
    note = f"{len(lines)} 路来源 {owed} 项" + (f"，另有 {rest} 路未列" if rest > 0 else "")
    return [panel_head("待报数据", note), html.Ul([_line(line, place) for line in lines[:at_most]], className="nt")]


def _line(line: DueLine, place: Place) -> Component:
    due = line.due
    names = "、".join(short_name(indicator) for indicator in due.indicators[:NAMED])
    more = f"等 {len(due.indicators)} 项" if len(due.indicators) > NAMED else ""
    href = place.to("/entry", region=None) if line.by_hand else place.to("/sources", source=due.source.key, region=None)
    return html.Li(
        [
            lateness(due.freshness, due.reason),
            html.A(
                [html.B(f"{names}{more}"), html.Span(due.reason, className="sub")],
                href=href,
                title=f"{due.source.name}：{due.reason}",
            ),
            html.Span(
                [f"最新 {period(due.newest)}" if due.newest else "从未报送", html.Br(), line.owner], className="rt"
            ),
        ]
    )
