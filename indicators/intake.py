"""The one way in for readings: every delivered row is taken, unchanged or quarantined, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from access.actor import Actor
from access.audit import record
from database import changes
from database.engine import writing
from database.moments import to_ms
from datasources.delivery.observation import Delivery, Observation
from indicators import calls
from indicators.arrival import Reason, inspect_duplicates, inspect_parts
from indicators.held import Hold, hold
from indicators.reading import Provenance
from indicators.receipt import Receipt, Sheet
from indicators.recognition import Recogniser
from indicators.rollup import RollUp, Touched, keep_gaps
from indicators.series import Series, SeriesKey, end_ms
from indicators.series_book import SeriesBook
from indicators.weighing import Candidate, Claim, Outcome, settled, vintage_of, weigh

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

__all__ = ["Receipt", "UnknownSource", "take", "take_many", "take_within"]

_STREAM_DOORS = frozenset({"mqtt", "demo"})
"""Doors whose lines are not kept as they arrived: too many, and the message is its own line."""
_RELEASE = "release"
_MANUAL = "manual"
_PEOPLE_DOORS = frozenset({_RELEASE, _MANUAL})
"""What people let in or enter is no sign of life of the source."""

_RECORDED_DOORS = {"push": "readings.push", "file": "readings.import"}
"""Doors somebody outside comes through; what the product fetches by itself stands in `calls` alone. What people
release or enter is recorded where they decide."""


class UnknownSource(LookupError):
    """The delivery names a source the catalogue does not have."""


def take(engine: Engine, catalogue: Catalogue, delivery: Delivery, *, door: str, by: Actor, now: datetime) -> Receipt:
    """Take one delivery. UnknownSource if the catalogue has no such source; nothing is stored then."""
    return take_many(engine, catalogue, [delivery], door=door, by=by, now=now)[0]


def take_many(
    engine: Engine, catalogue: Catalogue, deliveries: Sequence[Delivery], *, door: str, by: Actor, now: datetime
) -> list[Receipt]:
    """Take several deliveries, in their order, in one transaction."""
    _refuse_strangers(catalogue, deliveries)
    with writing(engine) as connection:
        receipts = take_within(connection, catalogue, deliveries, door=door, by=by, now=now)
        if door in _RECORDED_DOORS:
            _record_calls(connection, deliveries, receipts, _RECORDED_DOORS[door], by, now)
        return receipts


def take_within(
    connection: Connection, catalogue: Catalogue, deliveries: Sequence[Delivery], *, door: str, by: Actor, now: datetime
) -> list[Receipt]:
    """Like `take_many`, inside the caller's write transaction."""
    _refuse_strangers(catalogue, deliveries)
    receipts: dict[int, Receipt] = {}
    for world in sorted({str(catalogue.world_of(delivery.source)) for delivery in deliveries}):
        places = [n for n, delivery in enumerate(deliveries) if str(catalogue.world_of(delivery.source)) == world]
        arrivals = _Arrivals(connection, catalogue, world, door, by, now)
        receipts.update(zip(places, arrivals.take([deliveries[n] for n in places]), strict=True))
    return [receipts[n] for n in range(len(deliveries))]


def _record_calls(
    connection: Connection,
    deliveries: Sequence[Delivery],
    receipts: Sequence[Receipt],
    action: str,
    by: Actor,
    now: datetime,
) -> None:
    """One row of the audit record per call, whatever became of its rows."""
    for delivery, receipt in zip(deliveries, receipts, strict=True):
        told = {"call": receipt.call_id, "rows": receipt.rows, "taken": receipt.taken, "held": len(receipt.held)}
        record(connection, by=by, action=action, object=f"source {delivery.source}", detail=told, now=now)


def _refuse_strangers(catalogue: Catalogue, deliveries: Iterable[Delivery]) -> None:
    for delivery in deliveries:
        try:
            catalogue.source(delivery.source)
        except LookupError as unknown:
            raise UnknownSource(f"目录中没有来源“{delivery.source}”") from unknown


