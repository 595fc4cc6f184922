"""Prints how well running series are watched, beside a plain z-score: `python -m decisions.watch_trial [FOLDER]`.

FOLDER holds series with their anomaly windows (`windows.json`) in the form of the Numenta Anomaly Benchmark. Without a
folder only made-up series are tried. Cross-validated: bar and rest, or the baseline's threshold, are chosen on all
files of the set but one, and the one is judged.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from decisions.watch import ALARM, BAR, REST, Bell, Watcher
from decisions.watch_made import made_series
from decisions.watch_nab import Array, Labelled, nab_score, points, read_labelled

BARS = (1.5, 1.7, 1.8, 1.9, 2.0, 2.1, 2.25, 2.5)
RESTS = (30, 60, 100, 150)
Z_BARS = (2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0)
Z_FROM = 20
"""Rows before the baseline speaks."""


@dataclass(frozen=True)
class Figures:
    """NAB scores of one detector on one set: as shipped, with the best choice for the set, and cross-validated."""

    shipped: float | None
    in_sample: float
    validated: float


def surprises(series: Labelled) -> Array:
    """Our surprise at each row, before any alarm."""
    watcher = Watcher()
    found = np.zeros(len(series.values))
    for row, (at, value) in enumerate(zip(series.times, series.values, strict=True)):
        watcher.score(at, float(value))
        found[row] = watcher.surprise
    return found


def rung(surprise: Array, bar: float, rest: int) -> Array:
    """Scores of rows by their surprises."""
    bell = Bell(bar, rest)
    return np.array([bell.score(float(each)) for each in surprise])


def z_scores(series: Labelled) -> Array:
    """The baseline: distance from the mean of all rows before, in their standard deviations."""
    values = series.values - series.values[0]
    counts = np.arange(1, len(values))
    means = np.cumsum(values)[:-1] / counts
    spreads = np.sqrt(np.maximum(np.cumsum(values**2)[:-1] / counts - means**2, 0.0))
    found = np.zeros(len(values))
    np.divide(np.abs(values[1:] - means), spreads, out=found[1:], where=spreads > 0)
    found[:Z_FROM] = 0.0
    return found


def ours(series: Sequence[Labelled]) -> tuple[Figures, float]:
    """Our figures, with milliseconds per row."""
    begun = time.perf_counter()
    found = [surprises(each) for each in series]
    cost = 1000 * (time.perf_counter() - begun) / sum(len(each) for each in found)
    choices = list(itertools.product(BARS, RESTS))
    scores = [[rung(each, *choice) for each in found] for choice in choices]
    shipped = nab_score(zip(series, scores[choices.index((BAR, REST))], strict=True), ALARM)
    return _figures(series, scores, [ALARM] * len(choices), shipped), cost


def baseline(series: Sequence[Labelled]) -> Figures:
    """The baseline's figures."""
    found = [z_scores(each) for each in series]
    return _figures(series, [found] * len(Z_BARS), Z_BARS, None)


def _figures(
    series: Sequence[Labelled], scores: Sequence[Sequence[Array]], bars: Sequence[float], shipped: float | None
) -> Figures:
    """`scores` by choice and file."""
    won = np.array(
        [
            [points(each, np.flatnonzero(score >= bar).tolist()) for each, score in zip(series, row, strict=True)]
            for row, bar in zip(scores, bars, strict=True)
        ]
    )
    silent = np.array([points(each, ()) for each in series])
    perfect = -2.0 * silent.sum()
    percent: Callable[[float], float] = lambda total: 100.0 * (total - float(silent.sum())) / perfect  # noqa: E731
    others = won.sum(axis=1, keepdims=True) - won
    validated = won[np.argmax(others, axis=0), np.arange(len(series))].sum()
    return Figures(shipped, percent(float(won.sum(axis=1).max())), percent(float(validated)))


def table(sets: dict[str, Sequence[Labelled]]) -> str:
    """The figures as a Markdown table."""
    lines = [
        "| set | files | windows | ours, as shipped | cross-validated | in-sample |"
        " z-score, cross-validated | in-sample | ms per row |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, series in sets.items():
        mine, cost = ours(series)
        plain = baseline(series)
        windows = sum(len(each.windows) for each in series)
        lines.append(
            f"| {name} | {len(series)} | {windows} | {mine.shipped:.1f} | {mine.validated:.1f} | {mine.in_sample:.1f} |"
            f" {plain.validated:.1f} | {plain.in_sample:.1f} | {cost:.2f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    chosen: dict[str, Sequence[Labelled]] = {"made up": made_series()}
    for argument in sys.argv[1:]:
        chosen[Path(argument).name] = read_labelled(Path(argument))
    print(table(chosen))
