"""GET /map/values and /map/replay: one figure over the regions of a map, now and through the last 24 hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from pydantic import BaseModel, Field

from api.operation import Ask, Operation
from api.shapes import SIMULATED_MARK, Query
from components.numbers import figure, plain
from components.shown import as_of
from database.changes import readings_of
from database.engine import reading
from geography.drawn import shape_of
from indicators.definition import Indicator
from indicators.reading import Freshness, Provenance, World
from indicators.spread import Shade, replay, spread, usual_indicator


class MapQuery(Query):
    indicator: str | None = Field(default=None, max_length=10, description="指标代码，缺省为首个分县区的重点指标")
    region: str | None = Field(default=None, max_length=16, description="显示其下级的区域，缺省为全市")
    world: World | None = Field(default=None, description="缺省：演示城市有数据时为 demo，否则为 real")


class ShadeShape(BaseModel):
    """One region on the map. `step` null always comes with `reason`."""

    region: str
    name: str
    lon: float | None = Field(description="WGS84")
    lat: float | None
    shape: str | None = Field(description="代表它的轮廓，见 /map/shapes；没有轮廓的为 null，几个区域可共用一个")
    value: float | None
    text: str = Field(description="按界面写法，带单位")
    step: int | None = Field(description="所在分级，从 0 起")
    reason: str | None
    freshness: Freshness | None
    provenance: Provenance | None
    as_of: str | None


class MapHead(BaseModel):
    """What is shown of which region."""

    indicator: str
    name: str
    unit: str
    region: str
    world: World
    mark: str | None = Field(description=f"演示城市恒为“{SIMULATED_MARK}”，其余为 null")
    edges: list[float] = Field(description="分级界限，各级含下界；比级数多一个")
    classes: list[str] = Field(description="各级的写法")


class MapValues(MapHead):
    """The newest values of the regions inside a region."""

    shades: list[ShadeShape]


class MapReplay(MapHead):
    """The last 24 hours of the regions inside a region."""

    instants: list[datetime]
    values: dict[str, list[float | None]] = Field(description="按区域代码，每个时刻一个值")
    texts: dict[str, list[str]]
    steps: dict[str, list[int | None]]
    reason: str | None = Field(description="没有可回放数据的原因")


def world_of(ask: Ask) -> World:
    """The world asked for, else the one pages show unasked."""
    if ask.query.world:
        return ask.worlds[0]
    has_demo = ask.cockpit.hub.versions.get(readings_of(World.DEMO), 0) > 0
    return World.DEMO if has_demo and ask.catalogue.demo_city else World.REAL


def class_texts(edges: Sequence[float]) -> list[str]:
    """Each class as it stands in the legend: '10 – 20'."""
    told = [plain(edge, next(d for d in range(7) if all(_is_written(e, d) for e in edges) or d == 6)) for edge in edges]
    return [f"{low} – {high}" for low, high in pairwise(told)]


def _is_written(edge: float, decimals: int) -> bool:
    return abs(round(edge, decimals) - edge) < 1e-9


def _check(ask: Ask) -> None:
    ask.known_region(ask.query.region)
    if ask.query.indicator is not None:
        ask.known("指标", ask.query.indicator, ask.catalogue.indicators)


def _code(ask: Ask) -> str:
    return ask.query.indicator or usual_indicator(ask.catalogue).code


def _head(ask: Ask, indicator: Indicator, edges: Sequence[float]) -> dict[str, object]:
    world = world_of(ask)
    return {
        "indicator": indicator.code,
        "name": indicator.name,
        "unit": indicator.unit,
        "region": ask.query.region or ask.catalogue.city.code,
        "world": world,
        "mark": SIMULATED_MARK if world is World.DEMO else None,
        "edges": list(edges),
        "classes": class_texts(edges),
    }


def _asked(ask: Ask) -> dict[str, object]:
    region = ask.query.region or ask.catalogue.city.code
    return {"world": world_of(ask), "code": _code(ask), "region": region, "now": ask.now}


def _values(ask: Ask) -> MapValues:
    with reading(ask.cockpit.engine) as connection:
        found = spread(connection, ask.catalogue, ask.by, **_asked(ask))  # type: ignore[arg-type]
    shades = [_shade(ask, found.indicator, one) for one in found.shades]
    return MapValues.model_validate({**_head(ask, found.indicator, found.edges), "shades": shades})


def _shade(ask: Ask, indicator: Indicator, shade: Shade) -> ShadeShape:
    found = shade.reading
    value = found.value if found else None
    return ShadeShape(
        region=shade.region.code,
        name=shade.region.name,
        lon=shade.region.lon,
        lat=shade.region.lat,
        shape=shape_of([one.code for one in ask.catalogue.within(shade.region.code)]),
        value=value,
        text=figure(value, indicator.unit, indicator.decimals).compact,
        step=shade.step,
        reason=shade.reason,
        freshness=found.freshness if found else None,
        provenance=found.provenance if found else None,
        as_of=as_of(found, ask.now) if found and value is not None else None,
    )


def _replay(ask: Ask) -> MapReplay:
    with reading(ask.cockpit.engine) as connection:
        found = replay(connection, ask.catalogue, ask.by, **_asked(ask))  # type: ignore[arg-type]
    unit, decimals = found.indicator.unit, found.indicator.decimals
    texts = {code: [figure(v, unit, decimals).compact for v in values] for code, values in found.values.items()}
    return MapReplay.model_validate(
        {
            **_head(ask, found.indicator, found.edges),
            "instants": found.instants,
            "values": found.values,
            "texts": texts,
            "steps": found.steps,
            "reason": found.reason,
        }
    )


def _topics(ask: Ask) -> list[str]:
    return [readings_of(world_of(ask)), "sources"]


OPERATIONS = (
    Operation(
        "GET", "/map/values", "地图：一项指标在下级区域的分布", MapValues, _values, tag="地图",
        right="indicators.view",
        query=MapQuery, check=_check, topics=_topics, problems=(404,),
    ),
    Operation(
        "GET", "/map/replay", "地图：一项指标近 24 小时的回放", MapReplay, _replay, tag="地图",
        right="indicators.view",
        query=MapQuery, check=_check, topics=_topics, soft_seconds=60, problems=(404,),
    ),
)  # fmt: skip
