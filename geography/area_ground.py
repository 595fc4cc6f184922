"""On whose ground an area lies: the regions found along its lines and all over its inside."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import ceil

from geography.areas import Area, metres_between
from geography.coordinates import Point
from geography.regions import Place, place_of

STEP_METRES = 150.0
MOST_STEPS, GRID = 240, 14
"""Points looked at along the lines, and per side of the grid inside: large areas are looked at more coarsely."""


def places_in(area: Area) -> list[Place | None]:
    """The different places the area reaches, None for ground outside the city. Narrow corners below a step may slip."""
    found: dict[tuple[str, ...], Place | None] = {}
    for point in (*_along(area), *_inside(area)):
        place = place_of(point)
        found.setdefault(() if place is None else (place.county, *place.towns), place)
    return list(found.values())


def _along(area: Area) -> Iterator[Point]:
    edges = [edge for ring in area.rings for edge in pairwise(ring)]
    length = sum(metres_between(Point(*a), Point(*b)) for a, b in edges)
    step = max(STEP_METRES, length / MOST_STEPS)
    for (ax, ay), (bx, by) in edges:
        parts = max(1, ceil(metres_between(Point(ax, ay), Point(bx, by)) / step))
        yield from (Point(ax + (bx - ax) * n / parts, ay + (by - ay) * n / parts) for n in range(parts))


def _inside(area: Area) -> Iterator[Point]:
    corners = [corner for ring in area.rings for corner in ring]
    west, east = min(lon for lon, _ in corners), max(lon for lon, _ in corners)
    south, north = min(lat for _, lat in corners), max(lat for _, lat in corners)
    for column in range(GRID):
        for row in range(GRID):
            point = Point(
                west + (east - west) * (column + 0.5) / GRID, south + (north - south) * (row + 0.5) / GRID
            )  # fmt: skip
            if area.holds(point):
                yield point
