"""The record of every call to a source: who brought what, when, by which door, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text

from database import bulk
from database.moments import to_ms
from database.storable import storable
from database.tables import call_rows, calls, source_states

_LONGEST_ORIGIN = 1000
_LONGEST_RAW = 500
_LONGEST_ERROR = 1000
_COLUMNS = [column.name for column in calls.c]


@dataclass(frozen=True)
class Call:
    """One call to a source. `outcome`: taken, unchanged, partial (some rows held) or failed."""

    id: int
    source: str
    door: str
    origin: str
    digest: str | None
    actor: str
    started_at: datetime
    ended_at: datetime
    outcome: str
    rows: int = 0
    taken: int = 0
    unchanged: int = 0
    quarantined: int = 0
    error: str | None = None


@dataclass(frozen=True)
class Newest:
    """The newest data a source has brought: a period label and its instant in ms."""

    period: str
    observed_at: int


def reserve(connection: Connection, count: int) -> list[int]:
    """Numbers for `count` calls of this transaction, ascending."""
    if connection.dialect.name == "postgresql":
        numbers = text("SELECT nextval(pg_get_serial_sequence('calls', 'id')) FROM generate_series(1, :count)")
        return sorted(connection.execute(numbers, {"count": count}).scalars())
    last: int = connection.execute(select(func.coalesce(func.max(calls.c.id), 0))).scalar_one()
    return list(range(last + 1, last + 1 + count))


def record(connection: Connection, made: Iterable[Call]) -> None:
    """Write finished calls under their reserved numbers."""
    rows = [
        (c.id, c.source, c.door, storable(c.origin, _LONGEST_ORIGIN), c.digest, c.actor, to_ms(c.started_at),
         to_ms(c.ended_at), c.outcome, c.error and storable(c.error, _LONGEST_ERROR), c.rows, c.taken, c.unchanged,
         c.quarantined)
        for c in made
    ]  # fmt: skip
    bulk.insert(connection, calls, _COLUMNS, rows)


def keep_raw(connection: Connection, rows: Mapping[tuple[int, int], str]) -> None:
    """Keep lines as they arrived, by call and line."""
    kept = [(call_id, line, storable(raw, _LONGEST_RAW)) for (call_id, line), raw in rows.items()]
    bulk.insert(connection, call_rows, ["call_id", "line", "raw"], kept)


def record_failure(
    connection: Connection,
    source: str,
    *,
    door: str,
    origin: str,
    actor: str,
    started_at: datetime,
    now: datetime,
    error: str,
) -> int:
    """A call that brought nothing: recorded, counted, told on the page of sources; the last good values stay."""
    call_id = reserve(connection, 1)[0]
    record(connection, [Call(call_id, source, door, origin, None, actor, started_at, now, "failed", error=error)])
    connection.execute(
        _FAILED, {"source": source, "call": call_id, "now": to_ms(now), "error": storable(error, _LONGEST_ERROR)}
    )
    return call_id


_FAILED = text(
    "INSERT INTO source_states (source, last_call_id, last_failure_at, last_error, failures_in_row) "
    "VALUES (:source, :call, :now, :error, 1) ON CONFLICT (source) DO UPDATE SET last_call_id = excluded.last_call_id, "
    "last_failure_at = excluded.last_failure_at, last_error = excluded.last_error, "
    "failures_in_row = source_states.failures_in_row + 1"
)
_SUCCEEDED = text(
    "INSERT INTO source_states (source, last_call_id, last_success_at) VALUES (:source, :call, :now) "
    "ON CONFLICT (source) DO UPDATE SET last_call_id = excluded.last_call_id, "
    "last_success_at = excluded.last_success_at, failures_in_row = 0"
)
_NEWEST = text(
    "UPDATE source_states SET newest_period = :period, newest_observed_at = :observed_at "
    "WHERE source = :source AND (newest_observed_at IS NULL OR newest_observed_at <= :observed_at)"
)
_NOTABLE_AFTER_MS = 5000
"""Successes closer together than this are not told one by one: streams deliver every second."""


def record_success(connection: Connection, source: str, call_id: int, now: datetime) -> bool:
    """Note that `source` has delivered; True if that is news for the page of sources."""
    before = connection.execute(
        select(source_states.c.last_success_at, source_states.c.failures_in_row).where(source_states.c.source == source)
    ).first()
    connection.execute(_SUCCEEDED, {"source": source, "call": call_id, "now": to_ms(now)})
    if before is None or before.last_success_at is None or before.failures_in_row:
        return True
    return to_ms(now) - to_ms(before.last_success_at) >= _NOTABLE_AFTER_MS


def advance(connection: Connection, source: str, newest: Newest) -> None:
    """Note the newest data of `source`; older ones change nothing."""
    connection.execute(_NEWEST, {"source": source, "period": newest.period, "observed_at": newest.observed_at})


def call_of(connection: Connection, call_id: int) -> Call | None:
    """The record of one call."""
    row = connection.execute(select(*(calls.c[name] for name in _FIELDS)).where(calls.c.id == call_id)).first()
    return None if row is None else Call(**row._mapping)


def calls_of(connection: Connection, source: str, *, limit: int = 50) -> list[Call]:
    """The last calls to one source, newest first."""
    query = select(*(calls.c[name] for name in _FIELDS)).where(calls.c.source == source)
    found = connection.execute(query.order_by(calls.c.started_at.desc(), calls.c.id.desc()).limit(limit))
    return [Call(**row._mapping) for row in found]


_FIELDS = tuple(Call.__dataclass_fields__)
