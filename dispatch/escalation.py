"""The ladder: who is told when so much of a limit is used up. Each rung of a round fires exactly once, whatever runs.

Once for two schedulers: the rung is claimed by inserting its row, whose key is unique. Once for a jumping clock: a pass
that finds the wall clock apart from the time that really passed waits until the clock has run evenly for a while.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.dialects import postgresql, sqlite

from access.actor import TIMETABLE
from access.audit import record
from database import changes
from database.dispatch_tables import escalations, events
from database.engine import reading, writing
from dispatch import outbox, records
from dispatch.clocks import Clock, current_clock
from dispatch.event import Case, Event
from dispatch.rulebook import Rulebook
from dispatch.state import OPEN
from dispatch.telling import CENTRE, Message, payload
from indicators.duties import Rung

EVERY_SECONDS = 15
JUMP = timedelta(seconds=90)
"""So far apart from the time that really passed, the clock has jumped."""
STEADY = timedelta(minutes=10)
"""For so long a clock that jumped must run evenly before it is believed."""
LEADER = "leader:"
"""Recipients that are leaders on duty are written leader:<region>."""
Ahead = dict[int, tuple[int, datetime]]
"""By event: the version looked at and when its next rung can be reached at the earliest."""
_FAR = timedelta(days=3650)


@dataclass(frozen=True)
class Due:
    """A rung that an event has reached."""

    case: Case
    rung: Rung
    key: str
    told: str


@dataclass
class Escalator:
    """Climbs the ladder for all open events; keep one per process, so that it notices a jump of the clock."""

    engine: Engine
    rules: Callable[[], Rulebook]
    monotonic: Callable[[], float] = time.monotonic
    _last: tuple[datetime, float] | None = None
    _distrusted_until: float = field(default=float("-inf"))
    _ahead: Ahead = field(default_factory=dict)
    _version: str = ""

    def tick(self, now: datetime) -> int:
        """Tell whoever is to be told now; how many rungs. 0 while the clock is not to be trusted."""
        if not self._is_steady(now):
            return 0
        rules = self.rules()
        if rules.catalogue.version != self._version:
            self._ahead, self._version = {}, rules.catalogue.version
        return climb(self.engine, rules, now, self._ahead)

    def _is_steady(self, now: datetime) -> bool:
        passed = self.monotonic()
        last, self._last = self._last, (now, passed)
        if last is not None:
            drift = (now - last[0]) - timedelta(seconds=passed - last[1])
            if abs(drift) > JUMP:
                self._distrusted_until = passed + STEADY.total_seconds()
        return passed >= self._distrusted_until


def climb(engine: Engine, rules: Rulebook, now: datetime, ahead: Ahead | None = None) -> int:
    """One pass over the open events; `ahead` lets the next pass skip those that cannot have reached a rung."""
    known: Ahead = {} if ahead is None else ahead
    with reading(engine) as connection:
        found = _candidates(connection, known, now)
    told = 0
    for event_id in found:
        with writing(engine) as connection:
            told += climb_one(connection, rules, event_id, now, known)
    return told


def climb_one(connection: Connection, rules: Rulebook, event_id: int, now: datetime, ahead: Ahead) -> int:
    """All rungs an event has reached and nobody has claimed yet, inside the caller's transaction."""
    row = connection.execute(select(*records.EVENT_COLUMNS).where(events.c.id == event_id)).first()
    if row is None:
        return 0
    case = records.whole(connection, records.event_of(row))
    told = 0
    for due in reached(case, rules, now):
        if _claim(connection, due, now):
            _tell(connection, rules, due, now)
            told += 1
    ahead[event_id] = case.event.version, next_rung_at(case, rules, now)
    return told


def reached(case: Case, rules: Rulebook, now: datetime) -> Iterator[Due]:
    """The rungs whose share of the present stage's limit is used up, lowest first."""
    clock = current_clock(case, rules)
    if clock is None or not clock.is_running or not case.event.is_open:
        return
    used = clock.used(now)
    for rung in rules.rules.ladder:
        if used >= rung.used * clock.budget:
            key = f"{case.event.stage}/{case.event.round}/{rung.key}"
            yield Due(case, rung, key, _whom(case.event, rung, rules))


def next_rung_at(case: Case, rules: Rulebook, now: datetime) -> datetime:
    """When the next rung can be reached if nothing changes; far away if there is none."""
    clock = current_clock(case, rules)
    if clock is None or not clock.is_running:
        return now + _FAR
    used = clock.used(now)
    missing = [rung.used * clock.budget - used for rung in rules.rules.ladder if rung.used * clock.budget > used]
    return _later(clock, now, min(missing)) if missing else now + _FAR


def _later(clock: Clock, now: datetime, seconds: float) -> datetime:
    begins = clock.begins
    return clock.meter.after(now if begins is None else max(now, begins), seconds)


def _candidates(connection: Connection, ahead: Ahead, now: datetime) -> list[int]:
    query = select(events.c.id, events.c.version).where(events.c.state.in_(OPEN), events.c.stage_due_at.is_not(None))
    rows = list(connection.execute(query.order_by(events.c.stage_due_at)))
    for gone in ahead.keys() - {row.id for row in rows}:
        del ahead[gone]
    return [row.id for row in rows if _may_be_due(ahead.get(row.id), row.version, now)]


def _may_be_due(known: tuple[int, datetime] | None, version: int, now: datetime) -> bool:
    return known is None or known[0] != version or known[1] <= now


def _whom(event: Event, rung: Rung, rules: Rulebook) -> str:
    told = {
        "lead": event.lead or CENTRE + event.holder,
        "centre": CENTRE + event.holder,
        "upper": CENTRE + (rules.above(event.holder) or event.holder),
        "leader": LEADER + event.holder,
    }
    return told[rung.tell]


def _claim(connection: Connection, due: Due, now: datetime) -> bool:
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"event_id": due.case.event.id, "rung": due.key, "at": now, "told": due.told}
    claim = make(escalations).values(row).on_conflict_do_nothing().returning(escalations.c.event_id)
    return connection.execute(claim).first() is not None


def _tell(connection: Connection, rules: Rulebook, due: Due, now: datetime) -> None:
    event = due.case.event
    count = select(func.count()).where(escalations.c.event_id == event.id)
    said = payload(due.case, due.case.ledger[-1], rules)
    said |= {"action": f"escalation.{due.rung.key}", "action_name": due.rung.words, "rung": due.key}
    place = -int(connection.execute(count).scalar_one())
    outbox.put(connection, rules, due.case, (Message(due.told, said),), now, seq=place)
    record(
        connection, by=TIMETABLE, action="events.escalation", object=f"event {event.number}", region=event.region,
        detail={"rung": due.key, "told": due.told}, now=now,
    )  # fmt: skip
    changes.bump(connection, [f"events:{event.world}", f"events:{event.world}:{event.county}"])
