"""In which region a point lies, by the shipped shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

from geography.coordinates import Point
from geography.shapes import Ring, Shape, counties, towns

METRES_PER_DEGREE = 111_195.0
SLACK_METRES = 300.0
"""Neighbouring outlines leave gaps, and wharves stand outside them: so near to a county counts as in it, not surely."""


@dataclass(frozen=True)
class Place:
    """Where a point lies. `towns` holds one candidate, or the streets that share a cell; towns are never certain.

    Functional areas have no outlines: 枫溪 follows from the parent of its town in the catalogue.
    """

    county: str
    towns: tuple[str, ...]
    certain: bool
    """The county's outline holds the point; False: it is only within SLACK_METRES of it."""


def place_of(point: Point) -> Place | None:
    """The county and town of a WGS84 point; None outside the city."""
    inside = _holding(point, counties())
    near = inside or _nearest(point, counties())
    if near is None:
        return None
    cells = [cell for cell in towns() if cell.codes[0].startswith(near.codes[0])]
    town = _holding(point, cells) or _nearest(point, cells)
    return Place(near.codes[0], town.codes if town else (), certain=inside is not None)


def contains(shape: Shape, point: Point) -> bool:
    """True if the point is inside, by the number of edges a ray to the east crosses; holes are outside."""
    west, south, east, north = shape.box
    if not (west <= point.lon <= east and south <= point.lat <= north):
        return False
    return any(sum(_crossings(ring, point) for ring in polygon) % 2 == 1 for polygon in shape.polygons)


def metres_to(shape: Shape, point: Point) -> float:
    """Metres from the point to the nearest edge of the shape, whichever side it is on."""
    rings = (ring for polygon in shape.polygons for ring in polygon)
    return min(_metres_to_ring(ring, point) for ring in rings)


def _holding(point: Point, shapes: Iterable[Shape]) -> Shape | None:
    return next((shape for shape in shapes if contains(shape, point)), None)


def _nearest(point: Point, shapes: Iterable[Shape]) -> Shape | None:
    near = [(metres_to(shape, point), order, shape) for order, shape in enumerate(shapes) if _is_near_box(shape, point)]
    distance, _, shape = min(near, default=(SLACK_METRES + 1, 0, None))
    return shape if distance <= SLACK_METRES else None


def _is_near_box(shape: Shape, point: Point) -> bool:
    slack = 2 * SLACK_METRES / METRES_PER_DEGREE
    west, south, east, north = shape.box
    return west - slack <= point.lon <= east + slack and south - slack <= point.lat <= north + slack


def _crossings(ring: Ring, point: Point) -> int:
    """Edges crossed; an edge holds its lower end and not its upper, so a corner counts once."""
    lon, lat = point.lon, point.lat
    count = 0
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > lat) != (by > lat) and lon < (bx - ax) * (lat - ay) / (by - ay) + ax:
            count += 1
    return count


def _metres_to_ring(ring: Ring, point: Point) -> float:
    wide = METRES_PER_DEGREE * cos(radians(point.lat))
    flat = [((lon - point.lon) * wide, (lat - point.lat) * METRES_PER_DEGREE) for lon, lat in ring]
    return min(_metres_to_edge(a, b) for a, b in pairwise(flat))


def _metres_to_edge(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres from the origin to the edge from a to b."""
    (ax, ay), (dx, dy) = a, (b[0] - a[0], b[1] - a[1])
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
    return hypot(ax + along * dx, ay + along * dy)
