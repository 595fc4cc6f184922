"""How each kind of figure is made: the table KINDS, one function per word in the column `how` of `recipes.csv`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from datasources.delivery.period import Frequency
from demo_city import today, yearly
from demo_city.amounts import flows, rounded, steady
from demo_city.axis import Axis
from demo_city.city import DemoCity, Figures
from demo_city.noise import Floats, trait, wander
from demo_city.ratios import air_index, quotient, whole
from demo_city.recipe import Recipe

_FEWEST_CASES = 16.0
"""Of fewer cases a rate says nothing; where everything is covered without noise, the true small number stands."""

Kind = Callable[[DemoCity, Recipe, str, Axis], Figures]


def flow(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Figures:
    """An amount of each period by itself; small whole numbers come and go by chance."""
    return Figures(rounded(city, recipe, region, axis, flows(city, recipe, region, axis), by_chance=True))


def level(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Figures:
    """A standing amount that goes up and down."""
    return Figures(rounded(city, recipe, region, axis, flows(city, recipe, region, axis), by_chance=False))


def stock(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Figures:
    """A standing amount that grows; with no growth the parts add up to the level exactly."""
    return Figures(steady(city, recipe, region, axis))


def count(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Figures:
    """A small whole number, mostly 0: level and links are in units of the city and shared out before rounding."""
    share = city.shares.weight(recipe.shares, region)
    mood = recipe.noise * wander(city.seed, f"{recipe.code}/{region}", axis.starts / 480.0)
    amount = share * (recipe.level + city.pulls(recipe.links, region, axis) + mood)
    return Figures(whole(np.clip(amount, *city.limits(recipe))))


def plain_rate(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Floats:
    """A rate before it is turned into numerator and denominator."""
    home = city.home(region)
    character = trait(city.seed, f"{recipe.code}/{home}")
    if home != region:
        character = 0.8 * character + 0.5 * trait(city.seed, f"{recipe.code}/{region}")
    rate = recipe.level + recipe.trend * city.years(axis) + recipe.spread * float(np.clip(character, -2.0, 2.0))
    rate = np.clip(rate + city.pulls(recipe.links, region, axis), recipe.low, recipe.high)
    rate += recipe.noise * city.jitter(f"{recipe.code}/{region}", axis)
    return np.clip(rate, *city.possible(recipe.code))


def rate(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Figures:
    """A ratio or mean: whole cases out of whole cases for percentages, sums over counts for means."""
    aimed = plain_rate(city, recipe, region, axis)
    indicator = city.indicator(recipe.code)
    if indicator is None or indicator.aggregation == "last":
        return Figures(np.round(aimed, city.decimals(recipe.code)))
    below = _denominator(city, recipe, region, axis)
    above = aimed * below / indicator.scale
    above = np.round(above) if indicator.aggregation == "ratio" and indicator.scale > 1 else np.round(above, 3)
    return quotient(city, recipe, above, below)


def _denominator(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Floats:
    """Cases: the same each month where things are counted, up and down from day to day where they happen."""
    usual = recipe.base * city.shares.weight(recipe.shares, region)
    busy = axis.frequency in (Frequency.DAILY, Frequency.HOURLY) and usual > 20.0
    swing = 0.06 * city.jitter(f"{recipe.code}/{region}/cases", axis) if busy else np.zeros(len(axis))
    return np.maximum(np.round(usual * (1.0 + swing)), _FEWEST_CASES if recipe.noise else 1.0)


def total(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Figures:
    """The sum of the parts as they are delivered."""
    added = np.sum([city.figures(part, region, axis).value for part in recipe.parts], axis=0)
    return Figures(np.round(added, city.decimals(recipe.code)))


def growth(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Figures:
    """Change against the same period a year before: the gain over the level then."""
    back = {Frequency.MONTHLY: 12, Frequency.QUARTERLY: 4, Frequency.YEARLY: 1}[axis.frequency]
    now = city.figures(recipe.parts[0], region, axis).value
    then = np.maximum(city.figures(recipe.parts[0], region, axis.at(axis.index - back)).value, 1e-3)
    indicator = city.indicator(recipe.code)
    scale = 1.0 if indicator is None else indicator.scale
    return quotient(city, recipe, whole((now - then) * 100.0 / scale, 6), whole(then, 6))


def aqi(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Figures:
    """Air quality index from the fine dust and the ozone of the same hour or day."""
    fine, ozone = (city.figures(part, region, axis).value for part in recipe.parts)
    return Figures(air_index(fine, ozone))


KINDS: dict[str, Kind] = {
    "flow": flow,
    "level": level,
    "stock": stock,
    "count": count,
    "rate": rate,
    "total": total,
    "growth": growth,
    "aqi": aqi,
    "today": today.today,
    "ytd": yearly.ytd,
    "month_of": yearly.month_of,
    "good_days": yearly.good_days,
    "ytd_mean": yearly.ytd_mean,
}
