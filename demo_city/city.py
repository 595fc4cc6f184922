"""The demo city as a whole: the figure of any indicator, region and period, the same in whatever order asked.

city = DemoCity(catalogue, seed=4451)
figures = city.figures("HOT-01", "445103", axis_of(Frequency.REALTIME, ["2026-11-22T14:30"]))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from datasources.delivery.period import Frequency
from demo_city.activity import driver
from demo_city.axis import Axis, fold, samples
from demo_city.noise import Floats, Ints, normal, wander
from demo_city.recipe import Link, Recipe, recipes
from demo_city.shares import Shares
from demo_city.unlisted import plain, suits
from indicators.definition import Indicator, RegionKind

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

HIDDEN_DECIMALS = 6
_BASE_YEAR = 2026
_MINUTES_IN_A_YEAR = 525_960
_KEPT = 6000
"""Arrays kept for reuse before all are dropped: the timetable's process has little memory."""


@dataclass(frozen=True)
class Figures:
    """Values of a series on an axis; numerator and denominator where the value is a ratio, mean or weighted mean."""

    value: Floats
    numerator: Floats | None = None
    denominator: Floats | None = None


class DemoCity:
    """Makes figures; keeps nothing but what it can make again."""

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self.catalogue = catalogue
        self.seed = seed
        self.shares = Shares(catalogue, seed)
        self.kept: dict[object, Floats] = {}

    def figures(self, code: str, region: str, axis: Axis) -> Figures:
        """The figures of one series. Codes and regions are the catalogue's; KeyError for others."""
        from demo_city.kinds import KINDS

        recipe = self.recipe(code)
        return KINDS[recipe.how](self, recipe, region, axis)

    def recipe(self, code: str) -> Recipe:
        """The row of the table, or a plain recipe for an indicator the table does not know or no longer suits."""
        indicator, listed = self.indicator(code), recipes().get(code)
        if listed is not None and (indicator is None or suits(listed, indicator)):
            return listed
        return plain(self.catalogue.indicators[code])

    def indicator(self, code: str) -> Indicator | None:
        """The catalogue's entry; None for hidden codes."""
        return self.catalogue.indicators.get(code)

    def decimals(self, code: str) -> int:
        """Digits after the point."""
        found = self.indicator(code)
        return HIDDEN_DECIMALS if found is None else found.decimals

    def possible(self, code: str) -> tuple[float, float]:
        """Smallest and largest figure that would pass the arrival check."""
        found = self.indicator(code)
        low, high = (0.0, None) if found is None else (found.arrival.low, found.arrival.high)
        return -np.inf if low is None else low, np.inf if high is None else high

    def limits(self, recipe: Recipe) -> tuple[float, float]:
        """Smallest and largest figure: the tighter of recipe and arrival check."""
        low, high = self.possible(recipe.code)
        lowest = low if recipe.low is None else max(low, recipe.low)
        return lowest, high if recipe.high is None else min(high, recipe.high)

    def home(self, region: str) -> str:
        """The county or city whose weather and bustle a region has."""
        found = self.catalogue.regions[region]
        if found.kind in (RegionKind.TOWN, RegionKind.ZONE):
            return found.parent or found.division or self.catalogue.city.code
        return region

    def kept_or(self, key: object, made: Floats) -> Floats:
        """Remember `made` under `key`."""
        if len(self.kept) > _KEPT:
            self.kept.clear()
        self.kept[key] = made
        return made

    def pull(self, link: Link, region: str, axis: Axis) -> Floats:
        """The driver of a link on an axis, as it was the link's lag before."""
        home = self.home(region)
        key = ("pull", link.driver, link.minutes, link.months, home, axis.key)
        found = self.kept.get(key)
        if found is not None:
            return found
        time, where = samples(axis, link.minutes, link.months)
        return self.kept_or(key, fold(driver(link.driver)(self.seed, home, time), where))

    def pulls(self, links: Sequence[Link], region: str, axis: Axis) -> Floats:
        """The sum of all links."""
        total = np.zeros(len(axis))
        for link in links:
            total += link.gain * self.pull(link, region, axis)
        return total

    def years(self, axis: Axis) -> Floats:
        """Years since the start of 2026 at the start of each period."""
        return (axis.starts / _MINUTES_IN_A_YEAR) - (_BASE_YEAR - 1970)

    def jitter(self, name: str, axis: Axis) -> Floats:
        """Noise of variance about 1 with some memory, by the clock and not by the row: thinning changes nothing."""
        index = axis.index
        match axis.frequency:
            case Frequency.MINUTE | Frequency.REALTIME:
                return 0.8 * wander(self.seed, name, index / 180.0) + 0.6 * self.shock(name, index)
            case Frequency.HOURLY:
                return 0.6 * wander(self.seed, name, index / 6.0) + 0.8 * self.shock(name, index)
            case _:
                return 0.5 * wander(self.seed, name, index / 4.0) + 0.85 * self.shock(name, index)

    def shock(self, name: str, index: Ints) -> Floats:
        """Independent noise, cut at three standard deviations: what is rarer than that is planted, not chance."""
        return np.clip(normal(self.seed, name + "/shock", index), -3.0, 3.0)
