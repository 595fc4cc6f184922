"""Where cases are kept: read whole, written by their differences. The caller owns the transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from access.actor import Actor
from database.dispatch_tables import assignments, event_links, events, ledger, plan_steps, requests
from dispatch.event import Assignment, Case, Event, LedgerRow, Request, StepOfPlan
from dispatch.hands import sees
from dispatch.lifecycle import Effect
from dispatch.refusal import MovedMeanwhile, NoSuchEvent
from dispatch.state import Action, State

EVENT_COLUMNS = tuple(events.c[one.name] for one in fields(Event))
COUNTED_COLUMNS = tuple(
    events.c[name]
    for name in (
        "id", "world", "number", "version", "state", "category", "region", "county", "level", "must_check",
        "reported_at", "received_at", "moved_at", "occurred_at",
    )
)  # fmt: skip
"""What counting needs to know of an event: no word that anybody wrote."""
_WORDS = {"state": State, "action": Action, "effect": Effect}


def event_of(row: Row[Any]) -> Event:
    """A row of EVENT_COLUMNS as a value."""
    return Event(**{**row._mapping, "state": State(row.state)})


def counted_event(row: Row[Any]) -> Event:
    """A row of COUNTED_COLUMNS as a value; what people wrote stays empty."""
    closed = dict.fromkeys(("title", "description", "holder", "origin", "origin_id", "provenance"), "")
    return Event(**{**closed, **row._mapping, "state": State(row.state)}, impact=1, urgency=1, reasons={})


def load(connection: Connection, number: str | int, by: Actor, *, world: str | None = None) -> Case:
    """The case of that number (or id), for changing; NoSuchEvent also if the actor may not see it."""
    wanted = events.c.id == number if isinstance(number, int) else events.c.number == number
    row = connection.execute(select(*EVENT_COLUMNS).where(wanted)).first()
    case = None if row is None else whole(connection, event_of(row))
    if case is None or not sees(case, by) or world not in (None, case.event.world):
        raise NoSuchEvent(number)
    return case


def whole(connection: Connection, event: Event) -> Case:
    """The event with all that belongs to it."""
    return Case(
        event,
        tuple(_rows(connection, ledger, event.id, LedgerRow, ledger.c.seq)),
        tuple(_rows(connection, assignments, event.id, Assignment, assignments.c.given_at)),
        tuple(_rows(connection, requests, event.id, Request, requests.c.seq)),
        tuple(_rows(connection, plan_steps, event.id, StepOfPlan, plan_steps.c.position)),
    )


def _rows(connection: Connection, table: Table, event_id: int, kind: type[Any], order: Any) -> Iterable[Any]:
    columns = [table.c[one.name] for one in fields(kind)]
    for row in connection.execute(select(*columns).where(table.c.event_id == event_id).order_by(order)):
        yield kind(**{name: _WORDS[name](value) if name in _WORDS else value for name, value in row._mapping.items()})


def ledgers(
    connection: Connection, ids: Sequence[int], *, until: datetime | None = None
) -> dict[int, tuple[LedgerRow, ...]]:
    """The ledgers of many events for counting: what people wrote and who they are stays closed."""
    found: dict[int, list[LedgerRow]] = {one: [] for one in ids}
    c = ledger.c
    columns = (c.event_id, c.seq, c.at, c.action, c.state, c.effect, c.round, c.department, c.data)
    for start in range(0, len(ids), 500):
        query = select(*columns).where(c.event_id.in_(ids[start : start + 500]))
        if until is not None:
            query = query.where(c.at <= until)
        for row in connection.execute(query.order_by(c.event_id, c.seq)):
            found[row.event_id].append(
                LedgerRow(
                    row.seq,
                    row.at,
                    Action(row.action),
                    State(row.state),
                    Effect(row.effect),
                    row.round,
                    "",
                    "",
                    "",
                    "",
                    row.department,
                    data=row.data,
                )
            )
    return {one: tuple(rows) for one, rows in found.items()}


# Writing


def values_of(value: Any, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The fields of a value as columns."""
    names = _names(value.__class__)
    return {name: _plain(getattr(value, name)) for name in names if name not in without}


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def change(connection: Connection, before: Case, after: Case) -> None:
    """Write what differs; MovedMeanwhile if the event has another version by now. The ledger row comes with it."""
    old, new = values_of(before.event), values_of(after.event)
    changed = {name: value for name, value in new.items() if value != old[name]}
    moved = connection.execute(
        update(events).where(events.c.id == before.event.id, events.c.version == before.event.version).values(changed)
    )
    if moved.rowcount != 1:
        raise MovedMeanwhile(_version_now(connection, before.event.id))
    _upsert(connection, assignments, ("event_id", "round", "department"), before, after, "assignments")
    _upsert(connection, requests, ("event_id", "seq"), before, after, "requests")
    _upsert(connection, plan_steps, ("event_id", "position"), before, after, "steps")


def append(connection: Connection, case: Case, audit_ids: Sequence[int]) -> None:
    """Write the newest ledger rows, each with the number of its audit row."""
    newest = case.ledger[len(case.ledger) - len(audit_ids) :]
    rows = [
        values_of(row) | {"event_id": case.event.id, "audit_id": number}
        for row, number in zip(newest, audit_ids, strict=True)
    ]
    connection.execute(insert(ledger), rows)


def create(connection: Connection, values: dict[str, Any]) -> int | None:
    """Insert an event; its id, or None if there is one of the same origin already."""
    found: int | None = connection.execute(_new_event(connection.dialect.name), values).scalar_one_or_none()
    return found


@cache
def _new_event(dialect: str) -> Any:
    """Made once: a statement with its values in it costs as much to put together as to carry out."""
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    new = make(events).on_conflict_do_nothing(index_elements=["world", "origin", "origin_id"])
    return new.returning(events.c.id)


def link(connection: Connection, event_id: int, other_id: int, kind: str, back: str, at: Any) -> None:
    """A link and the link back."""
    pair = [
        {"event_id": event_id, "other_id": other_id, "kind": kind, "made_at": at},
        {"event_id": other_id, "other_id": event_id, "kind": back, "made_at": at},
    ]
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(event_links)
    again = statement.on_conflict_do_update(
        index_elements=["event_id", "other_id", "kind"],
        set_={"made_at": statement.excluded.made_at, "ended_at": None},
    )
    connection.execute(again, pair)


def unlink(connection: Connection, event_id: int, other_id: int, at: Any) -> None:
    """End the links between two events; they stay on record."""
    for one, other in ((event_id, other_id), (other_id, event_id)):
        connection.execute(
            update(event_links)
            .where(event_links.c.event_id == one, event_links.c.other_id == other, event_links.c.ended_at.is_(None))
            .values(ended_at=at)
        )


def _version_now(connection: Connection, event_id: int) -> int:
    return int(connection.execute(select(events.c.version).where(events.c.id == event_id)).scalar_one())


def _upsert(connection: Connection, table: Table, keys: tuple[str, ...], before: Case, after: Case, part: str) -> None:
    had = getattr(before, part)
    changed = [values_of(one) | {"event_id": after.event.id} for one in getattr(after, part) if one not in had]
    if not changed:
        return
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(table)
    others = [column.name for column in table.columns if column.name not in keys]
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(keys), set_={name: statement.excluded[name] for name in others}
        ),
        changed,
    )
