"""The streaming detectors behind rules of anomaly. In the timetable alone: they bring a library of numbers."""

from __future__ import annotations

from collections.abc import Callable

from decisions.warning_inputs import Points, instant_of
from decisions.watch import Watcher


class Watches:
    """The streaming detectors, one for each rule and region, fed each value once and in order.

    They live in the memory of the timetable; after a restart they read the kept history first.
    """

    def __init__(self) -> None:
        self._watchers: dict[tuple[str, str, str], Watcher] = {}
        self._seen: dict[tuple[str, str, str], str] = {}

    def surprises(self, key: tuple[str, str, str], points: Points, warm_up: Callable[[], Points]) -> dict[str, float]:
        """How surprising each value is that this detector has not seen, by period."""
        if key not in self._watchers:
            self._watchers[key] = Watcher()
            self._feed(key, [point for point in warm_up() if not points or point[0] < points[0][0]])
        return self._feed(key, points)

    def _feed(self, key: tuple[str, str, str], points: Points) -> dict[str, float]:
        watcher, found = self._watchers[key], {}
        for period, value in points:
            if value is not None and period > self._seen.get(key, ""):
                watcher.score(instant_of(period), value)
                found[period] = watcher.surprise
                self._seen[key] = period
        return found
