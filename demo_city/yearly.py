"""Figures that gather since New Year, and figures gathered from days."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from datasources.delivery.period import Frequency
from demo_city.amounts import flows
from demo_city.axis import Axis, first_of_year, index_at, stretch
from demo_city.city import DemoCity, Figures
from demo_city.noise import Floats, draw
from demo_city.ratios import air_index, quotient
from demo_city.recipe import Recipe

_GOOD_AIR = 100.0
_PER_YEAR = {Frequency.YEARLY: 1.0, Frequency.QUARTERLY: 4.0, Frequency.MONTHLY: 12.0, Frequency.DAILY: 365.25}


def since_new_year(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Floats:
    """Unrounded sums from the first period of each year to each period of the axis."""
    total = np.zeros(len(axis))
    firsts = first_of_year(axis)
    for first in np.unique(firsts).tolist():
        inside = firsts == first
        total[inside] = _gathered(city, recipe, region, axis.frequency, first)[axis.index[inside] - first]
    return total


def _gathered(city: DemoCity, recipe: Recipe, region: str, frequency: Frequency, first: int) -> Floats:
    """Running sums of the year that begins with period `first`: always of the whole year."""
    key = ("year", recipe.code, region, frequency, first)
    found = city.kept.get(key)
    if found is not None:
        return found
    year = stretch(frequency, first, first + round(_PER_YEAR[frequency] + 0.4) - 1)
    return city.kept_or(key, np.cumsum(flows(city, recipe, region, year, 1.0 / _PER_YEAR[frequency])))


def ytd(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Figures:
    """Rises inside the year, starts anew in January. Hourly figures are the day before plus the part of today."""
    if axis.frequency is Frequency.HOURLY:
        total = _hourly(city, recipe, region, axis)
    else:
        total = since_new_year(city, recipe, region, axis)
    decimals = city.decimals(recipe.code)
    if decimals > 0:
        return Figures(np.round(total, decimals))
    return Figures(np.floor(total + draw(city.seed, f"{recipe.code}/{region}/round")))


def _hourly(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Floats:
    days = Axis(Frequency.DAILY, axis.index // 24)
    whole = since_new_year(city, recipe, region, days)
    today = flows(city, recipe, region, days, 1.0 / _PER_YEAR[Frequency.DAILY])
    return whole - today * (1.0 - (axis.index % 24 + 1) / 24.0)


def month_of(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Figures:
    """The days of each month added up as they were delivered."""
    first = index_at(Frequency.DAILY, axis.starts)
    counts = index_at(Frequency.DAILY, axis.ends) - first
    where = np.concatenate(([0], np.cumsum(counts)[:-1]))
    days = np.repeat(first - where, counts) + np.arange(counts.sum())
    values = city.figures(recipe.parts[0], region, Axis(Frequency.DAILY, days)).value
    return Figures(np.add.reduceat(values, where))


def good_days(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Figures:
    """Days with an air index of at most 100, out of the days of the year so far."""

    def good(days: Axis) -> Floats:
        fine, ozone = (city.figures(part, region, days).value for part in recipe.parts)
        return (air_index(fine, ozone) <= _GOOD_AIR).astype(np.float64)

    return quotient(city, recipe, *_over_days(city, recipe, region, axis, good))


def ytd_mean(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Figures:
    """The mean of the daily figures of the year so far."""

    def figure(days: Axis) -> Floats:
        return np.round(city.figures(recipe.parts[0], region, days).value, 1)

    return quotient(city, recipe, *_over_days(city, recipe, region, axis, figure))


def _over_days(
    city: DemoCity, recipe: Recipe, region: str, axis: Axis, daily: Callable[[Axis], Floats]
) -> tuple[Floats, Floats]:
    """Sums of `daily` since New Year and the days gone by."""
    firsts = first_of_year(axis)
    total = np.zeros(len(axis))
    for first in np.unique(firsts).tolist():
        inside = firsts == first
        key = ("days", recipe.code, region, first)
        year = city.kept.get(key)
        if year is None:
            year = city.kept_or(key, np.cumsum(daily(stretch(Frequency.DAILY, first, first + 365))))
        total[inside] = np.round(year[axis.index[inside] - first], 1)
    return total, (axis.index - firsts + 1).astype(np.float64)
