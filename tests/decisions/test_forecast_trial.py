"""The printed figures are what they say, and we beat the naive forecast on series of known structure."""

from __future__ import annotations

import numpy as np
import pytest

from decisions.forecast import smape
from decisions.forecast_trial import interval_score, judge, synthetic, table


def test_smape_by_hand() -> None:
    assert smape(np.array([[100.0, 0.0]]), np.array([[50.0, 0.0]])) == pytest.approx([200 * 50 / 150 / 2])


def test_interval_score_counts_width_and_ten_times_the_miss() -> None:
    actual, low, high = np.array([5.0, 12.0, 0.0]), np.full(3, 2.0), np.full(3, 10.0)
    assert interval_score(actual, low, high, 0.8) == pytest.approx([8.0, 28.0, 28.0])


@pytest.mark.slow
def test_known_structures_are_forecast_far_better_than_naively() -> None:
    monthly, hourly = (judge(trial) for trial in synthetic())
    assert monthly.smape < 0.85 * monthly.naive_smape
    assert hourly.smape < 0.5 * hourly.naive_smape
    assert 0.70 <= monthly.coverage80 <= 0.88
    assert 0.70 <= hourly.coverage80 <= 0.88


def test_the_table_has_a_line_for_each_set() -> None:
    trial = next(synthetic())
    small = type(trial)(trial.name, 6, 12, trial.series[:4])
    assert table([small]).count("\n") == 2
