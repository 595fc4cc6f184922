"""Rows that were not let in, and the person who decides: release lets one in as it is, reject keeps it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Select, func, select, update

from access.actor import Actor
from access.audit import record
from database import changes
from database.engine import writing
from database.storable import storable
from database.tables import quarantine
from datasources.delivery.observation import Delivery, Observation
from indicators.arrival import Reason
from indicators.intake import take_within
from indicators.reading import World
from indicators.receipt import Receipt
from indicators.recognition import Recogniser
from indicators.series import RELEASED
from indicators.series_book import take_turns

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

_LONGEST_NOTE = 500


class QuarantineError(Exception):
    """A decision that cannot be made; the message says why and what to do instead."""


class NotThere(QuarantineError):
    """There is no such row, or not for this actor."""


class DecidedMeanwhile(QuarantineError):
    """Someone else has decided about the row already."""


class CannotRelease(QuarantineError):
    """The row names no figure of the catalogue, or its numbers are none; only the source can mend it."""


@dataclass(frozen=True)
class Entry:
    """A row in quarantine: what it said, why it was held, who decided what."""

    id: int
    source: str
    call_id: int
    line: int | None
    indicator: str | None
    region: str | None
    dim: str
    period: str | None
    observed_at: datetime | None
    value: float | None
    numerator: float | None
    denominator: float | None
    basis: str | None
    quality: str
    raw: str
    reasons: tuple[Reason, ...]
    state: str
    held_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None


_FIELDS = tuple(Entry.__dataclass_fields__)


def held(
    connection: Connection,
    by: Actor,
    *,
    source: str | None = None,
    state: str = "held",
    limit: int = 200,
    before: int | None = None,
) -> list[Entry]:
    """Rows in `state` (held, released, rejected), newest first; page on with the last id as `before`.

    Rows that name no region the product knows are for actors who may see the whole city.
    """
    query = _visible(select(*(quarantine.c[name] for name in _FIELDS)), by).where(quarantine.c.state == state)
    if source is not None:
        query = query.where(quarantine.c.source == source)
    if before is not None:
        query = query.where(quarantine.c.id < before)
    found = connection.execute(query.order_by(quarantine.c.id.desc()).limit(limit))
    return [_entry(row._mapping) for row in found]


def entry(connection: Connection, by: Actor, number: int) -> Entry | None:
    """One row, whatever was decided about it; None if there is none or not for this actor."""
    query = _visible(select(*(quarantine.c[name] for name in _FIELDS)), by).where(quarantine.c.id == number)
    row = connection.execute(query).first()
    return None if row is None else _entry(row._mapping)


def count_held(connection: Connection, by: Actor) -> int:
    """How many rows wait for a decision the actor may see."""
    query = _visible(select(func.count()).select_from(quarantine), by).where(quarantine.c.state == "held")
    return int(connection.execute(query).scalar_one())


def release(engine: Engine, catalogue: Catalogue, number: int, *, by: Actor, note: str, now: datetime) -> Receipt:
    """Let a held row in as it is, without checks; it keeps the flag 'released' and goes by the door 'release'."""
    with writing(engine) as connection:
        take_turns(connection, _world_of(connection, catalogue, by, number))
        found = _decide(connection, number, "released", by, note, now)
        row = _row_of(found)
        if not catalogue.has_source(found.source):
            raise CannotRelease(f"来源“{found.source}”已不在目录中，请由现有来源重新报送")
        _, reasons = Recogniser(catalogue).recognise(row)
        if reasons:
            raise CannotRelease("；".join(reason.message for reason in reasons) + "。请来源单位更正后重新报送")
        delivery = Delivery(found.source, f"quarantine {number}", now, [row])
        receipt = take_within(connection, catalogue, [delivery], door="release", by=by, now=now)[0]
        changes.bump(connection, [changes.QUARANTINE, changes.SOURCES])
        _record(connection, found, {"source": found.source, "call": receipt.call_id}, "release", by, now)
        return receipt


def reject(engine: Engine, number: int, *, by: Actor, note: str, now: datetime) -> None:
    """Keep a held row out; the same row again is not asked about any more."""
    with writing(engine) as connection:
        found = _decide(connection, number, "rejected", by, note, now)
        changes.bump(connection, [changes.QUARANTINE, changes.SOURCES])
        _record(connection, found, {"source": found.source}, "reject", by, now)


def _record(
    connection: Connection, found: Entry, detail: Mapping[str, object], verb: str, by: Actor, now: datetime
) -> None:
    record(
        connection, by=by, action=f"quarantine.{verb}", object=f"quarantine {found.id}", region=found.region or "",
        detail=detail, now=now,
    )  # fmt: skip


def _world_of(connection: Connection, catalogue: Catalogue, by: Actor, number: int) -> str:
    found = entry(connection, by, number)
    known = found is not None and catalogue.has_source(found.source)
    return catalogue.world_of(found.source).value if found is not None and known else World.REAL.value


def _decide(connection: Connection, number: int, state: str, by: Actor, note: str, now: datetime) -> Entry:
    """Claim the row: exactly one decision wins."""
    if not note.strip():
        raise QuarantineError("请写明处理依据，例如与谁核实、依据什么文件")
    found = entry(connection, by, number)
    if found is None:
        raise NotThere(f"没有隔离记录 {number}")
    decision = {"decided_by": by.name, "decided_at": now, "note": storable(note.strip(), _LONGEST_NOTE)}
    claimed = connection.execute(
        update(quarantine)
        .where(quarantine.c.id == number, quarantine.c.state == "held")
        .values(state=state, **decision)
    )
    if claimed.rowcount != 1:
        raise DecidedMeanwhile(f"该记录已由 {found.decided_by or '他人'} 处理，请刷新后查看")
    return found


def _row_of(held_row: Entry) -> Observation:
    if held_row.indicator is None or held_row.region is None or held_row.period is None:
        raise CannotRelease("该行未能识别为任何指标的数据，不能放行。请来源单位更正后重新报送")
    if held_row.value is None and held_row.numerator is None and not held_row.quality:
        raise CannotRelease("该行没有可用的数值，不能放行。请来源单位更正后重新报送")
    return Observation(
        indicator=held_row.indicator,
        region=held_row.region,
        period=held_row.period,
        value=held_row.value,
        observed_at=held_row.observed_at,
        numerator=held_row.numerator,
        denominator=held_row.denominator,
        dim=held_row.dim,
        basis=held_row.basis,
        quality=(*held_row.quality.split(), RELEASED),
        line=held_row.line,
        raw=held_row.raw,
    )


def _visible(query: Select[Any], by: Actor) -> Select[Any]:
    if by.scope.regions is None:
        return query
    return query.where(quarantine.c.region.in_(sorted(by.scope.regions)))


def _entry(row: Any) -> Entry:
    reasons = tuple(Reason(found["check"], found["message"]) for found in row["reasons"])
    return Entry(**{**row, "reasons": reasons})
