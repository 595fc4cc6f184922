"""The series of one world as a write transaction sees them: read in bulk, changed in memory, written back in bulk."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, text

from database import bulk
from database.moments import to_ms
from database.tables import latest, observations
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
        known = (self.vintages or {}).get(period)
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
            elif place or len(points) < keep:
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


_VINTAGE = "known_at, observed_at, value, numerator, denominator, basis, provenance, quality, source, call_id"
_LATEST = (
    "SELECT l.region, l.indicator, l.dim, l.series_id, l.history, l.period, "  # noqa: S608 -- constant names
    + ", ".join(f"l.{name}" for name in _VINTAGE.split(", "))
    + " FROM {keys} CROSS JOIN latest l WHERE l.world = :world AND l.region = {0} AND l.indicator = {1} AND l.dim = {2}"
)
_VINTAGES = (
    "SELECT o.series_id, o.period, "  # noqa: S608 -- constant names
    + ", ".join(f"o.{name}" for name in _VINTAGE.split(", "))
    + ", o.line FROM {keys} CROSS JOIN observations o"
    " WHERE o.series_id = CAST({0} AS BIGINT) AND o.period = {1} ORDER BY o.known_at"
)
_NEW_SERIES = (
    "INSERT INTO series (world, region, indicator, dim) SELECT :world, {0}, {1}, {2} FROM {keys} WHERE true "
    "ON CONFLICT DO NOTHING"
)
_SERIES_IDS = (
    "SELECT s.region, s.indicator, s.dim, s.id FROM {keys} CROSS JOIN series s"
    " WHERE s.world = :world AND s.region = {0} AND s.indicator = {1} AND s.dim = {2}"
)
_OBSERVATION_COLUMNS = [column.name for column in observations.c]
_LATEST_COLUMNS = [column.name for column in latest.c]


def take_turns(connection: Connection, world: str) -> None:
    """Wait until no other transaction writes readings of `world`; SQLite has one writer anyway.

    Whoever also locks rows of quarantine or entries does this first: one order for all, no deadlock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '30s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:world))"), {"world": f"readings:{world}"})


class SeriesBook:
    """The opened series of one world. Writers of a world take turns, so nothing changes behind its back."""

    def __init__(self, connection: Connection, world: str, now: datetime) -> None:
        self._connection = connection
        self._series: dict[SeriesKey, Series] = {}
        self.world = world
        self.now = to_ms(now)
        take_turns(connection, world)

    def __getitem__(self, key: SeriesKey) -> Series:
        return self._series[key]

    def open(self, keys: Iterable[SeriesKey]) -> None:
        """Read what is latest of these series; those never seen are opened empty."""
        wanted = [key for key in dict.fromkeys(keys) if key not in self._series]
        for key in wanted:
            self._series[key] = Series(key)
        for row in bulk.select(self._connection, _LATEST, wanted, world=self.world):
            series = self._series[(row[0], row[1], row[2])]
            series.id, series.kept, series.newest = row[3], row[4], Vintage(*row[5:])

    def recall(self, wanted: Mapping[SeriesKey, Iterable[str]]) -> None:
        """Read all vintages of these periods of opened series. Periods after the newest one have none."""
        asked: dict[int, Series] = {}
        points: list[tuple[int, str]] = []
        for key, periods in wanted.items():
            series = self._series[key]
            if series.id is None or series.newest is None:
                continue
            asked[series.id] = series
            known = series.vintages or {}
            points.extend((series.id, p) for p in periods if p <= series.newest.period and p not in known)
        for row in bulk.select(self._connection, _VINTAGES, points):
            series = asked[row[0]]
            if series.vintages is None:
                series.vintages = {}
            series.vintages.setdefault(row[1], []).append(Vintage(*row[1:]))

    def save(self, touched_by: int) -> None:
        """Write everything that was added; `touched_by` is a call no earlier transaction has used."""
        changed = [series for series in self._series.values() if series.changed]
        self._number([series for series in changed if series.id is None])
        rows = [
            (s.id, v.period, v.known_at, v.observed_at, v.value, v.numerator, v.denominator,
             v.basis, v.provenance, v.quality, v.source, v.call_id, v.line)
            for s in changed for v in s.added or ()
        ]  # fmt: skip
        bulk.insert(self._connection, observations, _OBSERVATION_COLUMNS, rows)
        bulk.upsert(
            self._connection, latest, _LATEST_COLUMNS, [self._latest_row(series, touched_by) for series in changed]
        )

    def _number(self, unnumbered: list[Series]) -> None:
        keys = [series.key for series in unnumbered]
        bulk.execute(self._connection, _NEW_SERIES, keys, world=self.world)
        for row in bulk.select(self._connection, _SERIES_IDS, keys, world=self.world):
            self._series[(row[0], row[1], row[2])].id = row[3]

    def _latest_row(self, series: Series, touched_by: int) -> tuple[Any, ...]:
        v = series.newest
        if v is None:
            raise ValueError(f"series {series.key} changed without a value")
        region, indicator, dim = series.key
        history = orjson.dumps(series.history).decode()
        value = (v.period, v.observed_at, v.known_at, v.value, v.numerator, v.denominator, v.basis, v.provenance)
        return (
            self.world,
            region,
            dim,
            indicator,
            series.id,
            *value,
            v.quality,
            v.source,
            v.call_id,
            touched_by,
            history,
        )
