"""Stretches of periods as arrays: their labels, their instants in local minutes, and the instants that stand for them.

Local minutes are minutes since 1970-01-01 00:00 in the city, which has had one unchanging offset since 1992.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from datasources.delivery.period import CITY_TIME, Frequency, start
from demo_city.noise import Floats, Ints

DAY = 1440
_UNIT = {Frequency.YEARLY: 12, Frequency.QUARTERLY: 3, Frequency.MONTHLY: 1}
"""Months in a period of the slow frequencies."""
_MINUTES = {Frequency.DAILY: DAY, Frequency.HOURLY: 60, Frequency.MINUTE: 1, Frequency.REALTIME: 1}
_EPOCH = datetime(1970, 1, 1, tzinfo=CITY_TIME)


def local_minutes(moment: datetime) -> int:
    """Whole local minutes of an aware instant, rounded down."""
    return int((moment.astimezone(CITY_TIME) - _EPOCH) // timedelta(minutes=1))


def instant(minutes: int) -> datetime:
    """The aware instant of local minutes."""
    return _EPOCH + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Axis:
    """Periods of one frequency, oldest first. `index` counts whole periods since 1970 (months: 0 is January 1970)."""

    frequency: Frequency
    index: Ints

    @property
    def is_slow(self) -> bool:
        """Monthly, quarterly or yearly: made of months, not of minutes."""
        return self.frequency in _UNIT

    @cached_property
    def starts(self) -> Ints:
        """First local minute of each period."""
        return _begin(self.frequency, self.index)

    @cached_property
    def ends(self) -> Ints:
        """Local minute just after each period."""
        return _begin(self.frequency, self.index + 1)

    @cached_property
    def years(self) -> Ints:
        """Calendar year of each period."""
        return self.starts.astype("datetime64[m]").astype("datetime64[Y]").astype(np.int64) + 1970

    @cached_property
    def labels(self) -> list[str]:
        """Canonical labels, as in `datasources/delivery/period.py`."""
        return _label(self.frequency, self.index)

    @cached_property
    def key(self) -> tuple[str, bytes]:
        """Equal for equal axes; for keeping what was computed on them."""
        return self.frequency.value, self.index.tobytes()

    def at(self, index: Ints) -> Axis:
        """Other periods of the same frequency."""
        return Axis(self.frequency, index)

    def __len__(self) -> int:
        return len(self.index)


def stretch(frequency: Frequency, first: int, last: int) -> Axis:
    """All periods from index `first` to `last`, both included."""
    return Axis(frequency, np.arange(first, last + 1, dtype=np.int64))


def axis_of(frequency: Frequency, labels: Sequence[str]) -> Axis:
    """The axis of canonical labels."""
    minutes = np.array([local_minutes(start(label)) for label in labels], dtype=np.int64)
    return Axis(frequency, index_at(frequency, minutes))


def index_at(frequency: Frequency, minutes: Ints) -> Ints:
    """The number of the period each local minute lies in."""
    if frequency in _UNIT:
        months = minutes.astype("datetime64[m]").astype("datetime64[M]").astype(np.int64)
        return months // _UNIT[frequency]
    return minutes // _MINUTES[frequency]


def first_of_year(axis: Axis) -> Ints:
    """The index of the first period of each period's year."""
    new_year = (axis.years - 1970).astype("datetime64[Y]").astype("datetime64[m]")
    return index_at(axis.frequency, new_year.astype(np.int64))


def samples(axis: Axis, minutes_back: int = 0, months_back: int = 0) -> tuple[Ints, Ints]:
    """Instants whose mean stands for each period, and where each period's instants begin in them.

    Points and hours: one instant; days: one per hour; slower: one per three hours. Shifted back by a lag.
    """
    if not axis.is_slow:
        return _fine(axis, minutes_back)
    months = _UNIT[axis.frequency]
    begin = _month_begin(axis.index * months - months_back)
    finish = _month_begin((axis.index + 1) * months - months_back)
    return _grid(begin - minutes_back, (finish - begin) // 180, 180)


def fold(values: Floats, where: Ints) -> Floats:
    """Means over the runs of samples beginning at `where`."""
    counts = np.diff(np.append(where, len(values)))
    return values if len(where) == len(values) else np.add.reduceat(values, where) / counts


def _fine(axis: Axis, minutes_back: int) -> tuple[Ints, Ints]:
    if axis.frequency is Frequency.DAILY:
        return _grid(axis.starts - minutes_back, np.full(len(axis), 24, dtype=np.int64), 60)
    middle = 30 if axis.frequency is Frequency.HOURLY else 0
    return axis.starts + middle - minutes_back, np.arange(len(axis), dtype=np.int64)


def _grid(begin: Ints, counts: Ints, step: int) -> tuple[Ints, Ints]:
    where = np.concatenate(([0], np.cumsum(counts)[:-1]))
    place = np.arange(counts.sum(), dtype=np.int64) - np.repeat(where, counts)
    return np.repeat(begin, counts) + place * step + step // 2, where


def _begin(frequency: Frequency, index: Ints) -> Ints:
    return _month_begin(index * _UNIT[frequency]) if frequency in _UNIT else index * _MINUTES[frequency]


def _month_begin(months: Ints) -> Ints:
    return months.astype("datetime64[M]").astype("datetime64[m]").astype(np.int64)


def _label(frequency: Frequency, index: Ints) -> list[str]:
    match frequency:
        case Frequency.YEARLY:
            return [str(1970 + year) for year in index.tolist()]
        case Frequency.QUARTERLY:
            return [f"{1970 + quarter // 4}-Q{quarter % 4 + 1}" for quarter in index.tolist()]
        case Frequency.MONTHLY:
            return np.datetime_as_string(index.astype("datetime64[M]")).tolist()
        case Frequency.DAILY:
            return np.datetime_as_string(index.astype("datetime64[D]")).tolist()
        case Frequency.HOURLY:
            return np.datetime_as_string(index.astype("datetime64[h]")).tolist()
        case _:
            return np.datetime_as_string(index.astype("datetime64[m]")).tolist()
