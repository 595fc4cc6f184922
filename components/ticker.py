"""Ticker: the newest acts, newest on top; new rows push the older ones down, nothing scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import chip
from components.event_name import EventWay, event_name
from components.faces import empty
from components.marks import seal
from components.times import when
from dispatch.loop import TickerRow
from indicators.reading import Provenance

SHOWN, WIDE = 4, 8


def ticker(
    rows: Sequence[TickerRow], now: datetime, *, shown: int = SHOWN, most: int = WIDE, way: EventWay | None = None
) -> Component:
    """`shown` rows on every wall; the rest up to `most` carry `x2` for very wide ones. `way` leads to an event."""
    if not rows:
        return empty("今日尚无办理动态", "有新的受理、派遣、结案时在此显示")
    return html.Ul([_row(row, now, index >= shown, way) for index, row in enumerate(rows[:most])], className="tk")


def _row(row: TickerRow, now: datetime, only_wide: bool, way: EventWay | None) -> Component:
    return html.Li(
        [
            html.Span(when(row.at, now), className="n"),
            chip(row.level),
            event_name(row.title, row.number, way),
            html.Span([seal(Provenance.SIMULATED) if row.simulated else None, row.said], className="sub"),
        ],
        className="x2" if only_wide else "",
        title=f"{row.number} {row.title} {row.said}",
        **attributes(data_key=f"{row.number} {row.at:%H%M%S}"),
    )
