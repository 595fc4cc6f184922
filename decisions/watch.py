"""Scores each row of any running series by how much it surprises, from the rows up to it alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from decisions.watch_csv import read_rows, write_scores
from decisions.watch_tail import Tail
from decisions.watch_views import DayShape, Drift, Past, Stillness, Unlikeness

BAR = 1.9
"""Surprise that raises an alarm: one row in eighty by the past of one view, in powers of ten."""
REST = 60
"""Rows after an alarm in which no second one is raised."""
TOLL = 0.5
"""What each alarm adds to the bar, so that a restless series is not one long alarm."""
FADE = 300
"""Rows in which that falls to 37 %."""
ALARM = 1.0
"""Score of a row that raises an alarm; every other row scores at most one half."""


class View(Protocol):
    """One way to look at the newest row."""

    def deviation(self, past: Past) -> float | None: ...


@dataclass
class Bell:
    """Rings where surprise reaches the bar, then rests and is harder to ring for a while."""

    bar: float = BAR
    rest: int = REST
    _quiet: int = 0
    _worn: float = 0.0

    def score(self, surprise: float) -> float:
        """1 rings; any other row gets up to one half."""
        self._quiet = max(0, self._quiet - 1)
        self._worn *= math.exp(-1.0 / FADE)
        bar = self.bar + self._worn
        if surprise >= bar and not self._quiet:
            self._quiet = self.rest
            self._worn += TOLL
            return ALARM
        return 0.5 * ALARM * min(1.0, surprise / bar)


class Watcher:
    """One series, row by row, in constant memory.

    `surprise` is -log10 of the chance of the newest row by the view it surprises most; it goes on through the rest
    after an alarm.
    """

    def __init__(self) -> None:
        views: tuple[View, ...] = (Unlikeness(4), Unlikeness(12), Drift(12), DayShape(), Stillness())
        self._past = Past()
        self._views = tuple((view, Tail()) for view in views)
        self._bell = Bell()
        self.surprise = 0.0

    def score(self, timestamp: datetime, value: float) -> float:
        """1 raises an alarm; up to 0.5 is the share of the way there. A missing value (NaN) scores 0 and is skipped."""
        if not math.isfinite(value):
            self.surprise = 0.0
            return 0.0
        self._past.pace.learn(timestamp)
        self._past.keep(value)
        self.surprise = max(self._surprises())
        return self._bell.score(self.surprise)

    def _surprises(self) -> list[float]:
        deviations = [(view.deviation(self._past), tail) for view, tail in self._views]
        return [0.0 if deviation is None else tail.surprise(deviation) for deviation, tail in deviations]


def watch_file(input: Path, output: Path) -> int:
    """Score `timestamp,value` into `timestamp,score`, row by row; the number of rows.

    Raises WatchFileError with the line that cannot be read.
    """
    watcher = Watcher()
    return write_scores(output, ((row.text, watcher.score(row.timestamp, row.value)) for row in read_rows(input)))
