"""What the quarter will probably show before it is published, and which release moved that expectation.

Method: bridge equation (Baffigi, Golinelli & Parigi 2004): quarterly growth on quarterly means of monthly indicators,
ridge on standardised columns, missing months carried forward as the mean of the last three known. `news` follows
Banbura & Modugno (2014) in spirit: the change of the nowcast is split exactly over the releases that came in between.
Uses nothing that was not known: callers pass the figures as known on the day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RIDGE = 1.0
SHORTEST = 12
"""Quarters below which no equation is estimated."""
CARRIED = 3
MONTHS = 3

Monthly = Mapping[str, Sequence[float | None]]
"""Growth by indicator for the same months, three for each quarter; None where nothing is published yet."""


@dataclass(frozen=True)
class Nowcast:
    """Expected growth of the last quarter (per cent), its standard error at past quarters, and what the naive says."""

    mean: float
    error: float
    naive: float
    naive_error: float
    shares: dict[str, float]
    """Percentage points each indicator adds to the average growth of the past."""

    @property
    def is_better(self) -> bool:
        """True if the equation erred less than the last value at past quarters: only then it may be shown."""
        return self.error < self.naive_error


@dataclass(frozen=True)
class News:
    """How one release moved the nowcast, percentage points."""

    indicator: str
    points: float


def nowcast(quarterly: Sequence[float], monthly: Monthly) -> Nowcast | None:
    """The quarter after the last of `quarterly`; None with fewer than 12 quarters or without any indicator.

    `monthly` covers the months of all quarters and those of the one to come.
    """
    y = np.asarray(quarterly, float)
    table = _table(monthly, len(y) + 1)
    if len(y) < SHORTEST or table is None:
        return None
    names, x = table
    errors, naive_errors = _past_errors(x, y)
    fit = _Fit.of(x[: len(y)], y)
    return Nowcast(
        fit.at(x[len(y)]), errors, float(y[-1]), naive_errors,
        dict(zip(names, fit.shares(x[len(y)]).tolist(), strict=True)),
    )  # fmt: skip


def news(quarterly: Sequence[float], before: Monthly, after: Monthly) -> list[News]:
    """What the months released between `before` and `after` did; the points sum to the change of the nowcast.

    The equation is the one of `before`: a change of its weights is no news about the quarter.
    """
    y = np.asarray(quarterly, float)
    was, now = _table(before, len(y) + 1), _table(after, len(y) + 1)
    if was is None or now is None or was[0] != now[0] or len(y) < SHORTEST:
        return []
    fit = _Fit.of(was[1][: len(y)], y)
    moved = fit.shares(now[1][len(y)]) - fit.shares(was[1][len(y)])
    return [News(name, float(points)) for name, points in zip(was[0], moved, strict=True) if points]


@dataclass(frozen=True)
class _Fit:
    """A ridge regression on standardised columns."""

    mean: float
    centre: Array
    spread: Array
    weights: Array

    @classmethod
    def of(cls, x: Array, y: Array) -> _Fit:
        centre, spread = x.mean(axis=0), x.std(axis=0)
        spread = np.where(spread > 0, spread, 1.0)
        z = (x - centre) / spread
        weights = np.linalg.solve(z.T @ z + RIDGE * np.eye(x.shape[1]), z.T @ (y - y.mean()))
        return cls(float(y.mean()), centre, spread, weights)

    def shares(self, row: Array) -> Array:
        return (row - self.centre) / self.spread * self.weights

    def at(self, row: Array) -> float:
        return self.mean + float(self.shares(row).sum())


def _past_errors(x: Array, y: Array) -> tuple[float, float]:
    """Root mean square errors of the equation and of the last value, each quarter told from those before it."""
    begun = range(max(SHORTEST - 4, 4), len(y))
    own = [_Fit.of(x[:quarter], y[:quarter]).at(x[quarter]) - y[quarter] for quarter in begun]
    naive = [y[quarter - 1] - y[quarter] for quarter in begun]
    return _root_mean_square(own), _root_mean_square(naive)


def _root_mean_square(errors: Sequence[float]) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))


def _table(monthly: Monthly, quarters: int) -> tuple[list[str], Array] | None:
    """Quarterly means by indicator, gaps carried forward; indicators with too few months are left out."""
    columns = {}
    for name, values in sorted(monthly.items()):
        filled = _carried(values[: quarters * MONTHS])
        if filled is not None and len(filled) == quarters * MONTHS:
            columns[name] = np.asarray(filled).reshape(quarters, MONTHS).mean(axis=1)
    return (list(columns), np.column_stack(list(columns.values()))) if columns else None


def _carried(values: Sequence[float | None]) -> list[float] | None:
    """Each gap becomes the mean of the last three known values before it; None if it begins with a gap."""
    known: list[float] = []
    filled: list[float] = []
    for value in values:
        if value is not None:
            known.append(value)
        elif not known:
            return None
        filled.append(value if value is not None else sum(known[-CARRIED:]) / len(known[-CARRIED:]))
    return filled
