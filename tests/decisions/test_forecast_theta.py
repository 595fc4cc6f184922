"""Our Theta is the published one: worked by hand, by its other form, and on a season."""

from __future__ import annotations

import numpy as np
import pytest

from decisions.forecast import forecast_many
from decisions.forecast_smoothing import grid, line, smooth
from decisions.forecast_theta import last_level, theta_steps

SALES = np.array([112.0, 118, 132, 129, 121, 135, 148, 148, 136, 119])


def test_theta_of_a_series_worked_by_hand() -> None:
    """Line through 1, 3, 2 is 1.5 + 0.5 t; doubled distances 0.5, 4, 1.5; constant 0.5 gives the level 1.875."""
    assert last_level(np.array([0.5, 4.0, 1.5]), np.array([0.5])) == pytest.approx(1.875)
    straight = theta_steps(np.array([10.0, 12, 14, 16, 18, 20]), 3, 1)
    assert straight == pytest.approx(20 + np.array([1.0, 2, 3]), abs=0.05)
    assert np.diff(straight) == pytest.approx([1.0, 1.0])  # half of the slope of the line


@pytest.mark.parametrize("constant", [0.1, 0.35, 0.8])
def test_the_ensembles_theta_is_smoothing_with_half_the_slope(constant: float) -> None:
    """Hyndman and Billah 2003: the mean of line and smoothed doubled distances is smoothing with half the drift."""
    slope, level = line(SALES[None, :])
    ours, _ = smooth(SALES[None, :], 5, grid([constant], [0.0], [1.0]), slope / 2, level)
    steps = np.arange(len(SALES))
    doubled = 2 * SALES - (level[0] + slope[0] * steps)
    smoothed = level[0]  # both begin on the line
    for value in doubled:
        smoothed += constant * (value - smoothed)
    by_definition = (level[0] + slope[0] * np.arange(len(SALES), len(SALES) + 5) + smoothed) / 2
    assert ours[0] == pytest.approx(by_definition)


def test_a_season_is_taken_out_and_put_back_in_its_place() -> None:
    season = np.array([0.8, 1.1, 1.3, 0.8])
    values = np.tile(season, 10)[:38] * 100
    assert theta_steps(values, 6, 4) == pytest.approx(np.tile(season, 11)[38:44] * 100, rel=0.01)


def test_short_rows_among_hourly_ones_are_forecast_in_numbers() -> None:
    """Fourteen hours know neither yesterday nor last week; once this made the whole forecast NaN."""
    chance = np.random.default_rng(5)
    rows = [list(100 + chance.normal(0, 5, steps)) for steps in (14, 30, 60, 400)]
    for made in forecast_many(rows, 48, 24):
        assert np.isfinite([made.mean, made.lo80, made.hi80, made.lo95, made.hi95]).all()


def test_values_far_below_zero_raise_no_overflow(recwarn: pytest.WarningsRecorder) -> None:
    forecast_many([[float(np.exp(-0.3 * step)) for step in range(60)], [-1e6 * 1.3**step for step in range(60)]], 8, 4)
    assert not [one for one in recwarn if issubclass(one.category, RuntimeWarning)]
