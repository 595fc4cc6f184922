"""Warnings over the interface: in force and past, their steps, what people do about them, silences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import AliasChoices, AwareDatetime, BaseModel, ConfigDict, Field

from api.map_values import world_of
from api.operation import WRITTEN, Ask, Operation
from api.paging import Numbered, Page, cursor_after, cut, numbered
from api.problem import Fault, Problem
from api.shapes import SIMULATED_MARK, Query
from api.warning_rules import rules_of
from database.engine import reading, writing
from decisions import warning_acts as acts
from decisions import warnings as kept
from decisions.warning import Silence, Warning, WarningStep
from decisions.warning_event import opener
from decisions.warnings import topic_of
from dispatch.rulebook import rulebook
from indicators.reading import World

TAG = "预警"
LONGEST_LOOK = 2000
FLEXIBLE = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, populate_by_name=True)


class WarningsQuery(Numbered):
    world: World | None = Field(default=None, description="缺省：演示城市有数据时为 demo，否则为 real")
    region: str | None = Field(default=None, max_length=16, description="只列这个区域及其下级")
    state: Literal["open", "past", "all"] = Field(default="open", description="open 生效中，past 已解除，all 全部")
    level: int | None = Field(default=None, ge=1, le=4, description="1 红，2 橙，3 黄，4 蓝")
    theme: str | None = Field(default=None, max_length=63)
    rule: str | None = Field(default=None, max_length=63)
    since: AwareDatetime | None = Field(default=None, description="只列此后触发的（past、all 缺省近 30 天）")


class WarningShape(BaseModel):
    """A warning of one rule in one region. Values are as the rule measures."""

    id: int
    world: World
    mark: str | None = Field(description=f"模拟数据恒为“{SIMULATED_MARK}”")
    rule: str
    name: str
    indicator: str
    theme: str
    region: str
    group: str = Field(description="同组、同区域的预警在界面上合为一条")
    measure: str
    level: int | None = Field(description="1 红，2 橙，3 黄，4 蓝；已解除为 null")
    peak_level: int
    peak: float | None
    bound: float | None
    began_at: datetime
    known_at: datetime
    turned_at: datetime
    lifted_at: datetime | None
    is_forecast: bool = Field(description="true：预测，不是已发生")
    is_late: bool
    quiet: str | None = Field(description="不提示的原因：被静默，或由另一预警引起")
    owner: str
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    comment: str | None
    keep_until: datetime | None = Field(description="确认到交接班为止")
    verdict: str | None = Field(description="confirmed 属实，false 误报")
    verdict_by: str | None
    verdict_note: str | None
    event: str | None
    version: int
    evidence: dict[str, Any]


class StepShape(BaseModel):
    """One line of a warning's history."""

    at: datetime
    act: str
    level: int | None
    value: float | None
    by: str
    note: str | None


class Steps(BaseModel):
    """The history of a warning, oldest first."""

    items: list[StepShape]


class Act(BaseModel):
    """What somebody does about a warning. `version` is the one that was seen."""

    model_config = FLEXIBLE

    act: Literal["acknowledge", "judge", "to_event"] = Field(description="确认接手，作出结论，转为事件")
    comment: str = Field(default="", max_length=300, validation_alias=AliasChoices("comment", "note"))
    verdict: Literal["confirmed", "false"] | None = Field(
        default=None, validation_alias=AliasChoices("verdict", "decision"), description="confirmed 属实，false 误报"
    )
    version: int | None = Field(default=None, ge=1)


class SilenceShape(BaseModel):
    """A rule kept quiet for a while."""

    id: int
    world: World
    rule: str
    region: str | None
    reason: str
    by: str
    begins_at: datetime
    ends_at: datetime


class SilencesQuery(Query):
    world: World | None = None


class Silences(BaseModel):
    """Silences in force."""

    items: list[SilenceShape]


class NewSilence(BaseModel):
    model_config = FLEXIBLE

    world: World
    rule: str = Field(max_length=63)
    region: str | None = Field(default=None, max_length=16, description="缺省为全市")
    reason: str = Field(max_length=300, validation_alias=AliasChoices("reason", "note"))
    ends_at: datetime | None = Field(default=None, description="与 hours 二选一")
    hours: float | None = Field(default=None, gt=0, le=24 * 14)


