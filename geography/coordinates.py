"""Conversions between the four coordinate systems met in Chaozhou: WGS84, GCJ-02, BD-09 and CGCS2000.

The product stores and draws WGS84. Amap and Tencent deliver GCJ-02 (an obfuscated WGS84: +484 m east and -305 m north
at Chaozhou), Baidu BD-09 (GCJ-02 shifted again), surveys and natural resources CGCS2000. The GCJ-02 and BD-09 formulas
are the ones everybody uses (no official text is public); their inverses are found by iteration to better than 1e-9
degrees (0.1 mm). CGCS2000 and WGS84 are taken as equal: ellipsoids differ by 0.1 mm, frames by plate motion since
2000, about 3 cm a year and so below 1 m in China; enough for a city map, not for a cadastre.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import atan2, cos, hypot, isfinite, pi, sin, sqrt

AXIS = 6378245.0
"""Semi-major axis of Krasovsky 1940 in metres, as the GCJ-02 formula has it."""
ECCENTRICITY = 0.00669342162296594323
"""First eccentricity squared of the same ellipsoid."""
ROUNDS = 12


class System(StrEnum):
    """How a pair of degrees is meant."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


class NotOnEarth(ValueError):
    """Longitude outside ±180, latitude outside ±90, or no number."""


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees east and north. Which system they are in is said by whoever holds the point."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lon) and isfinite(self.lat) and abs(self.lon) <= 180 and abs(self.lat) <= 90):
            raise NotOnEarth(f"坐标（{self.lon}，{self.lat}）不在地球上：应为经度在前、纬度在后，单位为度")


def convert(point: Point, origin: System, target: System) -> Point:
    """The same place in another system."""
    return point if origin is target else _FROM_WGS84[target](_TO_WGS84[origin](point))


def in_gcj_area(point: Point) -> bool:
    """True inside the rectangle where GCJ-02 differs from WGS84 (the formula's own, not the border)."""
    return 72.004 <= point.lon <= 137.8347 and 0.8293 <= point.lat <= 55.8271


def wgs84_to_gcj02(point: Point) -> Point:
    """GCJ-02 of a WGS84 point; the same outside China's rectangle."""
    if not in_gcj_area(point):
        return point
    east, north = _metres_of_shift(point.lon - 105, point.lat - 35)
    root = sqrt(1 - ECCENTRICITY * sin(point.lat * pi / 180) ** 2)
    lon = point.lon + east * 180 / (AXIS / root * cos(point.lat * pi / 180) * pi)
    lat = point.lat + north * 180 / (AXIS * (1 - ECCENTRICITY) / root**3 * pi)
    return Point(lon, lat)


def gcj02_to_wgs84(point: Point) -> Point:
    """WGS84 of a GCJ-02 point."""
    return _inverse(wgs84_to_gcj02, point) if in_gcj_area(point) else point


def gcj02_to_bd09(point: Point) -> Point:
    """BD-09 of a GCJ-02 point."""
    bend = pi * 3000 / 180
    radius = hypot(point.lon, point.lat) + 0.00002 * sin(point.lat * bend)
    angle = atan2(point.lat, point.lon) + 0.000003 * cos(point.lon * bend)
    return Point(radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006)


def bd09_to_gcj02(point: Point) -> Point:
    """GCJ-02 of a BD-09 point."""
    return _inverse(gcj02_to_bd09, point)


def _same(point: Point) -> Point:
    return point


_FROM_WGS84: dict[System, Callable[[Point], Point]] = {
    System.WGS84: _same,
    System.CGCS2000: _same,
    System.GCJ02: wgs84_to_gcj02,
    System.BD09: lambda point: gcj02_to_bd09(wgs84_to_gcj02(point)),
}
_TO_WGS84: dict[System, Callable[[Point], Point]] = {
    System.WGS84: _same,
    System.CGCS2000: _same,
    System.GCJ02: gcj02_to_wgs84,
    System.BD09: lambda point: gcj02_to_wgs84(bd09_to_gcj02(point)),
}


def _inverse(forward: Callable[[Point], Point], image: Point) -> Point:
    """The point that `forward` sends to `image`. The shift changes slowly, so each round gains about two digits."""
    guess = image
    for _ in range(ROUNDS):
        there = forward(guess)
        guess = Point(guess.lon + image.lon - there.lon, guess.lat + image.lat - there.lat)
    return guess


def _metres_of_shift(x: float, y: float) -> tuple[float, float]:
    """Metres east and north that GCJ-02 adds at x, y degrees from (105, 35)."""
    short = _waves(x, (20, 6), (20, 2))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + short
    east += _waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + short
    north += _waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))
    return east, north


def _waves(degrees: float, *waves: tuple[float, float]) -> float:
    return sum(height * sin(turns * degrees * pi) for height, turns in waves) * 2 / 3
