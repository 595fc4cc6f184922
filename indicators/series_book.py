"""The series of one world as a write transaction sees them: read in bulk, changed in memory, written back in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, text

from database import bulk
from database.moments import to_ms
from database.tables import latest, observations
from indicators.series import Series, SeriesKey, Vintage

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
