"""How old is too old: what a source promised, against what has arrived.

The newest data fix three instants: when it turns late, stale and dead. They do not depend on `now`, so a value never
becomes fresher by waiting, and the next change is known exactly. A state holds from its instant on (half-open).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from datasources.delivery.period import (
    CITY_TIME,
    Frequency,
    days_in_month,
    end,
    following,
    frequency_of,
    period_of,
    start,
)
from indicators.definition import Cadence, Source
from indicators.reading import Freshness

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_ORDER = [Frequency.MINUTE, Frequency.HOURLY, Frequency.DAILY, Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.YEARLY]
_DEAD_AFTER_CADENCES = 10
_DEAD_AFTER_RELEASES = 3
_YEARLY_MONTH = 3  # the statistical communique of a year appears in March of the next
_INSTANT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source or series stands. `due_at`: when newer data is or was due. `reason` is None while fresh."""

    freshness: Freshness
    due_at: datetime | None
    next_change_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Promise:
    """The instants at which data not followed by newer ones turn late, stale and dead, in that order."""

    due: datetime
    late: datetime
    stale: datetime
    dead: datetime
    awaited: str | None = None
    """Publications: the first period that is to come."""


def duration(text: str) -> timedelta:
    """The length of '30s', '5m', '1h' or '2d'."""
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


def judge(source: Source, *, newest_period: str | None, newest_observed_at: datetime | None, now: datetime) -> Standing:
    """How data up to `newest_period` (or `newest_observed_at`) of `source` stand at `now`.

    For a single series pass its own label: a yearly figure from a monthly source is awaited once a year.
    """
    if newest_period is None and newest_observed_at is None:
        return Standing(Freshness.DEAD, None, None, _never(source))
    promise = _promised(source.cadence, source.grace, newest_period, newest_observed_at)
    freshness, next_change_at = _state(promise, now)
    reason = None if freshness is Freshness.FRESH else _reason(source.cadence, promise, freshness, now)
    return Standing(freshness, promise.due, next_change_at, reason)


def _state(promise: Promise, now: datetime) -> tuple[Freshness, datetime | None]:
    if now < promise.late:
        return Freshness.FRESH, promise.late
    if now < promise.stale:
        return Freshness.LATE, promise.stale
    if now < promise.dead:
        return Freshness.STALE, promise.dead
    return Freshness.DEAD, None


def _promised(cadence: Cadence, grace: str | None, period: str | None, observed_at: datetime | None) -> Promise:
    if cadence.every is not None:
        return _stream(cadence.every, grace, period, observed_at)
    if period is None and observed_at is not None:
        period = period_of(observed_at - _INSTANT, Frequency(cadence.release or "daily"))
    return _publication(cadence.release or "daily", cadence.month, cadence.day, cadence.at, grace, period or "")


# Streams


@lru_cache(maxsize=4096)
def _stream(every: str, grace: str | None, period: str | None, observed_at: datetime | None) -> Promise:
    cadence = duration(every)
    patience = cadence / 2 if grace is None else duration(grace)
    due = (observed_at or end(period or "")) + cadence
    if period is not None and end(period) - start(period) > cadence:
        due = max(due, end(following(period)) + cadence)  # a daily total of a five-minute stream is awaited daily
    late = due + patience
    stale = late + patience
    return Promise(due, late, stale, max(due + cadence * (_DEAD_AFTER_CADENCES - 1), stale + patience))


# Publications


@lru_cache(maxsize=4096)
def _publication(
    release: str, month: int | None, day: int | None, at: str | None, grace: str | None, newest: str
) -> Promise:
    """The promise of a calendar of publications after the period `newest` has appeared."""
    awaited = _awaited(Frequency(release), newest, _DEAD_AFTER_RELEASES)
    dues = [_deadline(_issue(period, Frequency(release)), month, day, at) for period in awaited]
    patience = (dues[1] - dues[0]) / 2 if grace is None else duration(grace)
    return Promise(dues[0], dues[0], min(dues[0] + patience, dues[-1]), dues[-1], awaited[0])


