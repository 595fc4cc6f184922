"""Canonical period labels in city time: 2025, 2025-Q3, 2025-09, 2025-09-03, 2025-09-03T14, 2025-09-03T14:05.

Labels of one frequency sort as text in time order. A label names the whole period; `start` and `end` give its instants.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

CITY_TIME = ZoneInfo("Asia/Shanghai")
KEPT_LABELS = 4096
"""Labels whose meaning is kept at hand: thousands of series run over the same months, days and hours."""


class Frequency(StrEnum):
    """How often a figure is made. `realtime` and `minute` share the minute grid."""

    YEARLY = "yearly"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    DAILY = "daily"
    HOURLY = "hourly"
    MINUTE = "minute"
    REALTIME = "realtime"


_PATTERNS: list[tuple[Frequency, re.Pattern[str]]] = [
    (Frequency.YEARLY, re.compile(r"(\d{4})")),
    (Frequency.QUARTERLY, re.compile(r"(\d{4})-Q([1-4])")),
    (Frequency.MONTHLY, re.compile(r"(\d{4})-(0[1-9]|1[0-2])")),
    (Frequency.DAILY, re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")),
    (Frequency.HOURLY, re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])")),
    (Frequency.MINUTE, re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):([0-5]\d)")),
]


@lru_cache(maxsize=KEPT_LABELS)
def frequency_of(label: str) -> Frequency:
    """The frequency a label is written in (minute for the minute grid); ValueError if it is not canonical."""
    for frequency, pattern in _PATTERNS:
        if pattern.fullmatch(label):
            start(label)  # refuses 2025-02-30 and year 0000
            return frequency
    raise ValueError(f"'{label}' is not a period label such as 2025, 2025-Q3, 2025-09, 2025-09-03 or 2025-09-03T14:05")


def period_of(moment: datetime, frequency: Frequency) -> str:
    """The label of the period of `frequency` that contains the aware instant `moment`."""
    local = moment.astimezone(CITY_TIME)
    match frequency:
        case Frequency.YEARLY:
            return f"{local:%Y}"
        case Frequency.QUARTERLY:
            return f"{local:%Y}-Q{(local.month + 2) // 3}"
        case Frequency.MONTHLY:
            return f"{local:%Y-%m}"
        case Frequency.DAILY:
            return f"{local:%Y-%m-%d}"
        case Frequency.HOURLY:
            return f"{local:%Y-%m-%dT%H}"
        case _:
            return f"{local:%Y-%m-%dT%H:%M}"


@lru_cache(maxsize=KEPT_LABELS)
def start(label: str) -> datetime:
    """The aware first instant of the period; ValueError for a label that is no date."""
    if "-Q" in label:
        year, quarter = label.split("-Q")
        return datetime(int(year), int(quarter) * 3 - 2, 1, tzinfo=CITY_TIME)
    date, _, clock = label.partition("T")
    parts = [int(part) for part in date.split("-")] + [1, 1]
    hour, _, minute = clock.partition(":")
    return datetime(parts[0], parts[1], parts[2], int(hour or 0), int(minute or 0), tzinfo=CITY_TIME)


def end(label: str) -> datetime:
    """The aware instant just after the period."""
    return start(following(label))


@lru_cache(maxsize=KEPT_LABELS)
def following(label: str, steps: int = 1) -> str:
    """The label `steps` periods later (earlier if negative) in the same frequency."""
    frequency = frequency_of(label)
    begin = start(label)
    match frequency:
        case Frequency.YEARLY:
            return f"{begin.year + steps:04d}"
        case Frequency.QUARTERLY | Frequency.MONTHLY:
            months = begin.year * 12 + begin.month - 1 + steps * (3 if frequency is Frequency.QUARTERLY else 1)
            return period_of(datetime(months // 12, months % 12 + 1, 1, tzinfo=CITY_TIME), frequency)
        case Frequency.DAILY:
            return period_of(begin + timedelta(days=steps), frequency)
        case Frequency.HOURLY:
            return period_of(begin + timedelta(hours=steps), frequency)
        case _:
            return period_of(begin + timedelta(minutes=steps), frequency)


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    return monthrange(year, month)[1]
