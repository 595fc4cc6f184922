"""GET /map/shapes/{name}: outlines for the map as GeoJSON, thinned for the screen, kept by browsers by version."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from api.operation import Ask, Operation
from api.shapes import Query
from geography.drawn import SHAPES, drawn, shapes_version


class ShapesQuery(Query):
    v: str | None = Field(default=None, max_length=32, description="版本；与当前版本一致时答复可永久缓存")


class FeatureCollection(BaseModel):
    """GeoJSON (RFC 7946), WGS84. `note` says what the shapes are not."""

    type: str = "FeatureCollection"
    note: str | None
    features: list[dict[str, Any]]


def _shapes(ask: Ask) -> FeatureCollection:
    name = ask.path["name"]
    return FeatureCollection(note=SHAPES[name].note, features=drawn(name))


OPERATIONS = (
    Operation(
        "GET", "/map/shapes/{name}", "地图底图的轮廓（GeoJSON）", FeatureCollection, _shapes, tag="地图",
        right="indicators.view",
        query=ShapesQuery, check=lambda ask: ask.known("轮廓", ask.path["name"], SHAPES),
        topics=lambda ask: [], soft_seconds=3600, version=lambda ask: shapes_version(),
    ),
)  # fmt: skip
