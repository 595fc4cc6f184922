"""The shipped shapes as GeoJSON for a screen: thinned to what can be seen, and saying what they are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import pairwise
from typing import Any

import orjson

from geography.outlines import Line, rivers, thinned
from geography.shapes import Ring, Shape, counties, neighbours, towns

KEEP = 0.0004
"""Degrees (about 45 m): points nearer to the simplified line than this are left out."""
_FEWEST = 4


@dataclass(frozen=True)
class Sheet:
    """What a set of shapes is, and the words that go with it on every map."""

    note: str | None


SHAPES = {
    "counties": Sheet(None),
    "towns": Sheet("镇街界线为示意（泰森多边形）"),
    "rivers": Sheet("水系为示意"),
    "neighbours": Sheet(None),
}


@cache
def drawn(name: str) -> list[dict[str, Any]]:
    """GeoJSON features of one set of shapes, WGS84; `code` and `codes` tell regions apart."""
    return list(_MAKERS[name]())


def shape_of(codes: Sequence[str]) -> str | None:
    """The code of the shape that stands for a region: its own, else that of the only part of it that has one.

    `codes` are the region's and those of its parts. 枫溪 has no outline: the cell of its one town stands for it.
    """
    known = {code: shape.codes[0] for shape in (*counties(), *towns()) for code in shape.codes}
    if codes[0] in known:
        return known[codes[0]]
    parts = {known[code] for code in codes[1:] if code in known}
    return parts.pop() if len(parts) == 1 else None


@cache
def shapes_version() -> str:
    """Changes with the shapes as drawn."""
    return sha256(orjson.dumps([drawn(name) for name in SHAPES])).hexdigest()[:12]


def _regions(shapes: Iterable[Shape]) -> Iterable[dict[str, Any]]:
    for shape in shapes:
        polygons = [[_closed(ring) for ring in polygon] for polygon in shape.polygons]
        kept = [polygon for polygon in polygons if len(polygon[0]) >= _FEWEST]
        told = {"code": shape.codes[0] if shape.codes else "", "codes": list(shape.codes), "name": shape.name}
        geometry = {"type": "MultiPolygon", "coordinates": kept}
        yield {"type": "Feature", "properties": told | {"approximate": shape.approximate}, "geometry": geometry}


def _lines(lines: Iterable[Line]) -> Iterable[dict[str, Any]]:
    for line in lines:
        if len(line) > 1:
            geometry = {"type": "LineString", "coordinates": [_rounded(point) for point in line]}
            yield {"type": "Feature", "properties": {}, "geometry": geometry}


def _closed(ring: Ring) -> list[list[float]]:
    """A ring starts where it ends: cut it in two so that the ends of each half are apart."""
    half = len(ring) // 2
    thin = thinned(ring[: half + 1], KEEP)[:-1] + thinned(ring[half:], KEEP)
    points = [_rounded(point) for point in thin]
    return [points[0], *(b for a, b in pairwise(points) if a != b)]


def _rounded(point: tuple[float, float]) -> list[float]:
    return [round(point[0], 5), round(point[1], 5)]


_MAKERS = {
    "counties": lambda: _regions(counties()),
    "towns": lambda: _regions(towns()),
    "rivers": lambda: _lines(rivers()),
    "neighbours": lambda: _regions(neighbours()),
}
