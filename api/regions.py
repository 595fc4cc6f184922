"""GET /regions: the city, its counties, functional zones and towns."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.operation import Ask, Operation
from api.paging import Page, Paged, cut
from indicators.definition import RegionKind


class RegionsQuery(Paged):
    kind: RegionKind | None = Field(default=None, description="city、county、zone 或 town")


class RegionShape(BaseModel):
    """A place readings belong to."""

    code: str
    name: str
    short: str
    kind: RegionKind
    parent: str | None = Field(description="汇总到哪个区域；功能区不汇总")
    division: str | None = Field(description="行政隶属与汇总不同时的上级")
    official: bool
    lon: float | None = Field(description="WGS84")
    lat: float | None
    note: str | None


def _regions(ask: Ask) -> Page[RegionShape]:
    seen = [
        RegionShape(**region.model_dump())
        for code, region in sorted(ask.catalogue.regions.items())
        if ask.by.scope.allows(code) and ask.query.kind in {None, region.kind}
    ]
    items, following = cut(seen, ask.query, key=lambda region: (region.code,))
    return Page[RegionShape](items=items, next=following)


OPERATIONS = (
    Operation(
        "GET",
        "/regions",
        "区域",
        Page[RegionShape],
        _regions,
        tag="目录",
        right="indicators.view",
        query=RegionsQuery,
        topics=lambda ask: [],
        soft_seconds=3600,
    ),
)
