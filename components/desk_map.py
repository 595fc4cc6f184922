"""DeskMap: where the chosen event lies, rings of one and two kilometres, what else stands around it. No tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.county_map import Line, Sheet
from components.markup import Markup, element
from components.wall_map import SHAPES

WIDE, HIGH = 6.2, 14.0
"""Kilometres of the frame; what does not fit the panel above and below is cut off alike."""
RINGS = (1, 2)
KM = 111.2
"""Kilometres of one degree of latitude."""
LONGEST = 9
ROOM = (330.0, 38.0)
"""Room of a name beside its mark, in units of the drawing."""
EAST = 600.0
"""From here on names stand left of their marks."""


@dataclass(frozen=True)
class Near:
    """Another open event: level 1 to 4, 0 for an everyday one."""

    lon: float
    lat: float
    level: int
    title: str
    says: str
    href: str
    overdue: bool


@dataclass(frozen=True)
class Facility:
    """A thing of a layer, with its distance."""

    lon: float
    lat: float
    name: str
    metres: float
    symbol: str
    named: bool


@dataclass(frozen=True)
class LayerSwitch:
    """A layer that can be switched on; the address without or with it."""

    key: str
    name: str
    on: bool
    href: str
    count: int


@dataclass(frozen=True)
class Around:
    """The chosen event and what lies around it. `sure`: the place is known, not just the town's middle."""

    lon: float
    lat: float
    level: int
    title: str
    sure: bool
    near: Sequence[Near]
    facilities: Sequence[Facility]
    outlines: Sequence[Line]
    rivers: Sequence[Line]
    switches: Sequence[LayerSwitch]
    map_href: str


def sheet_around(lon: float, lat: float) -> Sheet:
    """The frame around a place, true to scale."""
    high, wide = HIGH / KM / 2, WIDE / KM / 2 / cos(radians(lat))
    return Sheet(lon - wide, lat - high, lon + wide, lat + high)


def desk_map(found: Around) -> list[Component | Markup]:
    """The drawing with its switches above and the caption below."""
    sheet = sheet_around(found.lon, found.lat)
    x, y = sheet.xy(found.lon, found.lat)
    layers = [
        element("g", [element("path", d=sheet.path(line, closed=True)) for line in found.outlines], class_="land"),
        element("g", [element("path", d=sheet.path(line, closed=False), stroke_width="26") for line in found.rivers],
                class_="riv"),
        *_rings(sheet, x, y),
        *_marks(sheet, found, (x, y)),
        _chosen(x, y, found),
    ]  # fmt: skip
    drawing = element(
        "svg", layers, viewBox=f"0 0 900 {sheet.height:g}", preserveAspectRatio="xMidYMid slice", class_="dm",
        role="img", aria_label=_spoken(found),
    )  # fmt: skip
    note = "水系为示意" if found.sure else "位置为所在镇街中心 · 水系为示意"
    return [
        drawing,
        _switches(found.switches),
        html.P([html.A("打开地图", href=found.map_href), note], className="mut"),
    ]


@dataclass(frozen=True)
class Overview:
    """Every open event of a region, while none is chosen."""

    sheet: Sheet
    near: Sequence[Near]
    outlines: Sequence[Line]
    rivers: Sequence[Line]
    map_href: str


def overview_map(found: Overview) -> list[Component | Markup]:
    """The region with all its open events; the gravest lie on top."""
    sheet = found.sheet
    layers = [
        element("g", [element("path", d=sheet.path(line, closed=True)) for line in found.outlines], class_="land"),
        element("g", [element("path", d=sheet.path(line, closed=False), stroke_width="9") for line in found.rivers],
                class_="riv"),
        *(_dot(sheet, one) for one in sorted(found.near, key=lambda one: -(one.level or 9))),
    ]  # fmt: skip
    words = f"在办事件 {len(found.near)} 件的位置"
    drawing = element(
        "svg", layers, viewBox=f"0 0 900 {sheet.height:g}", preserveAspectRatio="xMidYMid meet", class_="dm",
        role="img", aria_label=words,
    )  # fmt: skip
    head = html.P([html.B("在办分布"), html.Small(f"{len(found.near)} 件有坐标")], className="over")
    caption = html.P([html.A("打开地图", href=found.map_href), "水系为示意"], className="mut")
    return [drawing, head, caption]


