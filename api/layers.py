"""GET /layers and what is in them: objects of the map as columns, one object, and what lies in a drawn area."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from api.map_values import world_of
from api.operation import Ask, Operation
from api.problem import Problem, unknown
from api.shapes import SIMULATED_MARK, Query
from geography.areas import Area, NoArea, read_area
from geography.layers import Layer, Origin, Spot, Symbol, version
from indicators.places import Counted, counted, inside, is_silent, layers_of, regions_in, spots_seen
from indicators.reading import World

LISTED = 500
EVERYWHERE = "box:115,22,118,25"
"""Where the catalogue's places may lie."""
_BREATH = 60.0
"""Seconds an answer with times of last reports may be old."""


class WorldQuery(Query):
    world: World | None = Field(default=None, description="缺省：演示城市有数据时为 demo，否则为 real")


class LayersQuery(WorldQuery):
    region: str | None = Field(default=None, max_length=16, description="只数这个区域之内的对象")


class PointsQuery(WorldQuery):
    v: str | None = Field(default=None, max_length=32, description="版本；与当前版本一致时答复可永久缓存")


class InsideQuery(WorldQuery):
    area: str = Field(
        default=EVERYWHERE,
        max_length=6000,
        description="box:西,南,东,北；circle:经度,纬度,半径米；polygon:经度,纬度;经度,纬度;…（WGS84）",
    )
    layer: str = Field(default="", max_length=400, description="图层键，逗号分隔；缺省为全部")


class LayerShape(BaseModel):
    """A layer of the map with the number of objects the caller may see."""

    key: str
    name: str
    theme: str | None
    theme_name: str | None
    symbol: Symbol
    provenance: Origin
    mark: str | None
    note: str
    kinds: list[str]
    counts: list[int] = Field(description="各类对象数，与 kinds 对应")
    total: int
    silent: int = Field(description="连续三次以上没有上报的对象数")
    every: int | None = Field(description="约定的上报间隔（秒）；不上报的为 null")
    url: str = Field(description="取全部点位的地址，带版本")


class LayerList(BaseModel):
    """All layers of a world."""

    world: World
    region: str
    items: list[LayerShape]


class LayerPoints(BaseModel):
    """All objects of a layer as columns of equal length; names are asked for one by one."""

    key: str
    name: str
    symbol: Symbol
    provenance: Origin
    mark: str | None
    every: int | None
    kinds: list[str]
    number: list[int]
    lon: list[float]
    lat: list[float]
    kind: list[int]
    heard: list[int] | None = Field(description="最近上报时刻，1970 年以来的秒数；不上报的图层为 null")


class SpotShape(BaseModel):
    """One object."""

    layer: str
    layer_name: str
    number: int
    name: str
    kind: str
    lon: float
    lat: float
    town: str
    town_name: str
    provenance: Origin
    mark: str | None
    theme: str | None
    theme_name: str | None
    heard_at: datetime | None
    silent: bool
    note: str


class FoundShape(SpotShape):
    """One object in a drawn area."""

    metres: int = Field(description="到区域中心的距离")


class InsideShape(BaseModel):
    """What lies in a drawn area."""

    world: World
    square_km: float
    total: int
    listed: int
    counts: dict[str, int] = Field(description="各图层对象数")
    towns: list[str] = Field(description="驻地点在区域内的镇街")
    items: list[FoundShape] = Field(description=f"由近到远，最多 {LISTED} 个")


def _layers(ask: Ask) -> LayerList:
    region = ask.query.region or ask.catalogue.city.code
    items = [
        _layer(ask, counted(layer, ask.catalogue, ask.by, ask.now, region))
        for layer in layers_of(world_of(ask)).values()
    ]
    return LayerList(world=world_of(ask), region=region, items=items)


def _layer(ask: Ask, found: Counted) -> LayerShape:
    layer = found.layer
    address = f"/api/v1/layers/{layer.key}/points?world={world_of(ask).value}"
    return LayerShape(
        key=layer.key,
        name=layer.name,
        theme=layer.theme,
        theme_name=_theme(ask, layer),
        symbol=layer.symbol,
        provenance=layer.origin,
        mark=_mark(layer),
        note=layer.note,
        kinds=list(layer.kinds),
        counts=list(found.kinds),
        total=found.total,
        silent=found.silent,
        every=layer.every,
        url=address if layer.every else f"{address}&v={version(layer.key)}",
    )


