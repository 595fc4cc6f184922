"""Tells the centre before a shift begins that nobody will keep: once for each gap, kept and on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from access.actor import TIMETABLE, Actor
from access.audit import record
from database.changes import bump
from database.engine import reading, writing
from database.readiness_tables import duty_notices
from datasources.delivery.period import CITY_TIME
from dispatch.duty import POST_NAMES, Gap, Unit
from dispatch.duty_rosters import has_roster, on_duty, topic_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.rulebook import Rulebook

EVERY_SECONDS = 60
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass
class GapWatch:
    """Looks ahead for as long as the rules say, in every world that has rosters at all."""

    engine: Engine
    rules: Callable[[], Rulebook]

    def tick(self, now: datetime) -> int:
        """Tell what was not told before; how much."""
        return sum(self._world(world, now) for world in ("real", "demo"))

    def _world(self, world: str, now: datetime) -> int:
        rules = self.rules()
        with reading(self.engine) as connection:
            if not has_roster(connection, world):
                return 0
            soon = [
                (found.unit, gap)
                for found in on_duty(connection, TIMETABLE, rules, world=world, at=now)
                for gap in found.gaps
                if not gap.whole and gap.begins_at <= now + warned_before(rules)
            ]
        if not soon:
            return 0
        with writing(self.engine) as connection:
            new = [one for one in soon if _note(connection, world, *one, now)]
            if new:
                bump(connection, [topic_of(world)])
        return len(new)


def warned_before(rules: Rulebook) -> timedelta:
    """How long before an empty shift somebody is told."""
    written = rules.rules.duty.warn_before
    return timedelta(seconds=int(written[:-1]) * _SECONDS[written[-1]])


def near_gaps(
    connection: Connection, by: Actor, rules: Rulebook, *, world: str, now: datetime
) -> list[tuple[Unit, Gap]]:
    """Gaps that are there or begin soon, of rosters the actor may see; units that never sent one are left out."""
    if not has_roster(connection, world):
        return []
    until = now + warned_before(rules)
    found = on_duty(connection, by, rules, world=world, at=now)
    return [(one.unit, gap) for one in found for gap in one.gaps if not gap.whole and gap.begins_at <= until]


def gap_words(unit: Unit, gap: Gap, now: datetime) -> str:
    """湘桥区城市运行分中心 17:30–08:00 无值班员，请联系 带班领导林海 0768-2000100."""
    begins = "现在" if gap.begins_at <= now else f"{gap.begins_at.astimezone(CITY_TIME):%H:%M}"
    ends = f"{gap.ends_at.astimezone(CITY_TIME):%m-%d %H:%M}"
    return f"{unit.name} {begins}起至 {ends} 无{POST_NAMES[gap.post]}，请联系 {gap.ask}"


def _note(connection: Connection, world: str, unit: Unit, gap: Gap, now: datetime) -> bool:
    """True if this gap was not told before. A gap already running is named by the hour it was found in."""
    begins = gap.begins_at if gap.begins_at > now else _hour(now)
    insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {
        "world": world, "unit": unit.key, "post": gap.post, "begins_at": begins, "region": unit.region, "told_at": now,
    }  # fmt: skip
    c = duty_notices.c
    running = select(c.unit).where(
        c.world == world, c.unit == unit.key, c.post == gap.post, c.begins_at <= now,
        c.told_at > now - timedelta(hours=24),
    )  # fmt: skip
    if gap.begins_at <= now and connection.execute(running.limit(1)).first() is not None:
        return False
    made = connection.execute(insert(duty_notices).values(row).on_conflict_do_nothing().returning(c.unit)).first()
    if made is None:
        return False
    told = {"unit": unit.key, "post": gap.post, "begins_at": begins.isoformat()}
    record(
        connection, by=TIMETABLE, action="duty.gap", object=f"duty {unit.key}", region=unit.region, detail=told, now=now
    )
    return True


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
