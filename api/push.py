"""POST /readings: a department hands its readings in and is told what became of every row."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from api.operation import Ask, Operation
from api.problem import Problem
from api.sources import known_source
from datasources.delivery.observation import Delivery, SourceFailed
from datasources.push import Spec, accept
from indicators.intake import Receipt, take

LARGEST_BODY = 2_000_000
MOST_ROWS = 5_000

Text = Annotated[str, Field(max_length=120)]


class PushedReading(BaseModel):
    """One reading as sent. Either `period` or `observed_at` is needed."""

    model_config = ConfigDict(extra="allow")

    indicator: Text = Field(description="指标代码")
    region: Text = Field(description="区域代码")
    period: Text | None = Field(default=None, description="2025、2025-Q3、2025-09、2025-09-03 或 2025-09-03T14:05")
    value: float | None = Field(description="数值；确无数值时为 null 并在 quality 注明原因")
    observed_at: str | None = Field(default=None, description="带时区的时间")
    numerator: float | None = None
    denominator: float | None = None
    dim: Text | None = None
    basis: str | None = Field(default=None, description="period、ytd 或 point")
    quality: str | list[str] | None = None


class Push(BaseModel):
    """A batch of one source."""

    source: str = Field(description="数据源的键，见 /sources")
    readings: list[PushedReading] = Field(min_length=1, max_length=MOST_ROWS)


class RawPush(BaseModel):
    """The batch as it came: rows are judged one by one, a bad row never spoils its neighbours."""

    model_config = ConfigDict(extra="forbid")

    source: Annotated[str, Field(min_length=1, max_length=64)]
    readings: Annotated[list[Any], Field(min_length=1, max_length=MOST_ROWS)]


class RowReason(BaseModel):
    """Why a row waits for a person."""

    check: str
    message: str


class RowOutcome(BaseModel):
    """What became of one row."""

    row: int = Field(description="第几条，从 1 开始")
    outcome: str = Field(description="taken 已采纳，unchanged 与已有相同，quarantined 已隔离待处理")
    reasons: list[RowReason] = Field(default_factory=list)


class PushReceipt(BaseModel):
    """rows = taken + unchanged + quarantined."""

    call_id: int
    source: str
    rows: int
    taken: int
    unchanged: int
    quarantined: int
    results: list[RowOutcome]


def _check(ask: Ask) -> None:
    known_source(ask.catalogue, ask.body.source)
    _delivery(ask)


def _delivery(ask: Ask) -> Delivery:
    frequencies = {code: indicator.frequency for code, indicator in ask.catalogue.indicators.items()}
    payload = orjson.dumps({"source": ask.body.source, "readings": ask.body.readings})
    try:
        return accept(payload, Spec(max_bytes=2 * LARGEST_BODY, max_rows=MOST_ROWS), ask.now, frequencies)
    except SourceFailed as refused:
        raise Problem(422, str(refused), "misfit") from refused


def _push(ask: Ask) -> PushReceipt:
    delivery = _delivery(ask)
    receipt = take(ask.cockpit.engine, ask.catalogue, delivery, door="push", by=ask.by, now=ask.now)
    return PushReceipt(
        call_id=receipt.call_id,
        source=delivery.source,
        rows=receipt.rows,
        taken=receipt.taken,
        unchanged=receipt.unchanged,
        quarantined=len(receipt.held),
        results=_results(delivery, receipt),
    )


def _results(delivery: Delivery, receipt: Receipt) -> list[RowOutcome]:
    """One for each row, in the order sent."""
    reasons = {
        held.line: [RowReason(check=reason.check, message=reason.message) for reason in held.reasons]
        for held in receipt.held
    }
    outcomes = {
        observation.line: outcome.value
        for observation, outcome in zip(delivery.observations, receipt.outcomes, strict=True)
    }
    outcomes |= dict.fromkeys((row.line for row in delivery.unreadable), "quarantined")
    lines = sorted(line for line in outcomes if line is not None)
    return [RowOutcome(row=line, outcome=outcomes[line], reasons=reasons.get(line, [])) for line in lines]


OPERATIONS = (
    Operation(
        "POST",
        "/readings",
        "推送读数，逐条回复结果",
        PushReceipt,
        _push,
        tag="读数",
        right="readings.push",
        body=RawPush,
        body_shape=Push,
        check=_check,
        largest_body=LARGEST_BODY,
        problems=(404,),
    ),
)
