"""Watched areas over the interface: list, draw, change, pause, mute, end; what happened there and what people do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.map_values import world_of
from api.operation import WRITTEN, Ask, Operation
from api.problem import Fault, Problem
from api.shapes import SIMULATED_MARK, Query
from database.engine import reading, writing
from datasources.delivery.period import CITY_TIME
from decisions import area_acts as acts
from decisions import crossing_acts
from decisions import watched_areas as kept
from decisions.watched_area import QUIET_NAMES, WAY_NAMES, AreaRefused, Crossing, Wants, WatchedArea, Way
from dispatch.rulebook import rulebook
from indicators.reading import World

TAG = "关注区域"
RIGHT = "warnings.view"
"""Walls have it too: they own no areas, so their lists are empty, and the domain refuses them to make one."""
Level = Literal["off", "all", "red", "orange", "yellow", "blue"]
LEVELS: dict[str, int | None] = {"off": None, "all": 0, "red": 1, "orange": 2, "yellow": 3, "blue": 4}
DEVICES: dict[str, tuple[Way, ...]] = {
    "off": (), "enter": (Way.ENTER,), "leave": (Way.LEAVE,), "both": (Way.ENTER, Way.LEAVE),
}  # fmt: skip


class AreasQuery(Query):
    world: World | None = Field(default=None, description="缺省：演示城市有数据时为 demo，否则为 real")


class CrossingsQuery(AreasQuery):
    area: int | None = Field(default=None, ge=1, description="只列这个区域的")
    limit: int = Field(default=50, ge=1, le=kept.MOST_CROSSINGS)
    before: int | None = Field(default=None, ge=1, description="只列编号小于它的，用于翻页")


class AreaBody(BaseModel):
    """An area to be watched. Levels: this one and all that is worse."""

    model_config = WRITTEN

    name: str = Field(min_length=2, max_length=60)
    shape: str = Field(
        min_length=8, max_length=6000, description="box:、circle: 或 polygon:，WGS84，写法见 /map/inside"
    )
    events: Level = Field(default="all", description="区域内新报的事件，到哪一级才提醒")
    category: str = Field(default="", max_length=16, description="只提醒这一类事件；空为全部")
    warnings: Level = Field(default="orange", description="涉及区域的预警")
    devices: Literal["off", "enter", "leave", "both"] = Field(default="both", description="车船、巡查人员进出")
    bounds: Literal["off", "on"] = Field(default="on", description="区域内传感器越限")
    until: date = Field(description="关注到这一天（含）")
    quiet_minutes: int = Field(default=10, ge=0, le=acts.MOST_MINUTES, description="两次提醒至少间隔")
    audience: Literal["me", "centre"] = Field(default="me", description="本人，或本人所属中心")


class NewArea(AreaBody):
    world: World


class ChangedArea(AreaBody):
    """`version`: the one that was seen."""

    version: int | None = Field(default=None, ge=1)


class AreaAct(BaseModel):
    """`version`: the one that was seen. `hours` for mute."""

    model_config = WRITTEN

    act: Literal["pause", "resume", "mute", "end"]
    version: int | None = Field(default=None, ge=1)
    hours: float = Field(default=1.0, description="静音多少小时，最长 72")


class CrossingAct(BaseModel):
    model_config = WRITTEN

    act: Literal["acknowledge", "to_event"] = Field(description="知道了，或转为事件")
    comment: str = Field(default="", max_length=300)


class AreaShape(BaseModel):
    """A watched area."""

    id: int
    world: World
    mark: str | None
    name: str
    shape: str
    square_km: float
    events: Level
    category: str
    warnings: Level
    devices: Literal["off", "enter", "leave", "both"]
    bounds: Literal["off", "on"]
    quiet_minutes: int
    owner: str
    centre: str | None = Field(description="所属中心的区域代码；空为只给本人")
    made_at: datetime
    ends_at: datetime
    paused_at: datetime | None
    muted_until: datetime | None
    version: int


class CrossingShape(BaseModel):
    """Something that happened in a watched area."""

    id: int
    area: int
    way: Way
    words: str
    subject: str
    name: str
    region: str
    level: int
    lon: float | None
    lat: float | None
    at: datetime
    known_at: datetime
    quiet: str | None = Field(description="没有提醒的原因；空：已提醒")
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    comment: str | None
    event: str | None
    evidence: dict[str, Any]


class Areas(BaseModel):
    items: list[AreaShape]


class Crossings(BaseModel):
    items: list[CrossingShape]


def _city(ask: Ask) -> str:
    return ask.catalogue.city.code


def _areas(ask: Ask) -> Areas:
    with reading(ask.cockpit.engine) as connection:
        found = kept.areas(connection, ask.by, world=world_of(ask).value, city=_city(ask), now=ask.now)
    return Areas(items=[shape_of(one) for one in found])


def shape_of(one: WatchedArea) -> AreaShape:
    """As the interface writes it."""
    wants, levels = one.wants, {value: name for name, value in LEVELS.items()}
    return AreaShape.model_validate({
        "id": one.id, "world": one.world, "mark": SIMULATED_MARK if one.world == "demo" else None, "name": one.name,
        "shape": one.shape, "square_km": round(one.area.square_km, 4), "events": levels[wants.events],
        "category": wants.category, "warnings": levels[wants.warnings],
        "devices": next(name for name, ways in DEVICES.items() if set(ways) == set(wants.devices)),
        "bounds": "on" if wants.bounds else "off", "quiet_minutes": one.quiet_minutes, "owner": one.owner_name,
        "centre": one.centre, "made_at": one.made_at, "ends_at": one.ends_at, "paused_at": one.paused_at,
        "muted_until": one.muted_until, "version": one.version,
    })  # fmt: skip


def _make(ask: Ask) -> AreaShape:
    with _acting(ask) as connection:
        number = acts.make(
            connection, ask.catalogue, ask.by, world=ask.body.world.value, draft=_draft(ask.body), now=ask.now
        )
        return shape_of(acts.mine(connection, ask.catalogue, ask.by, number))


def _draft(body: AreaBody) -> acts.Draft:
    wants = Wants(
        LEVELS[body.events], body.category, LEVELS[body.warnings], DEVICES[body.devices], body.bounds == "on"
    )  # fmt: skip
    last = datetime.combine(body.until + timedelta(days=1), time(), CITY_TIME)
    return acts.Draft(body.name, body.shape, wants, body.quiet_minutes, last, body.audience == "centre")


def _act(ask: Ask) -> AreaShape:
    with _acting(ask) as connection:
        return shape_of(_ACTS[ask.body.act](ask, connection, ask.number("id"), ask.body))


def _edit(ask: Ask) -> AreaShape:
    with _acting(ask) as connection:
        return shape_of(
            acts.edit(
                connection, ask.catalogue, ask.by, ask.number("id"), draft=_draft(ask.body), version=ask.body.version,
                now=ask.now,
            )
        )  # fmt: skip


def _mute(ask: Ask, connection: Connection, number: int, body: AreaAct) -> WatchedArea:
    return acts.mute(
        connection, ask.catalogue, ask.by, number, hours=body.hours, version=body.version, now=ask.now
    )  # fmt: skip


def _plain(act: Callable[..., WatchedArea]) -> Callable[[Ask, Connection, int, AreaAct], WatchedArea]:
    def done(ask: Ask, connection: Connection, number: int, body: AreaAct) -> WatchedArea:
        return act(connection, ask.catalogue, ask.by, number, version=body.version, now=ask.now)

    return done


_ACTS: dict[str, Callable[[Ask, Connection, int, AreaAct], WatchedArea]] = {
    "pause": _plain(acts.pause),
    "resume": _plain(acts.resume),
    "end": _plain(acts.end),
    "mute": _mute,
}


def _crossings(ask: Ask) -> Crossings:
    wish: CrossingsQuery = ask.query
    with reading(ask.cockpit.engine) as connection:
        if wish.area is None:
            of = kept.areas(connection, ask.by, world=world_of(ask).value, city=_city(ask), now=ask.now)
        else:
            one = kept.area(connection, ask.by, wish.area, city=_city(ask))
            if one is None:
                raise Problem(404, "没有这个关注区域，或无权查看。", "unknown")
            of = [one]
        found = kept.crossings(connection, ask.by, of, limit=wish.limit, before=wish.before)
    return Crossings(items=[_crossing(one) for one in found])


def _crossing(one: Crossing) -> CrossingShape:
    told = {name: getattr(one, name) for name in CrossingShape.model_fields if name not in {"words", "quiet"}}
    quiet = None if one.quiet is None else QUIET_NAMES[one.quiet]
    return CrossingShape.model_validate({**told, "words": WAY_NAMES[one.way], "quiet": quiet})


def _cross(ask: Ask) -> CrossingShape:
    number, body = ask.number("id"), ask.body
    with _acting(ask) as connection:
        if body.act == "acknowledge":
            return _crossing(
                crossing_acts.acknowledge(
                    connection, ask.by, number, comment=body.comment, city=_city(ask), now=ask.now
                )
            )
        book = rulebook(ask.catalogue, ask.cockpit.live_catalogue.folder)
        return _crossing(crossing_acts.to_event(connection, ask.by, number, book=book, now=ask.now))


@contextmanager
def _acting(ask: Ask) -> Iterator[Connection]:
    """A transaction whose refusals are answers."""
    try:
        with writing(ask.cockpit.engine) as connection:
            yield connection
    except acts.AreaMoved as moved:
        raise Problem(409, str(moved), "moved", (Fault("version", str(moved.now.version)),)) from moved
    except AreaRefused as refused:
        raise Problem(422, str(refused), "misfit") from refused


OPERATIONS = (
    Operation("GET", "/areas", "本人和本中心的关注区域", Areas, _areas, tag=TAG, right=RIGHT, query=AreasQuery),
    Operation(
        "POST", "/areas", "关注一个区域", AreaShape, _make, tag=TAG, right=RIGHT, body=NewArea, status=201,
    ),
    Operation(
        "POST", "/areas/{id}", "修改关注区域", AreaShape, _edit, tag=TAG, right=RIGHT, body=ChangedArea,
        problems=(409,),
    ),
    Operation(
        "POST", "/areas/{id}/acts", "暂停、恢复、静音、结束", AreaShape, _act, tag=TAG, right=RIGHT,
        body=AreaAct, problems=(409,),
    ),
    Operation(
        "GET", "/area-crossings", "关注区域内发生的情况，新的在前", Crossings, _crossings, tag=TAG, right=RIGHT,
        query=CrossingsQuery, problems=(404,),
    ),
    Operation(
        "POST", "/area-crossings/{id}/acts", "知道了；转为事件", CrossingShape, _cross, tag=TAG, right=RIGHT,
        body=CrossingAct,
    ),
)  # fmt: skip
