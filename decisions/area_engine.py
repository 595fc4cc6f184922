"""Looks at what was reported and warned of since the last look, and tells the areas it concerns. Part of the timetable.

Devices are held against areas as their reports come in (decisions/devices.py). Looks overlap: a report whose
transaction ended late is seen by the next one, and what was told is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, RowMapping, select

from database import changes
from database.area_tables import area_crossings
from database.dispatch_tables import events
from database.engine import reading, writing
from database.foresight_tables import heartbeats, warnings
from decisions import warning_book as book
from decisions.area_telling import ORIGIN, Happening, tell
from decisions.watched_area import WatchedArea, Way
from decisions.watched_areas import live, topic_of
from geography.coordinates import Point
from indicators.catalogue import Catalogue
from indicators.reading import World

ENGINE = "areas"
"""Its name in the table of heartbeats."""
EVERY_SECONDS = 10.0
OVERLAP = timedelta(minutes=5)
"""Longer than any transaction may last."""


@dataclass
class AreaEngine:
    """Runs in the timetable."""

    engine: Engine
    catalogue: Callable[[], Catalogue]
    now: Callable[[], datetime]

    def run(self) -> int:
        """Look once; the number of crossings entered."""
        catalogue, now = self.catalogue(), self.now()
        worlds = [World.REAL, World.DEMO] if catalogue.demo_city else [World.REAL]
        told = sum(self._look(world.value, catalogue.city.code, now) for world in worlds)
        with writing(self.engine) as connection:
            book.beat(connection, ENGINE, now, EVERY_SECONDS)
        return told

    def _look(self, world: str, city: str, now: datetime) -> int:
        """Nothing is written, and nobody kept waiting, while nothing is found."""
        with reading(self.engine) as connection:
            found = found_in(connection, world, city, now)
        if not found:
            return 0
        with writing(self.engine) as connection:
            told = sum(tell(connection, area, one, now) for area, one in found)
            if told:
                changes.bump(connection, [topic_of(world)])
        return told


def found_in(connection: Connection, world: str, city: str, now: datetime) -> list[tuple[WatchedArea, Happening]]:
    """What concerns an area and has not been entered yet, in the order it became known."""
    areas = live(connection, world, now)
    if not areas:
        return []
    known = _entered(connection, areas)
    since = max(min(one.since for one in areas), _looked_at(connection, now) - OVERLAP)
    found = [*_events(connection, areas, world, since), *_warnings(connection, areas, world, city)]
    return [(area, one) for area, one in found if (area.id, one.way, one.subject) not in known]


def _looked_at(connection: Connection, now: datetime) -> datetime:
    """When it looked last. Whoever looks for the first time looks at the present."""
    row = connection.execute(select(heartbeats.c.at).where(heartbeats.c.engine == ENGINE)).first()
    return row.at if row else now


def _entered(connection: Connection, areas: Sequence[WatchedArea]) -> set[tuple[int, str, str]]:
    asked = select(area_crossings.c.area, area_crossings.c.way, area_crossings.c.subject).where(
        area_crossings.c.area.in_([one.id for one in areas]), area_crossings.c.way.in_((Way.EVENT, Way.WARNING))
    )
    return {(row.area, Way(row.way), row.subject) for row in connection.execute(asked)}


_EVENT = (
    events.c.number, events.c.title, events.c.region, events.c.level, events.c.category, events.c.lon, events.c.lat,
    events.c.placed, events.c.lead, events.c.reported_at, events.c.received_at, events.c.provenance,
)  # fmt: skip


def _events(
    connection: Connection, areas: Sequence[WatchedArea], world: str, since: datetime
) -> list[tuple[WatchedArea, Happening]]:
    asked = select(*_EVENT).where(
        events.c.world == world, events.c.received_at > since, events.c.lon.is_not(None), events.c.lat.is_not(None),
        events.c.origin != ORIGIN,
    )  # fmt: skip
    rows = connection.execute(asked.order_by(events.c.received_at, events.c.id)).mappings().all()
    return [(area, _event(row)) for row in rows for area in areas if _concerns(area, row)]


def _concerns(area: WatchedArea, row: RowMapping) -> bool:
    is_new = row["received_at"] > area.since and area.wants.wants_event(row["level"], row["category"])
    return is_new and area.area.holds(Point(row["lon"], row["lat"]))


def _event(row: RowMapping) -> Happening:
    evidence = {"category": row["category"], "placed": row["placed"], "provenance": row["provenance"]}
    return Happening(
        Way.EVENT, row["number"], row["title"], row["region"], row["reported_at"], row["level"],
        Point(row["lon"], row["lat"]), row["lead"], row["number"], evidence,
    )  # fmt: skip


def _warnings(
    connection: Connection, areas: Sequence[WatchedArea], world: str, city: str
) -> list[tuple[WatchedArea, Happening]]:
    """Speaking warnings of a region the area reaches into, or of the whole city, raised or turned since it watches."""
    asked = select(warnings).where(
        warnings.c.world == world, warnings.c.lifted_at.is_(None), warnings.c.quiet.is_(None),
        warnings.c.is_late.is_(False),
    )  # fmt: skip
    rows = connection.execute(asked.order_by(warnings.c.id)).mappings().all()
    return [
        (area, _warning(row))
        for row in rows
        for area in areas
        if row["turned_at"] > area.since and (row["region"] == city or row["region"] in area.codes)
        if area.wants.wants_warning(row["level"] or row["peak_level"])
    ]


def _warning(row: RowMapping) -> Happening:
    evidence = {"rule": row["rule"], "indicator": row["indicator"], "peak": row["peak"], "bound": row["bound"]}
    return Happening(
        Way.WARNING, str(row["id"]), row["name"], row["region"], row["turned_at"],
        row["level"] or row["peak_level"], event=row["event"], evidence=evidence,
    )  # fmt: skip
