"""How instants are stored: UTC, aware, whole milliseconds, the same on every database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware datetime; a naive one is a programming error (ValueError)."""
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime {moment!r}: every instant carries its zone")
    return round(moment.timestamp() * 1000)


def from_ms(value: int) -> datetime:
    """The aware UTC datetime of `value` milliseconds since 1970."""
    return datetime.fromtimestamp(value / 1000, UTC)


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime kept as BIGINT milliseconds: sorts, indexes and compares alike on SQLite and PostgreSQL."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_ms(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else from_ms(value)
