"""GET and POST /entries, POST /entries/{id}/decision: figures entered by hand, reviewed by another person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.operation import WRITTEN, Ask, Operation
from api.paging import Numbered, Page, cut
from api.problem import Fault, Problem
from database.engine import reading
from indicators import entries
from indicators.entries import ENTRIES, Figure

Text = Annotated[str, Field(max_length=120)]
MOST = 1000
"""Entries looked through for one list."""


class EntriesQuery(Numbered):
    state: Literal["waiting", "accepted", "refused"] = Field(default="waiting", description="waiting 待审核")


class NewEntry(BaseModel):
    model_config = WRITTEN

    indicator: Text = Field(description="指标代码")
    region: Text = Field(description="区域代码")
    period: Text = Field(description="时期，如 2026-09")
    value: float | None = Field(default=None, description="数值；或同时给出分子与分母")
    numerator: float | None = None
    denominator: float | None = None
    dim: Text = ""
    note: str = Field(min_length=1, max_length=500, description="数据出处，例如文件名、文号或提供人")


class EntryShape(BaseModel):
    """An entered figure and its review."""

    id: int
    indicator: str
    region: str
    dim: str
    period: str
    value: float | None
    numerator: float | None
    denominator: float | None
    note: str
    state: str = Field(description="waiting 待审核，accepted 已通过，refused 已退回")
    entered_by: str
    entered_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    review_note: str | None
    call_id: int | None


class Review(BaseModel):
    model_config = WRITTEN

    decision: Literal["accept", "refuse"] = Field(description="accept 通过，refuse 退回")
    note: str = Field(default="", max_length=500, description="退回时必填原因")


class Reviewed(BaseModel):
    """What the review decided, and what became of an accepted figure."""

    id: int
    state: str
    reviewed_by: str
    outcome: Literal["taken", "unchanged", "quarantined"] | None = Field(description="通过后的入库结果")


def _list(ask: Ask) -> Page[EntryShape]:
    with reading(ask.cockpit.engine) as connection:
        found = entries.kept(connection, ask.by, state=ask.query.state, limit=MOST)
    page, following = cut(found, ask.query, key=lambda one: (-one.id,))
    return Page[EntryShape](items=[_shape(one) for one in page], next=following)


def _shape(one: entries.Entry) -> EntryShape:
    return EntryShape(**{name: getattr(one, name) for name in EntryShape.model_fields})


def _submit(ask: Ask) -> EntryShape:
    wish: NewEntry = ask.body
    figure = Figure(**wish.model_dump())
    try:
        made = entries.submit(ask.cockpit.engine, ask.catalogue, figure, by=ask.by, now=ask.now)
    except entries.EntryRefused as refused:
        faults = tuple(Fault(reason.check, reason.message) for reason in refused.reasons)
        raise Problem(422, str(refused), "misfit", faults) from refused
    return _shape(made)


def _review(ask: Ask) -> Reviewed:
    wish: Review = ask.body
    by, number = ask.by, ask.number("id")
    try:
        outcome = _carry_out(ask, wish, number)
    except entries.NoSuchEntry as lost:
        raise Problem(404, str(lost), "unknown") from lost
    except (entries.ReviewedMeanwhile, entries.SamePerson) as refused:
        raise Problem(409, str(refused), "decided") from refused
    except entries.EntryError as refused:
        raise Problem(422, str(refused), "misfit") from refused
    state = "accepted" if wish.decision == "accept" else "refused"
    return Reviewed(id=number, state=state, reviewed_by=by.name, outcome=outcome)


def _carry_out(ask: Ask, wish: Review, number: int) -> Literal["taken", "unchanged", "quarantined"] | None:
    by, engine = ask.by, ask.cockpit.engine
    if wish.decision == "refuse":
        entries.refuse(engine, number, by=by, note=wish.note, now=ask.now)
        return None
    receipt = entries.accept(engine, ask.catalogue, number, by=by, note=wish.note, now=ask.now)
    return "taken" if receipt.taken else "unchanged" if receipt.unchanged else "quarantined"


OPERATIONS = (
    Operation(
        "GET",
        "/entries",
        "人工填报及其审核",
        Page[EntryShape],
        _list,
        tag="隔离与填报",
        right="indicators.view",
        query=EntriesQuery,
        topics=lambda ask: [ENTRIES],
    ),
    Operation(
        "POST",
        "/entries",
        "填报一个数值，待另一人审核",
        EntryShape,
        _submit,
        tag="隔离与填报",
        right="entries.write",
        body=NewEntry,
        status=201,
    ),
    Operation(
        "POST",
        "/entries/{id}/decision",
        "审核填报：通过或退回",
        Reviewed,
        _review,
        tag="隔离与填报",
        right="entries.review",
        body=Review,
        problems=(409,),
    ),
)
