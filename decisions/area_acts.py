"""What people do with watched areas: draw, change, pause, mute, end. Each act leaves an audit row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from access.actor import Actor, Denied, OutOfScope
from access.audit import record
from database import changes
from database.area_tables import watched_areas
from database.storable import storable
from decisions.devices import seed
from decisions.watched_area import (
    FOR_CENTRE,
    NEEDS,
    RIGHT,
    AreaRefused,
    Wants,
    WatchedArea,
    Way,
    centre_of,
    is_on_own_ground,
)
from decisions.watched_areas import area, topic_of
from geography.area_ground import places_in
from geography.area_soundness import require_sound
from geography.areas import Area, NoArea, read_area
from geography.regions import Place
from indicators.catalogue import Catalogue

LONGEST = timedelta(days=366)
LONGEST_MUTE = timedelta(days=3)
MOST_AREAS = 20
"""In force at once, by one person."""
MOST_MINUTES = 1440


@dataclass(frozen=True)
class Draft:
    """An area as somebody wants it. `for_centre`: for all of his centre, not for himself alone."""

    name: str
    shape: str
    wants: Wants
    quiet_minutes: int
    ends_at: datetime
    for_centre: bool = False


class AreaMoved(Exception):
    """Somebody changed the area since it was shown; `now` is how it stands."""

    def __init__(self, now: WatchedArea) -> None:
        super().__init__("这个关注区域刚刚有变化，请看清后再操作。")
        self.now = now


def make(connection: Connection, catalogue: Catalogue, by: Actor, *, world: str, draft: Draft, now: datetime) -> int:
    """Watch an area from now on; its number. AreaRefused, Denied or OutOfScope."""
    _require_person(by)
    values = _values(catalogue, by, draft, now)
    _require_room(connection, by, now)
    row = values | {
        "world": world, "owner": by.user, "owner_name": by.name, "made_at": now, "since": now, "version": 1,
    }  # fmt: skip
    key = connection.execute(insert(watched_areas).values(row)).inserted_primary_key
    number = int(key[0]) if key else 0
    _seed(connection, by, number, catalogue)
    _told(connection, by, "areas.make", number, world, {"name": values["name"], "centre": values["centre"]}, now)
    return number


def edit(
    connection: Connection, catalogue: Catalogue, by: Actor, number: int, *, draft: Draft, version: int | None = None,
    now: datetime,
) -> WatchedArea:  # fmt: skip
    """Change what is watched; another line or end begins to watch anew: who is inside then is no news."""
    found = mine(connection, catalogue, by, number)
    values = _values(catalogue, by, draft, now)
    is_elsewhere = values["shape"] != found.shape or found.is_over(now)
    more = {"since": now, "ended_by": None} if is_elsewhere else {}
    changed = _change(connection, catalogue, by, found, values | more, "areas.edit", version, now)
    if is_elsewhere:
        _seed(connection, by, number, catalogue)
    return changed


def pause(
    connection: Connection, catalogue: Catalogue, by: Actor, number: int, *, version: int | None = None, now: datetime
) -> WatchedArea:
    """Stop looking until it is resumed."""
    found = mine(connection, catalogue, by, number)
    return _change(connection, catalogue, by, found, {"paused_at": now}, "areas.pause", version, now)


def resume(
    connection: Connection, catalogue: Catalogue, by: Actor, number: int, *, version: int | None = None, now: datetime
) -> WatchedArea:
    """Look again; what happened meanwhile is not told."""
    found = mine(connection, catalogue, by, number)
    values = {"paused_at": None, "muted_until": None, "since": now}
    changed = _change(connection, catalogue, by, found, values, "areas.resume", version, now)
    _seed(connection, by, number, catalogue)
    return changed


def mute(
    connection: Connection, catalogue: Catalogue, by: Actor, number: int, *, hours: float, version: int | None = None,
    now: datetime,
) -> WatchedArea:  # fmt: skip
    """Go on looking and entering, without telling anybody."""
    if not 0 < hours <= LONGEST_MUTE.total_seconds() / 3600:
        raise AreaRefused(f"静音须有结束时间，最长 {LONGEST_MUTE.days} 天")
    found = mine(connection, catalogue, by, number)
    values = {"muted_until": now + timedelta(hours=hours)}
    return _change(connection, catalogue, by, found, values, "areas.mute", version, now)


def end(
    connection: Connection, catalogue: Catalogue, by: Actor, number: int, *, version: int | None = None, now: datetime
) -> WatchedArea:
    """Watch it no longer. What happened there stays in the record."""
    found = mine(connection, catalogue, by, number)
    return _change(connection, catalogue, by, found, {"ended_by": by.name}, "areas.end", version, now)


def mine(connection: Connection, catalogue: Catalogue, by: Actor, number: int) -> WatchedArea:
    """An area the actor may change: his own, or one of his centre if he answers for it. OutOfScope, Denied."""
    by.require(RIGHT)
    found = area(connection, by, number, city=catalogue.city.code)
    if found is None:
        raise OutOfScope(right=RIGHT)
    if found.owner != by.user:
        by.require(FOR_CENTRE)
    return found


def _require_person(by: Actor) -> None:
    by.require(RIGHT)
    if by.kind == "screen" or not by.user:
        raise Denied("关注区域属于登录的人员，大屏不能设置。", right=RIGHT)


def _values(catalogue: Catalogue, by: Actor, draft: Draft, now: datetime) -> dict[str, Any]:
    name = storable(" ".join(draft.name.split()), 60)
    if len(name) < 2:
        raise AreaRefused("请给区域起名，2 至 60 字")
    if not now < draft.ends_at <= now + LONGEST:
        raise AreaRefused(f"请写明关注到哪一天，最长 {LONGEST.days} 天")
    if not 0 <= draft.quiet_minutes <= MOST_MINUTES:
        raise AreaRefused(f"两次提醒的间隔应为 0 至 {MOST_MINUTES} 分钟")
    _require_wants(catalogue, by, draft.wants)
    found = _sound(draft.shape)
    return {
        "name": name, "shape": draft.shape.strip(), "ground": _ground(catalogue, by, found), "ends_at": draft.ends_at,
        "wants": asdict(draft.wants) | {"devices": [str(way) for way in draft.wants.devices]},
        "quiet_minutes": draft.quiet_minutes, "centre": _centre(catalogue, by) if draft.for_centre else None,
    }  # fmt: skip


def _require_wants(catalogue: Catalogue, by: Actor, wants: Wants) -> None:
    if wants.is_nothing:
        raise AreaRefused("请至少选择一种要提醒的情况")
    if wants.category and wants.category not in catalogue.duties.categories:
        raise AreaRefused("没有这个事件类别")
    if wants.events is not None:
        by.require(NEEDS[Way.EVENT])


def _sound(shape: str) -> Area:
    try:
        found = read_area(shape.strip())
        require_sound(found)
    except NoArea as wrong:
        raise AreaRefused(str(wrong)) from wrong
    return found


def _ground(catalogue: Catalogue, by: Actor, found: Area) -> list[list[str]]:
    """The ground by regions; AreaRefused in words that tell nothing of others' ground."""
    ground = [_codes(catalogue, place) for place in places_in(found)]
    if not is_on_own_ground(by, tuple(tuple(group) for group in ground)):
        raise AreaRefused("区域超出您的管辖范围，请在本辖区内圈选")
    return ground


