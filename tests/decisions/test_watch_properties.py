"""What must hold for every series: no look at later rows, no matter of units, bounded memory."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from decisions.watch import Watcher
from decisions.watch_made import made_series

START = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=5)
SERIES = {each.name: each.values[:900] for each in made_series() if each.name.endswith("0")}


def scores(values: np.ndarray, times: list[datetime] | None = None) -> list[float]:
    watcher = Watcher()
    at = times or [START + row * STEP for row in range(len(values))]
    return [watcher.score(each, float(value)) for each, value in zip(at, values, strict=True)]


@pytest.mark.parametrize("name", SERIES)
def test_later_rows_do_not_change_earlier_scores(name: str) -> None:
    values = SERIES[name]
    random = np.random.default_rng(1)
    whole = scores(values)
    for cut in (1, 9, 333, 700):
        other = np.concatenate([values[:cut], random.normal(0, 1e6, 50)])
        assert scores(values[:cut]) == whole[:cut]
        assert scores(other)[:cut] == whole[:cut]


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize(("scale", "shift"), [(-1.0, 0.0), (1000.0, 0.0), (0.01, -40.0), (1.8, 32.0)])
def test_the_unit_does_not_matter(name: str, scale: float, shift: float) -> None:
    values = SERIES[name]
    assert np.allclose(scores(values), scores(scale * values + shift), atol=1e-4)


@pytest.mark.parametrize("name", SERIES)
def test_scores_are_shares(name: str) -> None:
    found = scores(SERIES[name])
    assert all(0.0 <= each <= 1.0 for each in found)
    assert len(set(found)) > 100


def test_the_same_rows_give_the_same_scores() -> None:
    values = SERIES["calls 0"]
    assert scores(values) == scores(values)


def test_double_backward_and_missing_times_are_taken() -> None:
    values = SERIES["load 0"]
    random = np.random.default_rng(2)
    times = [START + int(step) * STEP for step in random.integers(0, 90_000, len(values))]
    assert all(0.0 <= each <= 1.0 for each in scores(values, times))


def test_memory_stays_the_same_however_long_the_series() -> None:
    watcher = Watcher()
    sizes = []
    for row, value in enumerate(np.random.default_rng(3).normal(0, 1, 14_000)):
        watcher.score(START + row * STEP, float(value))
        if row in (9_000, 13_999):
            sizes.append(len(pickle.dumps(watcher)))
    assert sizes[1] <= 1.01 * sizes[0]
