"""The benchmark's arithmetic by hand, and that we beat the baseline by it."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from decisions.watch_made import made_series
from decisions.watch_nab import Labelled, nab_score, points, read_labelled, worth
from decisions.watch_trial import baseline, ours, table, z_scores

START = datetime(2026, 1, 1, tzinfo=UTC)
TIMES = tuple(START + row * timedelta(minutes=5) for row in range(200))
SERIES = Labelled("made", TIMES, np.zeros(200), ((100, 119), (150, 169)))


def at(*rows: int) -> np.ndarray:
    scores = np.zeros(200)
    scores[list(rows)] = 1.0
    return scores


def test_nothing_is_0_and_first_rows_of_windows_are_100() -> None:
    assert nab_score([(SERIES, at())], 0.5) == 0.0
    assert nab_score([(SERIES, at(100, 150))], 0.5) == pytest.approx(100.0)


def test_only_the_best_alarm_of_a_window_counts() -> None:
    assert points(SERIES, [100, 101, 102, 110, 150]) == pytest.approx(points(SERIES, [100, 150]))


def test_a_late_alarm_is_worth_less() -> None:
    middle = (2 / (1 + math.exp(-2.5)) - 1) / (2 / (1 + math.exp(-5)) - 1)
    assert points(SERIES, [110, 150]) == pytest.approx(1 + middle)


def test_false_alarms_cost_each_and_less_just_after_a_window() -> None:
    assert points(SERIES, [40, 41]) == pytest.approx(-2 - 0.22)
    assert points(SERIES, [121]) == pytest.approx(-2 + 0.11 * worth(2 / 19))
    assert worth(3.0) == -1.0


def test_alarms_in_probation_do_not_count() -> None:
    assert points(SERIES, range(30)) == -2.0
    assert points(SERIES, [30]) == pytest.approx(-2.11)


def test_probation_is_of_5000_rows_at_most() -> None:
    assert Labelled("long", TIMES * 100, np.zeros(20_000), ()).probation == 750


def test_windows_are_read_by_their_times(tmp_path: Path) -> None:
    rows = [f"{time:%Y-%m-%d %H:%M:%S},{row}" for row, time in enumerate(TIMES)]
    (tmp_path / "one.csv").write_text("timestamp,value\n" + "\n".join(rows) + "\n")
    ends = [f"{TIMES[row]:%Y-%m-%d %H:%M:%S.%f}" for row in (100, 119)]
    (tmp_path / "windows.json").write_text(json.dumps({"one.csv": [ends]}))
    (read,) = read_labelled(tmp_path)
    assert read.windows == ((100, 119),)
    assert read.values[7] == 7.0


def test_the_baseline_sees_earlier_rows_only() -> None:
    values = np.random.default_rng(1).normal(5, 2, 200)
    whole = z_scores(Labelled("a", TIMES, values, ()))
    assert np.array_equal(z_scores(Labelled("b", TIMES[:90], values[:90], ())), whole[:90])
    assert whole[60] == pytest.approx(abs(values[60] - values[:60].mean()) / values[:60].std())


@pytest.mark.slow
def test_better_than_a_plain_z_score_on_unseen_made_up_series() -> None:
    series = made_series(seed=77)
    mine, _ = ours(series)
    assert mine.shipped is not None
    assert mine.shipped >= 55 > baseline(series).validated


def test_the_table_has_a_row_for_each_set() -> None:
    series = made_series()[:2]
    lines = table({"two": series}).splitlines()
    assert len(lines) == 3
    assert lines[2].startswith("| two | 2 |")
    assert len({line.count("|") for line in lines}) == 1
