"""What changed in a region since somebody last looked: lights, figures that moved beyond usual, sources late since.

The lights of then are worked out by the same rule from what was known then; a series that was loaded later as a whole
(a history imported on the first day) counts as it stood at that moment. A figure moved beyond usual if its step is
larger than FAR robust spreads (1.4826 × MAD) of its own steps of the same length; figures that add up through the year
move by nature and are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from access.actor import Actor
from database import bulk
from database.moments import to_ms
from indicators.definition import Indicator, Source, Theme
from indicators.freshness import judge
from indicators.reading import Freshness, Reading, World
from indicators.readings import latest
from indicators.source_records import source_records
from indicators.states import Light, is_past_promise, theme_state
from indicators.stored_reading import COLUMNS, Frame

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

FAR = 4.0
FEWEST_STEPS = 8
_PREFIXED = ", ".join(f"l.{name}" for name in COLUMNS.split(", "))
_ROWS = text(
    f"SELECT {_PREFIXED}, l.series_id FROM latest l "  # noqa: S608 -- constant names
    "WHERE l.world = :world AND l.region = :region AND l.dim = ''"
)
_THEN = (
    "SELECT o.series_id, o.period, o.value, o.observed_at, o.known_at, o.provenance, o.source, o.numerator, "
    "o.denominator, o.basis, o.quality, o.call_id FROM {{keys}} CROSS JOIN observations o "
    "WHERE o.series_id = CAST({{0}} AS BIGINT) AND o.period = ("
    "SELECT b.period FROM observations b WHERE b.series_id = CAST({{0}} AS BIGINT) AND b.{moment} <= :since "
    "ORDER BY b.period DESC LIMIT 1) AND o.known_at = ("
    "SELECT max(v.known_at) FROM observations v "
    "WHERE v.series_id = CAST({{0}} AS BIGINT) AND v.period = o.period AND v.{moment} <= :since)"
)
_KNOWN_THEN, _OF_THEN = _THEN.format(moment="known_at"), _THEN.format(moment="observed_at")
"""As it was known at a moment; and, for series that were loaded later as a whole, as it was at that moment."""


@dataclass(frozen=True)
class LightChange:
    """A theme whose light is another one than then."""

    theme: Theme
    before: Light
    after: Light
    reason: str


@dataclass(frozen=True)
class Move:
    """A figure that moved beyond usual; `spreads` says how far in robust spreads of its own steps."""

    indicator: Indicator
    before: Reading
    after: Reading
    spreads: float


@dataclass(frozen=True)
class LateSource:
    """A source that kept its promise then and does not now."""

    source: Source
    freshness: Freshness
    reason: str


@dataclass(frozen=True)
class Digest:
    """Everything that changed between `since` and now. `arrived` counts the figures that have a newer value."""

    since: datetime
    lights: tuple[LightChange, ...]
    moves: tuple[Move, ...]
    late: tuple[LateSource, ...]
    arrived: int
    newer: frozenset[str] = frozenset()
    """The codes of those figures."""


def digest(
    connection: Connection,
    catalogue: Catalogue,
    by: Actor,
    *,
    world: World,
    region: str,
    since: datetime,
    now: datetime,
    far: float = FAR,
) -> Digest:
    """What changed in `region`; nothing for a region outside the actor's scope. `far`: moves beyond so many spreads."""
    after = latest(connection, catalogue, by, world=world.value, region=region, now=now)
    if not after:
        return Digest(since, (), (), (), 0)
    before = _known_then(connection, catalogue, world, region, since)
    newer = [code for code, reading in after.items() if _is_newer(before.get(code), reading)]
    return Digest(
        since=since,
        lights=tuple(_lights(catalogue, before, after)),
        moves=tuple(sorted(_moves(catalogue, newer, before, after, far), key=lambda move: -move.spreads)),
        late=tuple(_late(connection, catalogue, world, since, now)),
        arrived=len(newer),
        newer=frozenset(newer),
    )


def spreads_of(reading: Reading, earlier: Reading) -> float:
    """How many robust spreads of its own steps of that length the figure moved; 0 if too little is known."""
    known = [(label, value) for label, value in reading.history if value is not None]
    labels = [label for label, _ in known]
    if earlier.period not in labels or reading.value is None or earlier.value is None:
        return 0.0
    lag = len(labels) - 1 - labels.index(earlier.period)
    values = [value for _, value in known]
    steps = [later - sooner for sooner, later in zip(values, values[lag:], strict=False)][:-1] if lag else []
    if len(steps) < FEWEST_STEPS:
        return 0.0
    middle = median(steps)
    spread = 1.4826 * median(abs(step - middle) for step in steps)
    return abs(reading.value - earlier.value - middle) / spread if spread > 0 else 0.0


def _known_then(
    connection: Connection, catalogue: Catalogue, world: World, region: str, since: datetime
) -> dict[str, Reading]:
    """The readings as they stood at `since`: untouched rows as they are, the others as known then."""
    frame, moment = Frame(catalogue, world, since), to_ms(since)
    rows = bulk.fetch(connection, _ROWS, {"world": world.value, "region": region})
    moved = {row[-1]: row for row in rows if row[6] > moment}
    found = {row[0]: row[:-1] for row in rows if row[-1] not in moved}
    for statement in (_KNOWN_THEN, _OF_THEN):
        missing = [[series] for series, row in moved.items() if row[0] not in found]
        for series, *told in bulk.select(connection, statement, missing, since=moment):
            code = moved[series][0]
            found[code] = (code, region, "", *told, "[]")
    return {code: frame.latest(row) for code, row in found.items() if code in catalogue.indicators}


def _is_newer(before: Reading | None, after: Reading) -> bool:
    if after.value is None:
        return False
    return before is None or (before.period, before.value) != (after.period, after.value)


def _lights(catalogue: Catalogue, before: Mapping[str, Reading], after: Mapping[str, Reading]) -> Iterable[LightChange]:
    for key, theme in catalogue.themes.items():
        entries = catalogue.indicators_of(key)
        then = theme_state(key, entries, before, catalogue.state_rule)
        state = theme_state(key, entries, after, catalogue.state_rule)
        if then.light is not state.light:
            yield LightChange(theme, then.light, state.light, state.reason)


def _moves(
    catalogue: Catalogue, newer: Iterable[str], before: Mapping[str, Reading], after: Mapping[str, Reading], far: float
) -> Iterable[Move]:
    for code in newer:
        indicator, earlier, reading = catalogue.indicators[code], before.get(code), after[code]
        adds_up = reading.basis == "ytd" and indicator.aggregation == "sum"
        if earlier is None or adds_up or is_past_promise(reading):
            continue
        spreads = spreads_of(reading, earlier)
        if spreads > far:
            yield Move(indicator, earlier, reading, spreads)


def _late(
    connection: Connection, catalogue: Catalogue, world: World, since: datetime, now: datetime
) -> Iterable[LateSource]:
    """Sources whose newest data were on time at `since`, as far as they had come by then, and are not now."""
    records = source_records(connection)
    for source in catalogue.sources_of(world):
        record = records.get(source.key)
        if record is None or record.newest_observed_at is None:
            continue
        standing = judge(source, newest_period=None, newest_observed_at=record.newest_observed_at, now=now)
        then = judge(source, newest_period=None, newest_observed_at=record.newest_observed_at, now=since)
        if standing.freshness is not Freshness.FRESH and then.freshness is Freshness.FRESH:
            yield LateSource(source, standing.freshness, standing.reason or "")
