"""Prints how well we forecast, with the naive figure beside it: `python -m decisions.forecast_trial [FOLDER]`.

FOLDER holds `Weekly-train.csv` and `Weekly-test.csv` of the M4 competition (series in rows, name first); the series are
also taken as means of 4, 13 and 52 weeks. Without a folder only series of known structure are tried. In every set the
last `horizon` values are held back, and nothing of them is used.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from decisions.forecast import Forecast, forecast_many, smape
from decisions.forecast_theta import theta_steps

Array = NDArray[np.float64]
SEED = 20260101


@dataclass(frozen=True)
class TrialSet:
    """Series of one kind, each longer than the horizon."""

    name: str
    horizon: int
    period: int
    series: tuple[Array, ...]


@dataclass(frozen=True)
class Score:
    """Figures of one set: sMAPE and MASE of ours and of the naive forecast; coverage and scaled score of the bands."""

    smape: float
    theta_smape: float
    """Of the Theta method as it won the M3 competition."""
    naive_smape: float
    mase: float
    naive_mase: float
    coverage80: float
    coverage95: float
    msis80: float
    seconds: float


def synthetic(seed: int = SEED) -> Iterator[TrialSet]:
    """Monthly walks with season and noise; hourly loads with a day, a week and lagging errors."""
    random = np.random.default_rng(seed)
    yield TrialSet("synthetic monthly", 18, 12, tuple(_monthly(random) for _ in range(200)))
    yield TrialSet("synthetic hourly", 48, 24, tuple(_hourly(random) for _ in range(100)))


def _monthly(random: np.random.Generator) -> Array:
    steps = int(random.integers(66, 140))
    walk = np.cumsum(random.normal(0.003, 0.02, steps)) + random.normal(0, np.exp(random.normal(-3, 0.8)), steps)
    made: Array = 1000 * np.exp(walk + np.resize(random.normal(0, 0.1, 12), steps))
    return made


def _hourly(random: np.random.Generator) -> Array:
    steps = 24 * 7 * 5
    hours = np.arange(steps)
    day = random.normal(0, 0.3) * np.cos(2 * np.pi * hours / 24) + random.normal(0, 0.2) * np.sin(
        4 * np.pi * hours / 24
    )
    weekend = random.normal(-0.2, 0.1) * ((hours // 24) % 7 >= 5)
    error = np.zeros(steps)
    for hour, shock in enumerate(random.normal(0, 0.03, steps - 1), start=1):
        error[hour] = 0.9 * error[hour - 1] + shock
    made: Array = 1000 * np.exp(day + weekend + error)
    return made


def competition(folder: Path) -> Iterator[TrialSet]:
    """M4 weekly series as they are and as means of 4, 13 and 52 weeks, of lengths as in the M3 competition."""
    parts = [_rows(folder / f"Weekly-{part}.csv") for part in ("train", "test")]
    weekly = [np.concatenate(pair) for pair in zip(*parts, strict=True)]
    kinds = (
        ("weekly", 1, 13, 1, 96),
        ("4 weeks", 4, 18, 13, 126),
        ("13 weeks", 13, 8, 4, 64),
        ("52 weeks", 52, 6, 1, 40),
    )
    for name, size, horizon, period, longest in kinds:
        means = [_means(values, size)[-longest - horizon :] for values in weekly]
        usable = tuple(each for each in means if len(each) >= max(3 * period, 14) + horizon)
        yield TrialSet(name, horizon, period, usable)


def _rows(source: Path) -> list[Array]:
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [np.array([float(cell) for cell in row[1:] if cell]) for row in rows]


def _means(values: Array, size: int) -> Array:
    count = len(values) // size
    made: Array = values[len(values) - count * size :].reshape(count, size).mean(axis=1)
    return made


def judge(trial: TrialSet) -> Score:
    """Forecast the held-back end of each series."""
    past = [values[: -trial.horizon] for values in trial.series]
    future = np.array([values[-trial.horizon :] for values in trial.series])
    begun = time.perf_counter()
    made = forecast_many([list(values) for values in past], trial.horizon, trial.period)
    seconds = time.perf_counter() - begun
    scale = np.array([np.abs(values[trial.period :] - values[: -trial.period]).mean() for values in past])
    mean, naive = _steps(made, "mean"), _steps(made, "naive")
    theta = np.array([theta_steps(values, trial.horizon, trial.period) for values in past])
    low, high = _steps(made, "lo80"), _steps(made, "hi80")
    return Score(
        smape=float(smape(future, mean).mean()),
        theta_smape=float(smape(future, theta).mean()),
        naive_smape=float(smape(future, naive).mean()),
        mase=float((np.abs(future - mean).mean(axis=1) / scale).mean()),
        naive_mase=float((np.abs(future - naive).mean(axis=1) / scale).mean()),
        coverage80=float(((low <= future) & (future <= high)).mean()),
        coverage95=float(((_steps(made, "lo95") <= future) & (future <= _steps(made, "hi95"))).mean()),
        msis80=float((interval_score(future, low, high, 0.8).mean(axis=1) / scale).mean()),
        seconds=seconds,
    )


def _steps(made: list[Forecast], name: str) -> Array:
    return np.array([getattr(each, name) for each in made])


def interval_score(actual: Array, low: Array, high: Array, level: float) -> Array:
    """Width plus 2 / (1 - level) times what lies outside (Gneiting and Raftery 2007)."""
    miss = np.maximum(low - actual, 0.0) + np.maximum(actual - high, 0.0)
    score: Array = high - low + 2.0 / (1.0 - level) * miss
    return score


def table(trials: list[TrialSet]) -> str:
    """The figures as a Markdown table."""
    lines = [
        "| set | series | h | sMAPE | Theta | naive | MASE | naive | 80 % covers | 95 % covers | MSIS80 | ms each |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for trial in trials:
        score, count = judge(trial), len(trial.series)
        lines.append(
            f"| {trial.name} | {count} | {trial.horizon} | {score.smape:.2f} |"
            f" {score.theta_smape:.2f} | {score.naive_smape:.2f} |"
            f" {score.mase:.3f} | {score.naive_mase:.3f} | {score.coverage80:.3f} | {score.coverage95:.3f} |"
            f" {score.msis80:.2f} | {1000 * score.seconds / count:.0f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    chosen = list(synthetic())
    for argument in sys.argv[1:]:
        chosen += competition(Path(argument))
    print(table(chosen))
