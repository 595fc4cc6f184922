"""The running detectors behind rules of anomaly and departure: each value fed once and in order.

They live in the memory of the timetable, whose library of numbers they need; after a restart they read the kept
history first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from decisions.warning_baseline import Baseline, DayKinds
from decisions.warning_inputs import CLOCKED, HOURLY, Points, instant_of
from decisions.watch import Watcher

Key = tuple[str, str, str]
"""World, rule, region."""


class Detector(Protocol):
    """Measures one series, value by value."""

    def measure(self, period: str, at: datetime, value: float) -> float | None:
        """What the rule compares; None while too little is known."""


@dataclass
class Surprise:
    """Anomaly: how unlikely the value is by the series' own past, as -log10 of the chance."""

    watcher: Watcher = field(default_factory=Watcher)

    def measure(self, period: str, at: datetime, value: float) -> float:
        self.watcher.score(at, value)
        return self.watcher.surprise


@dataclass
class Departure:
    """Departure from what is usual at this hour of this kind of day, in usual spreads."""

    baseline: Baseline

    def measure(self, period: str, at: datetime, value: float) -> float | None:
        return self.baseline.departure(at, value, by_hour=len(period) in (HOURLY, CLOCKED))


class Watches:
    """One detector for each rule and region."""

    def __init__(self, kinds: DayKinds) -> None:
        self._kinds = kinds
        self._detectors: dict[Key, Detector] = {}
        self._seen: dict[Key, str] = {}

    def measured(
        self, key: Key, measure: str, smallest: float, points: Points, warm_up: Callable[[], Points]
    ) -> dict[str, float]:
        """What each value measures that this detector has not seen yet, by period."""
        if key not in self._detectors:
            self._detectors[key] = Surprise() if measure == "anomaly" else Departure(Baseline(smallest, self._kinds))
            self._feed(key, [point for point in warm_up() if not points or point[0] < points[0][0]])
        return self._feed(key, points)

    def _feed(self, key: Key, points: Points) -> dict[str, float]:
        detector, found = self._detectors[key], {}
        for period, value in points:
            if value is None or period <= self._seen.get(key, ""):
                continue
            measured = detector.measure(period, instant_of(period), value)
            self._seen[key] = period
            if measured is not None:
                found[period] = measured
        return found