class Ended(BaseModel):
    """A silence that was ended."""

    id: int
    state: Literal["ended"] = "ended"


class End(BaseModel):
    model_config = WRITTEN


def shape(one: Warning) -> WarningShape:
    """A warning as it is told."""
    told = {name: getattr(one, name) for name in WarningShape.model_fields if hasattr(one, name)}
    is_simulated = one.evidence.get("provenance") == "simulated" or one.world == World.DEMO.value
    told |= {
        "group": one.family, "mark": SIMULATED_MARK if is_simulated else None, "evidence": dict(one.evidence),
        "level": None if one.level is None else int(one.level), "peak_level": int(one.peak_level),
    }  # fmt: skip
    return WarningShape(**told)


def _list(ask: Ask) -> Page[WarningShape]:
    wish: WarningsQuery = ask.query
    with reading(ask.cockpit.engine) as connection:
        if wish.state == "open":
            found = kept.in_force(connection, ask.by, world=world_of(ask).value)
            chosen = sorted((one for one in found if _is_wanted(ask, one)), key=lambda one: -one.id)
            page, following = cut(chosen, wish, key=lambda one: (-one.id,))
        else:
            page, following = _past(ask, connection)
    return Page[WarningShape](items=[shape(one) for one in page], next=following)


def _past(ask: Ask, connection: Any) -> tuple[list[Warning], str | None]:
    """Read on in the store from the cursor: the past is long."""
    wish: WarningsQuery = ask.query
    before = numbered(wish)
    found = kept.past(
        connection, ask.by, world=world_of(ask).value, since=wish.since or ask.now - timedelta(days=30),
        until=ask.now + timedelta(days=1), rule=wish.rule, before=None if before is None else -before,
        at_most=LONGEST_LOOK,
    )  # fmt: skip
    chosen = [one for one in found if _is_wanted(ask, one) and (wish.state == "all" or not one.is_open)]
    page = chosen[: wish.limit]
    if len(chosen) > wish.limit:
        return page, cursor_after((-page[-1].id,))
    return page, cursor_after((-found[-1].id,)) if len(found) == LONGEST_LOOK else None


def _is_wanted(ask: Ask, one: Warning) -> bool:
    wish: WarningsQuery = ask.query
    inside = None if wish.region is None else {region.code for region in ask.catalogue.within(wish.region)}
    return all((
        wish.level is None or (one.level or one.peak_level) == wish.level,
        wish.theme is None or one.theme == wish.theme,
        wish.rule is None or one.rule == wish.rule,
        wish.since is None or one.began_at >= wish.since,
        inside is None or one.region in inside,
    ))  # fmt: skip


def _one(ask: Ask) -> WarningShape:
    with reading(ask.cockpit.engine) as connection:
        return shape(_found(ask, connection))


def _steps(ask: Ask) -> Steps:
    with reading(ask.cockpit.engine) as connection:
        found = kept.steps(connection, _found(ask, connection).id)
    return Steps(items=[_step(one) for one in found])


def _step(one: WarningStep) -> StepShape:
    return StepShape(
        at=one.at, act=one.act, level=None if one.level is None else int(one.level), value=one.value, by=one.by,
        note=one.note,
    )  # fmt: skip


def _found(ask: Ask, connection: Any) -> Warning:
    found = kept.warning(connection, ask.by, ask.number("id"))
    if found is None:
        raise Problem(404, "没有这条预警，或无权查看。", "unknown")
    return found


def _act(ask: Ask) -> WarningShape:
    wish: Act = ask.body
    number = ask.number("id")
    try:
        with writing(ask.cockpit.engine) as connection:
            return shape(_ACTS[wish.act](ask, connection, number, wish))
    except acts.MovedMeanwhile as moved:
        raise Problem(409, str(moved), "moved", _standing(moved.now)) from moved
    except acts.ActRefused as refused:
        raise Problem(422, str(refused), "misfit") from refused


def _standing(now: Warning) -> tuple[Fault, ...]:
    """How the warning stands, for whoever saw an older version."""
    told = [Fault("version", str(now.version)), Fault("level", "已解除" if now.level is None else str(int(now.level)))]
    if now.acknowledged_by:
        told.append(Fault("acknowledged_by", f"{now.acknowledged_by}：{now.comment or ''}"))
    return tuple(told)


