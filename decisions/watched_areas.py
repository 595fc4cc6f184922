"""Watched areas and what happened there, as kept. Reading by the actor's scope: what is not his, he never learns of.
Telephones and ID numbers in what people wrote come masked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, exists, false, or_, select

from access.actor import Actor
from access.personal import mask_text
from database.area_tables import area_crossings, watched_areas
from database.dispatch_tables import events
from decisions.watched_area import NEEDS, RIGHT, Crossing, Wants, WatchedArea, Way, is_for
from dispatch.events import visible
from geography.areas import Area, read_area

MOST_CROSSINGS = 200


def topic_of(world: str) -> str:
    """The topic of all watched areas of one world."""
    return f"areas:{world}"


def areas(connection: Connection, by: Actor, *, world: str, city: str, now: datetime) -> list[WatchedArea]:
    """The actor's own and his centre's that are not over, newest first."""
    asked = select(watched_areas).where(watched_areas.c.world == world, watched_areas.c.ends_at > now)
    found = _chosen(connection, by, asked.where(watched_areas.c.ended_by.is_(None)), city)
    return sorted(found, key=lambda one: -one.id)


def area(connection: Connection, by: Actor, number: int, *, city: str) -> WatchedArea | None:
    """One, over or not; None if there is none or it is another's."""
    found = _chosen(connection, by, select(watched_areas).where(watched_areas.c.id == number), city)
    return found[0] if found else None


def live(connection: Connection, world: str, now: datetime) -> list[WatchedArea]:
    """All that watch at `now`, whoever they belong to: for those who look on their behalf."""
    asked = select(watched_areas).where(
        watched_areas.c.world == world, watched_areas.c.ends_at > now, watched_areas.c.ended_by.is_(None),
        watched_areas.c.paused_at.is_(None),
    )  # fmt: skip
    return [area_of(row) for row in connection.execute(asked).mappings()]


def crossings(
    connection: Connection, by: Actor, of: Sequence[WatchedArea], *, limit: int = 50, before: int | None = None
) -> list[Crossing]:
    """What happened in areas the actor has been given, newest first; of it what he may know."""
    if not of:
        return []
    asked = select(area_crossings).where(area_crossings.c.area.in_([one.id for one in of]), _known_to(by))
    if before is not None:
        asked = asked.where(area_crossings.c.id < before)
    rows = connection.execute(asked.order_by(area_crossings.c.id.desc()).limit(min(limit, MOST_CROSSINGS)))
    return [crossing_of(row) for row in rows.mappings()]


def crossing(connection: Connection, by: Actor, number: int, *, city: str) -> tuple[Crossing, WatchedArea] | None:
    """One with its area; None if there is none or it is another's."""
    row = connection.execute(select(area_crossings).where(area_crossings.c.id == number, _known_to(by))).mappings()
    found = row.first()
    home = area(connection, by, found["area"], city=city) if found else None
    return (crossing_of(found), home) if found and home else None


def _known_to(by: Actor) -> ColumnElement[bool]:
    """Events by the rules of events, the others by region; kinds the reader has no right to are left out."""
    kinds: list[ColumnElement[bool]] = [
        area_crossings.c.way == way for way in Way if way is not Way.EVENT and by.may(NEEDS.get(way, RIGHT))
    ]
    in_scope = () if by.scope.regions is None else (area_crossings.c.region.in_(sorted(by.scope.regions)),)
    seen = [and_(or_(*kinds), *in_scope) if kinds else false()]
    if by.may(NEEDS[Way.EVENT]):
        mine = exists(select(events.c.id).where(events.c.number == area_crossings.c.subject, visible(by)))
        seen.append(and_(area_crossings.c.way == Way.EVENT, mine))
    return or_(*seen)


def _chosen(connection: Connection, by: Actor, asked: Any, city: str) -> list[WatchedArea]:
    if not by.may(RIGHT):
        return []
    found = [area_of(row) for row in connection.execute(asked).mappings()]
    return [one for one in found if is_for(by, one, city)]


def area_of(row: RowMapping) -> WatchedArea:
    """A row as a value."""
    told, wants = dict(row), dict(row["wants"])
    wants["devices"] = tuple(Way(way) for way in wants["devices"])
    ground = tuple(tuple(group) for group in row["ground"])
    name = mask_text(row["name"])
    return WatchedArea(
        **(told | {"name": name, "wants": Wants(**wants), "ground": ground, "area": _read(row["shape"])})
    )


@lru_cache(maxsize=512)
def _read(shape: str) -> Area:
    return read_area(shape)


def crossing_of(row: RowMapping) -> Crossing:
    """A row as a value."""
    words = {name: row[name] and mask_text(row[name]) for name in ("name", "comment")}
    return Crossing(**(dict(row) | words | {"way": Way(row["way"]), "is_late": bool(row["is_late"])}))
