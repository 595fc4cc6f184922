"""GET /indicators/{code}/forecasts: the newest forecast of a series, the record of all before it, its standing."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from api.map_values import world_of
from api.operation import Ask, Operation
from api.shapes import SIMULATED_MARK, Query
from database.changes import readings_of
from database.engine import reading
from decisions import forecast_ledger as ledger
from indicators.reading import World


class ForecastQuery(Query):
    world: World | None = Field(default=None, description="缺省：演示城市有数据时为 demo，否则为 real")
    region: str | None = Field(default=None, max_length=16, description="缺省为全市")


class StepShape(BaseModel):
    """One coming period. `naive` is the baseline that every model has to beat."""

    period: str
    mean: float
    lo80: float
    hi80: float
    lo95: float
    hi95: float
    naive: float


class IssuedShape(BaseModel):
    """A forecast as it was issued; it is never changed afterwards."""

    origin: str = Field(description="预测时已知的最近一期")
    issued_at: datetime
    model: str
    reason: str | None = Field(description="不为 null 时模型弃权或停用，只有基准值有效")
    steps: list[StepShape]


class ScoreShape(BaseModel):
    """Mean errors at one lead. `skill` above 0: better than the baseline."""

    lead: int
    outcomes: int
    error: float
    naive_error: float
    smape: float
    naive_smape: float
    inside80: float
    inside95: float
    skill: float | None


class Outlook(BaseModel):
    """What is expected of a series, and how well earlier expectations did."""

    indicator: str
    region: str
    world: World
    unit: str
    mark: str = Field(description="预测恒有此标记")
    newest: IssuedShape | None
    scores: list[ScoreShape]
    switched_off: bool
    since: datetime | None


def _outlook(ask: Ask) -> Outlook:
    world, code = world_of(ask), ask.path["code"]
    indicator = ask.catalogue.indicators[ask.known("指标", code, ask.catalogue.indicators)]
    region = ask.query.region or ask.catalogue.city.code
    series = (world.value, code, region)
    with reading(ask.cockpit.engine) as connection:
        newest = ledger.newest(connection, ask.by, series)
        scores = ledger.scores(connection, ask.by, series)
        standing = ledger.standing(connection, ask.by, series)
    return Outlook(
        indicator=code, region=region, world=world, unit=indicator.unit,
        mark=f"预测 · {SIMULATED_MARK}" if world is World.DEMO else "预测",
        newest=_issued(newest) if newest else None, scores=[_score(one) for one in scores],
        switched_off=standing.switched_off, since=standing.since,
    )  # fmt: skip


def _issued(one: ledger.Issued) -> IssuedShape:
    steps = [StepShape(**vars(step)) for step in one.steps]
    return IssuedShape(origin=one.origin, issued_at=one.issued_at, model=one.model, reason=one.reason, steps=steps)


def _score(one: ledger.Score) -> ScoreShape:
    return ScoreShape(**vars(one), skill=one.skill)


def _check(ask: Ask) -> None:
    ask.known("指标", ask.path["code"], ask.catalogue.indicators)
    ask.known_region(ask.query.region)


OPERATIONS = (
    Operation(
        "GET", "/indicators/{code}/forecasts", "预测及其记录", Outlook, _outlook, tag="预测与研判",
        right="indicators.view", query=ForecastQuery, check=_check,
        topics=lambda ask: [readings_of(world_of(ask))], soft_seconds=300,
    ),
)  # fmt: skip
