"""Indices that change with the unit, lamps that fall when the value rises, turns seen where there are none."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.monitoring_index import Component, classify, composite, diffusion, turning_points, weights
from decisions.monitoring_lamps import Bounds, Lamp, bounds_of, lamp
from decisions.monitoring_lamps import composite as composite_lamp

series = st.lists(st.floats(1, 1e4), min_size=14, max_size=40).filter(lambda v: len({round(x, 3) for x in v}) > 3)


@given(series, st.floats(1e-3, 1e3))
def test_the_composite_does_not_depend_on_the_unit(values, factor):
    other = tuple(100 + 10 * math.sin(month) for month in range(len(values)))
    plain = composite([Component("a", tuple(values)), Component("b", other)])
    scaled = composite([Component("a", tuple(factor * value for value in values)), Component("b", other)])
    assert plain == pytest.approx(scaled, rel=1e-6)


def test_a_nervous_series_does_not_drown_a_calm_one():
    calm = tuple(100 + month for month in range(24))
    nervous = tuple(100 + 40 * (-1) ** month for month in range(24))
    share = weights([Component("calm", calm), Component("nervous", nervous)])
    assert share["calm"] > 20 * share["nervous"] and math.isclose(sum(share.values()), 1)


def test_nothing_moves():
    with pytest.raises(ValueError, match="no component moves"):
        weights([Component("a", (1.0,) * 20)])


def test_series_of_different_months_are_refused():
    with pytest.raises(ValueError, match="same months"):
        weights([Component("a", (1.0, 2.0, 3.0)), Component("b", (1.0, 2.0, 4.0, 5.0))])


@given(st.lists(series, min_size=1, max_size=5))
def test_diffusion_stays_between_nought_and_hundred(all_values):
    months = min(len(values) for values in all_values)
    found = diffusion([Component(str(n), tuple(values[:months])) for n, values in enumerate(all_values)])
    assert all(value is not None and 0 <= value <= 100 for value in found) and len(found) == months - 1


def test_turns_of_a_wave_alternate_at_its_peaks_and_troughs():
    wave = [100 + 10 * math.sin(2 * math.pi * month / 36) for month in range(120)]
    turns = turning_points(wave)
    assert [turn.place for turn in turns] == [9, 27, 45, 63, 81, 99]
    assert [turn.is_peak for turn in turns] == [True, False] * 3


def test_a_straight_line_has_no_turns():
    assert turning_points([float(month) for month in range(60)]) == []


@pytest.mark.feature(156)
def test_a_series_three_months_ahead_is_leading():
    values = [100 + 10 * math.sin(month / 4) + month / 10 for month in range(80)]
    moves = [later - earlier for earlier, later in pairwise(values)]
    ahead = Component("orders", tuple(values[3:]), is_rate=True)
    found = classify(ahead, moves[: len(values) - 4])
    assert found is not None and found[:2] == ("leading", 3) and found[2] > 0.99


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_lamps_are_monotone_in_the_value(one, other):
    bounds = Bounds((-5.0, 0.0, 6.0, 12.0), "计划")
    low, high = sorted((one, other))
    assert lamp(low, bounds) <= lamp(high, bounds)


def test_a_value_on_a_limit_belongs_to_the_warmer_side():
    bounds = Bounds((1.0, 2.0, 3.0, 4.0), "计划")
    assert [lamp(value, bounds) for value in (0.9, 1, 2, 3, 4)] == list(Lamp)


def test_bounds_that_fall_are_refused():
    with pytest.raises(ValueError, match="rise"):
        Bounds((4.0, 3.0, 2.0, 1.0), "计划")


def test_a_short_past_gives_no_bounds():
    assert bounds_of([1.0] * 19) is None
    found = bounds_of([float(value) for value in range(101)])
    assert found is not None and found.limits == (10, 25, 75, 90)


@pytest.mark.parametrize(
    ("lamps", "whole"), [([1], Lamp.TOO_COLD), ([3, 3], Lamp.NORMAL), ([5, 5, 4], Lamp.TOO_HOT), ([2, 2], Lamp.COLD)]
)
def test_the_lamp_of_all_lamps(lamps, whole):
    found = composite_lamp([Lamp(one) for one in lamps])
    assert found is not None and found[1] is whole
