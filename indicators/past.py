"""The readings as they were known at an earlier moment: rebuilt from the vintages, never from what is kept for now.

A connection may be bound to a moment (`as_known`). Everything read through it then, by `readings.py` and `vintages.py`,
is what the store knew at that moment; so whoever draws from readings alone draws the past without knowing it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import Connection, text

from database import bulk
from database.moments import from_ms, to_ms
from datasources.delivery.period import Frequency, period_of
from indicators.reading import Reading
from indicators.remembered import Row
from indicators.series import kept_points
from indicators.stored_reading import Frame

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

OPTION = "known_at"
_SPANS = {
    Frequency.DAILY: timedelta(days=800),
    Frequency.HOURLY: timedelta(days=35),
    Frequency.MINUTE: timedelta(days=4),
    Frequency.REALTIME: timedelta(days=4),
}
"""How far back what is kept at hand of a series may reach; coarser ones are read whole."""
_KNOWN = (
    "SELECT s.indicator, s.region, s.dim, o.period, o.value, o.observed_at, o.known_at, o.provenance, o.source, "
    "o.numerator, o.denominator, o.basis, o.quality, o.call_id, '[]' "
    "FROM {keys} CROSS JOIN series s JOIN observations o ON o.series_id = s.id "
    "WHERE s.world = :world AND s.indicator = {0} AND s.region = {1} AND s.dim = '' "
    "AND o.period >= {2} AND o.known_at <= :known_at ORDER BY s.indicator, s.region, o.period, o.known_at"
)
_FIRST = text(
    "SELECT MIN(o.known_at) FROM observations o JOIN series s ON o.series_id = s.id WHERE s.world = :world"
)  # fmt: skip


def as_known(connection: Connection, moment: datetime) -> Connection:
    """The same connection, bound to what was known at `moment`."""
    return connection.execution_options(**{OPTION: moment})


def bound_moment(connection: Connection) -> datetime | None:
    """The moment a connection is bound to; None for the present."""
    found: datetime | None = connection.get_execution_options().get(OPTION)
    return found


def begins(connection: Connection, world: str) -> datetime | None:
    """When the store learned its first reading of a world: nothing earlier can be told."""
    found = connection.execute(_FIRST, {"world": world}).scalar()
    return None if found is None else from_ms(found)


def readings(
    connection: Connection, catalogue: Catalogue, frame: Frame, keys: Collection[tuple[str, str]], moment: datetime
) -> dict[tuple[str, str], Reading]:
    """The newest reading then of each (indicator, region), as it stood then; what was unknown is absent."""
    asked = [(code, region, _first(catalogue, code, moment)) for code, region in keys]
    rows = bulk.select(connection, _KNOWN, asked, world=frame.world.value, known_at=to_ms(moment))
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        found.setdefault((row[0], row[1]), {})[row[3]] = row
    made = {key: frame.latest(_latest(list(known.values()))) for key, known in found.items()}
    return {key: made[key] if key in made else _absent(catalogue, frame, key) for key in keys}


def _latest(known: list[Row]) -> Row:
    """The row `latest` held then: the newest period with the points before it."""
    newest = known[-1]
    points = [[row[3], row[4]] for row in known[-kept_points(newest[3]) :]]
    return (*newest[:-1], orjson.dumps(points).decode())


def _absent(catalogue: Catalogue, frame: Frame, key: tuple[str, str]) -> Reading:
    code, region = key
    return frame.absent({}, catalogue.indicators[code], region, None, frozenset())


def _first(catalogue: Catalogue, code: str, moment: datetime) -> str:
    frequency = catalogue.indicators[code].frequency
    span = _SPANS.get(frequency)
    return "" if span is None else period_of(moment - span, frequency)