def _acknowledge(ask: Ask, connection: Any, number: int, wish: Act) -> Warning:
    return acts.acknowledge(connection, ask.by, number, comment=wish.comment, version=wish.version, now=ask.now)


def _judge(ask: Ask, connection: Any, number: int, wish: Act) -> Warning:
    return acts.judge(
        connection, ask.by, number, verdict=wish.verdict or "", note=wish.comment, version=wish.version, now=ask.now
    )


def _to_event(ask: Ask, connection: Any, number: int, wish: Act) -> Warning:
    book = rulebook(ask.catalogue, ask.cockpit.live_catalogue.folder)
    opened = opener(book, rules_of(ask, connection), ask.by, ask.now)
    return acts.to_event(connection, ask.by, number, opened=opened, version=wish.version, now=ask.now)


_ACTS: dict[str, Callable[[Ask, Any, int, Act], Warning]] = {
    "acknowledge": _acknowledge,
    "judge": _judge,
    "to_event": _to_event,
}


def _silences(ask: Ask) -> Silences:
    with reading(ask.cockpit.engine) as connection:
        found = kept.silences(connection, ask.by, world=world_of(ask).value, now=ask.now)
    return Silences(items=[_silence_shape(one) for one in found])


def _silence_shape(one: Silence) -> SilenceShape:
    return SilenceShape(**{name: getattr(one, name) for name in SilenceShape.model_fields})


def _silence(ask: Ask) -> SilenceShape:
    wish: NewSilence = ask.body
    ends_at = wish.ends_at or (ask.now + timedelta(hours=wish.hours) if wish.hours else None)
    if ends_at is None or ends_at.tzinfo is None:
        raise Problem(422, "请写明静默到何时（hours 或带时区的 ends_at）。", "misfit")
    ask.known_region(wish.region)
    region = None if wish.region == ask.catalogue.city.code else wish.region
    try:
        with writing(ask.cockpit.engine) as connection:
            number = acts.silence(
                connection, ask.catalogue, ask.by, rules_of(ask, connection), world=wish.world.value, rule=wish.rule,
                region=region, reason=wish.reason, ends_at=ends_at, now=ask.now,
            )  # fmt: skip
            found = kept.silences(connection, ask.by, world=wish.world.value, now=ask.now)
    except acts.ActRefused as refused:
        raise Problem(422, str(refused), "misfit") from refused
    return next(_silence_shape(one) for one in found if one.id == number)


def _end_silence(ask: Ask) -> Ended:
    with writing(ask.cockpit.engine) as connection:
        acts.end_silence(connection, ask.by, ask.number("id"), now=ask.now)
    return Ended(id=ask.number("id"))


def _check(ask: Ask) -> None:
    ask.known_region(ask.query.region)


def _topics(ask: Ask) -> list[str]:
    return [topic_of(world_of(ask).value)]


def _own(ask: Ask) -> list[str]:
    """Of either world: one number names one warning."""
    return [topic_of(world.value) for world in World]


OPERATIONS = (
    Operation(
        "GET", "/warnings", "预警：生效中与历史", Page[WarningShape], _list, tag=TAG, right="warnings.view",
        query=WarningsQuery, check=_check, topics=_topics, problems=(404,),
    ),
    Operation(
        "GET", "/warnings/{id}", "一条预警及其依据", WarningShape, _one, tag=TAG, right="warnings.view", topics=_own,
    ),
    Operation(
        "GET", "/warnings/{id}/steps", "一条预警的经过", Steps, _steps, tag=TAG, right="warnings.view", topics=_own,
    ),
    Operation(
        "POST", "/warnings/{id}/acts", "确认接手、作出结论、转为事件", WarningShape, _act, tag=TAG,
        right="warnings.view", body=Act, problems=(409,),
    ),
    Operation(
        "GET", "/warning-silences", "生效中的静默", Silences, _silences, tag=TAG, right="warnings.view",
        query=SilencesQuery, topics=_topics,
    ),
    Operation(
        "POST", "/warning-silences", "静默一条规则，写明理由和期限", SilenceShape, _silence, tag=TAG,
        right="warnings.acknowledge", body=NewSilence, status=201, problems=(404,),
    ),
    Operation(
        "POST", "/warning-silences/{id}/end", "提前结束静默", Ended, _end_silence, tag=TAG,
        right="warnings.acknowledge", body=End,
    ),
)  # fmt: skip
