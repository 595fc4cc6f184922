"""Refused attempts on record: who wanted what without the right. Many alike within a minute are one row with their
number, so that nobody floods the record by knocking."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from access.actor import Actor
from access.audit import REFUSED, record

PAUSE = timedelta(minutes=1)
MOST_KNOWN = 10_000
"""Kinds of attempts remembered at once; beyond that the oldest are forgotten."""


@dataclass
class _Seen:
    written_at: datetime
    unwritten: int = 0


@dataclass
class Refusals:
    """The attempts of one process."""

    _seen: dict[tuple[str, str], _Seen] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_due(self, by: Actor, what: str, now: datetime) -> int:
        """How many attempts a row written now would stand for; 0 if one was written within the last minute."""
        key = (by.user or by.name, what)
        with self._lock:
            seen = self._seen.get(key)
            if seen is not None and now - seen.written_at < PAUSE:
                seen.unwritten += 1
                return 0
            if len(self._seen) >= MOST_KNOWN:
                self._seen.pop(next(iter(self._seen)))
            self._seen[key] = _Seen(now)
            return 1 + (seen.unwritten if seen else 0)


def record_refusal(connection: Connection, by: Actor, what: str, right: str, times: int, now: datetime) -> int:
    """The row: `what` was wanted, `right` is missing ('' where the thing is another's)."""
    told = {"right": right, "times": times}
    return record(connection, by=by, action="access.refused", object=what, result=REFUSED, detail=told, now=now)
