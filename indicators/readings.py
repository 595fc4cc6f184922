"""The readings as kept: what is latest, and the history of one series as known today or on an earlier day.

Everything goes by the actor's scope: a region outside it has no readings.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from access.actor import Actor
from database import bulk
from database.moments import from_ms, to_ms
from datasources.delivery import period as periods
from indicators.reading import Reading, World
from indicators.remembered import Kept, Row, Shelf, Stamp, shelf_of
from indicators.stored_reading import COLUMNS, Frame

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

_INSTANT = timedelta(milliseconds=1)
_LATEST = text(f"SELECT {COLUMNS} FROM latest WHERE world = :world AND region = :region AND dim = ''")  # noqa: S608
_PREFIXED = ", ".join(f"l.{name}" for name in COLUMNS.split(", "))
_LATEST_OF_CODES = (
    f"SELECT {_PREFIXED} FROM {{keys}} CROSS JOIN latest l "  # noqa: S608 -- constant names
    "WHERE l.world = :world AND l.region = :region AND l.dim = '' AND l.indicator = {0}"
)
_MANY = 60
"""From so many touched rows on all rows of the region are read at once."""
_STAMP = "l.indicator, l.touched_by, l.known_at, l.observed_at"
_STAMPS = text(f"SELECT {_STAMP} FROM latest l WHERE l.world = :world AND l.region = :region AND l.dim = ''")  # noqa: S608
_STAMPS_OF_CODES = (
    f"SELECT {_STAMP} FROM {{keys}} CROSS JOIN latest l "  # noqa: S608 -- constant names
    "WHERE l.world = :world AND l.region = :region AND l.dim = '' AND l.indicator = {0}"
)
_LATEST_OF_REGIONS = (
    f"SELECT {_PREFIXED} FROM {{keys}} CROSS JOIN latest l "  # noqa: S608 -- constant names
    "WHERE l.world = :world AND l.indicator = :code AND l.dim = '' AND l.region = {0}"
)
_BY_DIM = text(
    f"SELECT {COLUMNS} FROM latest "  # noqa: S608 -- constant names
    "WHERE world = :world AND region = :region AND indicator = :code AND dim > '' ORDER BY dim"
)
_HEARD = text("SELECT source FROM source_states WHERE last_success_at IS NOT NULL")
_GAPS = text("SELECT indicator, period, absent, bare FROM gaps WHERE world = :world AND region = :region AND dim = ''")


def latest(
    connection: Connection,
    catalogue: Catalogue,
    by: Actor,
    *,
    world: str,
    region: str,
    codes: Collection[str] | None = None,
    now: datetime,
) -> dict[str, Reading]:
    """The newest reading of each indicator (or of `codes`) in `region`, by code in catalogue order.

    What has no value is there too, with the reason. Empty for a region outside the actor's scope.
    """
    frame = Frame(catalogue, World(world), now)
    if not by.scope.allows(region) or region not in catalogue.regions or not frame.exists:
        return {}
    wanted = catalogue.indicators if codes is None else [code for code in codes if code in catalogue.indicators]
    asked = {"world": frame.world.value, "region": region}
    shelf = shelf_of(connection, catalogue.version, frame.world.value, region)
    present = _refresh(connection, shelf, asked, None if codes is None else wanted)
    gaps = {row[0]: row for row in bulk.fetch(connection, _GAPS, asked)}
    heard = _heard(connection) if any(code not in present for code in wanted) else frozenset()
    return {
        code: frame.kept(present[code], gaps.get(code))
        if code in present
        else frame.absent(shelf, catalogue.indicators[code], region, gaps.get(code), heard)
        for code in wanted
    }


def _refresh(
    connection: Connection, shelf: Shelf, asked: dict[str, str], codes: Collection[str] | None
) -> dict[str, Kept]:
    """The rows of a region (or of `codes`), read anew where they were touched since they were kept."""
    if codes is None:
        stamps = bulk.fetch(connection, _STAMPS, asked)
    else:
        stamps = bulk.select(connection, _STAMPS_OF_CODES, [[code] for code in codes], **asked)
    present: dict[str, Kept] = {}
    touched: dict[str, Stamp] = {}
    for code, *stamp in stamps:
        kept = shelf.get(code)
        if kept is None or kept.stamp != tuple(stamp):
            touched[code] = tuple(stamp)
        else:
            present[code] = kept
    for row in _rows(connection, asked, touched):
        if row[0] in touched:
            present[row[0]] = shelf[row[0]] = Kept(touched[row[0]], row)
    return present


def _rows(connection: Connection, asked: dict[str, str], codes: Collection[str]) -> list[Row]:
    if len(codes) > _MANY:
        return bulk.fetch(connection, _LATEST, asked)
    return bulk.select(connection, _LATEST_OF_CODES, [[code] for code in codes], **asked)


def latest_in(
    connection: Connection,
    catalogue: Catalogue,
    by: Actor,
    *,
    world: str,
    code: str,
    regions: Collection[str],
    now: datetime,
) -> dict[str, Reading]:
    """The newest reading of one indicator in each of `regions` the actor may see, by region code."""
    allowed = [region for region in regions if by.scope.allows(region) and region in catalogue.regions]
    indicator = catalogue.indicators.get(code)
    frame = Frame(catalogue, World(world), now)
    if indicator is None or not frame.exists:
        return {}
    rows = bulk.select(
        connection, _LATEST_OF_REGIONS, [[region] for region in allowed], world=frame.world.value, code=code
    )
    found = {row[1]: frame.latest(row) for row in rows}
    heard = frozenset() if len(found) == len(allowed) else _heard(connection)
    return {r: found[r] if r in found else frame.absent({}, indicator, r, None, heard) for r in allowed}


def breakdown(
    connection: Connection, catalogue: Catalogue, by: Actor, *, world: str, code: str, region: str, now: datetime
) -> dict[str, Reading]:
    """The newest readings of one indicator by dim ('industry=陶瓷'); those without dim are not among them."""
    if not by.scope.allows(region) or code not in catalogue.indicators:
        return {}
    frame = Frame(catalogue, World(world), now)
    rows = bulk.fetch(connection, _BY_DIM, {"world": frame.world.value, "region": region, "code": code})
    return {row[2]: frame.latest(row) for row in rows}


def _heard(connection: Connection) -> frozenset[str]:
    """Sources that have delivered at some time."""
    return frozenset(row[0] for row in bulk.fetch(connection, _HEARD, {}))


# One series through time

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
    asked = {
        "world": World(world).value,
        "region": region,
        "code": code,
        "dim": dim,
        "first": "" if first is None else _first(first, indicator.frequency),
        "last": _LAST_LABEL if last is None else periods.period_of(periods.end(last) - _INSTANT, indicator.frequency),
        "known_at": _LAST_MS if known_at is None else to_ms(known_at),
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
