"""Outlines for drawing at city scale: counties and the two large rivers, thinned to what a screen can show.

Shapes are WGS84 lon/lat. Rivers lie up to 2 km off and 枫溪区 has no outline of its own in any open source; every map
that shows them says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SHAPES = Path(__file__).resolve().parent / "shapes"
Point = tuple[float, float]
Line = tuple[Point, ...]
NAMES = (
    ("梅 州", 116.45, 24.1, "city"),
    ("漳 州", 117.1, 24.05, "city"),
    ("揭 阳", 116.42, 23.5, "city"),
    ("汕 头", 116.87, 23.45, "city"),
    ("南 海", 117.1, 23.47, "sea"),
    ("韩江", 116.535, 23.9, "river"),
)
"""Neighbours, sea and river as they are written on the sheet; inside the frame, not at their own centres."""
_KEEP = 0.0011
"""Degrees (about 110 m): points nearer to the simplified line than this are left out."""
_SMALLEST = 8
"""Rings of fewer points are rocks in the sea."""


@dataclass(frozen=True)
class Outline:
    """One region's rings, and a point well inside for its label."""

    code: str
    rings: tuple[Line, ...]
    centre: Point


@lru_cache(maxsize=1)
def counties() -> tuple[Outline, ...]:
    """The administrative counties of the city."""
    return tuple(_outline(feature) for feature in _features("chaozhou_counties_wgs84.geojson"))


@lru_cache(maxsize=1)
def rivers() -> tuple[Line, ...]:
    """韩江 and its arms inside the frame of the city, from north to south."""
    lines = [tuple((x, y) for x, y in f["geometry"]["coordinates"]) for f in _features("rivers_wdbii_wgs84.geojson")]
    west, south, east, north = frame()
    crossing = [line for line in lines if any(west <= x <= east and south <= y <= north for x, y in line)]
    return tuple(_inside(thinned(line), (west, south, east, north)) for line in crossing)


@lru_cache(maxsize=1)
def frame() -> tuple[float, float, float, float]:
    """West, south, east, north of the counties."""
    points = [point for outline in counties() for ring in outline.rings for point in ring]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def thinned(line: Line, keep: float = _KEEP) -> Line:
    """Douglas–Peucker: no point left out lies farther than `keep` from the line; both ends stay."""
    if len(line) < 3:
        return line
    far, distance = _farthest(line)
    if distance <= keep:
        return line[0], line[-1]
    return thinned(line[: far + 1], keep)[:-1] + thinned(line[far:], keep)


def _outline(feature: dict) -> Outline:
    geometry = feature["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [tuple((x, y) for x, y, *_ in polygon[0]) for polygon in polygons]
    thin = [_thinned_ring(ring) for ring in rings]
    x, y = feature["properties"]["centroid"]
    return Outline(feature["properties"]["adcode"], tuple(ring for ring in thin if len(ring) >= _SMALLEST), (x, y))


def _thinned_ring(ring: Line) -> Line:
    """A ring starts where it ends: cut it in two so that the ends of each half are apart."""
    half = len(ring) // 2
    return thinned(ring[: half + 1])[:-1] + thinned(ring[half:])


def _farthest(line: Line) -> tuple[int, float]:
    (ax, ay), (bx, by) = line[0], line[-1]
    dx, dy = bx - ax, by - ay
    length = (dx * dx + dy * dy) ** 0.5
    best, found = 0, -1.0
    for index, (x, y) in enumerate(line[1:-1], 1):
        away = abs(dy * (x - ax) - dx * (y - ay)) / length if length else ((x - ax) ** 2 + (y - ay) ** 2) ** 0.5
        if away > found:
            best, found = index, away
    return best, found


def _inside(line: Line, box: tuple[float, float, float, float], margin: float = 0.03) -> Line:
    west, south, east, north = box
    return tuple(
        (x, y) for x, y in line if west - margin <= x <= east + margin and south - margin <= y <= north + margin
    )


def _features(name: str) -> list[dict]:
    found: list[dict] = json.loads((SHAPES / name).read_text(encoding="utf-8"))["features"]
    return found
