"""What the timetable does once a night with the models, in a process of its own; and when that is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from database.engine import reading
from database.foresight_tables import heartbeats

FORECASTS = "forecasts"
"""Name of the batch in the table of heartbeats."""
CITY_TIME = ZoneInfo("Asia/Shanghai")
BEGINS = timedelta(hours=2, minutes=30)
"""City time after which the figures of the day before are complete enough."""


def is_due(engine: Engine, now: datetime) -> bool:
    """True if no batch has run since the last 02:30 in the city."""
    with reading(engine) as connection:
        last = connection.execute(select(heartbeats.c.at).where(heartbeats.c.engine == FORECASTS)).scalar()
    return last is None or last < last_begin(now)


def never_ran(engine: Engine) -> bool:
    """True on a first start, before any batch."""
    with reading(engine) as connection:
        return connection.execute(select(heartbeats.c.at).where(heartbeats.c.engine == FORECASTS)).first() is None


def last_begin(now: datetime) -> datetime:
    """The newest 02:30 in the city that is not ahead."""
    local = now.astimezone(CITY_TIME)
    begin = local.replace(hour=0, minute=0, second=0, microsecond=0) + BEGINS
    return (begin if begin <= local else begin - timedelta(days=1)).astimezone(now.tzinfo)