def _awaited(release: Frequency, newest: str, count: int) -> list[str]:
    """The next `count` periods to come after `newest`. January alone is not awaited: it is published with February."""
    if _ORDER.index(frequency_of(newest)) < _ORDER.index(release):
        newest = period_of(start(newest), release)
    periods: list[str] = []
    while len(periods) < count:
        newest = following(newest)
        if frequency_of(newest) is not Frequency.MONTHLY or not newest.endswith("-01"):
            periods.append(newest)
    return periods


def _issue(period: str, release: Frequency) -> str:
    """The issue that carries `period`: the December issue carries the year."""
    return period if frequency_of(period) is release else period_of(end(period) - _INSTANT, release)


def _deadline(issue: str, month: int | None, day: int | None, at: str | None) -> datetime:
    """When `issue` has to be there. Without a clock time the publisher has the whole day."""
    finish = end(issue)
    match frequency_of(issue):
        case Frequency.HOURLY:
            return finish + timedelta(minutes=int((at or "0:00").partition(":")[2]))
        case Frequency.DAILY:
            return _at(finish, at)
        case Frequency.YEARLY:
            return _at(_on(finish.year, month or _YEARLY_MONTH, day), at)
        case _:
            return _at(_on(finish.year, finish.month, day), at)


def _on(year: int, month: int, day: int | None) -> datetime:
    """The named day of a month, its last day where the month is shorter or none is named."""
    last = days_in_month(year, month)
    return datetime(year, month, min(day or last, last), tzinfo=CITY_TIME)


def _at(day: datetime, at: str | None) -> datetime:
    if at is None:
        return day + timedelta(days=1)
    hour, _, minute = at.partition(":")
    return day.replace(hour=int(hour), minute=int(minute))


# Words


def _never(source: Source) -> str:
    if source.connected:
        return "从未收到数据"
    return f"未接入，{source.planned}" if source.planned else "未接入"


def _reason(cadence: Cadence, promise: Promise, freshness: Freshness, now: datetime) -> str:
    if cadence.every is not None or promise.awaited is None:
        age = now - promise.due + duration(cadence.every or "0s")
        return f"应每 {length_in_words(duration(cadence.every or '0s'))}更新，已 {length_in_words(age)}没有新数据"
    due = _named_day(promise.due, cadence)
    missed = "，已连续缺 3 期" if freshness is Freshness.DEAD else ""
    return f"应于 {due} 发布{label_in_words(promise.awaited)}数据，已迟 {_delay(promise.due, cadence, now)}{missed}"


def _named_day(due: datetime, cadence: Cadence) -> str:
    if cadence.release == "hourly":
        return f"{due.astimezone(CITY_TIME):%m-%d %H:%M}"
    return f"{_promised_day(due, cadence):%m-%d}"


def _promised_day(due: datetime, cadence: Cadence) -> datetime:
    """The day the calendar names; midnight at its end still belongs to it."""
    return due.astimezone(CITY_TIME) - (_INSTANT if cadence.at is None else timedelta())


def _delay(due: datetime, cadence: Cadence, now: datetime) -> str:
    days = (now.astimezone(CITY_TIME).date() - _promised_day(due, cadence).date()).days
    if days >= 1 and cadence.release != "hourly":
        return f"{days} 天"
    return length_in_words(now - due).strip()


_STEPS = [(86400, "天"), (3600, "小时"), (60, "分钟"), (1, "秒")]


def length_in_words(length: timedelta) -> str:
    """'2 天 ', '5 分钟 ': the largest unit that fits, rounded down."""
    seconds = max(int(length.total_seconds()), 0)
    size, word = next((step for step in _STEPS if seconds >= step[0]), _STEPS[-1])
    return f"{seconds // size} {word}"


def label_in_words(period: str) -> str:
    """' 10 月', ' 2025 年', ' 3 季度', ' 11 月 3 日 14 时': a period as a clerk would say it."""
    match frequency_of(period):
        case Frequency.YEARLY:
            return f" {period} 年"
        case Frequency.QUARTERLY:
            return f" {period[-1]} 季度"
        case Frequency.MONTHLY:
            return " 1-2 月" if period.endswith("-02") else f" {int(period[5:7])} 月"
        case Frequency.DAILY:
            return f" {int(period[5:7])} 月 {int(period[8:10])} 日"
        case _:
            return f" {int(period[5:7])} 月 {int(period[8:10])} 日 {int(period[11:13])} 时"
