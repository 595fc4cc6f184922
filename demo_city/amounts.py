"""Amounts that are spread over regions: how large, and how they become whole numbers."""

from __future__ import annotations

import numpy as np

from demo_city.axis import Axis
from demo_city.city import DemoCity
from demo_city.noise import Floats, draw, uniform
from demo_city.recipe import Recipe


def flows(city: DemoCity, recipe: Recipe, region: str, axis: Axis, part: float = 1.0) -> Floats:
    """`part` of the recipe's level for the region, with growth, causes and noise; not rounded, never negative."""
    usual = recipe.level * part * city.shares.weight(recipe.shares, region)
    causes = 1.0 + city.pulls(recipe.links, region, axis)
    noise = 1.0 + recipe.noise * city.jitter(f"{recipe.code}/{region}", axis)
    return np.maximum(usual * (1.0 + recipe.trend) ** city.years(axis) * causes * noise, 0.0)


def rounded(city: DemoCity, recipe: Recipe, region: str, axis: Axis, amount: Floats, *, by_chance: bool) -> Floats:
    """Amounts with the catalogue's digits. Whole numbers are rounded by a lasting or a passing chance, so that
    many small parts keep the size of their whole."""
    amount = np.clip(amount, *city.limits(recipe))
    decimals = city.decimals(recipe.code)
    if decimals > 0:
        return np.round(amount, decimals)
    name = f"{recipe.code}/{region}/round"
    edge = uniform(city.seed, name, axis.index) if by_chance else draw(city.seed, name)
    return np.floor(amount + edge)


def steady(city: DemoCity, recipe: Recipe, region: str, axis: Axis) -> Floats:
    """A stock. Without growth and causes the parts are cut from the whole one after the other, so they add up to it."""
    if recipe.trend or recipe.links or city.decimals(recipe.code) > 0:
        return rounded(city, recipe, region, axis, flows(city, recipe, region, axis), by_chance=False)
    before = city.shares.before(recipe.shares, region)
    after = before + city.shares.weight(recipe.shares, region)
    whole = np.floor(recipe.level * after + 0.5) - np.floor(recipe.level * before + 0.5)
    return np.full(len(axis), whole)
