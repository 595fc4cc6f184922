"""Labelled histories: holes, year-to-date totals, the Spring Festival, and which words come back."""

from __future__ import annotations

import math

import numpy as np
import pytest

from datasources.delivery.period import following
from decisions.forecast_calendar import FESTIVALS, holiday_effect, regressors
from decisions.forecast_cumulative import join, joined_widths, split
from decisions.forecast_periods import forecast_periods


def months(first: str, count: int) -> list[str]:
    return [following(first, step) for step in range(count)]


def festival_sales(labels: list[str]) -> list[float]:
    """Sales that fall by up to a third while shops are closed, with a fixed season."""
    closed = regressors(labels)[:, 1]
    season = [1 + 0.1 * math.sin(2 * math.pi * int(label[5:]) / 12) for label in labels]
    noise = np.random.default_rng(4).normal(0, 0.01, len(labels))
    return [100 * s * math.exp(-1.5 * c + e) for s, c, e in zip(season, closed, noise, strict=True)]


def test_festival_that_moves_to_january_takes_its_fall_along() -> None:
    labels = months("2014-01", 144)
    values = festival_sales(labels)
    made = forecast_periods(list(zip(labels[:132], values[:132], strict=True)), 12)
    assert made.labels == tuple(labels[132:])
    assert made.holidays
    assert np.allclose(made.forecast.mean, values[132:], rtol=0.05)


def test_no_festival_is_seen_where_there_is_none() -> None:
    found = 0
    for seed in range(20):
        values = 100 + np.random.default_rng(seed).normal(0, 5, 120)
        found += holiday_effect(values, months("2014-01", 120), months("2024-01", 12)).is_found
    assert found <= 4


def test_festival_table_lies_between_21_january_and_20_february() -> None:
    assert sorted(FESTIVALS) == list(range(2000, 2036))
    assert all((1, 21) <= (day.month, day.day) <= (2, 20) for day in FESTIVALS.values())
    gaps = {(FESTIVALS[year + 1] - FESTIVALS[year]).days for year in range(2000, 2035)}
    assert gaps <= {353, 354, 355, 383, 384, 385}  # twelve or thirteen moons


def test_year_to_date_totals_are_split_and_joined_to_the_same() -> None:
    labels = months("2020-01", 30)
    flows = np.arange(1.0, 31.0)
    totals = join(labels, list(flows), 0.0)
    assert split(labels, totals) == pytest.approx(flows)
    assert totals[11] == pytest.approx(flows[:12].sum())
    assert totals[12] == flows[12]


def test_january_published_with_february_gives_two_halves() -> None:
    assert split(months("2024-01", 4), [math.nan, 10.0, 16.0, math.nan]) == pytest.approx(
        [5, 5, 6, math.nan], nan_ok=True
    )


def test_first_total_of_a_history_that_begins_in_may_is_not_a_months_figure() -> None:
    assert split(months("2024-05", 3), [50.0, 60.0, 75.0]) == pytest.approx([math.nan, 10, 15], nan_ok=True)


def test_what_is_already_counted_is_certain() -> None:
    widths = joined_widths(["2025-11", "2025-12", "2026-01"], [3.0, 4.0, 5.0])
    assert widths[0] == 3
    assert 5 < widths[1] < 7
    assert widths[2] == 5


def test_cumulative_forecast_goes_on_from_the_running_year_and_starts_again() -> None:
    labels = months("2018-01", 90)
    flows = [10.0 + (int(label[5:]) == 12) * 5 for label in labels]
    totals = join(labels, flows, 0.0)
    made = forecast_periods(list(zip(labels, totals, strict=True)), 8, cumulative=True)
    assert made.labels[0] == "2025-07"
    assert made.forecast.mean[:5] == pytest.approx([70, 80, 90, 100, 110], rel=0.05)
    assert made.forecast.mean[5] == pytest.approx(125, rel=0.05)
    assert made.forecast.mean[6] == pytest.approx(10, rel=0.1)


def test_holes_and_any_order_are_read() -> None:
    labels = months("2015-01", 60)
    history: list[tuple[str, float | None]] = [
        (label, 50.0 if number % 7 else None) for number, label in enumerate(labels)
    ]
    made = forecast_periods(history[::-1], 3)
    assert made.labels == ("2020-01", "2020-02", "2020-03")
    assert made.forecast.mean == pytest.approx([50.0] * 3)


@pytest.mark.parametrize(
    "history", [[], [("2025", None)], [("2025", 1.0), ("2025", 2.0)], [("2025", 1.0), ("2025-01", 1.0)]]
)
def test_histories_that_mean_nothing_are_refused(history: list[tuple[str, float | None]]) -> None:
    with pytest.raises(ValueError, match="history"):
        forecast_periods(history, 2)


@pytest.mark.parametrize(("first", "second"), [("2024", "2025"), ("2023-Q4", "2024-Q1"), ("2024-02-29", "2024-03-01")])
def test_every_frequency_goes_on_in_its_own_labels(first: str, second: str) -> None:
    history = [(following(first, -step), 10.0 + step % 3) for step in range(30)]
    assert forecast_periods(history, 1).labels == (second,)