def _dot(sheet: Sheet, one: Near) -> Markup:
    x, y = sheet.xy(one.lon, one.lat)
    parts = [
        element("title", f"{one.title} {one.says}"),
        element("circle", cx=x, cy=y, r="18" if one.level in {1, 2, 3} else "13", class_="f"),
        element("text", str(one.level), x=x, y=y + 9, class_="mn") if one.level in {1, 2, 3} else None,
    ]
    return element("g", parts, class_=f"mk m{one.level}{' over' if one.overdue else ''}", data_href=one.href)


def _rings(sheet: Sheet, x: float, y: float) -> list[Markup]:
    made = []
    for km in RINGS:
        radius = round(sheet.kilometres(km), 1)
        made.append(element("circle", cx=x, cy=y, r=radius, class_="ring"))
        made.append(element("text", f"{km} km", x=x, y=round(y - radius - 8, 1), class_="rl"))
    return made


def _marks(sheet: Sheet, found: Around, chosen: tuple[float, float]) -> list[Markup]:
    """Facilities below events. A name that would run into another one is left to the tooltip."""
    taken = [chosen]
    near = [_near(sheet, one, _has_room(taken, sheet.xy(one.lon, one.lat)) and one.level > 0) for one in found.near]
    facilities = [
        _facility(sheet, one, one.named and _has_room(taken, sheet.xy(one.lon, one.lat))) for one in found.facilities
    ]
    return [*facilities, *near]


def _has_room(taken: list[tuple[float, float]], spot: tuple[float, float]) -> bool:
    """True if a name at `spot` stands clear of those before; it is then taken too."""
    x, y = spot
    if any(abs(x - a) < ROOM[0] and abs(y - b) < ROOM[1] for a, b in taken):
        return False
    taken.append(spot)
    return True


def _label(words: str, x: float, y: float, gap: float, look: str) -> Markup:
    """Right of a mark; left of it where the sheet ends."""
    is_east = x > EAST
    return element(
        "text", words, x=x - gap if is_east else x + gap, y=y, class_=f"{look} zh{' west' if is_east else ''}"
    )


def _chosen(x: float, y: float, found: Around) -> Markup:
    parts = [
        element("circle", cx=x, cy=y, r="40", class_="halo"),
        element("circle", cx=x, cy=y, r="29", class_="f"),
        element("text", str(found.level) if found.level else "", x=x, y=y + 11, class_="mn"),
        element("text", _brief(found.title), x=x + 50, y=y + 10, class_="lb zh"),
    ]
    return element("g", parts, class_=f"mk m{found.level} chosen")


def _near(sheet: Sheet, one: Near, named: bool) -> Markup:
    x, y = sheet.xy(one.lon, one.lat)
    parts = [
        element("title", f"{one.title} {one.says}"),
        element("circle", cx=x, cy=y, r="21" if one.level else "11", class_="f"),
        element("text", str(one.level) if one.level else "", x=x, y=y + 10, class_="mn"),
    ]
    if named:
        parts.append(_label(_brief(one.title), x, y + 9, 30, "lb2"))
    return element("g", parts, class_=f"mk m{one.level}{' over' if one.overdue else ''}", data_href=one.href)


def _facility(sheet: Sheet, one: Facility, named: bool) -> Markup:
    x, y = sheet.xy(one.lon, one.lat)
    shape = element("path", d=SHAPES[one.symbol].format(x=x, y=y), class_="ws")
    words = f"{one.name} {distance(one.metres)}"
    parts = [element("title", words), shape]
    if named:
        parts.append(_label(f"{_brief(one.name)} {distance(one.metres)}", x, y + 9, 18, "lb2"))
    return element("g", parts)


def _switches(found: Sequence[LayerSwitch]) -> Component:
    links = [
        html.A(
            [one.name, html.Small(f"{one.count}")],
            href=one.href,
            className="on" if one.on else "",
            title=f"两公里内 {one.count} 处",
            **attributes(aria_pressed="true" if one.on else "false", role="button", data_layer=one.key),
        )
        for one in found
    ]
    return html.Div(links, className="ly", role="group", **attributes(aria_label="图层"))


def distance(metres: float) -> str:
    """300 m, 1.2 km."""
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"


def _brief(title: str) -> str:
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"


def _spoken(found: Around) -> str:
    things = f"，周边设施 {len(found.facilities)} 处" if found.facilities else ""
    return f"{found.title} 的位置，两公里内另有在办事件 {len(found.near)} 件{things}"
