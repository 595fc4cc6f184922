"""Ways to look at a running series: each gives the newest row's deviation from what was usual."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MEMORY = 4000
"""Rows remembered."""
GAPS = 50
"""Gaps between rows from which the pace is learned."""
LONG_RUN = 0.005
"""Weight of the newest row in the long-run level."""
STILL = 12
"""Rows without change that may count as stuck."""
HOURS = 24
"""Hours in the shape of a day."""
MOST_AN_HOUR = 60
"""Rows of an hour at most, so that memory holds several days' shapes; of faster series an hour is 60 rows."""
ROUNDING = 1e-9
"""Deviations below this share of the range seen so far are none."""


class Pace:
    """Rows of an hour, learned once from the first gaps between rows; later gaps and faults do not change it."""

    def __init__(self) -> None:
        self._last: datetime | None = None
        self._gaps: list[float] = []
        self.an_hour: int | None = None

    def learn(self, timestamp: datetime) -> None:
        """A time without a zone counts as UTC."""
        if self.an_hour is not None:
            return
        at = timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=UTC)
        if self._last is not None:
            self._gaps.append((at - self._last).total_seconds())
        self._last = at
        if len(self._gaps) == GAPS:
            self.an_hour = self._usual()

    def _usual(self) -> int:
        onward = [gap for gap in self._gaps if gap > 0]
        return min(MOST_AN_HOUR, max(1, round(3600 / median(onward)))) if onward else 1


class Past:
    """The last rows in one stretch of memory, oldest first."""

    def __init__(self, size: int = MEMORY) -> None:
        self._size = size
        self._rows: Array = np.zeros(2 * size)
        self._end = 0
        self._low, self._high = math.inf, -math.inf
        self.pace = Pace()

    def keep(self, value: float) -> None:
        """Append a row; when the stretch is full its younger half moves to the front."""
        if self._end == len(self._rows):
            self._rows[: self._size] = self._rows[self._size :]
            self._end = self._size
        self._rows[self._end] = value
        self._end += 1
        self._low, self._high = min(self._low, value), max(self._high, value)

    @property
    def rows(self) -> Array:
        """At most `size` rows, the newest last."""
        return self._rows[max(0, self._end - self._size) : self._end]

    @property
    def rounding(self) -> float:
        """What rounding alone may do to a difference of two rows."""
        return ROUNDING * (self._high - self._low)


@dataclass(frozen=True)
class Unlikeness:
    """Distance of the last `width` rows to the most similar stretch of the past (nearest neighbour, as in KNN-CAD)."""

    width: int

    def deviation(self, past: Past) -> float | None:
        rows = past.rows
        older = len(rows) - 3 * self.width + 1
        if older < 1:
            return None
        squares = np.zeros(older)
        for offset in range(self.width):
            squares += (rows[offset : offset + older] - rows[offset - self.width]) ** 2
        distance = math.sqrt(float(squares.min()))
        return distance if distance > past.rounding else 0.0


@dataclass
class Drift:
    """Distance of the mean of the last `width` rows from the long-run level of that mean."""

    width: int
    _level: float = math.nan

    def deviation(self, past: Past) -> float | None:
        mean = float(past.rows[-self.width :].mean())
        if math.isnan(self._level):
            self._level = mean
        distance = abs(mean - self._level)
        self._level += LONG_RUN * (mean - self._level)
        return distance if distance > past.rounding else 0.0


class DayShape:
    """Distance of the last 24 hourly means to the most similar such day of the past, at any hour of its start."""

    def __init__(self) -> None:
        self._means = Past()

    def deviation(self, past: Past) -> float | None:
        hour = past.pace.an_hour
        if hour is None:
            return None
        self._means.keep(float(past.rows[-hour:].mean()))
        return self._unlike(self._means.rows, hour, past.rounding)

    def _unlike(self, means: Array, hour: int, rounding: float) -> float | None:
        first, end = (HOURS - 1) * hour, len(means) - HOURS * hour
        if end <= first:
            return None
        squares = np.zeros(end - first)
        for back in range(0, HOURS * hour, hour):
            squares += (means[first - back : end - back] - means[-1 - back]) ** 2
        distance = math.sqrt(float(squares.min()))
        return distance if distance > rounding else 0.0


class Stillness:
    """Rows without change, once they are more than ever before; a series that never moved cannot be stuck."""

    def __init__(self) -> None:
        self._still = 0
        self._longest = 0

    def deviation(self, past: Past) -> float | None:
        rows = past.rows
        if past.rounding == 0.0:
            return 0.0
        if abs(float(rows[-1] - rows[-2])) <= past.rounding:
            self._still += 1
        else:
            self._longest = max(self._longest, self._still)
            self._still = 0
        return float(self._still) if self._still >= STILL and self._still > self._longest else 0.0
