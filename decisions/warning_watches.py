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


@dataclass
class Drift:
    """Many small departures from the usual level the same way, added up; of any kind of day."""

    baseline: Baseline

    def measure(self, period: str, at: datetime, value: float) -> float | None:
        found = self.baseline.departure(at, value, by_hour=False)
        return None if found is None else self.baseline.drift


@dataclass
class Stuck:
    """How many equal values in a row, this one included."""

    last: float | None = None
    run: int = 0

    def measure(self, period: str, at: datetime, value: float) -> float:
        self.run = self.run + 1 if value == self.last else 1
        self.last = value
        return float(self.run)


ALL_ALIKE = DayKinds(lambda day: True)
SMALL_SHARE = 0.002
"""A drift shows in departures far smaller than the trembling of single values."""


def detector(measure: str, smallest: float, kinds: DayKinds) -> Detector:
    """The detector of a measure; `smallest` is the last digit shown."""
    made: dict[str, Callable[[], Detector]] = {
        "anomaly": Surprise,
        "departure": lambda: Departure(Baseline(smallest, kinds=kinds)),
        "drift": lambda: Drift(Baseline(smallest, SMALL_SHARE, ALL_ALIKE)),
        "stuck": Stuck,
    }
    return made[measure]()


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
        self.prepare(key, measure, smallest, points, warm_up)
        return self._feed(key, points)

    def prepare(self, key: Key, measure: str, smallest: float, points: Points, warm_up: Callable[[], Points]) -> None:
        """Have the detector read what was before `points`, if it is a new one."""
        if key not in self._detectors:
            self._detectors[key] = detector(measure, smallest, self._kinds)
            self._feed(key, [point for point in warm_up() if not points or point[0] < points[0][0]])

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
