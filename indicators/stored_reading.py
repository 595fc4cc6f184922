"""Rows of the store as readings: with unit, standing, and the reason where a value is missing or overdue."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import orjson

from database.moments import from_ms, to_ms
from indicators.absence import Missing, why_absent, why_empty, why_not_added_up
from indicators.definition import Indicator, Source
from indicators.freshness import Standing, judge
from indicators.reading import Freshness, Provenance, Reading, World
from indicators.remembered import Gap, Kept, Row, Shelf, Stamp

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

COLUMNS = (
    "indicator, region, dim, period, value, observed_at, known_at, provenance, source, numerator, denominator, basis, "
    "quality, call_id, history"
)
"""What a row holds, in this order."""


class StoredReading(Reading):
    """A reading whose history is read from its text only when somebody looks at it."""

    @cached_property
    def history(self) -> tuple[tuple[str, float | None], ...]:
        """Earlier values of the same series up to and with this one, oldest first."""
        return tuple(map(tuple, orjson.loads(self.__dict__["_history"])))


_REASON_KEEPS_MS = 60_000
"""Reasons tell how long something is overdue, to the minute."""
_ABSENT: Row = ()


class Frame:
    """What all readings of one answer share."""

    def __init__(self, catalogue: Catalogue, world: World, now: datetime) -> None:
        self.catalogue = catalogue
        self.world = world
        self._now = to_ms(now)

    @property
    def exists(self) -> bool:
        """False for the demo world of a catalogue without a demo city."""
        return self.world is World.REAL or self.catalogue.demo_city

    def kept(self, kept: Kept, gap: Gap | None) -> Reading:
        """The reading of a kept row, made anew only if something changed or its standing does about now."""
        reading = kept.reading
        if reading is None or kept.gap != gap or not kept.since <= self._now < kept.until:
            standing = self.standing(kept.row)
            reading = kept.reading = self.reading(kept.row, standing, gap)
            kept.gap, kept.since, kept.until = gap, self._now, _changes_at(standing, self._now)
        return reading

    def latest(self, row: Row) -> Reading:
        """A row of `latest` as a reading, for the few that are not kept."""
        return self.reading(row, self.standing(row))

    def standing(self, row: Row) -> Standing:
        """How the series of a row stands to what its source promised; the source may have left the catalogue since."""
        code, period, observed_at, source = row[0], row[3], row[5], row[8]
        if not self.catalogue.has_source(source):
            source = self.catalogue.source_of(code, self.world).key
        return judge(
            self.catalogue.source(source),
            newest_period=period,
            newest_observed_at=from_ms(observed_at),
            now=from_ms(self._now),
        )

    def reading(self, row: Row, standing: Standing, gap: Gap | None = None) -> Reading:
        """A row as a reading of that standing."""
        (code, region, dim, period, value, observed_at, known_at, provenance, source,
         numerator, denominator, basis, quality, call_id, history) = row  # fmt: skip
        flags = tuple(quality.split())
        reason = standing.reason if value is not None else why_empty(flags)
        if gap is not None and gap[1] > period:
            reason = _both(why_not_added_up(self.catalogue, _missing(gap)), reason)
        made = StoredReading.__new__(StoredReading)
        made.__dict__.update(
            indicator=code, region=region, period=period, value=value, unit=self.catalogue.indicators[code].unit,
            observed_at=from_ms(observed_at), known_at=from_ms(known_at), freshness=standing.freshness,
            provenance=Provenance(provenance), source=source, world=self.world, dim=dim, numerator=numerator,
            denominator=denominator, basis=basis, quality=flags, reason=reason, call_id=call_id, _history=history,
        )  # fmt: skip
        return made

    def absent(
        self, shelf: Shelf, indicator: Indicator, region: str, gap: Gap | None, heard: frozenset[str]
    ) -> Reading:
        """The reading of an indicator of which nothing is known. `heard`: sources that have ever delivered."""
        source = self.catalogue.source_of(indicator.code, self.world)
        stamp: Stamp = ("absent", source.key in heard)
        kept = shelf.get(indicator.code)
        if kept is None or kept.reading is None or kept.stamp != stamp or kept.gap != gap:
            reading = self._absent(indicator, region, gap, source, heard=source.key in heard)
            kept = shelf[indicator.code] = Kept(stamp, _ABSENT, gap, reading)
            return reading
        return kept.reading

    def _absent(self, indicator: Indicator, region: str, gap: Gap | None, source: Source, *, heard: bool) -> Reading:
        if gap is not None:
            reason = why_not_added_up(self.catalogue, _missing(gap))
        else:
            reason = why_absent(self.catalogue, indicator, region, source, heard=heard)
        return Reading(
            indicator=indicator.code, region=region, period="" if gap is None else gap[1], value=None,
            unit=indicator.unit, observed_at=None, known_at=None, freshness=Freshness.DEAD,
            provenance=self.catalogue.provenance_of(source.key), source=source.key, world=self.world,
            basis=indicator.basis, reason=reason,
        )  # fmt: skip


def _changes_at(standing: Standing, now: int) -> int:
    change = standing.next_change_at
    until = now + 100 * _REASON_KEEPS_MS if change is None else to_ms(change)
    return until if standing.reason is None else min(until, now + _REASON_KEEPS_MS)


def _missing(gap: Gap) -> Missing:
    return Missing(gap[1], tuple(gap[2].split()), tuple(gap[3].split()))


def _both(first: str, second: str | None) -> str:
    return first if second is None else f"{first}；{second}"
