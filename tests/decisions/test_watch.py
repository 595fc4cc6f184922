"""The watcher sees what a person would, once, and says nothing about what is usual."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from decisions.watch import ALARM, FADE, REST, Bell, Watcher
from decisions.watch_tail import FEWEST, NEVER_BEFORE, Tail
from decisions.watch_views import GAPS, MOST_AN_HOUR, Pace

START = datetime(2026, 1, 1, tzinfo=UTC)


def scores(values: list[float] | np.ndarray) -> list[float]:
    watcher = Watcher()
    return [watcher.score(START + row * timedelta(minutes=5), float(value)) for row, value in enumerate(values)]


def alarms(values: list[float] | np.ndarray) -> list[int]:
    return [row for row, score in enumerate(scores(values)) if score == ALARM]


def noise(rows: int = 1200) -> np.ndarray:
    return 50 + np.random.default_rng(1).normal(0, 1, rows)


@pytest.mark.feature(80)
def test_a_spike_is_seen_at_once() -> None:
    values = noise()
    values[1000] += 15
    assert 1000 in alarms(values)


@pytest.mark.feature(80)
def test_a_shift_is_seen_within_an_hour() -> None:
    values = noise()
    values[1000:] += 5
    assert any(1000 <= row < 1012 for row in alarms(values))


def test_a_sensor_gone_wild_is_seen() -> None:
    values = noise()
    values[1000:1040] += np.random.default_rng(2).normal(0, 6, 40)
    assert any(1000 <= row < 1012 for row in alarms(values))


@pytest.mark.feature(80)
def test_a_stuck_sensor_is_seen_within_two_hours() -> None:
    values = noise()
    values[1000:1040] = values[1000]
    assert any(1000 <= row < 1024 for row in alarms(values))


def test_steps_that_always_last_long_are_not_stuck() -> None:
    values = np.repeat([1.0, 2.0], 40)
    assert not [row for row in alarms(np.tile(values, 30)) if row > 800]


def test_a_missed_round_of_a_regular_series_is_seen() -> None:
    values = 20 + 10.0 * (np.arange(2000) % 8 < 3) + np.random.default_rng(3).normal(0, 0.3, 2000)
    values[1440:1443] = 20
    assert any(1440 <= row < 1448 for row in alarms(values))


def test_one_trouble_rings_once() -> None:
    values = noise()
    values[1000:] += 8
    after = [row for row in alarms(values) if 1000 <= row < 1000 + REST]
    assert len(after) == 1


def test_quiet_noise_rings_seldom() -> None:
    assert len(alarms(noise(3000))) <= 3000 / REST / 3


def test_a_constant_series_never_rings() -> None:
    assert set(scores([7.3] * 500)) == {0.0}


def test_a_constant_series_that_moves_rings() -> None:
    assert alarms([7.3] * 500 + [7.4] * 5)[0] == 500


def test_missing_values_score_nothing_and_leave_no_trace() -> None:
    values = noise(600)
    holed = np.insert(values, [100, 300, 300], math.nan)
    kept = [score for score, value in zip(scores(holed), holed, strict=True) if not math.isnan(value)]
    assert kept == scores(values)
    assert scores([math.nan] * 5) == [0.0] * 5


@pytest.mark.parametrize("rows", range(10))
def test_too_few_rows_to_judge(rows: int) -> None:
    assert scores([3.0, 900.0, -5.0, 0.0, 1e12, 4.0, 3.0, 2.0, 8.0][:rows]) == [0.0] * min(rows, 9)


def test_the_bell_rests_then_rings_again() -> None:
    bell = Bell(bar=2.0, rest=3)
    scores = [bell.score(each) for each in (1.0, 2.0, 9.0, 2.5, 2.5, 0.0)]
    assert [score == ALARM for score in scores] == [False, True, False, False, True, False]
    assert scores[0] == 0.25
    assert max(score for score in scores if score < ALARM) == 0.5


def test_each_alarm_makes_the_bell_harder_to_ring_for_a_while() -> None:
    bell = Bell(bar=2.0, rest=1)
    assert [bell.score(2.1) == ALARM for _ in range(3)] == [True, False, False]
    for _ in range(5 * FADE):
        bell.score(0.0)
    assert bell.score(2.1) == ALARM


@pytest.mark.feature(80)
def test_a_day_without_its_morning_rush_is_seen() -> None:
    hours = np.arange(24 * 40)
    values = 20 + 10.0 * ((hours % 24 >= 7) & (hours % 24 < 16)) + np.random.default_rng(3).normal(0, 0.5, len(hours))
    values[24 * 30 : 24 * 31] = 20
    watcher = Watcher()
    found = [watcher.score(START + int(hour) * timedelta(hours=1), float(values[hour])) for hour in hours]
    assert any(found[row] == ALARM for row in range(24 * 30 + 7, 24 * 31))


@pytest.mark.parametrize(("minutes", "rows"), [(5, 12), (15, 4), (60, 1), (1440, 1), (0.1, MOST_AN_HOUR), (0, 1)])
def test_the_pace_is_learned_from_the_usual_gap(minutes: float, rows: int) -> None:
    pace = Pace()
    for row in range(GAPS + 1):
        assert pace.an_hour is None
        pace.learn(START + row * timedelta(minutes=minutes) + (row > 20) * timedelta(days=3))
    assert pace.an_hour == rows


def test_a_tail_judges_nothing_before_it_has_seen_enough() -> None:
    tail = Tail()
    assert [tail.surprise(1.0) for _ in range(FEWEST - 1)] == [0.0] * (FEWEST - 1)


def test_a_larger_deviation_surprises_more() -> None:
    found = []
    for deviation in (0.5, 1.0, 2.0, 4.0, 8.0):
        tail = Tail()
        for each in np.random.default_rng(4).exponential(1, 500):
            tail.surprise(float(each))
        found.append(tail.surprise(deviation))
    assert found == sorted(found)
    assert found[0] < 1 < 2.5 < found[-1]


def test_a_heavy_tail_surprises_less() -> None:
    def after(draws: np.ndarray) -> float:
        tail = Tail()
        for each in draws:
            tail.surprise(float(each))
        return tail.surprise(10 * float(np.quantile(draws, 0.97)))

    random = np.random.default_rng(5)
    assert after(random.pareto(1.2, 2000) + 1) + 1 < after(random.uniform(0, 1, 2000))


def test_the_first_deviation_ever_has_a_fixed_surprise() -> None:
    tail = Tail()
    for _ in range(200):
        tail.surprise(0.0)
    assert tail.surprise(1e-6) == NEVER_BEFORE
