"""The stretch of city days an evaluation speaks of, and the day as known on which it is told."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from datasources.delivery.period import CITY_TIME
from dispatch.measures import Period

LONGEST_DAYS = 366
USUAL_DAYS = 30


class NoSpan(ValueError):
    """The days make no period; the message is for whoever chose them."""


def span(first: date | None, last: date | None, as_of: date | None, now: datetime) -> Period:
    """From the start of `first` to the end of `last` in city time, as known at the end of `as_of`; without dates the
    last 30 days as known now. A day that is not over yet is known as of now."""
    today = now.astimezone(CITY_TIME).date()
    last = last or today
    first = first or last - timedelta(days=USUAL_DAYS - 1)
    if last < first:
        raise NoSpan("止日早于起日")
    if (last - first).days >= LONGEST_DAYS:
        raise NoSpan("时段最长一年")
    if first > today or (as_of is not None and as_of > today):
        raise NoSpan("起日和截至日不能晚于今天")
    known = now if as_of is None else min(now, midnight(as_of + timedelta(days=1)))
    return Period(midnight(first), midnight(last + timedelta(days=1)), known)


def midnight(day: date) -> datetime:
    """The start of a city day."""
    return datetime.combine(day, time(), CITY_TIME)
