"""Adds counties to the city and towns to their county, exactly, and only when every part is there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from indicators.definition import Indicator, RegionKind
from indicators.reading import World
from indicators.series import REVISED, ROLLED_UP, ZERO_DENOMINATOR, SeriesKey, Vintage
from indicators.series_book import SeriesBook

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

Touched = tuple[SeriesKey, str, int]
"""A value that was taken: its series, period and source call."""

_ADDED = frozenset({"sum"})
_DIVIDED = frozenset({"ratio", "weighted", "mean"})
_LEVELS = (RegionKind.COUNTY, RegionKind.CITY)
"""Totals, the lowest first: a city may be the sum of counties that are themselves sums of towns."""
_LEAST_DIRECT = ("simulated", "manual", "published", "live")


@dataclass(frozen=True)
class Gap:
    """Why a total of `period` could not be made: parts without a value, parts without numerator and denominator."""

    key: SeriesKey
    period: str
    absent: tuple[str, ...]
    bare: tuple[str, ...]


@dataclass(frozen=True)
class Total:
    """A value made of its parts. `value` is None if all denominators are zero."""

    value: float | None
    numerator: float | None
    denominator: float | None


def combine(indicator: Indicator, parts: Sequence[Vintage]) -> Total:
    """The total of complete `parts`: Σ for sums, scale · ΣN / ΣD otherwise; never an average of averages."""
    numerator = _sum([part.numerator for part in parts])
    denominator = _sum([part.denominator for part in parts])
    if indicator.aggregation in _ADDED:
        return Total(_sum([part.value for part in parts]), numerator, denominator)
    if numerator is None or not denominator:
        return Total(None, numerator, denominator)
    return Total(indicator.scale * numerator / denominator, numerator, denominator)


def _sum(numbers: Sequence[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return math.fsum(known) if len(known) == len(numbers) else None


def lacking(indicator: Indicator, part: Vintage | None) -> str | None:
    """What keeps a part from being counted: 'absent', 'bare' (no numerator and denominator) or nothing."""
    if part is None:
        return "absent"
    has_parts = part.numerator is not None and part.denominator is not None
    if indicator.aggregation in _DIVIDED and has_parts:
        return None  # a county where nothing happened counts with 0 of 0
    if part.value is None:
        return "absent"
    return "bare" if indicator.aggregation in _DIVIDED else None


class RollUp:
    """Makes the totals that follow from values just taken, in the same transaction."""

    def __init__(self, catalogue: Catalogue, book: SeriesBook) -> None:
        self._catalogue = catalogue
        self._book = book
        self._world = World(book.world)
        self.gaps: dict[SeriesKey, Gap] = {}

    def run(self, touched: Iterable[Touched]) -> None:
        """Make every total that `touched` completes or revises; what is missing for others is left in `gaps`."""
        pending = list(touched)
        for level in _LEVELS:
            wanted = self._wanted(pending, level)
            self._read(wanted)
            pending.extend(
                (key, period, call_id)
                for key, periods in wanted.items()
                for period, call_id in sorted(periods.items())
                if self._make(key, period, call_id)
            )

    def _wanted(self, touched: Iterable[Touched], level: RegionKind) -> dict[SeriesKey, dict[str, int]]:
        wanted: dict[SeriesKey, dict[str, int]] = {}
        periods_of: dict[SeriesKey, dict[str, int] | None] = {}
        for key, period, call_id in touched:
            if key not in periods_of:
                total = self._total_of(key, level)
                periods_of[key] = None if total is None else wanted.setdefault(total, {})
            periods = periods_of[key]
            if periods is not None:
                periods[period] = call_id
        return wanted

    def _total_of(self, key: SeriesKey, level: RegionKind) -> SeriesKey | None:
        """The series on `level` that this one is a part of."""
        region, code, dim = key
        total = self._catalogue.regions[region].parent
        return (total, code, dim) if total is not None and self._is_rolled_up(total, code, level) else None

    def _is_rolled_up(self, total: str, code: str, level: RegionKind) -> bool:
        indicator = self._catalogue.indicators[code]
        return (
            self._catalogue.regions[total].kind is level
            and level in indicator.levels
            and indicator.aggregation in _ADDED | _DIVIDED
        )

    def _parts(self, total: str) -> list[str]:
        return [region.code for region in self._catalogue.children(total)]

    def _read(self, wanted: Mapping[SeriesKey, Mapping[str, int]]) -> None:
        needed = dict(wanted)
        for (total, code, dim), periods in wanted.items():
            needed.update({(part, code, dim): periods for part in self._parts(total)})
        self._book.open(needed)
        self._book.recall(
            {key: [p for p in periods if self._book[key].current(p) is None] for key, periods in needed.items()}
        )

    def _make(self, key: SeriesKey, period: str, call_id: int) -> bool:
        """True if a new value of the total was entered."""
        total, code, dim = key
        series = self._book[key]
        current = series.current(period)
        if current is not None and not current.has(ROLLED_UP) and current.value is not None:
            return False  # a source that delivers the total itself wins
        indicator = self._catalogue.indicators[code]
        parts = {part: self._book[(part, code, dim)].current(period) for part in self._parts(total)}
        missing = {part: lack for part, found in parts.items() if (lack := lacking(indicator, found))}
        if missing:
            self._note_gap(key, period, missing)
            return False
        made = self._vintage(indicator, period, [part for part in parts.values() if part is not None], call_id)
        if current is not None and current.has(ROLLED_UP) and _numbers(current) == _numbers(made):
            return False
        if current is not None and current.value is not None:
            made.quality = f"{made.quality} {REVISED}"
        series.add(made)
        return True

    def _note_gap(self, key: SeriesKey, period: str, missing: Mapping[str, str]) -> None:
        newest = self._book[key].newest
        earlier = self.gaps.get(key)
        if (newest is None or period > newest.period) and (earlier is None or period >= earlier.period):
            absent = tuple(part for part, lack in missing.items() if lack == "absent")
            self.gaps[key] = Gap(key, period, absent, tuple(part for part in missing if part not in absent))

    def _vintage(self, indicator: Indicator, period: str, parts: Sequence[Vintage], call_id: int) -> Vintage:
        total = combine(indicator, parts)
        sources = {part.source for part in parts}
        return Vintage(
            period=period,
            known_at=max(self._book.now, *(part.known_at for part in parts)),
            observed_at=min(part.observed_at for part in parts),
            value=total.value,
            numerator=total.numerator,
            denominator=total.denominator,
            basis=parts[0].basis,
            provenance=min((part.provenance for part in parts), key=_LEAST_DIRECT.index),
            quality=ROLLED_UP if total.value is not None else f"{ROLLED_UP} {ZERO_DENOMINATOR}",
            source=sources.pop() if len(sources) == 1 else self._catalogue.source_of(indicator.code, self._world).key,
            call_id=call_id,
        )


def _numbers(vintage: Vintage) -> tuple[float | None, float | None, float | None]:
    return vintage.value, vintage.numerator, vintage.denominator


_KEEP_GAP = text(
    "INSERT INTO gaps (world, region, indicator, dim, period, absent, bare) "
    "VALUES (:world, :region, :indicator, :dim, :period, :absent, :bare) "
    "ON CONFLICT (world, region, indicator, dim) DO UPDATE "
    "SET period = excluded.period, absent = excluded.absent, bare = excluded.bare WHERE excluded.period >= gaps.period"
)


def keep_gaps(connection: Connection, world: str, gaps: Iterable[Gap]) -> None:
    """Remember what is missing, so that a reading can name it; a gap older than its reading is no longer told."""
    rows = [
        {"world": world, "region": gap.key[0], "indicator": gap.key[1], "dim": gap.key[2], "period": gap.period,
         "absent": " ".join(gap.absent), "bare": " ".join(gap.bare)}
        for gap in gaps
    ]  # fmt: skip
    if rows:
        connection.execute(_KEEP_GAP, rows)
