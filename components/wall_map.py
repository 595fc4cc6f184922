"""SituationMap of the wall: counties with their load, events as numbered marks, the centre of the city enlarged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import LEVELS
from components.county_map import WIDTH, County, Line, Name, Sheet, apart, drawing, labels, scale_bar
from components.markup import Markup, element
from components.place import Place

LONGEST = 9
"""Characters of a title beside a mark."""
PULSES = 5
"""At most so many marks pulse at once; the worst win."""
NAMED = 3
"""At most so many marks carry their name."""


@dataclass(frozen=True)
class Room:
    """What a name takes of a drawing, as parts of its width and height, and where no name may stand."""

    width: float
    height: float
    closed: tuple[float, float, float, float] | None = None
    """Left, top, right, bottom: under the legend."""


MAP_ROOM = Room(0.25, 0.03, closed=(0.78, 0.0, 9.0, 0.36))
MAGNIFIER_ROOM = Room(0.54, 0.075)
SHAPES = {
    "triangle": "M{x} {y}m-9-7h18l-9 15z",
    "square": "M{x} {y}m-7-7h14v14h-14z",
    "diamond": "M{x} {y}m0-9l9 9l-9 9l-9-9z",
    "circle": "M{x} {y}m-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0",
}
EAST, WEST = "east", "west"
Box = tuple[float, float, float, float]
"""West, south, east, north."""


@dataclass(frozen=True)
class Pin:
    """One open event: `level` 1 to 4, or 0 for an everyday one that is past its deadline."""

    lon: float
    lat: float
    level: int
    title: str
    said: str
    fresh: bool
    overdue: bool
    href: str | None = None


@dataclass(frozen=True)
class LayerChoice:
    """A line of the legend; the layer drawn carries its points."""

    key: str
    name: str
    symbol: str
    count: int
    href: str
    points: Sequence[tuple[float, float]] = ()
    chosen: bool = False


@dataclass(frozen=True)
class Scene:
    """Everything on the map."""

    counties: Sequence[County]
    rivers: Sequence[Line]
    names: Sequence[Name]
    streets: Sequence[Name]
    """Names inside the magnifier."""
    pins: Sequence[Pin]
    layers: Sequence[LayerChoice]
    centre: Box
    events: int
    caption: str


def situation_map(sheet: Sheet, scene: Scene, place: Place) -> list[Component]:
    """The map, its magnifier, legend, scale and caption."""
    inner = Sheet(*scene.centre)
    outer = [county for county in scene.counties if county.rings or not _holds(inner, *county.label)]
    enclosed = [county for county in scene.counties if county not in outer]
    frame = _frame(sheet, scene.centre)
    return [
        html.Div(_box(sheet, scene, place, [frame], outer, scene.names), className="map"),
        html.Div([*_box(inner, scene, place, [], enclosed, scene.streets), html.B("中心城区")], className="ins"),
        _legend(scene),
        html.Div([scale_bar(sheet), html.Span(scene.caption, className="mut mapnote")], className="mf"),
    ]


def _box(
    sheet: Sheet,
    scene: Scene,
    place: Place,
    above: Sequence[Markup],
    labelled: Sequence[County],
    names: Sequence[Name],
) -> list[Component]:
    """One drawing with its marks. The main map (`above` frames the magnifier) leaves out what that shows."""
    marks = [*above, *(_points(sheet, layer) for layer in scene.layers if layer.points)]
    inside = [pin for pin in scene.pins if _holds(sheet, pin.lon, pin.lat)]
    if above:
        inside = [pin for pin in inside if not _holds(Sheet(*scene.centre), pin.lon, pin.lat)]
    sides = _named(sheet, [pin for pin in inside if 0 < pin.level < 4], labelled, MAP_ROOM if above else MAGNIFIER_ROOM)
    pulsing = [pin for pin in inside if pin.fresh and 0 < pin.level < 4][:PULSES]
    drawn = drawing(sheet, scene.counties, scene.rivers, names, place, marks)
    pins = [_pin(sheet, pin, sides.get(pin, ""), pin in pulsing) for pin in reversed(inside)]
    return [
        html.Div(
            [drawn, *pins, *labels(sheet, labelled, place)],
            className="mapbox",
            style={"--w": WIDTH, "--h": sheet.height},
        )
    ]


def _pin(sheet: Sheet, pin: Pin, side: str, pulses: bool) -> Component:
    """A numbered mark; with a `side` its name stands there."""
    x, y = sheet.xy(pin.lon, pin.lat)
    marks = {"late": pin.overdue, "fresh": pulses, "west": side == WEST}
    look = " ".join(["pin", f"m{pin.level}", *(name for name, holds in marks.items() if holds)])
    words = f"{LEVELS[pin.level]}级" if pin.level else "一般"
    parts = [html.B(str(pin.level) if pin.level else ""), html.Span(_brief(pin.title)) if side else None]
    given = attributes(aria_label=f"{words}事件，{pin.title}，{pin.said}")
    style = {"left": f"{100 * x / WIDTH:.2f}%", "top": f"{100 * y / sheet.height:.2f}%"}
    title = f"{pin.title}\n{pin.said}"
    if pin.href:
        return html.A(parts, href=pin.href, className=look, style=style, title=title, **given)
    return html.Span(parts, className=look, style=style, title=title, role="img", **given)


Area = tuple[float, float, float, float]
"""Left, top, right, bottom on the sheet."""


def _named(sheet: Sheet, pins: Sequence[Pin], labelled: Sequence[County], room: Room) -> dict[Pin, str]:
    """Which marks carry their name on which side; a name that would run into another one is left to the tooltip."""
    taken = [_around(sheet, spot, room) for spot in apart([sheet.xy(*county.label) for county in labelled])]
    if room.closed:
        left, top, right, bottom = room.closed
        taken.append((left * WIDTH, top * sheet.height, right * WIDTH, bottom * sheet.height))
    found: dict[Pin, str] = {}
    for pin in pins:
        side = next((side for side in (EAST, WEST) if _is_free(_beside(sheet, pin, side, room), taken)), "")
        if side and len(found) < NAMED:
            found[pin] = side
            taken.append(_beside(sheet, pin, side, room))
    return found


def _around(sheet: Sheet, spot: tuple[float, float], room: Room) -> Area:
    """What the name of a county and its load take."""
    x, y = spot
    width, height = 0.32 * room.width * WIDTH, 1.2 * room.height * sheet.height
    return x - width, y - height, x + width, y + height


def _beside(sheet: Sheet, pin: Pin, side: str, room: Room) -> Area:
    """What the name of a mark takes on that side of it."""
    x, y = sheet.xy(pin.lon, pin.lat)
    width, height = room.width * WIDTH, room.height * sheet.height / 2
    return (x, y - height, x + width, y + height) if side == EAST else (x - width, y - height, x, y + height)


def _is_free(area: Area, taken: Sequence[Area]) -> bool:
    left, top, right, bottom = area
    if left < 0 or right > WIDTH:
        return False
    return all(right <= one[0] or left >= one[2] or bottom <= one[1] or top >= one[3] for one in taken)


def _brief(title: str) -> str:
    """As much of a title as stands beside a mark; all of it is in the tooltip."""
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"


def _points(sheet: Sheet, layer: LayerChoice) -> Markup:
    """All objects of one layer as one path: two hundred shapes cost one element."""
    shape = SHAPES[layer.symbol]
    spots = ((sheet.xy(lon, lat)) for lon, lat in layer.points if _holds(sheet, lon, lat))
    return element("path", d="".join(shape.format(x=x, y=y) for x, y in spots), class_="ws")


def _frame(sheet: Sheet, box: Box) -> Markup:
    west, south, east, north = box
    x, y = sheet.xy(west, north)
    right, bottom = sheet.xy(east, south)
    return element("rect", class_="fr", x=x, y=y, width=round(right - x, 1), height=round(bottom - y, 1))


def _legend(scene: Scene) -> Component:
    events = html.Li(
        [html.I("2", className="e"), "在办事件", html.Span(str(scene.events), className="n")], className="on"
    )
    return html.Div([html.H3(["图层 ", html.Kbd("M")]), html.Ul([events, *map(_line, scene.layers)])], className="lg")


def _line(layer: LayerChoice) -> Component:
    parts: list[Component | str] = [
        html.I(className=layer.symbol[:2]),
        layer.name,
        html.Span(f"{layer.count:,}", className="n"),
    ]
    here = "true" if layer.chosen else None
    link = html.A(parts, href=layer.href, **attributes(data_layer=layer.key, aria_current=here))
    return html.Li(link, className="on" if layer.chosen else "")


def _holds(sheet: Sheet, lon: float, lat: float) -> bool:
    return sheet.west <= lon <= sheet.east and sheet.south <= lat <= sheet.north


def worst_first(pins: Iterable[Pin]) -> list[Pin]:
    """Red first, everyday ones last."""
    return sorted(pins, key=lambda pin: (pin.level or 9, not pin.overdue, pin.title))
