"""Response levels over the wire: what holds now or held then, the ledger behind it, and commanding a level."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from access.personal import mask_text
from access.policy import SIGNED_IN
from api.event_refusals import problem_of
from api.events import rules_of
from api.operation import WRITTEN, Ask, Operation
from api.problem import Problem
from api.shapes import SIMULATED_MARK, Query
from database.engine import reading, writing
from datasources.delivery.period import CITY_TIME
from dispatch.refusal import DispatchError
from dispatch.response import ACT_NAMES, ChangedMeanwhile, Course, Step, level_words, ruling
from dispatch.response_basis import BASES
from dispatch.responses import (
    LONGEST_REASON,
    RIGHT,
    Wish,
    command,
    confirm,
    courses,
    plans_of,
    topic_of,
)
from indicators.reading import World

TAG = "应急响应"
Code = Annotated[str, Field(min_length=1, max_length=40)]


class ResponsesQuery(Query):
    world: World = World.REAL
    region: Annotated[str, Field(max_length=16, description="对哪个区域生效；不写是全市")] = ""
    at: datetime | None = Field(default=None, description="这一时刻的级别；不写是此刻")
    known_at: datetime | None = Field(default=None, description="按这一时刻已登记的台账；不写是此刻")
    past: bool = Field(default=False, description="true：连同已终止的响应")


class StepShape(BaseModel):
    """One row of the ledger."""

    version: int
    act: str = Field(description="start 启动，raise 提升，lower 降低，end 终止")
    act_name: str
    level: int = Field(description="1 Ⅰ级（特别重大）至 4 Ⅳ级（一般）；0 已终止")
    level_name: str
    at: datetime
    recorded_at: datetime
    reason: str
    basis_kind: str = Field(description="warning 预警，event 事件，document 文号")
    basis: str
    basis_name: str
    by: str
    role: str


class CourseShape(BaseModel):
    """One response. `version` is to be sent back with the next command of its plan and region."""

    id: int
    world: World
    mark: str | None = Field(description=f"模拟数据恒为“{SIMULATED_MARK}”")
    plan: str
    plan_name: str
    region: str
    region_name: str
    level: int = Field(description="所问时刻的级别；0 为没有在执行")
    level_name: str
    began_at: datetime | None
    ended_at: datetime | None
    version: int
    steps: list[StepShape]
    asked: StepShape | None = Field(description="等另一名有权人员确认的报请")


class Responses(BaseModel):
    """`ruling`: what holds in the region, the gravest first, the higher of city and county for each plan."""

    region: str
    at: datetime
    ruling: list[CourseShape]
    items: list[CourseShape]


class CommandGiven(BaseModel):
    """A level to be commanded; who commands it says the session."""

    model_config = WRITTEN

    plan: Code
    region: Annotated[str, Field(min_length=1, max_length=16)]
    level: Annotated[int, Field(ge=0, le=4, description="1 至 4；0 终止")]
    typed: Annotated[str, Field(min_length=1, max_length=12, description="再次键入级别以确认，如 Ⅳ级、终止")]
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]
    basis: Annotated[str, Field(max_length=120, description="warning:编号、event:编号；用文号时写 document")]
    document: Annotated[str, Field(max_length=100, description="文号")] = ""
    version: Annotated[int, Field(ge=0)] | None = None
    """As last seen; without one nothing but a start is possible."""
    at: datetime | None = Field(default=None, description="生效时间；不写是此刻，不带时区按北京时间")
    world: World = World.REAL


class ConfirmGiven(BaseModel):
    """The second person confirms what was proposed; only where the settings ask for two."""

    model_config = WRITTEN

    plan: Code
    region: Annotated[str, Field(min_length=1, max_length=16)]
    version: Annotated[int, Field(ge=0)]
    decision: Literal["confirm"] = "confirm"
    world: World = World.REAL


def _list(ask: Ask) -> Responses:
    wish: ResponsesQuery = ask.query
    region, at = wish.region or ask.catalogue.city.code, wish.at or ask.now
    with reading(ask.cockpit.engine) as connection:
        found = courses(connection, ask.by, ask.catalogue, world=wish.world.value, known_at=wish.known_at)
    shown = [one for one in found if wish.past or one.level_at(at) or one.asked]
    holding = ruling(found, region, ask.catalogue, at)
    return Responses(
        region=region, at=at, ruling=[_shape(ask, one, at) for one in holding],
        items=[_shape(ask, one, at) for one in shown],
    )  # fmt: skip


def _command(ask: Ask) -> CourseShape:
    given: CommandGiven = ask.body
    kind, _, ref = given.basis.partition(":")
    moment = given.at.replace(tzinfo=CITY_TIME) if given.at and given.at.tzinfo is None else given.at
    wish = Wish(
        given.world.value, given.plan, given.region, given.level, given.typed, given.reason, kind,
        given.document if kind == "document" else ref, given.version, moment,
    )  # fmt: skip
    try:
        with writing(ask.cockpit.engine) as connection:
            made = command(connection, rules_of(ask), wish, by=ask.by, now=ask.now)
    except DispatchError as refused:
        raise _problem(refused) from refused
    return _shape(ask, made, ask.now)


def _confirm(ask: Ask) -> CourseShape:
    given: ConfirmGiven = ask.body
    try:
        with writing(ask.cockpit.engine) as connection:
            made = confirm(
                connection, rules_of(ask), world=given.world.value, plan=given.plan, region=given.region,
                version=given.version, by=ask.by, now=ask.now,
            )  # fmt: skip
    except DispatchError as refused:
        raise _problem(refused) from refused
    return _shape(ask, made, ask.now)


def _problem(refused: DispatchError) -> Problem:
    if isinstance(refused, ChangedMeanwhile):
        return Problem(409, str(refused), "moved", more={"version": refused.version})
    return problem_of(refused)


def _shape(ask: Ask, one: Course, at: datetime) -> CourseShape:
    plan, region = plans_of(rules_of(ask)).get(one.plan), ask.catalogue.regions.get(one.region)
    level = one.level_at(at)
    return CourseShape(
        id=one.id, world=World(one.world), mark=SIMULATED_MARK if one.world == World.DEMO.value else None,
        plan=one.plan, plan_name=plan.name if plan else one.plan,
        region=one.region, region_name=region.name if region else one.region,
        level=level, level_name=level_words(level) if level else "", began_at=one.began_at, ended_at=one.ended_at,
        version=one.version, steps=[_step(step) for step in one.steps], asked=_step(one.asked) if one.asked else None,
    )  # fmt: skip


def _step(step: Step) -> StepShape:
    return StepShape(
        version=step.seq, act=step.act.value, act_name=ACT_NAMES[step.act], level=step.level,
        level_name=level_words(step.level), at=step.at, recorded_at=step.recorded_at, reason=mask_text(step.reason),
        basis_kind=step.basis.kind, basis=step.basis.ref, basis_name=f"{BASES[step.basis.kind]} {step.basis.words}",
        by=step.actor, role=step.role,
    )  # fmt: skip


def _known(ask: Ask) -> None:
    if ask.query.region:
        ask.known_region(ask.query.region)


def _known_in_body(ask: Ask) -> None:
    ask.known_region(ask.body.region)


def _topics(ask: Ask) -> list[str]:
    return [topic_of(ask.query.world.value)]


OPERATIONS = (
    Operation(
        "GET", "/responses", "应急响应：此刻或某一时刻在执行的级别、依据和台账；供省级平台调取", Responses, _list,
        tag=TAG, right=SIGNED_IN, query=ResponsesQuery, check=_known, topics=_topics,
    ),
    Operation(
        "POST", "/responses", "启动、提升、降低、终止应急响应（有权人员，须再次键入级别）", CourseShape, _command,
        tag=TAG, right=RIGHT, body=CommandGiven, check=_known_in_body, status=201, problems=(404, 409),
        largest_body=10_000,
    ),
    Operation(
        "POST", "/responses/confirm", "确认另一人的报请（仅当设置为两人确认）", CourseShape, _confirm, tag=TAG,
        right=RIGHT, body=ConfirmGiven, check=_known_in_body, problems=(404, 409), largest_body=4_000,
    ),
)  # fmt: skip
