"""Facts of cases in the database: written by the timetable for every case that stands still, read by all processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from database.dispatch_tables import events
from database.engine import reading, writing
from database.review_tables import case_facts
from dispatch import records
from dispatch.case_facts import Facts, facts
from dispatch.event import Event
from dispatch.facts_row import facts_of, mark_of, row_of
from dispatch.rulebook import Rulebook

EVERY_SECONDS = 60
STILL = timedelta(minutes=2)
"""A case that moved since is left for later: it will move again."""
AT_ONCE = 500


@dataclass(frozen=True)
class Kept:
    """The facts of a case in one version; before `known_at` the case was another."""

    version: int
    known_at: datetime
    facts: Facts


def kept(connection: Connection, ids: Sequence[int], mark: str) -> dict[int, Kept]:
    """What is in the database of these cases under these rules, of whichever version."""
    c = case_facts.c
    found: dict[int, Kept] = {}
    for start in range(0, len(ids), AT_ONCE):
        query = select(c.event_id, c.version, c.known_at, c.facts).where(c.mark == mark)
        for row in connection.execute(query.where(c.event_id.in_(ids[start : start + AT_ONCE]))):
            found[row.event_id] = Kept(row.version, row.known_at, facts_of(row.facts))
    return found


@dataclass
class FactsKeeper:
    """Writes down the facts of every case that stands still and whose present version is not written yet."""

    engine: Engine
    rules: Callable[[], Rulebook]

    def tick(self, now: datetime, *, still: timedelta = STILL) -> int:
        """Bring the table up to date; the number of cases written."""
        return sum(self._chunks(self.rules(), now, now - still))

    def _chunks(self, rules: Rulebook, now: datetime, before: datetime) -> Iterator[int]:
        mark = mark_of(rules)
        while True:
            with reading(self.engine) as connection:
                found = _behind(connection, mark, before)
                ledgers = records.ledgers(connection, [one.id for one in found])
            whole = [one for one in found if len(ledgers[one.id]) == one.version]
            made = [(one, facts(one, ledgers[one.id], rules, now)) for one in whole]
            rows = [_row(one, known, ledgers[one.id][-1].at, mark) for one, known in made if known is not None]
            if not rows:
                return
            with writing(self.engine) as connection:
                _keep(connection, rows)
            yield len(rows)


def keep_facts(engine: Engine, rules: Rulebook, now: datetime) -> int:
    """Bring the table up to date for every case, also those that just moved: before a start."""
    return FactsKeeper(engine, lambda: rules).tick(now, still=timedelta(0))


def _behind(connection: Connection, mark: str, before: datetime) -> list[Event]:
    c = case_facts.c
    is_new = or_(c.event_id.is_(None), c.version != events.c.version, c.mark != mark)
    query = (
        select(*records.COUNTED_COLUMNS)
        .select_from(events.outerjoin(case_facts, c.event_id == events.c.id))
        .where(and_(is_new, events.c.moved_at <= before))
        .order_by(events.c.id)
        .limit(AT_ONCE)
    )
    return [records.counted_event(row) for row in connection.execute(query)]


def _row(event: Event, known: Facts, known_at: datetime, mark: str) -> dict[str, object]:
    return {
        "event_id": event.id, "version": event.version, "mark": mark, "known_at": known_at, "facts": row_of(known),
    }  # fmt: skip


def _keep(connection: Connection, rows: list[dict[str, object]]) -> None:
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(case_facts)
    changed = {name: statement.excluded[name] for name in ("version", "mark", "known_at", "facts")}
    connection.execute(statement.on_conflict_do_update(index_elements=["event_id"], set_=changed), rows)
