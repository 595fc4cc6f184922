"""What is on record about each source: last success, last error, newest data, freshness as last announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from database.tables import source_states


@dataclass(frozen=True)
class SourceRecord:
    """One source's record. `since`: since when it has had its freshness."""

    source: str
    last_call_id: int | None = None
    last_success_at: datetime | None = None
    last_failure_at: datetime | None = None
    last_error: str | None = None
    failures_in_row: int = 0
    newest_period: str | None = None
    newest_observed_at: datetime | None = None
    since: datetime | None = None


_FIELDS = tuple(SourceRecord.__dataclass_fields__)


def source_records(connection: Connection) -> dict[str, SourceRecord]:
    """All records by the source's key; a source that never called has none."""
    rows = connection.execute(select(*(source_states.c[name] for name in _FIELDS)))
    return {row.source: SourceRecord(**row._mapping) for row in rows}
