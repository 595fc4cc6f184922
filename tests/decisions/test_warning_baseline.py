"""A usual day that forgets festivals, learns from the trouble itself, or cries at every tremble of a steady series."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.warning_baseline import LEAST, Baseline, DayKinds

START = datetime(2026, 6, 1, tzinfo=UTC)  # 8 o'clock on a Monday in the city


def usual(hour: int) -> float:
    return 100 + 40 * math.sin(2 * math.pi * hour / 24)


def departure(base: Baseline, at: datetime, value: float, *, by_hour: bool = True) -> float:
    found = base.departure(at, value, by_hour=by_hour)
    assert found is not None
    return found


def learned(days: int = 21) -> Baseline:
    base = Baseline(0.1)
    for hour in range(24 * days):
        base.departure(START + timedelta(hours=hour), usual(hour) + (hour * 7 % 5) - 2, by_hour=True)
    return base


@pytest.mark.feature(79)
def test_the_hour_of_the_day_is_no_departure_and_a_doubled_value_is():
    base, later = learned(), START + timedelta(days=21)
    assert abs(departure(base, later + timedelta(hours=6), usual(6))) < 1.5
    assert departure(base, later + timedelta(hours=7), 2 * usual(7)) > 15
    assert departure(base, later + timedelta(hours=8), 0.5 * usual(8)) < -8


def test_too_little_is_known_at_first():
    base = Baseline()
    found = [base.departure(START + timedelta(days=7 * n), 10.0, by_hour=True) for n in range(LEAST + 1)]
    assert found == [None] * LEAST + [0.0]


def test_a_trouble_of_hours_does_not_become_what_is_usual():
    base, later = learned(), START + timedelta(days=21)
    for hour in range(12):
        base.departure(later + timedelta(hours=hour), 300.0, by_hour=True)
    assert abs(departure(base, later + timedelta(hours=24), usual(0))) < 1.5


def test_a_change_that_stays_becomes_usual_in_the_end():
    base, later = learned(), START + timedelta(days=21)
    found = [departure(base, later + timedelta(hours=hour), usual(hour) + 80) for hour in range(24 * 30)]
    assert min(found[:24]) > 6 and max(found[-24:]) < 3


def test_a_steady_series_may_tremble():
    base = Baseline(0.1)
    for day in range(30):
        base.departure(START + timedelta(days=day), 50.0, by_hour=False)
    assert abs(departure(base, START + timedelta(days=31), 51.0, by_hour=False)) < 1


def test_many_small_departures_the_same_way_add_up():
    base = learned()
    later = START + timedelta(days=21)
    assert abs(base.drift) < 8
    for hour in range(48):
        base.departure(later + timedelta(hours=hour), usual(hour) + 9, by_hour=True)
    assert base.drift > 20


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(-1e6, 1e6))
def test_what_was_told_does_not_depend_on_what_comes(values, later):
    def told(given_values: list[float]) -> list[float | None]:
        base = Baseline(0.1)
        return [base.departure(START + timedelta(days=n), value, by_hour=False) for n, value in enumerate(given_values)]

    assert told([*values, later])[: len(values)] == told(values)


def test_days_that_are_alike():
    off = {date(2026, 10, day) for day in range(1, 8)}
    kinds = DayKinds(lambda day: day not in off and (day.weekday() < 5 or day == date(2026, 10, 10)))
    assert [kinds.of(date(2026, 10, day)) for day in (1, 4, 7, 8, 10, 11, 17)] == [
        "festival", "festival", "festival", "work", "work", "weekend", "weekend",
    ]  # fmt: skip
