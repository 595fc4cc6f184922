"""The drawing of one county: the shapes inside it, what lies around, the rivers, and the frame they need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from geography.divisions import town_points
from geography.outlines import Line, rivers, thinned
from geography.shapes import Ring, Shape, counties, neighbours, towns

KEEP = 0.0008
"""Degrees (about 90 m): points nearer to the simplified line than this are left out."""
FAR = 0.003
"""The same for what lies around: about 330 m."""
_MARGIN = 0.04
"""Part of the frame left free around what is drawn."""
_FEWEST = 4


@dataclass(frozen=True)
class Cell:
    """One town's cell, or the one several streets share. `spot` is where its label stands."""

    codes: tuple[str, ...]
    name: str
    rings: tuple[Line, ...]
    spot: tuple[float, float]


@dataclass(frozen=True)
class CountySheet:
    """What to draw. `outline` is the county's own border where one is known; `cells` are approximate."""

    outline: tuple[Line, ...]
    cells: tuple[Cell, ...]
    around: tuple[Line, ...]
    rivers: tuple[Line, ...]
    frame: tuple[float, float, float, float]


@cache
def county_sheet(code: str, parts: tuple[str, ...]) -> CountySheet | None:
    """The sheet of the county `code` whose towns are `parts`. None if nothing of it has a shape."""
    wanted = {code, *parts}
    held = [shape for shape in towns() if wanted & set(shape.codes)]
    own = [shape for shape in counties() if code in shape.codes]
    if not held and not own:
        return None
    frame = _frame([shape.box for shape in (own or held)])
    around = [shape for shape in (*counties(), *neighbours()) if shape not in own]
    return CountySheet(
        outline=tuple(ring for shape in own for ring in _rings(shape)),
        cells=tuple(_cell(shape) for shape in held),
        around=tuple(ring for shape in around if _is_near(shape, frame) for ring in _rings(shape, FAR)),
        rivers=tuple(line for line in rivers() if any(_in(frame, point) for point in line)),
        frame=frame,
    )


def _cell(shape: Shape) -> Cell:
    west, south, east, north = shape.box
    known = town_points().get(shape.codes[0]) if len(shape.codes) == 1 else None
    spot = (known.lon, known.lat) if known else ((west + east) / 2, (south + north) / 2)
    return Cell(shape.codes, shape.name, tuple(_rings(shape)), spot)


def _rings(shape: Shape, keep: float = KEEP) -> list[Line]:
    """Outer rings, thinned; islets of a few corners are left out."""
    thin = [_thin(polygon[0], keep) for polygon in shape.polygons]
    return [ring for ring in thin if len(ring) > _FEWEST]


def _thin(ring: Ring, keep: float) -> Line:
    half = len(ring) // 2
    return thinned(ring[: half + 1], keep)[:-1] + thinned(ring[half:], keep)


def _is_near(shape: Shape, frame: tuple[float, float, float, float]) -> bool:
    """True if the shape shows on a wide screen around the frame."""
    west, south, east, north = shape.box
    wide, high = frame[2] - frame[0], frame[3] - frame[1]
    return west < frame[2] + wide and east > frame[0] - wide and south < frame[3] + high and north > frame[1] - high


def _frame(boxes: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    wide, high = (east - west) * _MARGIN, (north - south) * _MARGIN
    return west - wide, south - high, east + wide, north + high


def _in(frame: tuple[float, float, float, float], point: tuple[float, float]) -> bool:
    return frame[0] <= point[0] <= frame[2] and frame[1] <= point[1] <= frame[3]
