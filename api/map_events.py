"""GET /map/events: open events as columns for the map, all of them or those inside a drawn area."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.map_values import world_of
from api.operation import Ask, Operation
from api.problem import Problem
from api.shapes import SIMULATED_MARK, Query
from database.engine import reading
from dispatch.loop import MapPin, pins
from dispatch.stage import STAGE_NAMES
from geography.areas import NoArea, read_area
from geography.coordinates import Point
from indicators.reading import World


class EventsQuery(Query):
    world: World | None = Field(default=None, description="缺省：演示城市有数据时为 demo，否则为 real")
    region: str | None = Field(default=None, max_length=16, description="只列这个区域之内的事件")
    area: str | None = Field(default=None, max_length=6000, description="只列划定区域之内的事件，写法见 /map/inside")


class EventPoints(BaseModel):
    """Open events as columns of equal length, the most urgent first. Nothing that tells who reported them."""

    world: World
    mark: str | None
    number: list[str]
    title: list[str]
    lon: list[float]
    lat: list[float]
    level: list[int] = Field(description="0 一般，1 红，2 橙，3 黄，4 蓝")
    stage: list[str]
    overdue: list[bool]
    since: list[int] = Field(description="发生时刻，1970 年以来的秒数")
    sure: list[bool] = Field(description="false：位置只是镇街中心")
    county: list[str]


def _events(ask: Ask) -> EventPoints:
    world, region = world_of(ask), ask.query.region or ask.catalogue.city.code
    with reading(ask.cockpit.engine) as connection:
        found = pins(connection, ask.by, world=world.value, region=region, now=ask.now)
    return _columns(world, [pin for pin in found if _is_inside(ask, pin)])


def _columns(world: World, found: list[MapPin]) -> EventPoints:
    return EventPoints(
        world=world,
        mark=SIMULATED_MARK if any(pin.simulated for pin in found) else None,
        number=[pin.number for pin in found],
        title=[pin.title for pin in found],
        lon=[pin.lon for pin in found],
        lat=[pin.lat for pin in found],
        level=[pin.level for pin in found],
        stage=[STAGE_NAMES[pin.stage] for pin in found],
        overdue=[pin.overdue for pin in found],
        since=[int(pin.since.timestamp()) for pin in found],
        sure=[pin.sure for pin in found],
        county=[pin.county for pin in found],
    )


def _is_inside(ask: Ask, pin: MapPin) -> bool:
    return ask.query.area is None or read_area(ask.query.area).holds(Point(pin.lon, pin.lat))


def _check(ask: Ask) -> None:
    ask.known_region(ask.query.region)
    if ask.query.area is not None:
        try:
            read_area(ask.query.area)
        except NoArea as error:
            raise Problem(422, f"区域读不懂：{error}", kind="misfit") from error


OPERATIONS = (
    Operation(
        "GET", "/map/events", "地图上的在办事件（按列）", EventPoints, _events, tag="地图",
        right="events.view",
        query=EventsQuery, check=_check, topics=lambda ask: [f"events:{world_of(ask).value}"], soft_seconds=60,
        problems=(404,),
    ),
)  # fmt: skip
