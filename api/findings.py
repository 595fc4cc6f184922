"""Findings of the nightly models and scenarios: GET /findings/{model}, GET and POST /scenarios."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.map_values import world_of
from api.operation import WRITTEN, Ask, Operation
from api.problem import Problem
from api.shapes import SIMULATED_MARK, Query
from database.engine import reading, writing
from decisions import findings, scenarios
from decisions.sentences import MODELS
from indicators.reading import World

TAG = "预测与研判"


class FindingQuery(Query):
    world: World | None = Field(default=None, description="缺省：演示城市有数据时为 demo，否则为 real")
    region: str | None = Field(default=None, max_length=16, description="缺省为全市")


class FindingShape(BaseModel):
    """One result of one model."""

    model: str
    region: str
    world: World
    mark: str | None = Field(description=f"模拟数据恒为“{SIMULATED_MARK}”")
    period: str
    made_at: datetime
    sentence: str = Field(description="一句话，全部由数字得出")
    body: dict[str, Any]


class ScenarioShape(BaseModel):
    """A saved supposition: 情景测算，非因果。"""

    id: int
    name: str
    supposed: dict[str, float] = Field(description="指标代码 → 假定的变化量")
    by: str
    at: datetime
    mark: str = "情景测算，非因果"


class Scenarios(BaseModel):
    """Saved suppositions, newest first."""

    items: list[ScenarioShape]


class ScenarioQuery(Query):
    world: World | None = None


class NewScenario(BaseModel):
    """A supposition worth keeping; every field besides is an indicator's code with its supposed change."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)

    world: World
    name: str = Field(min_length=2, max_length=60)


class Forgotten(BaseModel):
    """A scenario that is no longer listed."""

    id: int


class Forget(BaseModel):
    model_config = WRITTEN


def _finding(ask: Ask) -> FindingShape:
    world, model = world_of(ask), ask.path["model"]
    region = ask.query.region or ask.catalogue.city.code
    with reading(ask.cockpit.engine) as connection:
        found = findings.finding(connection, ask.by, world=world.value, model=model, region=region)
    if found is None:
        raise Problem(404, "这个模型对该区域还没有结果。", "unknown")
    return FindingShape(
        model=model, region=region, world=world, mark=SIMULATED_MARK if world is World.DEMO else None,
        period=found.period, made_at=found.made_at, sentence=MODELS[model](found, ask.catalogue), body=dict(found.body),
    )  # fmt: skip


def _scenarios(ask: Ask) -> Scenarios:
    with reading(ask.cockpit.engine) as connection:
        found = scenarios.saved(connection, ask.by, world=world_of(ask).value)
    return Scenarios(items=[_scenario(one) for one in found])


def _scenario(one: scenarios.Scenario) -> ScenarioShape:
    return ScenarioShape(id=one.id, name=one.name, supposed=dict(one.supposed), by=one.by, at=one.at)


def _save(ask: Ask) -> ScenarioShape:
    wish: NewScenario = ask.body
    try:
        supposed = {code: float(change) for code, change in (wish.model_extra or {}).items()}
        with writing(ask.cockpit.engine) as connection:
            made = scenarios.save(
                connection, ask.catalogue, ask.by, world=wish.world.value, name=wish.name, supposed=supposed,
                now=ask.now,
            )  # fmt: skip
    except (scenarios.ScenarioRefused, TypeError, ValueError) as refused:
        raise Problem(422, str(refused), "misfit") from refused
    return _scenario(made)


def _forget(ask: Ask) -> Forgotten:
    with writing(ask.cockpit.engine) as connection:
        scenarios.forget(connection, ask.by, ask.number("id"), now=ask.now)
    return Forgotten(id=ask.number("id"))


def _check(ask: Ask) -> None:
    ask.known("模型", ask.path["model"], MODELS)
    ask.known_region(ask.query.region)


OPERATIONS = (
    Operation(
        "GET", "/findings/{model}", "模型研判结果：监测、传导、现时预测、县区份额", FindingShape, _finding, tag=TAG,
        right="warnings.view", query=FindingQuery, check=_check,
        topics=lambda ask: [findings.topic_of(world_of(ask).value)],
    ),
    Operation(
        "GET", "/scenarios", "保存的情景测算", Scenarios, _scenarios, tag=TAG, right="warnings.view",
        query=ScenarioQuery, topics=lambda ask: [scenarios.topic_of(world_of(ask).value)],
    ),
    Operation(
        "POST", "/scenarios", "保存一个情景：名称，及各指标代码与假定变化量", ScenarioShape, _save, tag=TAG,
        right="warnings.acknowledge", body=NewScenario, status=201,
    ),
    Operation(
        "POST", "/scenarios/{id}/forget", "删去一个情景", Forgotten, _forget, tag=TAG, right="warnings.acknowledge",
        body=Forget,
    ),
)  # fmt: skip
