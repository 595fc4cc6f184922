"""SituationMap: outlines of the counties with counts as labels; a click chooses one. No tiles, no outside call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import cos, radians

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.markup import Markup, element
from components.place import Place

WIDTH = 900.0
_MARGIN = 24.0
_LABEL = (190.0, 62.0)
"""Room a label takes on the drawing."""
_ROUNDS = 12
Line = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Sheet:
    """Where lon/lat fall on the drawing: an equirectangular frame true to scale at its middle latitude."""

    west: float
    south: float
    east: float
    north: float

    @property
    def scale(self) -> float:
        """Drawing units per degree of latitude."""
        return (WIDTH - 2 * _MARGIN) / ((self.east - self.west) * self._narrowing)

    @property
    def height(self) -> float:
        """Height of the drawing that fits the frame."""
        return round((self.north - self.south) * self.scale + 2 * _MARGIN, 1)

    @property
    def _narrowing(self) -> float:
        return cos(radians((self.south + self.north) / 2))

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """Drawing coordinates of a point, y downwards."""
        x = _MARGIN + (lon - self.west) * self._narrowing * self.scale
        return round(x, 1), round(_MARGIN + (self.north - lat) * self.scale, 1)

    def path(self, line: Line, closed: bool) -> str:
        """The SVG path of a line or ring."""
        return _traced(self, tuple((lon, lat) for lon, lat in line), closed)  # GeoJSON has lists

    def kilometres(self, length: float) -> float:
        """Drawing units of `length` kilometres."""
        return length / 111.2 * self.scale


@dataclass(frozen=True)
class Name:
    """A name on the sheet that is not a county of the city: a neighbour, a river, the sea."""

    words: str
    lon: float
    lat: float
    look: str


@lru_cache(maxsize=512)
def _traced(sheet: Sheet, line: Line, closed: bool) -> str:
    """Kept: the outlines of a city are the same at every drawing."""
    points = "L".join(f"{x} {y}" for x, y in (sheet.xy(*point) for point in line))
    return f"M{points}{'Z' if closed else ''}"


@dataclass(frozen=True)
class County:
    """One region on the map: its rings (none: no outline is known), the place of its label, what stands there."""

    code: str
    name: str
    rings: Sequence[Line]
    label: tuple[float, float]
    remark: str
    alert: str = ""
    late: str = ""
    """Events past their deadline, in the colour of deadlines."""


def drawing(
    sheet: Sheet,
    counties: Sequence[County],
    rivers: Sequence[Line],
    names: Sequence[Name],
    place: Place,
    above: Sequence[Markup] = (),
) -> Markup:
    """The outlines and rivers as one SVG; `above` lies on top of them."""
    layers = {
        "land": [_land(sheet, county, place) for county in counties if county.rings],
        "riv": [
            element("path", d=sheet.path(line, closed=False), stroke_width="5") for line in rivers if len(line) > 1
        ],
        "lost": [_marker(sheet, county, place) for county in counties if not county.rings],
        "names": [_name(sheet, name) for name in names],
    }
    groups = [*(element("g", marks, class_=name) for name, marks in layers.items()), *above]
    frame = f"0 0 {WIDTH:g} {sheet.height:g}"
    return element("svg", groups, viewBox=frame, class_="drawing", aria_hidden="true")


def _land(sheet: Sheet, county: County, place: Place) -> Markup:
    outline = "".join(sheet.path(ring, closed=True) for ring in county.rings)
    look = "chosen" if county.code == place.region else None
    return element("path", d=outline, class_=look, data_href=_toggle(county, place))


def _marker(sheet: Sheet, county: County, place: Place) -> Markup:
    """A dashed ring where a region has no outline of its own."""
    x, y = sheet.xy(*county.label)
    look = "fx chosen" if county.code == place.region else "fx"
    return element("circle", cx=x, cy=y, r="30", class_=look, data_href=_toggle(county, place))


def _name(sheet: Sheet, name: Name) -> Markup:
    x, y = sheet.xy(name.lon, name.lat)
    return element("text", name.words, x=x, y=y, class_=f"{name.look} zh")


def labels(sheet: Sheet, counties: Sequence[County], place: Place) -> list[Component]:
    """Names of the counties with what stands there, moved apart where they would cover each other."""
    spots = apart([sheet.xy(*county.label) for county in counties])
    return [_label(sheet, county, spot, place) for county, spot in zip(counties, spots, strict=True)]


def apart(spots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same spots, moved sideways or up and down where two labels would cover each other; the order stays."""
    moved = [list(spot) for spot in spots]
    for _ in range(_ROUNDS):
        for a, b in combinations(range(len(moved)), 2):
            _push(moved[a], moved[b])
    return [(round(x, 1), round(y, 1)) for x, y in moved]


def _push(one: list[float], other: list[float]) -> None:
    """Move both by half of what they overlap, along the axis where that is less."""
    overlaps = [size - abs(one[axis] - other[axis]) for axis, size in enumerate(_LABEL)]
    if min(overlaps) <= 0:
        return
    axis = overlaps.index(min(overlaps))
    sign = 1 if one[axis] >= other[axis] else -1
    one[axis] += sign * overlaps[axis] / 2
    other[axis] -= sign * overlaps[axis] / 2


def _label(sheet: Sheet, county: County, spot: tuple[float, float], place: Place) -> Component:
    x, y = spot
    chosen = county.code == place.region
    standing = " ".join(words for words in (county.alert, county.remark, county.late) if words)
    return html.A(
        [
            html.B(county.name),
            html.Span(
                [
                    html.Em(county.alert) if county.alert else None,
                    county.remark,
                    html.Em(county.late, className="ov") if county.late else None,
                ]
            ),
        ],
        href=_toggle(county, place),
        className="dl chosen" if chosen else "dl",
        style={"left": f"{100 * x / WIDTH:.2f}%", "top": f"{100 * y / sheet.height:.2f}%"},
        **attributes(
            aria_label=f"{county.name}，{standing}，{'返回全市' if chosen else '查看'}",
            aria_current="true" if chosen else None,
        ),
    )


def _toggle(county: County, place: Place) -> str:
    return place.in_region("/", place.city if county.code == place.region else county.code)


def scale_bar(sheet: Sheet) -> Component:
    """Ten kilometres on this sheet."""
    return html.Span("10 km", className="scale", style={"--share": f"{sheet.kilometres(10) / WIDTH:.4f}"})
