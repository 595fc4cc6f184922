"""Counts what happened: for tests and readiness in this process, for Prometheus over all, for the log not too often."""

from __future__ import annotations

import time
from collections import Counter
from threading import Lock

from prometheus_client import Counter as Series

_SERIES = Series("cockpit_outcomes", "Answers of the cache and of Redis by outcome", ["part", "outcome"])


class Tally:
    """How often each outcome of `part` occurred since the process started."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.counts: Counter[str] = Counter()
        self._lock = Lock()

    def count(self, outcome: str) -> None:
        """One more of `outcome`."""
        with self._lock:
            self.counts[outcome] += 1
        _SERIES.labels(self.part, outcome).inc()


class Gate:
    """Opens once per `seconds` for each name, so that an outage writes a line a minute and not one per request."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._opened: dict[str, float] = {}

    def opens(self, name: str) -> bool:
        now = time.monotonic()
        if now - self._opened.get(name, -self._seconds) < self._seconds:
            return False
        if len(self._opened) > 1000:
            self._opened.clear()
        self._opened[name] = now
        return True
