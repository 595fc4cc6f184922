"""Scores alarms as the Numenta Anomaly Benchmark does (standard profile; Lavin and Ahmad 2015)."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

TRUE_ALARM, FALSE_ALARM, MISSED = 1.0, 0.11, 1.0
"""Weights of the standard profile."""
PROBATION = 0.15
"""First share of a file that is not judged, of 5,000 rows at most."""
LONGEST = 5000


@dataclass(frozen=True)
class Labelled:
    """One series with its anomaly windows: first and last row of each, in order."""

    name: str
    times: tuple[datetime, ...]
    values: Array
    windows: tuple[tuple[int, int], ...]

    @property
    def probation(self) -> int:
        return math.floor(PROBATION * min(len(self.times), LONGEST))


def read_labelled(folder: Path) -> list[Labelled]:
    """The files named in `windows.json` of `folder`."""
    named = json.loads((folder / "windows.json").read_text(encoding="utf-8"))
    return [_labelled(folder / name, name, windows) for name, windows in sorted(named.items())]


def _labelled(source: Path, name: str, windows: Sequence[Sequence[str]]) -> Labelled:
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    times = tuple(datetime.fromisoformat(row["timestamp"]) for row in rows)
    ends = [(times.index(_time(first)), times.index(_time(last))) for first, last in windows]
    return Labelled(name, times, np.array([float(row["value"]) for row in rows]), tuple(ends))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def worth(place: float) -> float:
    """Worth of an alarm at -1 (a window's first row), 0 (its end) and beyond, where it falls to -1."""
    return -1.0 if place >= 3.0 else 2.0 / (1.0 + math.exp(5.0 * place)) - 1.0


def points(series: Labelled, alarms: Iterable[int]) -> float:
    """Sum over the file: the best alarm of each window, less missed windows, less every alarm outside."""
    judged = sorted(row for row in alarms if row >= series.probation)
    inside = [_window_points(first, last, judged, series.probation) for first, last in series.windows]
    outside = [row for row in judged if not any(first <= row <= last for first, last in series.windows)]
    return sum(inside) + sum(FALSE_ALARM * worth(_past_window(series, row)) for row in outside)


def _window_points(first: int, last: int, alarms: Sequence[int], probation: int) -> float:
    if last < probation:
        return 0.0
    width = last - first + 1
    hits = [TRUE_ALARM * worth((row - last - 1) / width) / worth(-1.0) for row in alarms if first <= row <= last]
    return max([-MISSED, *hits])


def _past_window(series: Labelled, row: int) -> float:
    ended = [(first, last) for first, last in series.windows if last < row]
    if not ended:
        return 3.0
    first, last = ended[-1]
    return (row - last) / max(1, last - first)


def nab_score(scored: Iterable[tuple[Labelled, Array]], threshold: float) -> float:
    """0 for a detector that never alarms, 100 for one that alarms at each window's first row and nowhere else."""
    raw, windows = 0.0, 0
    for series, scores in scored:
        raw += points(series, np.flatnonzero(scores >= threshold).tolist())
        windows += sum(1 for _, last in series.windows if last >= series.probation)
    perfect = (TRUE_ALARM + MISSED) * windows
    return 100.0 * (raw + MISSED * windows) / perfect if windows else 0.0