def _points(ask: Ask) -> LayerPoints:
    layer = _known(ask)
    seen = list(spots_seen(layer.key, ask.catalogue, ask.by))
    now = int(ask.now.timestamp())
    return LayerPoints(
        key=layer.key,
        name=layer.name,
        symbol=layer.symbol,
        provenance=layer.origin,
        mark=_mark(layer),
        every=layer.every,
        kinds=list(layer.kinds),
        number=[spot.number for spot in seen],
        lon=[spot.place.lon for spot in seen],
        lat=[spot.place.lat for spot in seen],
        kind=[spot.kind for spot in seen],
        heard=[layer.heard_at(spot, now) or 0 for spot in seen] if layer.every else None,
    )


def _spot(ask: Ask) -> SpotShape:
    layer, number = _known(ask), ask.number("number")
    found = next((s for s in spots_seen(layer.key, ask.catalogue, ask.by) if s.number == number), None)
    if found is None:
        raise Problem(404, f"图层“{layer.name}”中没有编号 {number} 的对象。", kind="unknown")
    return SpotShape.model_validate(_told(ask, layer, found))


def _inside(ask: Ask) -> InsideShape:
    area, world = _area(ask), world_of(ask)
    keys = _keys(ask) or list(layers_of(world))
    found = inside(area, keys, ask.catalogue, ask.by, world=world, most=LISTED)
    items = [
        FoundShape.model_validate({**_told(ask, one.layer, one.spot), "metres": round(one.metres)})
        for one in found.found
    ]
    towns = [region.name for region in regions_in(area, ask.catalogue, ask.by)]
    return InsideShape(
        world=world,
        square_km=round(area.square_km, 3),
        total=found.total,
        listed=len(items),
        counts=found.counts,
        towns=towns,
        items=items,
    )


def _told(ask: Ask, layer: Layer, spot: Spot) -> dict[str, object]:
    heard = layer.heard_at(spot, int(ask.now.timestamp()))
    town = ask.catalogue.regions.get(spot.town)
    return {
        "layer": layer.key,
        "layer_name": layer.name,
        "number": spot.number,
        "name": spot.name,
        "kind": layer.kinds[spot.kind],
        "lon": spot.place.lon,
        "lat": spot.place.lat,
        "town": spot.town,
        "town_name": town.name if town else spot.town,
        "provenance": layer.origin,
        "mark": _mark(layer),
        "theme": layer.theme,
        "theme_name": _theme(ask, layer),
        "heard_at": None if heard is None else datetime.fromtimestamp(heard, ask.now.tzinfo),
        "silent": is_silent(layer, spot, ask.now),
        "note": layer.note,
    }


def _mark(layer: Layer) -> str | None:
    return SIMULATED_MARK if layer.origin is Origin.SIMULATED else None


def _theme(ask: Ask, layer: Layer) -> str | None:
    theme = ask.catalogue.themes.get(layer.theme or "")
    return theme.name if theme else None


def _known(ask: Ask) -> Layer:
    known = layers_of(world_of(ask))
    return known[ask.known("图层", ask.path["layer"], known)]


def _keys(ask: Ask) -> list[str]:
    return [key for key in dict.fromkeys(ask.query.layer.split(",")) if key]


def _area(ask: Ask) -> Area:
    try:
        return read_area(ask.query.area)
    except NoArea as error:
        raise Problem(422, f"区域读不懂：{error}", kind="misfit") from error


def _check_layers(ask: Ask) -> None:
    ask.known_region(ask.query.region)


def _check_inside(ask: Ask) -> None:
    _area(ask)
    known = layers_of(world_of(ask))
    for key in _keys(ask):
        if key not in known:
            raise unknown("图层", key, known)


def _version(ask: Ask) -> str | None:
    layer = _known(ask)
    return None if layer.every else version(layer.key)


OPERATIONS = (
    Operation(
        "GET", "/layers", "地图图层及对象数", LayerList, _layers, tag="地图",
        right="indicators.view",
        query=LayersQuery, check=_check_layers, topics=lambda ask: [], soft_seconds=_BREATH, problems=(404,),
    ),
    Operation(
        "GET", "/layers/{layer}/points", "一个图层的全部点位（按列）", LayerPoints, _points, tag="地图",
        right="indicators.view",
        query=PointsQuery, check=_known, topics=lambda ask: [], soft_seconds=_BREATH, version=_version,
    ),
    Operation(
        "GET", "/layers/{layer}/points/{number}", "一个对象", SpotShape, _spot, tag="地图",
        right="indicators.view",
        query=WorldQuery, check=_known, topics=lambda ask: [], soft_seconds=_BREATH,
    ),
    Operation(
        "GET", "/map/inside", "划定区域内的对象", InsideShape, _inside, tag="地图",
        right="indicators.view",
        query=InsideQuery, check=_check_inside, topics=lambda ask: [], soft_seconds=_BREATH, problems=(404,),
    ),
)  # fmt: skip