def _codes(catalogue: Catalogue, place: Place | None) -> list[str]:
    """Codes that mean this ground: its towns and what they belong to; the county where no town is known."""
    if place is None:
        return []
    towns = [catalogue.regions[code] for code in place.towns if code in catalogue.regions]
    parents = [one.parent for one in towns if one.parent]
    return list(dict.fromkeys([one.code for one in towns] + parents)) or [place.county]


def _centre(catalogue: Catalogue, by: Actor) -> str:
    by.require(FOR_CENTRE)
    found = centre_of(by, catalogue.city.code)
    if not found:
        raise AreaRefused("您的账号没有所属中心，只能为本人关注")
    return found


def _require_room(connection: Connection, by: Actor, now: datetime) -> None:
    table = watched_areas
    in_force = select(func.count()).where(table.c.owner == by.user, table.c.ends_at > now, table.c.ended_by.is_(None))
    if connection.execute(in_force).scalar_one() >= MOST_AREAS:
        raise AreaRefused(f"一个人最多同时关注 {MOST_AREAS} 个区域，请先结束不再需要的")


def _seed(connection: Connection, by: Actor, number: int, catalogue: Catalogue) -> None:
    found = area(connection, by, number, city=catalogue.city.code)
    if found is not None:
        seed(connection, found)


def _change(
    connection: Connection, catalogue: Catalogue, by: Actor, found: WatchedArea, values: Mapping[str, Any],
    action: str, version: int | None, now: datetime,
) -> WatchedArea:  # fmt: skip
    """One row, of the version that was seen; AreaMoved if it has moved on."""
    version = found.version if version is None else version
    moved = connection.execute(
        update(watched_areas)
        .where(watched_areas.c.id == found.id, watched_areas.c.version == version)
        .values(**values, version=version + 1)
    )
    city = catalogue.city.code
    if moved.rowcount != 1:
        raise AreaMoved(area(connection, by, found.id, city=city) or found)
    _told(connection, by, action, found.id, found.world, {"name": values.get("name", found.name)}, now)
    return area(connection, by, found.id, city=city) or found


def _told(
    connection: Connection, by: Actor, action: str, number: int, world: str, detail: Mapping[str, object], now: datetime
) -> None:
    record(connection, by=by, action=action, object=f"area {number}", region=by.home, detail=detail, now=now)
    changes.bump(connection, [topic_of(world)])
