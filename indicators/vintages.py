"""One series through time: its history as known today or on an earlier day, and every value it ever had.

Everything goes by the actor's scope: a region outside it has no readings.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from access.actor import Actor
from database import bulk
from database.moments import from_ms, to_ms
from datasources.delivery import period as periods
from indicators import past
from indicators.reading import Reading, World
from indicators.remembered import Row
from indicators.stored_reading import Frame

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

_INSTANT = timedelta(milliseconds=1)
_VINTAGES = text(
    "SELECT s.indicator, s.region, s.dim, o.period, o.value, o.observed_at, o.known_at, o.provenance, o.source, "
    "o.numerator, o.denominator, o.basis, o.quality, o.call_id, '[]' "
    "FROM series s JOIN observations o ON o.series_id = s.id "
    "WHERE s.world = :world AND s.region = :region AND s.indicator = :code AND s.dim = :dim "
    "AND o.period >= :first AND o.period <= :last AND o.known_at <= :known_at ORDER BY o.period, o.known_at"
)
_LAST_LABEL = "9999-12-31T23:59"
_LAST_MS = 2**62


def history(
    connection: Connection,
    catalogue: Catalogue,
    by: Actor,
    *,
    world: str,
    code: str,
    region: str,
    start: str | None = None,
    end: str | None = None,
    known_at: datetime | None = None,
    dim: str = "",
    now: datetime | None = None,
) -> list[Reading]:
    """The values of one series from `start` to `end` (labels of any length, both included), oldest first.

    `known_at` shows exactly what was known then. Each reading stands as its series does at `now`; without `now`, as it
    stood at `known_at` or when it was last heard of. ValueError for a label that is none.
    """
    rows = _vintages(connection, catalogue, by, (world, region, code, dim), (start, end), known_at)
    newest = {row[3]: row for row in rows}
    return _as_series(catalogue, world, list(newest.values()), now or known_at)


def revisions(
    connection: Connection,
    catalogue: Catalogue,
    by: Actor,
    *,
    world: str,
    code: str,
    region: str,
    period: str,
    dim: str = "",
    now: datetime | None = None,
) -> list[Reading]:
    """Everything that was ever known of one period, in the order it was learned."""
    rows = _vintages(connection, catalogue, by, (world, region, code, dim), (period, period), None)
    return _as_series(catalogue, world, rows, now)


def vintages(
    connection: Connection,
    catalogue: Catalogue,
    by: Actor,
    *,
    world: str,
    code: str,
    region: str,
    start: str | None = None,
    end: str | None = None,
    dim: str = "",
    now: datetime | None = None,
) -> list[Reading]:
    """Everything ever known of the periods from `start` to `end`, by period and then by when it was learned."""
    rows = _vintages(connection, catalogue, by, (world, region, code, dim), (start, end), None)
    return _as_series(catalogue, world, rows, now)


def _vintages(
    connection: Connection,
    catalogue: Catalogue,
    by: Actor,
    series: tuple[str, str, str, str],
    span: tuple[str | None, str | None],
    known_at: datetime | None,
) -> list[Row]:
    """Rows of every vintage of a (world, region, indicator, dim), by period and then by when it was learned."""
    world, region, code, dim = series
    indicator = catalogue.indicators.get(code)
    if indicator is None or not by.scope.allows(region):
        return []
    first, last = span
    bound = past.bound_moment(connection)
    until = min((one for one in (known_at, bound) if one is not None), default=None)
    asked = {
        "world": World(world).value,
        "region": region,
        "code": code,
        "dim": dim,
        "first": "" if first is None else _first(first, indicator.frequency),
        "last": _LAST_LABEL if last is None else periods.period_of(periods.end(last) - _INSTANT, indicator.frequency),
        "known_at": _LAST_MS if until is None else to_ms(until),
    }
    return bulk.fetch(connection, _VINTAGES, asked)


def _first(label: str, frequency: periods.Frequency) -> str:
    """The first period of `frequency` within `label`; ValueError if that is no label."""
    periods.frequency_of(label)
    return periods.period_of(periods.start(label), frequency)


def _as_series(catalogue: Catalogue, world: str, rows: list[Row], now: datetime | None) -> list[Reading]:
    """All with the standing of their newest: what was never promised anew is not late."""
    if not rows:
        return []
    frame = Frame(catalogue, World(world), now or from_ms(max(row[6] for row in rows)))
    standing = frame.standing(rows[-1])
    return [frame.reading(row, standing) for row in rows]
