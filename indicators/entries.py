"""Figures entered by hand: one person enters, another one reviews, and only then the figure becomes a reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Select, insert, select, update

from access.actor import Actor
from access.audit import record
from access.personal import mask_text
from database import changes
from database.engine import writing
from database.storable import storable
from database.tables import entries
from datasources.delivery.observation import Delivery, Observation
from indicators.arrival import Reason
from indicators.intake import take_within
from indicators.reading import World
from indicators.receipt import Receipt
from indicators.recognition import Recogniser
from indicators.series_book import take_turns

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

ENTRIES = "entries"
"""The topic of changes to entries."""
_LONGEST_NOTE = 500


class EntryError(Exception):
    """An entry or review that cannot be accepted; the message says why."""


class EntryRefused(EntryError):
    """The entered figure is none of the catalogue, or not complete."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__("；".join(reason.message for reason in reasons))
        self.reasons = reasons


class NoSuchEntry(EntryError):
    """There is no such entry, or not for this actor."""


class SamePerson(EntryError):
    """Who entered a figure does not review it."""


class ReviewedMeanwhile(EntryError):
    """Someone else has reviewed the entry already."""


@dataclass(frozen=True)
class Figure:
    """What a person enters. `value` may be missing if numerator and denominator are given. `note`: where it is from."""

    indicator: str
    region: str
    period: str
    value: float | None
    note: str
    numerator: float | None = None
    denominator: float | None = None
    dim: str = ""


@dataclass(frozen=True)
class Entry:
    """An entered figure and its review. `state`: waiting, accepted or refused."""

    id: int
    indicator: str
    region: str
    dim: str
    period: str
    value: float | None
    numerator: float | None
    denominator: float | None
    note: str
    state: str
    entered_by: str
    entered_at: datetime
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    review_note: str | None = None
    call_id: int | None = None
    entered_account: str = ""
    """Account of the person; '' if entered by somebody without one. Names are not unique, accounts are."""


_FIELDS = tuple(Entry.__dataclass_fields__)


def submit(engine: Engine, catalogue: Catalogue, figure: Figure, *, by: Actor, now: datetime) -> Entry:
    """Enter a figure; it waits for another person. EntryRefused tells everything that is wrong with it."""
    reasons = _objections(catalogue, figure, by)
    if reasons:
        raise EntryRefused(tuple(reasons))
    row = {
        "indicator": figure.indicator,
        "region": figure.region,
        "dim": figure.dim,
        "period": figure.period,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "note": storable(figure.note.strip(), _LONGEST_NOTE),
        "state": "waiting",
        "entered_by": by.name,
        "entered_account": by.user,
        "entered_at": now,
    }
    with writing(engine) as connection:
        number = connection.execute(insert(entries).values(row).returning(entries.c.id)).scalar_one()
        changes.bump(connection, [ENTRIES])
        made = _find(connection, number, by)
        _record(connection, made, "entries.write", {"indicator": made.indicator, "period": made.period}, by, now)
        return made


def kept(connection: Connection, by: Actor, *, state: str = "waiting", limit: int = 200) -> list[Entry]:
    """Entries in `state` that the actor may see, newest first."""
    query = _visible(by).where(entries.c.state == state).order_by(entries.c.id.desc()).limit(limit)
    return [_entry(row) for row in connection.execute(query)]


def entry(connection: Connection, by: Actor, number: int) -> Entry | None:
    """One entry, whatever its state; None if there is none or not for this actor."""
    row = connection.execute(_visible(by).where(entries.c.id == number)).first()
    return None if row is None else _entry(row)


