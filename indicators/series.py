"""One figure of one region through time, and how a new value finds its place in it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from database.moments import to_ms
from datasources.delivery.period import Frequency, end, frequency_of

SeriesKey = tuple[str, str, str]
"""Region, indicator, dim."""

KEPT_POINTS = {
    Frequency.YEARLY: 12,
    Frequency.QUARTERLY: 16,
    Frequency.MONTHLY: 36,
    Frequency.DAILY: 62,
    Frequency.HOURLY: 72,
    Frequency.MINUTE: 180,
    Frequency.REALTIME: 180,
}
"""Points of history kept inside the latest row."""

ROLLED_UP = "rolled_up"
REVISED = "revised"
RELEASED = "released"
ZERO_DENOMINATOR = "zero_denominator"


@dataclass(slots=True)
class Vintage:
    """One value of one period as learned at `known_at`. Instants in ms."""

    period: str
    known_at: int
    observed_at: int
    value: float | None
    numerator: float | None
    denominator: float | None
    basis: str
    provenance: str
    quality: str
    source: str
    call_id: int
    line: int | None = None

    def has(self, flag: str) -> bool:
        """True if the quality flags contain `flag`."""
        return flag in self.quality.split()


@dataclass(slots=True)
class Series:
    """One figure of one region through time, with what is known of the periods that matter now."""

    key: SeriesKey
    id: int | None = None
    newest: Vintage | None = None
    kept: str | bytes = b"[]"
    points: list[Any] | None = None
    vintages: dict[str, list[Vintage]] | None = None
    added: list[Vintage] | None = None
    changed: bool = False

    @property
    def history(self) -> list[Any]:
        """The kept points, [label, value], oldest first."""
        if self.points is None:
            self.points = orjson.loads(self.kept)
        return self.points

    def current(self, period: str) -> Vintage | None:
        """The newest vintage of `period`, if it has been read or is the newest period."""
        newest = self.newest
        if newest is not None and newest.period == period:
            return newest
        if self.vintages is None:
            return None
        known = self.vintages.get(period)
        return known[-1] if known else None

    def last_of(self, period: str, source: str, provenance: str) -> Vintage | None:
        """The last vintage of `period` that `source` itself delivered, or people entered for it."""
        known = (self.vintages or {}).get(period, ())
        told = (v for v in reversed(known) if v.source == source and v.provenance == provenance)
        return next((v for v in told if not v.has(ROLLED_UP)), None)

    def add(self, vintage: Vintage) -> None:
        """Enter a value at its place; an older period never replaces a newer one as the latest."""
        known = self.current(vintage.period)
        if known is not None and vintage.known_at <= known.known_at:
            _learn_after(vintage, known)
        if self.vintages is None:
            self.vintages = {}
        self.vintages.setdefault(vintage.period, []).append(vintage)
        if self.added is None:
            self.added = []
        self.added.append(vintage)
        if self.newest is None or vintage.period >= self.newest.period:
            self.newest = vintage
        self._place(vintage.period, vintage.value)
        self.changed = True

    def confirm(self, observed_at: int) -> None:
        """The newest value was read again at a later instant and is the same."""
        if self.newest is not None and observed_at > self.newest.observed_at:
            self.newest.observed_at = observed_at
            self.changed = True

    def _place(self, period: str, value: float | None) -> None:
        points, keep = self.history, kept_points(period)
        if not points or points[-1][0] < period:
            points.append([period, value])
        else:
            place = bisect_left(points, period, key=_label)
            if points[place][0] == period:
                points[place][1] = value
            else:
                points.insert(place, [period, value])
        if len(points) > keep:
            del points[: len(points) - keep]


def _learn_after(vintage: Vintage, known: Vintage) -> None:
    """The clock stood still or went back, or one delivery brought both: vintages still follow each other."""
    if vintage.observed_at == vintage.known_at:
        vintage.observed_at = known.known_at + 1
    vintage.known_at = known.known_at + 1


def _label(point: list[Any]) -> str:
    return str(point[0])


@lru_cache(maxsize=65536)
def kept_points(period: str) -> int:
    """How many points of a series with labels like `period` are kept at hand."""
    return KEPT_POINTS[frequency_of(period)]


@lru_cache(maxsize=65536)
def end_ms(period: str) -> int:
    """The instant just after `period`, in ms."""
    return to_ms(end(period))
