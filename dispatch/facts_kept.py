"""Facts of many cases as a process knows them: worked out once per version of a case, found in the database or here.

The facts of a case are the same at every moment after its newest ledger row, so a version of it has one set of them.
A process reads what the timetable has written (`facts_store.py`) and works out only what moved in the last minutes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select

from database.dispatch_tables import events
from dispatch import records
from dispatch.case_facts import Facts, facts
from dispatch.event import Event
from dispatch.facts_row import mark_of
from dispatch.facts_store import AT_ONCE, Kept, kept
from dispatch.rulebook import Rulebook

MOST = 50_000
"""Cases remembered per process; then it begins anew."""
MOST_PAST = 4_000
"""Cases remembered as they were at an earlier moment."""
ANSWERS = 24
"""Questions whose whole answer is remembered: the panels of one page ask the same."""
T = TypeVar("T")


@dataclass
class _Book:
    """What one process knows of one database under one set of limits."""

    rules: Rulebook
    mark: str
    cases: dict[int, Kept] = field(default_factory=dict)
    past: OrderedDict[tuple[int, datetime], tuple[int, Facts | None]] = field(default_factory=OrderedDict)
    """As known at a moment before the newest row: with the version that was newest when it was worked out."""
    lock: RLock = field(default_factory=RLock)
    """Panels of one page ask at the same moment: one reads, the others find it done."""
    answers: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)


_BOOKS: WeakKeyDictionary[Engine, _Book] = WeakKeyDictionary()


def once(connection: Connection, rules: Rulebook, question: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives, or gave when the same was asked; `question` says everything the answer depends on."""
    book = _book(connection.engine, rules)
    with book.lock:
        if question not in book.answers:
            book.answers[question] = read()
            if len(book.answers) > ANSWERS:
                book.answers.popitem(last=False)
        return cast("T", book.answers[question])


def all_facts(
    connection: Connection, versions: Mapping[int, int], rules: Rulebook, as_of: datetime
) -> dict[int, Facts]:
    """The facts by event id as known at `as_of`, of events given by id with their version, in their order; those that
    were not there yet are left out."""
    book = _book(connection.engine, rules)
    with book.lock:
        _learn(connection, book, [one for one in versions if _now(book, one, versions[one]) is None], as_of)
        earlier = [one for one in versions if book.cases[one].known_at > as_of]
        was = _as_they_were(connection, book, earlier, as_of)
        found = {one: was[one] if one in was else book.cases[one].facts for one in versions}
    return {one: known for one, known in found.items() if known is not None}


def _now(book: _Book, event_id: int, version: int) -> Kept | None:
    known = book.cases.get(event_id)
    return known if known is not None and known.version == version else None


def _learn(connection: Connection, book: _Book, wanted: Sequence[int], as_of: datetime) -> None:
    """Bring the book up to date with what the timetable wrote, and with what it has not written yet."""
    written = kept(connection, wanted, book.mark)
    found = {one.id: one for one in _events(connection, wanted)}
    current = {one: known for one, known in written.items() if known.version == found[one].version}
    book.cases |= current
    moved = [found[one] for one in wanted if one not in current]
    ledgers = records.ledgers(connection, [one.id for one in moved])
    for event in moved:
        rows = ledgers[event.id]
        known = facts(event, rows, book.rules, rows[-1].at)
        if known is not None:
            book.cases[event.id] = Kept(event.version, rows[-1].at, known)


def _as_they_were(
    connection: Connection, book: _Book, wanted: Sequence[int], as_of: datetime
) -> dict[int, Facts | None]:
    known = {one: book.past.get((one, as_of)) for one in wanted}
    was = {one: told[1] for one, told in known.items() if told is not None and told[0] == book.cases[one].version}
    missing = [one for one in wanted if one not in was]
    ledgers = records.ledgers(connection, missing, until=as_of)
    for event in _events(connection, missing):
        was[event.id] = facts(event, ledgers[event.id], book.rules, as_of)
        book.past[event.id, as_of] = book.cases[event.id].version, was[event.id]
    while len(book.past) > MOST_PAST:
        book.past.popitem(last=False)
    return was


def _events(connection: Connection, ids: Sequence[int]) -> list[Event]:
    found: list[Event] = []
    for start in range(0, len(ids), AT_ONCE):
        query = select(*records.COUNTED_COLUMNS).where(events.c.id.in_(ids[start : start + AT_ONCE]))
        found += [records.counted_event(row) for row in connection.execute(query)]
    return found


def _book(engine: Engine, rules: Rulebook) -> _Book:
    book = _BOOKS.get(engine)
    if book is not None and book.rules is not rules and mark_of(rules) == book.mark:
        book.rules = rules
        book.answers.clear()  # they hold names
    if book is None or book.rules is not rules or len(book.cases) > MOST:
        book = _BOOKS[engine] = _Book(rules, mark_of(rules))
    return book
