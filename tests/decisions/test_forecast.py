"""Forecasts of series whose future is known, and of series nobody can forecast."""

from __future__ import annotations

import math

import numpy as np
import pytest

from decisions.forecast import forecast, forecast_many


def seasonal(steps: int, period: int = 12) -> list[float]:
    """Growth of 1 % a step and a season of a fifth."""
    return [100 * 1.01**t * (1 + 0.2 * math.sin(2 * math.pi * t / period)) for t in range(steps)]


def test_a_pure_season_with_growth_is_continued() -> None:
    whole = seasonal(90)
    made = forecast(whole[:72], 18, 12)
    assert np.allclose(made.mean, whole[72:], rtol=0.12)
    naive = np.abs(np.array(made.naive) - whole[72:]).mean()
    assert np.abs(np.array(made.mean) - whole[72:]).mean() < 0.5 * naive


def test_bands_lie_in_one_another() -> None:
    noise = np.random.default_rng(3).normal(0, 5, 60)
    made = forecast(list(100 + noise), 12, 12)
    for low95, low, mean, high, high95 in zip(made.lo95, made.lo80, made.mean, made.hi80, made.hi95, strict=True):
        assert low95 < low < mean < high < high95


@pytest.mark.parametrize("values", [[], [math.nan] * 20, [3.0], [1.0] * 7, [5.0, *[math.nan] * 30, *[4.0] * 8]])
def test_too_little_history_abstains_with_the_naive_forecast(values: list[float]) -> None:
    made = forecast(values, 3, 12)
    assert made.abstained
    assert made.reason
    assert made.model == "naive"
    known = [value for value in values if not math.isnan(value)]
    assert all(math.isnan(each) if not known else each == known[-1] for each in made.mean)


def test_constant_series_stays_and_is_sure() -> None:
    made = forecast([7.0] * 30, 4, 4)
    assert made.mean == pytest.approx([7.0] * 4)
    assert made.lo95 == pytest.approx([7.0] * 4)


def test_zeros_are_not_a_reason_to_fall_over() -> None:
    assert forecast([0.0] * 30, 4, 4).mean == pytest.approx([0.0] * 4)


def test_counts_with_zeros_never_go_below_zero() -> None:
    counts = np.random.default_rng(1).poisson(0.7, 60).astype(float)
    made = forecast(list(counts), 12, 12)
    assert min(made.lo95) >= 0
    assert max(made.hi95) < 20


def test_missing_last_values_are_forecast_through() -> None:
    whole = seasonal(84)
    made = forecast([*whole[:70], math.nan, math.nan], 12, 12)
    assert np.allclose(made.mean, whole[72:], rtol=0.12)


def test_gaps_cost_little() -> None:
    whole = seasonal(90)
    holes = [math.nan if step % 11 == 5 else value for step, value in enumerate(whole[:72])]
    assert np.allclose(forecast(holes, 18, 12).mean, whole[72:], rtol=0.12)


def test_one_wild_value_does_not_carry_the_forecast_away() -> None:
    values = list(100 + np.random.default_rng(5).normal(0, 1, 60))
    values[50] = 900.0
    assert np.allclose(forecast(values, 6, 1).mean, 100, atol=15)


@pytest.mark.parametrize(("horizon", "period"), [(0, 12), (3, 0)])
def test_a_senseless_question_is_refused(horizon: int, period: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        forecast([1.0] * 20, horizon, period)


def test_a_batch_keeps_the_order_of_its_series() -> None:
    made = forecast_many([[10.0] * 20, [1.0, 2.0], [30.0] * 25], 2, 1)
    assert [round(each.mean[0]) for each in made] == [10, 2, 30]
