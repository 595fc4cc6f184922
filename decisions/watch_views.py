"""Ways to look at a running series: each gives the newest row's deviation, in the series' unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MEMORY = 4000
"""Rows remembered."""
LONG_RUN = 0.005
"""Weight of the newest row in the long-run level."""
ROUNDING = 1e-9
"""Deviations below this share of the range seen so far are none."""


class Past:
    """The last rows in one stretch of memory, oldest first."""

    def __init__(self, size: int = MEMORY) -> None:
        self._size = size
        self._rows: Array = np.zeros(2 * size)
        self._end = 0
        self._low, self._high = math.inf, -math.inf

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
