"""What must hold for any series: no look-ahead, units do not matter, intervals cover what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.forecast import forecast, forecast_many
from decisions.forecast_members import propose
from decisions.forecast_panel import panel_of
from decisions.forecast_season import seasonal_indices
from decisions.forecast_stack import rolling

BANDS = ("mean", "lo80", "hi80", "lo95", "hi95")


def walks(count: int, steps: int, seed: int, season: float = 0.1) -> list[list[float]]:
    """Positive random walks with a season of twelve and noise."""
    random = np.random.default_rng(seed)
    course = np.cumsum(random.normal(0.002, 0.03, (count, steps)), axis=1) + random.normal(0, 0.03, (count, steps))
    course += season * np.sin(2 * np.pi * np.arange(steps) / 12)
    return [list(row) for row in 100 * np.exp(course)]


def test_backtests_see_nothing_after_their_origin() -> None:
    """Proposals of an origin are those of the series as it was then, whatever came later."""
    series = [np.array(values) for values in walks(3, 80, 1)]
    changed = [np.concatenate([values[:62], values[62:] * 3 + 50]) for values in series]
    one, other = panel_of(series), panel_of(changed)
    moved = np.log(other.scale / one.scale)[:, None]
    (test,), (again,) = (rolling(panel, 18, 12, propose, 1, 26)[1] for panel in (one, other))
    assert test.proposals.base == pytest.approx(again.proposals.base + moved, abs=1e-9)
    assert test.proposals.apart == pytest.approx(again.proposals.apart, abs=1e-9)
    assert np.exp(test.actual) * one.scale[:, None] == pytest.approx(np.array([values[62:] for values in series]))


def test_a_truncated_history_gives_what_was_forecast_then() -> None:
    values = walks(1, 100, 2)[0]
    assert forecast(values[:70], 6, 12) == forecast(list(values)[:70], 6, 12)
    assert forecast(values[:70], 6, 12).mean != forecast(values, 6, 12).mean


@settings(max_examples=12)
@given(factor=st.floats(1e-6, 1e9), seed=st.integers(0, 20))
def test_the_unit_does_not_matter(factor: float, seed: int) -> None:
    values = np.array(walks(1, 50, seed)[0])
    plain, scaled = forecast(list(values), 4, 12), forecast(list(values * factor), 4, 12)
    for name in BANDS:
        assert np.array(getattr(scaled, name)) / factor == pytest.approx(np.array(getattr(plain, name)), rel=1e-6)


@settings(max_examples=12)
@given(factor=st.floats(1e-6, 1e9))
def test_the_unit_does_not_matter_below_zero_either(factor: float) -> None:
    values = np.random.default_rng(8).normal(0, 1, 50)
    plain, scaled = forecast(list(values), 4, 1), forecast(list(values * factor), 4, 1)
    for name in BANDS:
        assert np.array(getattr(scaled, name)) / factor == pytest.approx(np.array(getattr(plain, name)), rel=1e-6)


def test_a_lifted_series_is_forecast_lifted() -> None:
    """Not exact (logs know where zero is) but a series far above zero moves along with its level."""
    values = np.array(walks(1, 60, 3, 0.0)[0])
    plain, lifted = forecast(list(values), 6, 1), forecast(list(values + 1000), 6, 1)
    assert np.array(lifted.mean) - 1000 == pytest.approx(np.array(plain.mean), abs=6)


def test_companions_of_equal_length_do_not_change_a_lone_forecast_much() -> None:
    batch = walks(12, 90, 5)
    alone, together = forecast(batch[0], 6, 12), forecast_many(batch, 6, 12)[0]
    assert np.array(together.mean) == pytest.approx(np.array(alone.mean), rel=0.08)


def test_the_order_of_a_batch_does_not_matter() -> None:
    batch = walks(8, 70, 6)
    there, back = forecast_many(batch, 6, 12), forecast_many(batch[::-1], 6, 12)[::-1]
    for one, other in zip(there, back, strict=True):
        assert one.mean == pytest.approx(other.mean, rel=1e-9)


def test_eighty_per_cent_intervals_cover_about_eighty_per_cent() -> None:
    whole = walks(150, 96, 7)
    made = forecast_many([values[:84] for values in whole], 12, 12)
    future = np.array([values[84:] for values in whole])
    inside = (future >= np.array([each.lo80 for each in made])) & (future <= np.array([each.hi80 for each in made]))
    outer = (future >= np.array([each.lo95 for each in made])) & (future <= np.array([each.hi95 for each in made]))
    assert 0.74 <= inside.mean() <= 0.86
    assert outer.mean() >= 0.91


def test_lone_series_are_covered_too() -> None:
    whole = walks(40, 72, 9)
    hits = [
        low <= value <= high
        for values in whole
        for made in [forecast(values[:66], 6, 12)]
        for low, value, high in zip(made.lo80, values[66:], made.hi80, strict=True)
    ]
    assert 0.68 <= np.mean(hits) <= 0.92


def test_noise_has_hardly_any_season() -> None:
    noise = np.random.default_rng(2).normal(0, 1, (200, 60))
    kept = seasonal_indices(noise, 12)
    assert np.sqrt((kept**2).mean()) < 0.3
    pattern = np.tile(np.sin(np.arange(12)), 5) * 3
    assert seasonal_indices(noise + pattern, 12).std(axis=1).mean() == pytest.approx(
        3 * np.std(np.sin(np.arange(12))), rel=0.15
    )


def test_hourly_series_with_a_quiet_weekend_beat_yesterday() -> None:
    random = np.random.default_rng(11)
    hours = np.arange(24 * 7 * 5 + 48)
    course = 1 + 0.5 * np.sin(2 * np.pi * hours / 24) - 0.4 * ((hours // 24) % 7 >= 5)
    whole = 1000 * course * np.exp(random.normal(0, 0.03, len(hours)))
    made = forecast(list(whole[:-48]), 48, 24)
    error = np.abs(np.array(made.mean) - whole[-48:]).mean()
    assert error < 0.4 * np.abs(np.array(made.naive) - whole[-48:]).mean()
