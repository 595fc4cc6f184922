"""The towns of a county: a drawing with their lights and open events, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.county_map import WIDTH, Sheet
from components.markup import Markup, element
from components.place import Place
from components.table import table
from dispatch.loop import MapPin
from geography.county_sheet import Cell, CountySheet

COLUMNS = ("镇街", "关注→", "正常→", "过期→", "在办→", "超期→", "偏离指标")
CAPTION = "镇街界线为示意（泰森多边形）· 水系、枫溪区界为示意 · 审图号：待补"
_PINS = 24
_FONT, _PIN = 0.046, 0.027
_LETTER, _MARK, _LINE = 0.047, 0.1, 0.056
"""Size of labels, radius of pins, and the room a letter, the mark and a line take, in heights of the drawing."""
_ROUNDS = 40


@dataclass(frozen=True)
class TownLine:
    """One town: how many of its themes show which light, its open events, and the names of figures off track."""

    code: str
    name: str
    short: str
    attention: int
    normal: int
    stale: int
    open: int
    overdue: int
    off_track: tuple[str, ...] = ()


def town_address(code: str, place: Place) -> str:
    """The page of a county or town."""
    return place.to(f"/county/{code}", region=None)


def town_table(lines: Sequence[TownLine], place: Place, chosen: str = "") -> Component:
    """One row per town, what asks for attention first."""
    ordered = sorted(lines, key=lambda line: (-line.overdue, -line.attention, line.code))
    return table(COLUMNS, [_row(line, place, line.code == chosen) for line in ordered], "镇街一览", "towns")


def town_map(
    sheet: CountySheet,
    lines: Mapping[str, TownLine],
    pins: Sequence[MapPin],
    place: Place,
    title: str,
    chosen: str = "",
) -> Component:
    """Cells with names and counts; a click opens the town. Streets sharing a cell are named together, without link."""
    drawing = Sheet(*sheet.frame)
    return html.Div(
        [
            html.Div(title, className="maptitle"),
            _drawing(drawing, sheet, lines, pins, place, chosen),
            html.Span(CAPTION, className="mut cnote"),
        ],
        className="cmap",
        role="group",
        **attributes(aria_label=f"{title}地图，各镇街见镇街一览"),
    )


def _drawing(
    drawing: Sheet,
    sheet: CountySheet,
    lines: Mapping[str, TownLine],
    pins: Sequence[MapPin],
    place: Place,
    chosen: str,
) -> Markup:
    """The table of towns says the same in words, so the drawing is left out of the reading order."""
    layers = {
        "land": [element("path", d=drawing.path(ring, closed=True)) for ring in sheet.around],
        "land own": [element("path", d=drawing.path(ring, closed=True)) for ring in sheet.outline],
        "cells": [_cell(drawing, cell, place, chosen) for cell in sheet.cells],
        "riv": [element("path", d=drawing.path(line, closed=False), stroke_width="5") for line in sheet.rivers],
        "edge": [element("path", d=drawing.path(ring, closed=True)) for ring in sheet.outline],
        "pins": [_pin(drawing, pin) for pin in reversed(pins[:_PINS])],
        "towns": _labels(drawing, sheet, lines, place, chosen),
    }
    groups = [element("g", marks, class_=name) for name, marks in layers.items()]
    return element("svg", groups, viewBox=f"0 0 {WIDTH:g} {drawing.height:g}", class_="county", aria_hidden="true")


def _cell(drawing: Sheet, cell: Cell, place: Place, chosen: str) -> Markup:
    outline = "".join(drawing.path(ring, closed=True) for ring in cell.rings)
    look = "chosen" if chosen in cell.codes else None
    if len(cell.codes) > 1:
        return element("path", d=outline, class_=look)
    return element("path", d=outline, class_=look, data_href=town_address(cell.codes[0], place))


def _pin(drawing: Sheet, pin: MapPin) -> Markup:
    """A numbered disc in the level's colour; everyday events are small, in ink; where the place is unsure, a ring."""
    x, y = drawing.xy(pin.lon, pin.lat)
    look = f"mk m{pin.level}" + ("" if pin.sure else " unsure") + (" over" if pin.overdue else "")
    size = _PIN * drawing.height
    radius = round(size if pin.level else size / 2, 1)
    at = {"x": x, "y": round(y + size * 0.38, 1), "font_size": round(size * 1.15, 1)}
    number = element("text", str(pin.level), **at) if pin.level else None
    title = element("title", pin.title)
    return element("g", [title, element("circle", cx=x, cy=y, r=radius, class_="f"), number], class_=look)


