"""GET /quarantine and POST /quarantine/{id}/decision: rows that wait for a person, and the person's word."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from api.operation import WRITTEN, Ask, Operation
from api.paging import Numbered, Page, cursor_after, numbered
from api.problem import Problem
from api.sources import known_source
from database.changes import QUARANTINE
from database.engine import reading
from indicators import quarantine
from indicators.reading import Provenance, World


class QuarantineQuery(Numbered):
    state: Literal["held", "released", "rejected"] = Field(default="held", description="held 待处理")
    source: str | None = Field(default=None, description="数据源的键", max_length=64)


class ReasonShape(BaseModel):
    """One check a row did not pass."""

    check: str
    message: str


class HeldShape(BaseModel):
    """A row that was not let in, as it came."""

    id: int
    source: str
    world: World | None
    provenance: Provenance | None = Field(description="目录中已无此数据源时为 null")
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
    raw: str = Field(description="原样的行，至多 500 字")
    reasons: list[ReasonShape]
    state: str
    held_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None


class Decision(BaseModel):
    model_config = WRITTEN

    decision: Literal["release", "reject"] = Field(description="release 放行入库，reject 不予入库")
    note: str = Field(min_length=1, max_length=500, description="处理依据，例如与谁核实")


class Decided(BaseModel):
    """What was decided, and what became of a released row."""

    id: int
    state: str
    decided_by: str
    outcome: Literal["taken", "unchanged"] | None = Field(description="放行后的入库结果；不予入库时为 null")


def _check(ask: Ask) -> None:
    if ask.query.source is not None:
        known_source(ask.catalogue, ask.query.source)


def _list(ask: Ask) -> Page[HeldShape]:
    wish: QuarantineQuery = ask.query
    with reading(ask.cockpit.engine) as connection:
        found = quarantine.held(
            connection, ask.by, source=wish.source, state=wish.state, limit=wish.limit + 1, before=numbered(wish)
        )
    page = found[: wish.limit]
    following = cursor_after((page[-1].id,)) if len(found) > wish.limit else None
    return Page[HeldShape](items=[held_shape(ask, one) for one in page], next=following)


def held_shape(ask: Ask, one: quarantine.Entry) -> HeldShape:
    """A row in quarantine with its world: a simulated one is never taken for a real one."""
    is_known = ask.catalogue.has_source(one.source)
    fields = {name: getattr(one, name) for name in HeldShape.model_fields if hasattr(one, name)}
    return HeldShape.model_validate(
        fields
        | {
            "world": ask.catalogue.world_of(one.source) if is_known else None,
            "provenance": ask.catalogue.provenance_of(one.source) if is_known else None,
            "reasons": [ReasonShape(check=reason.check, message=reason.message) for reason in one.reasons],
        }
    )


def _decide(ask: Ask) -> Decided:
    wish: Decision = ask.body
    by, number = ask.by, ask.number("id")
    try:
        outcome = _carry_out(ask, wish, number)
    except quarantine.NotThere as lost:
        raise Problem(404, str(lost), "unknown") from lost
    except quarantine.DecidedMeanwhile as late:
        raise Problem(409, str(late), "decided") from late
    except quarantine.QuarantineError as refused:
        raise Problem(422, str(refused), "misfit") from refused
    state = "released" if wish.decision == "release" else "rejected"
    return Decided(id=number, state=state, decided_by=by.name, outcome=outcome)


def _carry_out(ask: Ask, wish: Decision, number: int) -> Literal["taken", "unchanged"] | None:
    by, engine = ask.by, ask.cockpit.engine
    if wish.decision == "reject":
        quarantine.reject(engine, number, by=by, note=wish.note, now=ask.now)
        return None
    receipt = quarantine.release(engine, ask.catalogue, number, by=by, note=wish.note, now=ask.now)
    return "taken" if receipt.taken else "unchanged"


OPERATIONS = (
    Operation(
        "GET",
        "/quarantine",
        "被隔离的数据行及其原因，新的在前",
        Page[HeldShape],
        _list,
        tag="隔离与填报",
        right="sources.view",
        query=QuarantineQuery,
        check=_check,
        topics=lambda ask: [QUARANTINE],
        problems=(404,),
    ),
    Operation(
        "POST",
        "/quarantine/{id}/decision",
        "放行或不予入库",
        Decided,
        _decide,
        tag="隔离与填报",
        right="quarantine.release",
        body=Decision,
        problems=(409,),
    ),
)
