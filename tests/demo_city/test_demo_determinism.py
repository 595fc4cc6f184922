"""The same seed gives the same city, whatever is asked, in whatever order: the live feed continues the loaded past."""

from __future__ import annotations

import numpy as np
import pytest

from datasources.delivery.period import Frequency
from demo_city.axis import Axis, axis_of, stretch
from demo_city.city import DemoCity
from demo_city.feed import places
from demo_city.noise import normal, uniform, wander
from demo_city.planted import planted
from demo_city.recipe import recipes

_SPANS = {
    Frequency.YEARLY: 4,
    Frequency.QUARTERLY: 8,
    Frequency.MONTHLY: 20,
    Frequency.DAILY: 40,
    Frequency.HOURLY: 60,
    Frequency.MINUTE: 90,
    Frequency.REALTIME: 90,
}
_NEWEST = {
    Frequency.YEARLY: "2025",
    Frequency.QUARTERLY: "2026-Q3",
    Frequency.MONTHLY: "2026-10",
    Frequency.DAILY: "2026-11-21",
    Frequency.HOURLY: "2026-11-22T13",
    Frequency.MINUTE: "2026-11-22T14:30",
    Frequency.REALTIME: "2026-11-22T14:30",
}


def _axis(frequency: Frequency) -> Axis:
    last = int(axis_of(frequency, [_NEWEST[frequency]]).index[0])
    return stretch(frequency, last - _SPANS[frequency] + 1, last)


def test_any_single_period_asked_alone_equals_the_one_in_the_sequence(catalogue, demo: DemoCity) -> None:
    strays = []
    for code, indicator in catalogue.indicators.items():
        axis = _axis(indicator.frequency)
        region = places(catalogue, indicator)[-1]
        whole = planted(demo, code, region, axis)
        for place in (0, len(axis) // 2, len(axis) - 1):
            fresh = DemoCity(catalogue, demo.seed)
            alone = planted(fresh, code, region, axis.at(axis.index[place : place + 1]))
            if alone.value[0] != whole.value[place]:
                strays.append((code, axis.labels[place], alone.value[0], whole.value[place]))
            if whole.numerator is not None:
                assert alone.numerator is not None and alone.numerator[0] == whole.numerator[place], code
    assert not strays


def test_order_of_asking_changes_nothing(catalogue) -> None:
    axis = _axis(Frequency.REALTIME)
    back = DemoCity(catalogue, 7).figures("HOT-01", "445103", axis.at(axis.index[::-1].copy())).value[::-1]
    assert back.tolist() == DemoCity(catalogue, 7).figures("HOT-01", "445103", axis).value.tolist()


def test_another_seed_is_another_city(catalogue) -> None:
    axis = _axis(Frequency.DAILY)
    one, other = (DemoCity(catalogue, seed).figures("HLT-01", "445102", axis).value for seed in (1, 2))
    assert (one != other).mean() > 0.9


def test_the_numbers_are_the_same_on_every_machine_and_after_every_update() -> None:
    """Frozen answers: if these change, installed demo cities break in two."""
    index = np.array([0, 1, 2**40], dtype=np.int64)
    assert uniform(4451, "anchor", index).round(9).tolist() == [0.129530611, 0.513175331, 0.863159134]
    assert normal(4451, "anchor", index).round(9).tolist() == [-1.276825729, 1.021530701, 0.440710473]


@pytest.mark.parametrize("name", ["a", "b"])
def test_chance_is_fair(name: str) -> None:
    index = np.arange(40_000, dtype=np.int64)
    even, bell, curve = uniform(1, name, index), normal(1, name, index), wander(1, name, index / 3.0)
    assert abs(even.mean() - 0.5) < 0.01 and even.min() > 0 and even.max() < 1
    assert abs(bell.mean()) < 0.02 and abs(bell.std() - 1) < 0.02
    assert abs(curve.std() - 1) < 0.05
    assert abs(np.corrcoef(bell[:-1], bell[1:])[0, 1]) < 0.02


def test_every_recipe_names_a_known_way_share_and_driver() -> None:
    from demo_city.activity import driver
    from demo_city.kinds import KINDS
    from demo_city.shares import BY_COUNT, table

    shares = {share for share, _ in table()} | {BY_COUNT}
    for recipe in recipes().values():
        assert recipe.how in KINDS, recipe.code
        assert recipe.shares in shares, recipe.code
        assert all(part in recipes() for part in recipe.parts), recipe.code
        for link in recipe.links:
            assert callable(driver(link.driver)), recipe.code
