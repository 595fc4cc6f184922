"""Tables of the wide wall: counties side by side, how counties handle events, important events, the hours of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.chip import chip
from components.marks import seal
from components.markup import Markup, element
from components.place import Place
from components.sla import overdue
from components.times import age
from dispatch.loop import MapPin
from dispatch.stage import STAGE_NAMES
from indicators.reading import Provenance

_WIDTH, _HEIGHT, _FOOT = 304.0, 98.0, 20.0


@dataclass(frozen=True)
class Cell:
    """A value as written, how much of its yardstick it is (None without one) and whether it is behind."""

    text: str
    share: float | None = None
    behind: bool = False
    grey: bool = False
    href: str = ""


@dataclass(frozen=True)
class Load:
    """What one county has in hand."""

    name: str
    code: str
    open: int
    late: int
    rate: Cell


def county_table(titles: Sequence[str], rows: Sequence[tuple[str, Sequence[Cell]]]) -> Component:
    """One line per county, one column per figure; the bar is the share of the yardstick."""
    head = html.Thead(html.Tr([html.Th(), *(html.Th(title) for title in titles)]))
    body = [html.Tr([html.Th(name), *(html.Td(_cell(cell)) for cell in cells)]) for name, cells in rows]
    return html.Table([head, html.Tbody(body)], className="cm")


def load_table(loads: Sequence[Load], place: Place) -> Component:
    """Counties by how well they keep time limits, the worst last."""
    head = html.Thead(html.Tr([html.Th(title) for title in ("承办单位", "在办", "按期办结率", "超期")]))
    rows = [
        html.Tr(
            [
                html.Th(html.A(load.name, href=place.in_region("/", load.code))),
                html.Td(str(load.open), className="n"),
                html.Td(_cell(load.rate)),
                html.Td(overdue(load.late) or html.Span("0", className="mut")),
            ]
        )
        for load in loads
    ]
    return html.Table([head, html.Tbody(rows)], className="cm dp")


def event_table(pins: Sequence[MapPin], names: dict[str, str], now: datetime, most: int = 9) -> Component:
    """Important events: level, title, county, stage, how long."""
    head = html.Thead(html.Tr([html.Th(title) for title in ("级", "事件", "属地", "环节", "历时")]))
    return html.Table([head, html.Tbody([_event(pin, names, now) for pin in pins[:most]])], className="q")


def hours(counts: Sequence[float | None], what: str) -> Markup:
    """One bar per hour of the day so far."""
    most = max([value for value in counts if value is not None], default=0.0) or 1.0
    bars = [_bar(hour, value / most) for hour, value in enumerate(counts) if value is not None]
    marks = [element("text", f"{hour:02}时", class_="ax", x=2 + hour * 12.5, y=_HEIGHT - 3) for hour in (0, 6, 12, 18)]
    spoken = f"今日{what} {sum(value or 0 for value in counts):.0f} 件"
    return element("svg", [*bars, *marks], viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}", role="img", aria_label=spoken)


def _bar(hour: int, share: float) -> Markup:
    tall = round(max(share, 0.0) * (_HEIGHT - _FOOT - 6), 1)
    return element("rect", class_="ha", x=round(2 + hour * 12.5, 1), y=_HEIGHT - _FOOT - tall, width="9", height=tall)


def _cell(cell: Cell) -> list[Component | None]:
    number = html.B(cell.text, className="n grey" if cell.grey else "n")
    bar = None
    if cell.share is not None:
        width = f"{100 * min(max(cell.share, 0.0), 1.0):.0f}%"
        bar = html.Span(html.I(className="lo" if cell.behind else "", style={"width": width}), className="mb")
    return [html.A(number, href=cell.href) if cell.href else number, bar]


def _event(pin: MapPin, names: dict[str, str], now: datetime) -> Component:
    marks = [html.B(pin.title), seal(Provenance.SIMULATED) if pin.simulated else None]
    lasted = age(now - pin.since)
    time = html.I(f"超期 {lasted}", className="sla over") if pin.overdue else html.I(lasted, className="sla ok")
    return html.Tr(
        [
            html.Td(chip(pin.level)),
            html.Td(marks, title=pin.title),
            html.Td(names.get(pin.county, "")),
            html.Td(STAGE_NAMES[pin.stage]),
            html.Td(time),
        ]
    )
