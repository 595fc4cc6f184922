"""Each view alone: what it must see, and what it must not mind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from decisions.watch import View
from decisions.watch_views import MEMORY, DayShape, Drift, Past, Stillness, Unlikeness

START = datetime(2026, 1, 1, tzinfo=UTC)


def deviations(view: View, values: np.ndarray, gap: timedelta = timedelta(hours=1)) -> list[float | None]:
    past = Past()
    found = []
    for row, value in enumerate(values):
        past.pace.learn(START + row * gap)
        past.keep(float(value))
        found.append(view.deviation(past))
    return found


def known(found: list[float | None]) -> list[float]:
    return [each for each in found if each is not None]


def test_what_was_there_before_is_not_unlike() -> None:
    found = deviations(Unlikeness(4), np.resize([1.0, 5.0, 2.0, 7.0, 3.0], 100))
    assert found[:11] == [None] * 11
    assert set(known(found)[5:]) == {0.0}


def test_a_new_order_of_known_values_is_unlike() -> None:
    values = np.resize([1.0, 5.0, 2.0, 7.0, 3.0], 100)
    values[60:62] = values[61], values[60]
    assert [row for row, each in enumerate(deviations(Unlikeness(4), values)) if each and row > 20] == [*range(60, 65)]


def test_the_drift_is_of_the_mean_not_of_a_row() -> None:
    values = np.zeros(300)
    values[200] = 12.0
    values[250:] = 12.0
    found = known(deviations(Drift(12), values))
    assert found[200] < 1.01
    assert found[261] > 11


def test_a_day_of_known_values_in_unknown_shape_is_unlike() -> None:
    day = np.array([1.0] * 8 + [9.0] * 8 + [1.0] * 8)
    values = np.tile(day, 20)
    values[360:384] = np.roll(day, 6)
    found = [each or 0.0 for each in deviations(DayShape(), values)]
    assert max(found[100:360]) == 0.0
    assert max(found[360:384]) > 8


def test_the_day_has_24_hours_at_any_pace() -> None:
    hourly = np.tile([1.0] * 8 + [9.0] * 8 + [1.0] * 8, 12)
    quarters = np.repeat(hourly, 4)
    found = deviations(DayShape(), quarters, timedelta(minutes=15))
    assert known(found)
    assert max(known(found)[24 * 4 :]) == 0.0


def test_only_the_longest_stillness_counts() -> None:
    values = np.arange(200.0)
    values[50:70], values[100:115], values[150:175] = 50.0, 100.0, 150.0
    still = [row for row, each in enumerate(deviations(Stillness(), values)) if each]
    assert still == [*range(62, 70), *range(170, 175)]


def test_memory_keeps_the_newest_rows_in_order() -> None:
    past = Past()
    for row in range(3 * MEMORY + 17):
        past.keep(float(row))
    assert past.rows.tolist() == [float(row) for row in range(2 * MEMORY + 17, 3 * MEMORY + 17)]
