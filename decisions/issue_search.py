"""Looks for hot issues among the messages of the last weeks, for the city and for each county by itself.

Runs in the timetable (it needs a library of numbers); `issues.py` shows what was found. A county's issues are found
among its own messages alone, so that nothing of another's enters its words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection, Engine, select

from database.dispatch_tables import events
from database.engine import reading, writing
from decisions import findings
from decisions.hotspots import FEWEST, Issue, Message, find
from decisions.hotspots_places import core, unlocated
from decisions.issues import MODEL
from dispatch.report import PUBLIC
from dispatch.rulebook import Rulebook
from dispatch.state import State
from geography.areas import metres_between
from geography.coordinates import Point
from indicators.definition import RegionKind

EVERY_SECONDS = 120
LOOK_BACK = timedelta(days=35)
USUAL = timedelta(days=28)
MOST = 40
APART, TOGETHER = 1_500.0, 0.7
"""Metres from the middle within which this share of the members must lie, where their points are known."""
MOST_MESSAGES = 6_000
"""Newest messages that are compared; more would take the timetable too long."""
_NO_MESSAGE = (State.VOIDED,)


@dataclass
class IssueSearch:
    """Searches again whenever messages came in; one tick at a time."""

    engine: Engine
    rules: Callable[[], Rulebook]
    worlds: Callable[[], Sequence[str]]
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    def tick(self, now: datetime) -> int:
        """How many issues were found, over all worlds and regions; 0 if nothing new came in."""
        return sum(self._search(world, now) for world in self.worlds())

    def _search(self, world: str, now: datetime) -> int:
        with reading(self.engine) as connection:
            rows = messages(connection, world, now)
        mark = (len(rows), max((row.id for row in rows), default=0))
        if self._seen.get(world) == mark:
            return 0
        found = {region: told(inside, now) for region, inside in _by_region(rows, self.rules())}
        with writing(self.engine) as connection:
            for region, body in found.items():
                findings.put(
                    connection, world=world, model=MODEL, region=region, period=f"{now:%Y-%m-%d}", body=body, now=now
                )
        self._seen[world] = mark
        return sum(len(body["issues"]) for body in found.values())


def messages(connection: Connection, world: str, now: datetime) -> list[Any]:
    """What people said in the last weeks, oldest first. Who said it is read to count people, and goes no further."""
    c = events.c
    query = select(
        c.id, c.title, c.place, c.placed, c.lon, c.lat, c.county, c.reported_at, c.reporter_phone, c.reporter_name
    ).where(
        c.world == world, c.origin.in_(sorted(PUBLIC)), c.state.not_in(_NO_MESSAGE),
        c.reported_at > now - LOOK_BACK, c.reported_at <= now,
    )  # fmt: skip
    rows = connection.execute(query.order_by(c.reported_at.desc(), c.id.desc()).limit(MOST_MESSAGES)).all()
    return list(reversed(rows))


def told(rows: Sequence[Any], now: datetime) -> dict[str, Any]:
    """The body of a finding: issues with their members' ids, and how many messages were looked at."""
    by_id = {str(row.id): row for row in rows}
    found = [one for one in find([_message(row) for row in rows], MOST) if is_one_place(one, by_id)]
    texts = [(row.reported_at, unlocated(f"{row.title} {row.place}")) for row in rows]
    return {"messages": len(rows), "issues": [_body(one, texts) for one in found]}


def is_one_place(one: Issue, rows: Mapping[str, Any]) -> bool:
    """False where the points known lie apart: many villages have a 农贸市场, and theirs are not one issue."""
    points = [(row.lon, row.lat) for row in (rows[each] for each in one.members) if row.placed == "point"]
    if len(points) < FEWEST:
        return True
    middle = Point(median(lon for lon, _ in points), median(lat for _, lat in points))
    near = sum(metres_between(middle, Point(lon, lat)) <= APART for lon, lat in points)
    return near >= TOGETHER * len(points)


def _body(one: Issue, texts: Sequence[tuple[datetime, str]]) -> dict[str, Any]:
    wanted = core(unlocated(one.place))
    earlier = [at for at, text in texts if one.start - USUAL <= at < one.start and wanted in text]
    place, _, topics = one.name.partition("：")
    return {
        "place": place, "topics": topics, "people": one.people, "heat": round(one.heat, 2),
        "members": [int(each) for each in one.members], "usual_week": round(7 * len(earlier) / USUAL.days, 2),
    }  # fmt: skip


def _message(row: Any) -> Message:
    person = row.reporter_phone or row.reporter_name or ""
    text = row.place if row.place and row.place not in row.title else ""
    return Message(str(row.id), row.reported_at, row.title, text, 0.0, person)


def _by_region(rows: Sequence[Any], rules: Rulebook) -> list[tuple[str, list[Any]]]:
    counties = [code for code, one in rules.catalogue.regions.items() if one.kind is RegionKind.COUNTY]
    parts = [(code, [row for row in rows if row.county == code]) for code in counties]
    return [(rules.catalogue.city.code, list(rows)), *parts]