class _Arrivals:
    """Takes the deliveries of one world: recognise, read what is known, weigh, roll up, write."""

    def __init__(
        self, connection: Connection, catalogue: Catalogue, world: str, door: str, by: Actor, now: datetime
    ) -> None:
        self._connection = connection
        self._catalogue = catalogue
        self._door = door
        self._by = by
        self._now = now
        self._book = SeriesBook(connection, world, now)
        self._recogniser = Recogniser(catalogue, by.scope)
        self._touched: list[Touched] = []

    def take(self, deliveries: Sequence[Delivery]) -> list[Receipt]:
        numbers = calls.reserve(self._connection, len(deliveries))
        sheets = [self._sheet(delivery, number) for delivery, number in zip(deliveries, numbers, strict=True)]
        self._read_known(sheets)
        for sheet in sheets:
            self._weigh(sheet)
        rollup = RollUp(self._catalogue, self._book)
        rollup.run(self._touched)
        self._book.save(numbers[-1])
        keep_gaps(self._connection, self._book.world, rollup.gaps.values())
        self._record(sheets)
        return [sheet.receipt for sheet in sheets]

    # Recognise

    def _sheet(self, delivery: Delivery, number: int) -> Sheet:
        sheet = Sheet(delivery, self._claim(delivery.source), number)
        for index, row in enumerate(delivery.observations):
            indicator, reasons = self._recogniser.recognise(row)
            if reasons or indicator is None:
                sheet.holds[index] = Hold(self._without_foreign_place(row), tuple(reasons))
            else:
                sheet.candidates.append(Candidate(index, settled(indicator, row), indicator))
        if len(sheet.candidates) > 1 and not sheet.claim.released:
            self._object(sheet.candidates)
        sheet.outcomes = [Outcome.QUARANTINED] * len(delivery.observations)
        return sheet

    def _without_foreign_place(self, row: Observation) -> Observation:
        """A row of a region the sender may not write for waits under no region, so not before that region's people."""
        foreign = row.region in self._catalogue.regions and not self._by.scope.allows(row.region)
        return replace(row, region="") if foreign else row

    def _claim(self, source: str) -> Claim:
        provenance = self._catalogue.provenance_of(source)
        if self._door == _MANUAL and provenance is not Provenance.SIMULATED:
            provenance = Provenance.MANUAL
        return Claim(source, provenance.value, self._door == _RELEASE)

    def _object(self, candidates: Sequence[Candidate]) -> None:
        """Note what speaks against rows in view of their whole delivery."""
        rows = [candidate.row for candidate in candidates]
        objections: dict[int, Reason] = {**inspect_parts(self._catalogue, rows), **inspect_duplicates(rows)}
        for place, reason in objections.items():
            candidates[place].objection = reason

    def _read_known(self, sheets: Sequence[Sheet]) -> None:
        wanted: dict[SeriesKey, set[str]] = {}
        for sheet in sheets:
            for candidate in sheet.candidates:
                wanted.setdefault(candidate.key, set()).add(candidate.row.period)
        self._book.open(wanted)
        self._book.recall(wanted)

    # Weigh

    def _weigh(self, sheet: Sheet) -> None:
        for candidate in _in_time(sheet.candidates):
            series = self._book[candidate.key]
            verdict = weigh(candidate, series, sheet.claim, self._now)
            if isinstance(verdict, list):
                sheet.holds[candidate.index] = Hold(candidate.row, tuple(verdict))
                continue
            sheet.outcomes[candidate.index] = verdict
            if verdict is Outcome.TAKEN:
                self._enter(candidate, series, sheet)
            else:
                self._confirm(candidate, series, sheet)

    def _enter(self, candidate: Candidate, series: Series, sheet: Sheet) -> None:
        vintage = vintage_of(candidate, series, sheet.claim, known_at=self._book.now, call_id=sheet.call_id)
        series.add(vintage)
        sheet.see(vintage.period, vintage.observed_at)
        self._touched.append((candidate.key, vintage.period, sheet.call_id))

    def _confirm(self, candidate: Candidate, series: Series, sheet: Sheet) -> None:
        row = candidate.row
        instant = end_ms(row.period) if row.observed_at is None else to_ms(row.observed_at)
        instant = min(instant, self._book.now)
        if series.newest is not None and series.newest.period == row.period and row.observed_at is not None:
            series.confirm(instant)
        sheet.see(row.period, instant)

    # Record

    def _record(self, sheets: Sequence[Sheet]) -> None:
        calls.record(self._connection, [self._call(sheet) for sheet in sheets])
        if self._door not in _STREAM_DOORS:
            calls.keep_raw(self._connection, _raw_rows(sheets))
        topics = self._topics()
        for sheet in sheets:
            holds = sheet.all_holds
            hold(self._connection, sheet.delivery.source, sheet.call_id, holds, self._now)
            if holds:
                topics.update((changes.QUARANTINE, changes.SOURCES))
        topics.update(self._note_sources(sheets))
        changes.bump(self._connection, topics)

    def _topics(self) -> set[str]:
        world = self._book.world
        codes = {code for (_, code, _), _, _ in self._touched}
        themes = {self._catalogue.indicators[code].theme for code in codes}
        topics = {changes.theme_of(world, theme) for theme in themes}
        return topics | {changes.readings_of(world)} if topics else topics

    def _note_sources(self, sheets: Sequence[Sheet]) -> set[str]:
        topics: set[str] = set()
        last = {sheet.delivery.source: sheet for sheet in sorted(sheets, key=lambda sheet: sheet.delivery.source)}
        for source, sheet in last.items() if self._door not in _PEOPLE_DOORS else ():
            if calls.record_success(self._connection, source, sheet.call_id, self._now):
                topics.add(changes.SOURCES)
        for source in last if self._door != _MANUAL else ():
            newest = [s.newest for s in sheets if s.newest is not None and s.delivery.source == source]
            if newest:
                calls.advance(self._connection, source, max(newest, key=lambda n: n.observed_at))
        return topics

    def _call(self, sheet: Sheet) -> calls.Call:
        receipt, delivery = sheet.receipt, sheet.delivery
        outcome = "partial" if receipt.held else "taken" if receipt.taken else "unchanged"
        return calls.Call(
            sheet.call_id, delivery.source, self._door, delivery.origin, delivery.digest, self._by.name,
            min(delivery.fetched_at, self._now), self._now, outcome,
            receipt.rows, receipt.taken, receipt.unchanged, len(receipt.held),
        )  # fmt: skip


def _in_time(candidates: Sequence[Candidate]) -> list[Candidate]:
    """By period, within a period by instant; those of a period that tell no instant first. Equal ones as delivered."""
    timed: Sequence[Candidate] = candidates
    if any(candidate.row.observed_at is not None for candidate in candidates):
        timed = sorted(candidates, key=_instant)
    return sorted(timed, key=_period)


def _instant(candidate: Candidate) -> float:
    return 0.0 if candidate.row.observed_at is None else candidate.row.observed_at.timestamp()


def _period(candidate: Candidate) -> str:
    return candidate.row.period


def _raw_rows(sheets: Iterable[Sheet]) -> dict[tuple[int, int], str]:
    """Lines as they arrived, once each, of the rows that were taken."""
    return {
        (sheet.call_id, row.line): row.raw
        for sheet in sheets
        for row, outcome in zip(sheet.delivery.observations, sheet.outcomes, strict=True)
        if outcome is Outcome.TAKEN and row.line is not None and row.raw
    }
