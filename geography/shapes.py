"""The shipped shapes as values: outlines of the city and its counties, approximate cells of its towns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "shapes"
Ring = tuple[tuple[float, float], ...]
"""Longitude and latitude of the corners, WGS84; the last corner is the first."""


@dataclass(frozen=True)
class Shape:
    """A region's area: polygons of an outer ring and holes. `approximate` shapes are no boundaries and must say so."""

    codes: tuple[str, ...]
    name: str
    polygons: tuple[tuple[Ring, ...], ...]
    approximate: bool = False

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        corners = [corner for polygon in self.polygons for corner in polygon[0]]
        lons, lats = [lon for lon, _ in corners], [lat for _, lat in corners]
        return min(lons), min(lats), max(lons), max(lats)


MERGED_CELLS = {"445102-URBAN4": ("445102008", "445102009", "445102010", "445102011")}
"""The four inner-city streets have no points of their own and share one cell."""


@cache
def city() -> Shape:
    """潮州市 as a whole."""
    (whole,) = _shapes("chaozhou_city_wgs84.geojson")
    return whole


@cache
def counties() -> tuple[Shape, ...]:
    """湘桥区, 潮安区 and 饶平县. 枫溪 has no outline in any open source: it lies inside 潮安区."""
    return tuple(_shapes("chaozhou_counties_wgs84.geojson"))


@cache
def towns() -> tuple[Shape, ...]:
    """Voronoi cells of the towns' points: nearer to this town's point than to any other, and no more than that."""
    return tuple(_shapes("towns_voronoi_approx_wgs84.geojson"))


@cache
def neighbours() -> tuple[Shape, ...]:
    """The four cities around; they have no codes of ours."""
    return tuple(replace(shape, codes=()) for shape in _shapes("neighbour_cities_wgs84.geojson"))


def _shapes(name: str) -> Iterator[Shape]:
    for feature in json.loads((FOLDER / name).read_text(encoding="utf-8"))["features"]:
        told = feature["properties"]
        code = told.get("code") or told["adcode"]
        codes = MERGED_CELLS.get(code, (code,))
        yield Shape(codes, told["name"], _polygons(feature["geometry"]), approximate="approx" in told)


def _polygons(geometry: dict[str, Any]) -> tuple[tuple[Ring, ...], ...]:
    listed = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return tuple(tuple(tuple((lon, lat) for lon, lat, *_ in ring) for ring in polygon) for polygon in listed)