def accept(engine: Engine, catalogue: Catalogue, number: int, *, by: Actor, note: str = "", now: datetime) -> Receipt:
    """Another person confirms the figure; it enters by the door 'manual', checked like any other arrival."""
    with writing(engine) as connection:
        take_turns(connection, World.REAL.value)
        found = _review(connection, number, "accepted", by, note, now)
        source = catalogue.indicators[found.indicator].source
        delivery = Delivery(source, f"entry {number}", now, [_observation(found)])
        receipt = take_within(connection, catalogue, [delivery], door="manual", by=by, now=now)[0]
        connection.execute(update(entries).where(entries.c.id == number).values(call_id=receipt.call_id))
        changes.bump(connection, [ENTRIES])
        _record(connection, found, "entries.review", {"decision": "accepted", "call": receipt.call_id}, by, now)
        return receipt


def refuse(engine: Engine, number: int, *, by: Actor, note: str, now: datetime) -> None:
    """Another person sends the figure back; `note` says why."""
    if not note.strip():
        raise EntryError("请写明退回原因")
    with writing(engine) as connection:
        found = _review(connection, number, "refused", by, note, now)
        changes.bump(connection, [ENTRIES])
        _record(connection, found, "entries.review", {"decision": "refused"}, by, now)


def _record(
    connection: Connection, found: Entry, action: str, detail: Mapping[str, object], by: Actor, now: datetime
) -> None:
    told = f"entry {found.id}"
    record(connection, by=by, action=action, object=told, region=found.region, detail=detail, now=now)


def _objections(catalogue: Catalogue, figure: Figure, by: Actor) -> list[Reason]:
    row = Observation(
        figure.indicator, figure.region, figure.period, figure.value,
        numerator=figure.numerator, denominator=figure.denominator, dim=figure.dim,
    )  # fmt: skip
    _, found = Recogniser(catalogue).recognise(row)
    reasons = list(found)
    if not by.scope.allows(figure.region):
        reasons.append(Reason("scope", "您不能填报该地区的数据"))
    if figure.value is None and (figure.numerator is None or not figure.denominator):
        reasons.append(Reason("missing", "请填写数值，或同时填写分子和分母"))
    if not figure.note.strip():
        reasons.append(Reason("note", "请写明数据出处，例如文件名、文号或提供人"))
    return reasons


def _review(connection: Connection, number: int, state: str, by: Actor, note: str, now: datetime) -> Entry:
    """Claim the entry for one reviewer, who is not the one who entered it."""
    found = _find(connection, number, by)
    if _is_same(found, by):
        raise SamePerson("填报人不能审核自己填报的数据，请由另一人审核")
    review = {"reviewed_by": by.name, "reviewed_at": now, "review_note": storable(note.strip(), _LONGEST_NOTE)}
    claimed = connection.execute(
        update(entries).where(entries.c.id == number, entries.c.state == "waiting").values(state=state, **review)
    )
    if claimed.rowcount != 1:
        raise ReviewedMeanwhile(f"该填报已由 {found.reviewed_by or '他人'} 审核，请刷新后查看")
    return found


def _is_same(found: Entry, by: Actor) -> bool:
    """True for the one who entered it: by account, or by name where one of the two has no account."""
    if found.entered_account and by.user:
        return found.entered_account == by.user
    return found.entered_by == by.name


def _observation(found: Entry) -> Observation:
    return Observation(
        found.indicator, found.region, found.period, found.value,
        numerator=found.numerator, denominator=found.denominator, dim=found.dim, line=1, raw=found.note,
    )  # fmt: skip


def _find(connection: Connection, number: int, by: Actor) -> Entry:
    found = entry(connection, by, number)
    if found is None:
        raise NoSuchEntry(f"没有填报记录 {number}")
    return found


def _visible(by: Actor) -> Select[Any]:
    query = select(*(entries.c[name] for name in _FIELDS))
    return query if by.scope.regions is None else query.where(entries.c.region.in_(sorted(by.scope.regions)))


def _entry(row: Any) -> Entry:
    """As kept; telephones and ID numbers in what people wrote are masked."""
    notes = {name: text and mask_text(text) for name, text in (("note", row.note), ("review_note", row.review_note))}
    return Entry(**{**row._mapping, **notes})
