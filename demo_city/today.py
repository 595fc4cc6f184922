"""Figures that gather since midnight: calls, cases, alarms of the day so far."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from datasources.delivery.period import Frequency
from demo_city.activity import driver
from demo_city.amounts import flows
from demo_city.axis import DAY, Axis
from demo_city.city import DemoCity, Figures
from demo_city.noise import Floats, Ints, draw, uniform
from demo_city.recipe import Recipe

_SLOT = 10
"""Minutes: the intensity of a day is drawn in slots and straight inside them."""
_SLOTS = DAY // _SLOT
_MONDAY = 4 * DAY


@lru_cache(maxsize=64)
def _shape_mean(seed: int, profile: str) -> float:
    """Mean of a day's shape over an ordinary week."""
    time = np.arange(0, 7 * DAY, _SLOT, dtype=np.int64) + _MONDAY + 20_454 * DAY
    return float(driver(profile)(seed, "445100", time).mean())


def today(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Figures:
    """Whole numbers that rise through the day and are 0 at midnight; hours give the count at their end."""
    minute = axis.ends if axis.frequency is Frequency.HOURLY else axis.starts
    day = (minute - (1 if axis.frequency is Frequency.HOURLY else 0)) // DAY
    place = (minute - day * DAY) / _SLOT
    slot = np.minimum(place.astype(np.int64), _SLOTS - 1)
    days, which = np.unique(day, return_inverse=True)
    gathered = _gathered(city, recipe, region, days)
    amount = gathered[which, slot] + (place - slot) * (gathered[which, slot + 1] - gathered[which, slot])
    return Figures(np.floor(amount + draw(city.seed, f"{recipe.code}/{region}/round")))


def _gathered(city: DemoCity, recipe: Recipe, region: str, days: Ints) -> Floats:
    """Sums since midnight at the edges of the slots, one row per day, 145 columns."""
    key = ("today", recipe.code, region, days.tobytes())
    found = city.kept.get(key)
    if found is not None:
        return found
    slots = (days[:, None] * DAY + np.arange(_SLOTS, dtype=np.int64)[None, :] * _SLOT).ravel()
    edges = Axis(Frequency.MINUTE, slots + _SLOT // 2)
    name = f"{recipe.code}/{region}"
    shape = driver(recipe.profile)(city.seed, city.home(region), edges.starts)
    shape = shape / _shape_mean(city.seed, recipe.profile) / _SLOTS
    chance = 0.75 + 0.5 * uniform(city.seed, name + "/slot", slots)
    daily = 1.0 + recipe.noise * city.shock(name + "/day", slots // DAY)
    calm = flows(city, _without_noise(recipe), region, edges)
    amount = (calm * shape * chance * daily).reshape(len(days), _SLOTS)
    start = np.zeros((len(days), 1))
    return city.kept_or(key, np.concatenate((start, np.cumsum(amount, axis=1)), axis=1))


@lru_cache(maxsize=512)
def _without_noise(recipe: Recipe) -> Recipe:
    """The day has its own noise, drawn once per day."""
    from dataclasses import replace

    return replace(recipe, noise=0.0)
