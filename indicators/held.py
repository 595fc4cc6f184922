"""A row that was not let in: what it said, why it waits, and its one entry in the quarantine."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, text

from database.moments import to_ms
from database.storable import storable
from datasources.delivery.observation import Observation, Unreadable
from indicators.arrival import Reason
from indicators.weighing import joined

_LONGEST_RAW = 500


@dataclass(frozen=True)
class Held:
    """A row of a delivery that waits for a person, and why."""

    line: int | None
    indicator: str | None
    region: str | None
    period: str | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Hold:
    """A held row with all it said, on its way into the quarantine."""

    row: Observation | Unreadable
    reasons: tuple[Reason, ...]

    @property
    def told(self) -> Held:
        """What the sender is told."""
        row = self.row
        if isinstance(row, Unreadable):
            return Held(row.line, None, None, None, self.reasons)
        return Held(row.line, row.indicator, row.region, row.period, self.reasons)


def unreadable(row: Unreadable) -> Hold:
    """The hold of a row that could not be read at all."""
    return Hold(row, (Reason(row.check, row.message),))


_HOLD = text(
    "INSERT INTO quarantine (call_id, source, line, indicator, region, dim, period, observed_at, value, numerator, "
    "denominator, basis, quality, raw, reasons, state, held_at, fingerprint) "
    "VALUES (:call_id, :source, :line, :indicator, :region, :dim, :period, :observed_at, :value, :numerator, "
    ":denominator, :basis, :quality, :raw, :reasons, 'held', :held_at, :fingerprint) "
    "ON CONFLICT (fingerprint) DO UPDATE SET state = 'held', call_id = excluded.call_id, held_at = excluded.held_at, "
    "reasons = excluded.reasons, decided_by = NULL, decided_at = NULL WHERE quarantine.state = 'released'"
)
"""A row that was rejected stays rejected. One that was released, replaced since and comes again waits again."""


def hold(connection: Connection, source: str, call_id: int, holds: Iterable[Hold], now: datetime) -> None:
    """Enter rows into the quarantine; the same bad row again changes nothing."""
    common = {"source": source, "call_id": call_id, "held_at": to_ms(now)}
    rows = [_entry(source, held) | common for held in holds]
    if rows:
        connection.execute(_HOLD, rows)


def _entry(source: str, held: Hold) -> dict[str, Any]:
    row = held.row
    said = _unread(row) if isinstance(row, Unreadable) else _said(row)
    reasons = [{"check": reason.check, "message": storable(reason.message, 300)} for reason in held.reasons]
    return said | {
        "line": row.line,
        "raw": storable(row.raw, _LONGEST_RAW),
        "reasons": orjson.dumps(reasons).decode(),
        "fingerprint": _fingerprint(source, row),
    }


_NOTHING = dict.fromkeys(("indicator", "region", "period", "observed_at", "value", "numerator", "denominator", "basis"))


def _unread(row: Unreadable) -> dict[str, Any]:
    return _NOTHING | {"dim": "", "quality": ""}


def _said(row: Observation) -> dict[str, Any]:
    aware = row.observed_at is not None and row.observed_at.tzinfo is not None
    return {
        "indicator": storable(row.indicator, 64),
        "region": storable(row.region, 32),
        "dim": storable(row.dim, 120),
        "period": storable(row.period, 40),
        "observed_at": to_ms(row.observed_at) if aware and row.observed_at else None,
        "value": _number(row.value),
        "numerator": _number(row.numerator),
        "denominator": _number(row.denominator),
        "basis": None if row.basis is None else storable(row.basis, 12),
        "quality": storable(joined(row.quality), 120),
    }


def _number(given: object) -> float | None:
    """A number every database and JSON can hold; the raw row keeps what it really said."""
    if not isinstance(given, int | float) or abs(given) > 1e300 or not math.isfinite(given):
        return None
    return float(given)


def _fingerprint(source: str, row: Observation | Unreadable) -> str:
    """The same for the same row again, on whatever line and in whatever file it comes."""
    if isinstance(row, Unreadable):
        said = [source, row.raw, row.message]
    else:
        numbers = [repr(number) for number in (row.value, row.numerator, row.denominator)]
        said = [source, row.indicator, row.region, row.dim, row.period, *numbers, *row.quality]
    return sha256("\x1f".join(said).encode("utf-8", "replace")).hexdigest()
