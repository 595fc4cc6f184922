"""What the moving Spring Festival and the number of working days do to a month or a day, taken out and put back.

A regressor is the share of a period's days in a window around the festival, less its mean for that calendar month: what
is left is the part that a fixed season cannot know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from datasources.delivery.period import Frequency, end, frequency_of, start
from decisions.forecast_season import centred_mean

Array = NDArray[np.float64]

_DATES = """
2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29 2007-02-18 2008-02-07 2009-01-26 2010-02-14
2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12
2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11
2033-01-31 2034-02-19 2035-02-08
"""
FESTIVALS = {festival.year: festival for festival in map(date.fromisoformat, _DATES.split())}
"""First day of the first lunar month (正月初一) in each year."""
WINDOWS = {"before": (-15, -1), "during": (0, 6), "after": (7, 21)}
"""Days from the festival's first day: closing down, holiday, coming back."""
FEWEST_CYCLES = {Frequency.MONTHLY: 48, Frequency.DAILY: 760}
"""Values needed before an effect can be told from chance: four festivals of months, two of days."""
SEASONS = {Frequency.MONTHLY: 12, Frequency.DAILY: 7}
CERTAIN = 2.5
"""t-value below which an effect counts as chance."""


@dataclass(frozen=True)
class HolidayEffect:
    """Additive effect in the space of the values given: over the past and over the coming periods."""

    past: Array
    coming: Array

    @property
    def is_found(self) -> bool:
        """False if the calendar explains nothing here."""
        return bool(np.any(self.past != 0))


def holiday_effect(values: Array, labels: Sequence[str], coming: Sequence[str]) -> HolidayEffect:
    """The part of `values` (gapless, logs for positive series) that the calendar explains; zeros where it cannot."""
    none = HolidayEffect(np.zeros(len(labels)), np.zeros(len(coming)))
    frequency = frequency_of(labels[-1])
    if frequency not in SEASONS or len(values) < FEWEST_CYCLES[frequency]:
        return none
    past, ahead = regressors(tuple(labels)), regressors(tuple(coming))
    weights = _kept_effects(_irregular(values, past, SEASONS[frequency]), past)
    return HolidayEffect(past @ weights, ahead @ weights) if np.any(weights) else none


def regressors(labels: Sequence[str]) -> Array:
    """Periods x (before, during, after, working days): shares of days less the mean of the calendar month."""
    return np.array([_shares(label) for label in labels]).reshape(len(labels), len(WINDOWS) + 1)


@cache
def _shares(label: str) -> tuple[float, ...]:
    days = _days(label)
    shares = [_share(days, name) for name in (*WINDOWS, "working")]
    if frequency_of(label) is Frequency.DAILY:
        return tuple(shares)
    usual = _usual_month(days[0].month)
    return tuple(own - mean for own, mean in zip(shares, usual, strict=True))


@cache
def _usual_month(month: int) -> tuple[float, ...]:
    """Mean shares of a calendar month over the years of the table."""
    months = [_days(f"{year}-{month:02d}") for year in FESTIVALS]
    return tuple(sum(_share(days, name) for days in months) / len(months) for name in (*WINDOWS, "working"))


def _days(label: str) -> list[date]:
    first, last = start(label).date(), end(label).date()
    return [first + timedelta(days=number) for number in range((last - first).days)]


def _share(days: list[date], name: str) -> float:
    inside = _is_working if name == "working" else lambda day: _in_window(day, *WINDOWS[name])
    return sum(inside(day) for day in days) / len(days)


def _in_window(day: date, first: int, last: int) -> bool:
    festival = FESTIVALS.get(day.year)
    return festival is not None and first <= (day - festival).days <= last


def _is_working(day: date) -> bool:
    """Monday to Friday outside the two long holidays; days worked in exchange are not known here."""
    national = day.month == 10 and day.day <= 7
    return day.weekday() < 5 and not national and not _in_window(day, 0, 6)


def _irregular(values: Array, past: Array, period: int) -> Array:
    """Values without trend and season, the season estimated after a first guess of the effect was taken out."""
    weights = np.zeros(past.shape[1])
    rest = values
    for _ in range(3):
        adjusted = values - past @ weights
        trend = centred_mean(adjusted[None, :], period)[0]
        apart = adjusted - trend
        season = np.array([np.nanmean(apart[phase::period]) for phase in range(period)])
        rest = values - trend - np.resize(season - season.mean(), len(values))
        weights = _fit(rest, past)[0]
    return rest


def _fit(rest: Array, past: Array) -> tuple[Array, Array]:
    """Least squares with a small ridge; weights and their standard errors."""
    known = np.isfinite(rest)
    x, y = past[known], rest[known]
    energy = x.T @ x + 1e-3 * np.eye(x.shape[1])
    weights = np.linalg.solve(energy, x.T @ y).astype(np.float64)
    free = max(len(y) - x.shape[1] - 12, 1)
    deviation = np.sqrt(((y - x @ weights) ** 2).sum() / free)
    errors: Array = deviation * np.sqrt(np.diag(np.linalg.inv(energy)))
    return weights, errors


def _kept_effects(rest: Array, past: Array) -> Array:
    """Only the effects that are certain, fitted again without the others."""
    kept = np.ones(past.shape[1], dtype=bool)
    while kept.any():
        weights, errors = _fit(rest, past[:, kept])
        sure = np.abs(weights) / np.maximum(errors, 1e-12)
        if sure.min() >= CERTAIN:
            out = np.zeros(past.shape[1])
            out[kept] = weights
            return out
        kept[np.flatnonzero(kept)[sure.argmin()]] = False
    return np.zeros(past.shape[1])
