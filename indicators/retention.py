"""What the store forgets: records that prove nothing any more. Observations and what brought them are kept for good."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete

from database.engine import writing
from database.tables import calls, dead_letters

KEPT = timedelta(days=90)
"""Covers the six-week review of a month's figures twice over."""
_EMPTY_HANDED = ("unchanged", "failed")
AT_ONCE = 5000
"""Rows deleted in one transaction, so that no writer waits long."""


def forget(engine: Engine, now: datetime) -> int:
    """Delete calls that brought nothing and unreadable messages, both older than KEPT; how many rows went."""
    before = now - KEPT
    old_calls = calls.c.id.in_(
        calls.select()
        .with_only_columns(calls.c.id)
        .where(calls.c.started_at < before, calls.c.outcome.in_(_EMPTY_HANDED), calls.c.quarantined == 0)
        .limit(AT_ONCE)
    )
    old_letters = dead_letters.c.id.in_(
        dead_letters.select()
        .with_only_columns(dead_letters.c.id)
        .where(dead_letters.c.received_at < before)
        .limit(AT_ONCE)
    )
    gone = 0
    for statement in (delete(calls).where(old_calls), delete(dead_letters).where(old_letters)):
        while deleted := _deleted(engine, statement):
            gone += deleted
    return gone


def _deleted(engine: Engine, statement: object) -> int:
    with writing(engine) as connection:
        return int(connection.execute(statement).rowcount)  # type: ignore[call-overload]
