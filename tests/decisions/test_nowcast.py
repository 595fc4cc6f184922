"""A nowcast that knows the future, news that does not add up, scenarios beyond all experience."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.nowcast import news, nowcast
from decisions.what_if import Circular, Link, propagate


def world(quarters: int = 24, seed: int = 1) -> tuple[list[float], dict[str, list[float | None]]]:
    """A quarterly figure made of two monthly ones, and a third that has nothing to do with it."""
    dice = np.random.default_rng(seed)
    power, retail, nothing = dice.normal(5, 3, (3, 3 * (quarters + 1)))
    by_quarter = (0.6 * power + 0.4 * retail).reshape(-1, 3).mean(axis=1)
    gdp = by_quarter + dice.normal(0, 0.2, quarters + 1)
    return gdp[:-1].tolist(), {"power": power.tolist(), "retail": retail.tolist(), "nothing": nothing.tolist()}


@pytest.mark.feature(88)
def test_a_made_quarter_is_told_better_than_by_the_last_value():
    gdp, monthly = world()
    found = nowcast(gdp, monthly)
    assert found is not None and found.is_better and found.error < 0.5 < found.naive_error
    expected = np.mean(0.6 * np.array(monthly["power"][-3:]) + 0.4 * np.array(monthly["retail"][-3:]))
    assert found.mean == pytest.approx(expected, abs=0.6)


def test_what_comes_after_the_quarter_changes_nothing():
    gdp, monthly = world()
    longer = {name: [*values, 99.0, -99.0] for name, values in monthly.items()}
    assert nowcast(gdp, longer) == nowcast(gdp, monthly)


def test_past_errors_are_told_from_the_past_only():
    gdp, monthly = world()
    changed = {name: [*values[:-3], 50.0, 50.0, 50.0] for name, values in monthly.items()}
    plain, other = nowcast(gdp, monthly), nowcast(gdp, changed)
    assert plain is not None and other is not None and plain.error == other.error and plain.mean != other.mean


@pytest.mark.feature(88)
def test_the_news_sum_to_the_change_of_the_nowcast():
    gdp, monthly = world()
    before = {name: [*values[:-2], None, None] for name, values in monthly.items()}
    after = {name: [*values[:-1], None] if name != "retail" else before[name] for name, values in monthly.items()}
    was, now = nowcast(gdp, before), nowcast(gdp, after)
    told = news(gdp, before, after)
    assert was is not None and now is not None
    assert math.fsum(item.points for item in told) == pytest.approx(now.mean - was.mean, abs=1e-9)
    assert {item.indicator for item in told} == {"power", "nothing"}


def test_an_equation_that_is_no_better_than_the_last_value_says_so():
    dice = np.random.default_rng(3)
    gdp = np.cumsum(dice.normal(0, 0.1, 24)).tolist()
    found = nowcast(gdp, {"nothing": dice.normal(0, 1, 75).tolist()})
    assert found is not None and not found.is_better


def test_too_short_a_past_gives_none():
    gdp, monthly = world(8)
    assert nowcast(gdp, monthly) is None
    assert nowcast([1.0] * 20, {"x": [None] * 63}) is None


# What if


@pytest.mark.feature(89)
def test_effects_are_handed_on_with_their_lags():
    links = [Link("power", "output", 0.5, 1), Link("output", "tax", 0.8, 2), Link("trade", "tax", 0.1, 6)]
    found = {effect.key: effect for effect in propagate({"power": 4.0}, links, {})}
    assert found["output"].change == 2.0 and found["output"].months == 1
    assert found["tax"].change == pytest.approx(1.6) and found["tax"].months == 3
    assert "trade" not in found


@given(st.floats(-1e3, 1e3), st.floats(0.01, 10))
def test_no_scenario_goes_beyond_two_deviations(change, spread):
    (effect,) = propagate({"power": change}, [], {"power": spread})
    assert abs(effect.change) <= 2 * spread and effect.is_capped == (abs(change) > 2 * spread)


def test_a_circle_is_refused_by_name():
    with pytest.raises(Circular, match="a, b"):
        propagate({"a": 1.0}, [Link("a", "b", 1, 0), Link("b", "a", 1, 0)], {})
