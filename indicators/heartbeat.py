"""Whether the timetable lives: the lease it prolongs every few seconds is its heartbeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from database.tables import leases

LEASE = "timetable"
BEAT_EVERY = timedelta(seconds=5)
BEAT_LASTS = timedelta(seconds=15)
"""After so long without a beat the timetable counts as dead, and another one may take over."""


@dataclass(frozen=True)
class Heartbeat:
    """Who keeps the timetable, and until when it counts as alive."""

    holder: str
    until: datetime
    is_alive: bool


def heartbeat(connection: Connection, now: datetime) -> Heartbeat | None:
    """The last heartbeat of the timetable; None if none ever ran."""
    row = connection.execute(select(leases.c.holder, leases.c.until).where(leases.c.name == LEASE)).first()
    return None if row is None else Heartbeat(row.holder, row.until, row.until > now)
