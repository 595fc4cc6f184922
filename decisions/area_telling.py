"""What happened in an area is entered once, and told unless the area keeps quiet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, not_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from database.area_tables import area_crossings, watched_areas
from database.engine import writing
from decisions.watched_area import WatchedArea, Way
from geography.coordinates import Point

ORIGIN = "area"
"""Origin of events opened from a crossing: they are no news for the area itself."""
DEVICE_LATE, EVENT_LATE = timedelta(minutes=10), timedelta(hours=24)
"""What is known only so long after it happened is entered as late and told to nobody."""
KEPT = timedelta(days=400)
"""What happened is kept for a year and a month."""
INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Happening:
    """Something at a place. `subject` names it for ever, `at` is when it happened."""

    way: Way
    subject: str
    name: str
    region: str
    at: datetime
    level: int = 0
    place: Point | None = None
    department: str | None = None
    event: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


def tell(connection: Connection, area: WatchedArea, found: Happening, now: datetime) -> bool:
    """Enter it; False if it was there already. Two writers at once enter it once and tell it once."""
    quiet = _quiet(area, found, now)
    row = {
        "area": area.id, "world": area.world, "way": found.way, "subject": found.subject, "name": found.name[:120],
        "region": found.region, "department": found.department, "level": found.level,
        "lon": found.place.lon if found.place else None, "lat": found.place.lat if found.place else None,
        "at": found.at, "known_at": now, "is_late": quiet == "late", "quiet": quiet, "event": found.event,
        "evidence": dict(found.evidence),
    }  # fmt: skip
    insert = INSERTS[connection.dialect.name](area_crossings).values(row).on_conflict_do_nothing()
    if connection.execute(insert.returning(area_crossings.c.id)).first() is None:
        return False
    if quiet is None and _has_spoken(connection, area, found, now):
        connection.execute(update(area_crossings).where(_is(area, found)).values(quiet="interval"))
    return True


def _quiet(area: WatchedArea, found: Happening, now: datetime) -> str | None:
    late = EVENT_LATE if found.way in (Way.EVENT, Way.WARNING) else DEVICE_LATE
    if now - found.at > late:
        return "late"
    if found.way is Way.BACK:
        return "back"
    return "muted" if area.muted_until is not None and now < area.muted_until else None


def _has_spoken(connection: Connection, area: WatchedArea, found: Happening, now: datetime) -> bool:
    """True if the area told of the same kind within its quiet minutes. Its row is locked: writers take turns."""
    connection.execute(update(watched_areas).where(watched_areas.c.id == area.id).values(told_at=now))
    rested = now - timedelta(minutes=area.quiet_minutes)
    told = select(area_crossings.c.id).where(
        area_crossings.c.area == area.id, area_crossings.c.way == found.way, area_crossings.c.quiet.is_(None),
        area_crossings.c.known_at > rested, not_(_is(area, found)),
    )  # fmt: skip
    return connection.execute(told.limit(1)).first() is not None


def _is(area: WatchedArea, found: Happening) -> ColumnElement[bool]:
    table = area_crossings.c
    return and_(
        table.area == area.id, table.way == found.way, table.subject == found.subject, table.at == found.at
    )  # fmt: skip


def forget(engine: Engine, now: datetime) -> int:
    """Let go of what happened long ago; how much."""
    with writing(engine) as connection:
        gone = connection.execute(delete(area_crossings).where(area_crossings.c.known_at < now - KEPT))
    return int(gone.rowcount)
