"""The readings as kept: what is latest in a region, of a figure in several regions, and by breakdown.

The histories are in `vintages.py`; they are handed on here for those who ask for readings of any kind.

Everything goes by the actor's scope: a region outside it has no readings.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from access.actor import Actor
from database import bulk
from indicators import past
from indicators.reading import Reading, World
from indicators.remembered import Kept, Row, Shelf, Stamp, shelf_of
from indicators.stored_reading import COLUMNS, Frame
from indicators.vintages import history, revisions, vintages

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

__all__ = ["breakdown", "history", "latest", "latest_in", "revisions", "vintages"]

_LATEST = text(f"SELECT {COLUMNS} FROM latest WHERE world = :world AND region = :region AND dim = ''")  # noqa: S608
_PREFIXED = ", ".join(f"l.{name}" for name in COLUMNS.split(", "))
_LATEST_OF_CODES = (
    f"SELECT {_PREFIXED} FROM {{keys}} CROSS JOIN latest l "  # noqa: S608 -- constant names
    "WHERE l.world = :world AND l.region = :region AND l.dim = '' AND l.indicator = {0}"
)
_MANY = 60
"""Of more rows than this, all rows of the region are read at once."""
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
    if (moment := past.bound_moment(connection)) is not None:
        then = past.readings(connection, catalogue, frame, [(code, region) for code in wanted], moment)
        return {code: then[code, region] for code in wanted}
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
    present: dict[str, Kept] = {}
    touched: dict[str, Stamp] = {}
    for code, *stamp in _stamps(connection, asked, codes):
        kept = shelf.get(code)
        if kept is None or kept.stamp != tuple(stamp):
            touched[code] = tuple(stamp)
        else:
            present[code] = kept
    for row in _rows(connection, asked, touched):
        if row[0] in touched:
            present[row[0]] = shelf[row[0]] = Kept(touched[row[0]], row)
    return present


def _stamps(connection: Connection, asked: dict[str, str], codes: Collection[str] | None) -> list[Row]:
    """What tells whether a row was touched, of `codes` or of all; most of a region is read faster whole and sifted."""
    if codes is not None and len(codes) <= _MANY:
        return bulk.select(connection, _STAMPS_OF_CODES, [[code] for code in codes], **asked)
    stamps = bulk.fetch(connection, _STAMPS, asked)
    wanted = None if codes is None else frozenset(codes)
    return stamps if wanted is None else [stamp for stamp in stamps if stamp[0] in wanted]


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
    if (moment := past.bound_moment(connection)) is not None:
        then = past.readings(connection, catalogue, frame, [(code, region) for region in allowed], moment)
        return {region: then[code, region] for region in allowed}
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
