"""Who else has an event open: signs of life a few seconds apart. The caller owns the transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from access.actor import Actor
from database.desk_tables import desk_viewers
from database.dispatch_tables import events
from dispatch.events import visible
from dispatch.hands import identity
from dispatch.refusal import NoSuchEvent

BEAT = 10
"""Seconds between two signs of life of one browser."""
GONE = timedelta(seconds=25)
"""Silent for so long, somebody counts as gone: two signs missed."""
SWEPT = timedelta(minutes=10)


@dataclass(frozen=True)
class Viewer:
    """Somebody who has the event open."""

    name: str
    role: str
    since: datetime
    """The last sign of life."""


def here(connection: Connection, number: str, *, by: Actor, now: datetime) -> tuple[Viewer, ...]:
    """Note that `by` looks at the event; the others who do. NoSuchEvent for one the actor may not see."""
    seen = select(events.c.id).where(events.c.number == number, visible(by))
    if connection.execute(seen).first() is None:
        raise NoSuchEvent(number)
    _note(connection, number, by, now)
    connection.execute(delete(desk_viewers).where(desk_viewers.c.seen_at < now - SWEPT))
    return others(connection, number, by=by, now=now)


def others(connection: Connection, number: str, *, by: Actor, now: datetime) -> tuple[Viewer, ...]:
    """Whoever else gave a sign of life a moment ago, by name."""
    c = desk_viewers.c
    query = select(c.name, c.role, c.seen_at).where(
        c.number == number, c.account != identity(by), c.seen_at >= now - GONE
    )
    return tuple(Viewer(*row) for row in connection.execute(query.order_by(c.name, c.account)))


def left(connection: Connection, *, by: Actor, number: str = "") -> None:
    """`by` looks at this event no longer; at none at all without a number."""
    gone = delete(desk_viewers).where(desk_viewers.c.account == identity(by))
    connection.execute(gone.where(desk_viewers.c.number == number) if number else gone)


def _note(connection: Connection, number: str, by: Actor, now: datetime) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"number": number, "account": identity(by), "name": by.name, "role": by.role_name, "seen_at": now}
    said = insert(desk_viewers).values(row)
    fresh = {name: row[name] for name in ("name", "role", "seen_at")}
    connection.execute(said.on_conflict_do_update(index_elements=["number", "account"], set_=fresh))
