"""Areas drawn on the map: read from the address, asked what they hold. Degrees are WGS84."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import asin, cos, isfinite, pi, radians, sin, sqrt

from geography.coordinates import NotOnEarth, Point
from geography.regions import METRES_PER_DEGREE, contains, metres_to
from geography.shapes import Ring, Shape

RADIUS_METRES = 6_371_000.0
MOST_CORNERS = 200
LARGEST_METRES = 200_000.0
_CORNERS, _FEWEST = 72, 3
Box = tuple[float, float, float, float]


class NoArea(ValueError):
    """The text describes no area; the message says what was expected."""


@dataclass(frozen=True)
class Circle:
    """All within `metres` of the centre."""

    centre: Point
    metres: float

    def holds(self, point: Point) -> bool:
        """True up to and on the rim."""
        return metres_between(self.centre, point) <= self.metres

    def depth(self, point: Point) -> float:
        """Metres to the rim: positive inside, negative outside."""
        return self.metres - metres_between(self.centre, point)

    @property
    def rings(self) -> tuple[Ring, ...]:
        """Its rim as a closed line of 72 corners, for drawing and for looking at what lies along it."""
        high = self.metres / METRES_PER_DEGREE
        wide = high / cos(radians(self.centre.lat))
        turns = [2 * pi * step / _CORNERS for step in range(_CORNERS)]
        rim = tuple((self.centre.lon + wide * cos(turn), self.centre.lat + high * sin(turn)) for turn in turns)
        return ((*rim, rim[0]),)

    @property
    def square_km(self) -> float:
        """Its size on a plane; circles of a city are small enough."""
        return pi * (self.metres / 1000) ** 2


@dataclass(frozen=True)
class Polygon:
    """What a closed line encloses; where the line crosses itself, by the even-odd rule. `holes` are not part of it."""

    corners: tuple[tuple[float, float], ...]
    holes: tuple[tuple[tuple[float, float], ...], ...] = ()

    @cached_property
    def rings(self) -> tuple[Ring, ...]:
        """The outer line and those of the holes, each closed."""
        return tuple((*ring, ring[0]) for ring in (self.corners, *self.holes))

    @cached_property
    def _shape(self) -> Shape:
        return Shape((), "", (self.rings,))

    def depth(self, point: Point) -> float:
        """Metres to the nearest edge: positive inside, negative outside, 0 on the edge."""
        away = metres_to(self._shape, point)
        return away if self.holds(point) else -away

    def holds(self, point: Point) -> bool:
        """True inside."""
        return contains(self._shape, point)

    @property
    def centre(self) -> Point:
        """The middle of its box: what distances are counted from."""
        west, south, east, north = self._shape.box
        return Point((west + east) / 2, (south + north) / 2)

    @property
    def square_km(self) -> float:
        """By the shoelace formula on a plane at its middle latitude; without its holes."""
        outer, *holes = (self._flat_km(ring) for ring in self.rings)
        return outer - sum(holes)

    def _flat_km(self, ring: Ring) -> float:
        wide = METRES_PER_DEGREE * cos(radians(self.centre.lat))
        flat = [(lon * wide, lat * METRES_PER_DEGREE) for lon, lat in ring]
        return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(flat))) / 2e6


Area = Circle | Polygon


def read_area(text: str) -> Area:
    """The area of `box:west,south,east,north`, `circle:lon,lat,metres` or `polygon:lon,lat;lon,lat;…`; NoArea.

    A polygon's holes follow after `|`, each written like the outer line.
    """
    kind, _, told = text.partition(":")
    reader = _READERS.get(kind)
    if reader is None:
        raise NoArea("区域应写成 box:西,南,东,北、circle:经度,纬度,半径米 或 polygon:经度,纬度;经度,纬度;…")
    try:
        return reader(told)
    except NotOnEarth as error:
        raise NoArea(str(error)) from error


def metres_between(a: Point, b: Point) -> float:
    """Great-circle distance (haversine, mean earth radius)."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * RADIUS_METRES * asin(sqrt(min(1.0, half)))


def _box(told: str) -> Polygon:
    west, south, east, north = _numbers(told, 4)
    if west >= east or south >= north:
        raise NoArea("矩形应为 西,南,东,北，且西小于东、南小于北")
    corners = ((west, south), (east, south), (east, north), (west, north))
    return Polygon(tuple(_on_earth(*corner) for corner in corners))


def _circle(told: str) -> Circle:
    lon, lat, metres = _numbers(told, 3)
    if not 0 < metres <= LARGEST_METRES:
        raise NoArea(f"圆的半径应大于 0、不超过 {LARGEST_METRES:.0f} 米")
    return Circle(Point(lon, lat), metres)


def _polygon(told: str) -> Polygon:
    outer, *holes = (tuple(_on_earth(*_numbers(pair, 2)) for pair in ring.split(";")) for ring in told.split("|"))
    if any(len(set(ring)) < _FEWEST for ring in (outer, *holes)) or len(outer) + sum(map(len, holes)) > MOST_CORNERS:
        raise NoArea(f"多边形应有 {_FEWEST} 至 {MOST_CORNERS} 个不同的顶点")
    return Polygon(outer, tuple(holes))


_READERS: dict[str, Callable[[str], Area]] = {"box": _box, "circle": _circle, "polygon": _polygon}


def _on_earth(lon: float, lat: float) -> tuple[float, float]:
    point = Point(lon, lat)
    return point.lon, point.lat


def _numbers(told: str, count: int) -> tuple[float, ...]:
    parts = told.split(",")
    try:
        numbers = tuple(float(part) for part in parts)
    except ValueError:
        numbers = ()
    if len(numbers) != count or not all(isfinite(number) for number in numbers):
        raise NoArea(f"“{told[:40]}”应为 {count} 个以逗号分隔的数")
    return numbers
