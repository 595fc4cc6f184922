"""Facts of many cases; those of finished ones are remembered, because nothing can change them but a new ledger row."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from dispatch import records
from dispatch.case_facts import Facts, facts
from dispatch.event import Event
from dispatch.rulebook import Rulebook
from dispatch.state import DONE, SIDE_ENDS

MOST = 50_000
"""Cases remembered per process; then it begins anew."""
ANSWERS = 12
"""Questions whose whole answer is remembered: the panels of one page ask the same."""


@dataclass(frozen=True)
class _Kept:
    version: int
    last: datetime
    """When the newest ledger row was written: before that the case was another."""
    facts: Facts


@dataclass
class _Book:
    """What one process knows of one database under one version of the rules."""

    rules: Rulebook
    cases: dict[int, _Kept] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)
    """Panels of one page ask at the same moment: one reads, the others find it done."""
    answers: OrderedDict[Hashable, list[Facts]] = field(default_factory=OrderedDict)


_BOOKS: WeakKeyDictionary[Engine, _Book] = WeakKeyDictionary()


def once(connection: Connection, rules: Rulebook, question: Hashable, read: Callable[[], list[Facts]]) -> list[Facts]:
    """What `read` gives, or gave when the same was asked; `question` says everything the answer depends on."""
    book = _book(connection.engine, rules)
    with book.lock:
        if question not in book.answers:
            book.answers[question] = read()
            if len(book.answers) > ANSWERS:
                book.answers.popitem(last=False)
        return book.answers[question]


def all_facts(connection: Connection, found: Sequence[Event], rules: Rulebook, as_of: datetime) -> list[Facts]:
    """The facts of these events as known at `as_of`, in their order; those that were not there yet are left out."""
    book = _book(connection.engine, rules)
    with book.lock:
        return _found(connection, found, book, as_of)


def _found(connection: Connection, found: Sequence[Event], book: _Book, as_of: datetime) -> list[Facts]:
    known = {one.id: kept.facts for one in found if (kept := _still(book.cases.get(one.id), one, as_of)) is not None}
    ledgers = records.ledgers(connection, [one.id for one in found if one.id not in known], until=as_of)
    made = []
    for event in found:
        one = known.get(event.id) or facts(event, ledgers[event.id], book.rules, as_of)
        if one is not None:
            made.append(one)
            if event.id not in known and _is_finished(event, len(ledgers[event.id])):
                book.cases[event.id] = _Kept(event.version, ledgers[event.id][-1].at, one)
    return made


def _book(engine: Engine, rules: Rulebook) -> _Book:
    book = _BOOKS.get(engine)
    if book is None or book.rules is not rules or len(book.cases) > MOST:
        book = _BOOKS[engine] = _Book(rules)
    return book


def _still(kept: _Kept | None, event: Event, as_of: datetime) -> _Kept | None:
    return kept if kept is not None and kept.version == event.version and kept.last <= as_of else None


def _is_finished(event: Event, rows: int) -> bool:
    """Done and seen whole: its clocks stand, so that later moments find the same."""
    return event.state in (*DONE, *SIDE_ENDS) and rows == event.version