def _labels(
    drawing: Sheet, sheet: CountySheet, lines: Mapping[str, TownLine], place: Place, chosen: str
) -> list[Markup]:
    names = [_name(cell, lines) for cell in sheet.cells]
    spots = apart([drawing.xy(*cell.spot) for cell in sheet.cells], names, drawing.height)
    return [
        _label(cell, name, spot, drawing, [lines[code] for code in cell.codes if code in lines], place, chosen)
        for cell, name, spot in zip(sheet.cells, names, spots, strict=True)
    ]


def _name(cell: Cell, lines: Mapping[str, TownLine]) -> str:
    """The town's short name; several streets in one cell are counted."""
    if len(cell.codes) > 1:
        return f"城区{len(cell.codes)}街道"
    known = lines.get(cell.codes[0])
    return known.short if known else cell.name


def apart(spots: Sequence[tuple[float, float]], names: Sequence[str], high: float) -> list[tuple[float, float]]:
    """The spots of labels, moved where two would cover each other on a drawing `high` units high; the order stays."""
    wide = [(_LETTER * len(name) + _MARK) * high for name in names]
    moved = [list(spot) for spot in spots]
    for _ in range(_ROUNDS):
        for one, other in combinations(range(len(moved)), 2):
            _push(moved[one], moved[other], ((wide[one] + wide[other]) / 2, _LINE * high))
        for spot in moved:
            spot[1] = min(max(spot[1], 0.0), high)
    return [(round(x, 1), round(y, 1)) for x, y in moved]


def _push(one: list[float], other: list[float], room: tuple[float, float]) -> None:
    """Move both by half of what they overlap, along the axis where that is less."""
    overlaps = [size - abs(one[axis] - other[axis]) for axis, size in enumerate(room)]
    if min(overlaps) <= 0:
        return
    axis = overlaps.index(min(overlaps))
    sign = 1 if one[axis] >= other[axis] else -1
    one[axis] += sign * overlaps[axis] / 2
    other[axis] -= sign * overlaps[axis] / 2


def _label(
    cell: Cell,
    name: str,
    spot: tuple[float, float],
    drawing: Sheet,
    lines: Sequence[TownLine],
    place: Place,
    chosen: str,
) -> Markup:
    """Name, number of themes that ask for attention, events over their limit."""
    attention, late = sum(line.attention for line in lines), sum(line.overdue for line in lines)
    words = [
        element("tspan", name, class_="nm"),
        element("tspan", f" ◆{attention}") if attention else None,
        element("tspan", f" 超{late}", class_="ov") if late else None,
    ]
    size = _FONT * drawing.height
    href = town_address(cell.codes[0], place) if len(cell.codes) == 1 else None
    look = "zh chosen" if chosen in cell.codes else "zh"
    at = {"x": spot[0], "y": round(spot[1] + size / 3, 1), "font_size": round(size, 1)}
    return element("text", words, **at, class_=look, data_href=href)


def _row(line: TownLine, place: Place, chosen: bool) -> Component:
    off = "、".join(line.off_track[:2]) + (f"等 {len(line.off_track)} 项" if len(line.off_track) > 2 else "")
    return html.Tr(
        [
            html.Th(html.A(line.name, href=town_address(line.code, place)), scope="row"),
            _count(line.attention, "hot"),
            _count(line.normal),
            _count(line.stale),
            _count(line.open),
            html.Td(html.I(str(line.overdue), className="sla over") if line.overdue else "0", className="n r"),
            html.Td(off, className="clip", title="、".join(line.off_track)),
        ],
        className="chosen" if chosen else "",
    )


def _count(number: int, look: str = "") -> Component:
    return html.Td(str(number), className=f"n r {look}".strip() if number else "n r nil")
