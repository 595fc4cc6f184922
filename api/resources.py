"""GET /resources, an event's suggested crews and similar past events: what helps to decide whom to send."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.event_refusals import told
from api.events import rules_of, wanted_event
from api.layers import EVERYWHERE
from api.map_values import world_of
from api.operation import Ask, Operation
from api.problem import Problem
from api.shapes import SIMULATED_MARK, Query
from database.engine import reading
from decisions.crews import PART_NAMES, Crew, crews_for
from decisions.resources import KINDS, MOST, Near, Resource, near
from decisions.similar import Similar, similar
from geography.areas import Area, NoArea, read_area
from indicators.reading import World

TAG = "队伍与资源"
_KINDS = "、".join(f"{key} {kind.name}" for key, kind in KINDS.items())


class ResourcesQuery(Query):
    world: World | None = Field(default=None, description="缺省：演示城市有数据时为 demo，否则为 real")
    lon: float | None = Field(
        default=None, ge=-180, le=180, allow_inf_nan=False, description="中心经度，WGS84；缺省为市中心"
    )
    lat: float | None = Field(default=None, ge=-90, le=90, allow_inf_nan=False, description="中心纬度，WGS84")
    radius: float = Field(default=3000, gt=0, le=100_000, allow_inf_nan=False, description="半径，米")
    area: str | None = Field(default=None, max_length=6000, description="划定区域，写法见 /map/inside；代替中心和半径")
    kind: str = Field(default="", max_length=100, description=f"种类，可用逗号写多个，缺省为全部：{_KINDS}")


class ResourceShape(BaseModel):
    """One thing or team near the place."""

    kind: str
    kind_name: str
    name: str
    sort: str
    lon: float
    lat: float
    metres: int
    minutes: int | None = Field(description="估计到场分钟：直线距离×1.3，30 公里/时，另加 5 分钟出发")
    department: str | None
    on_duty: bool | None = Field(description="按值班表是否在岗；没有值班表的为 null")
    mark: str | None


class Resources(BaseModel):
    """What lies there, the nearest first."""

    world: World
    counts: dict[str, int] = Field(description="各种类的数目")
    missing: list[str] = Field(description="尚无数据的种类")
    items: list[ResourceShape] = Field(description=f"由近到远，最多 {MOST} 个")


class CrewShape(BaseModel):
    """A suggested crew with its reasons."""

    department: str
    name: str
    part: str
    part_name: str
    distance_m: float | None
    minutes: int | None
    in_hand: int
    on_time: int
    closed: int
    on_duty: bool | None
    reasons: list[str]
    mark: str | None


class Crews(BaseModel):
    """The suggested crews, the one to lead first. The officer chooses."""

    items: list[CrewShape]


class SimilarShape(BaseModel):
    """A closed event like this one, and how it ended."""

    number: str
    title: str
    place: str
    days_ago: int
    ended: str
    hours: float | None
    distance_m: float | None
    why: str
    score: float
    mark: str | None


class PastEvents(BaseModel):
    """The likest first."""

    items: list[SimilarShape]


def _resources(ask: Ask) -> Resources:
    world = world_of(ask)
    kinds = tuple(dict.fromkeys(word.strip() for word in ask.query.kind.split(",") if word.strip()))
    try:
        found = near(
            rules_of(ask), ask.by, _area(ask), kinds, world=world.value, now=ask.now,
            folder=ask.cockpit.live_catalogue.folder,
        )  # fmt: skip
    except ValueError as wrong:
        raise Problem(422, str(wrong), "misfit") from wrong
    return _told(world, found)


def _told(world: World, found: Near) -> Resources:
    items = [_resource(one) for one in found.found]
    return Resources(world=world, counts=dict(found.counts), missing=list(found.missing), items=items)


def _resource(one: Resource) -> ResourceShape:
    return ResourceShape(
        kind=one.kind, kind_name=KINDS[one.kind].name, name=one.name, sort=one.sort, lon=one.lon, lat=one.lat,
        metres=round(one.metres), minutes=one.minutes, department=one.department, on_duty=one.on_duty,
        mark=_mark(one.is_simulated),
    )  # fmt: skip


def _area(ask: Ask) -> Area:
    """Around the middle of the city where no place is given; Problem 422 for half a place."""
    wish: ResourcesQuery = ask.query
    if (wish.lon is None) != (wish.lat is None):
        raise Problem(422, "经度 lon、纬度 lat 要么都给，要么都不给。", "misfit")
    city = ask.catalogue.regions[ask.catalogue.city.code]
    lon, lat = (city.lon, city.lat) if wish.lon is None else (wish.lon, wish.lat)
    around = EVERYWHERE if lon is None else f"circle:{lon},{lat},{wish.radius}"
    try:
        return read_area(wish.area or around)
    except NoArea as wrong:
        raise Problem(422, str(wrong), "misfit") from wrong


def _crews(ask: Ask) -> Crews:
    with told(), reading(ask.cockpit.engine) as connection:
        found = crews_for(
            connection, rules_of(ask), wanted_event(ask), by=ask.by, now=ask.now,
            folder=ask.cockpit.live_catalogue.folder,
        )  # fmt: skip
    return Crews(items=[_crew(one) for one in found])


def _crew(one: Crew) -> CrewShape:
    return CrewShape(
        department=one.department, name=one.name, part=one.part, part_name=PART_NAMES[one.part],
        distance_m=one.distance_m, minutes=one.minutes, in_hand=one.in_hand, on_time=one.on_time[0],
        closed=one.on_time[1], on_duty=one.on_duty, reasons=list(one.reasons), mark=_mark(one.is_simulated),
    )  # fmt: skip


def _past(ask: Ask) -> PastEvents:
    with told(), reading(ask.cockpit.engine) as connection:
        found = similar(connection, wanted_event(ask), by=ask.by, now=ask.now, limit=10)
    return PastEvents(items=[_similar(one) for one in found])


def _similar(one: Similar) -> SimilarShape:
    same = set(SimilarShape.model_fields) & set(vars(one))
    return SimilarShape(**{name: getattr(one, name) for name in same}, mark=_mark(one.is_simulated))


def _mark(is_simulated: bool) -> str | None:
    return SIMULATED_MARK if is_simulated else None


def _minute(ask: Ask) -> list[str]:
    return [f"events:{world_of(ask).value}"]


def _own(_: Ask) -> list[str]:
    return [f"events:{world.value}" for world in World]


OPERATIONS = (
    Operation(
        "GET", "/resources", "附近的队伍、物资、避难场所、医院、视频点位，由近到远", Resources, _resources, tag=TAG,
        right="events.view", query=ResourcesQuery, check=_area, topics=_minute, soft_seconds=60,
    ),
    Operation(
        "GET", "/events/{id}/crews", "建议的主办、协办、属地和备选队伍及理由", Crews, _crews, tag=TAG,
        right="events.view", topics=_own, soft_seconds=30,
    ),
    Operation(
        "GET", "/events/{id}/past", "过去的同类事件和结果", PastEvents, _past, tag=TAG, right="events.view",
        topics=_own, soft_seconds=60,
    ),
)  # fmt: skip
