"""GET /evaluation: the rates of GB/T 30428 for any period, with numerator, denominator and the day they are known."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from access.spreadsheet_text import Cell
from api.events import TAG, rules_of
from api.export import WORLDS, sheet_of
from api.operation import Ask, Operation
from api.problem import Fault, Problem
from api.shapes import Query
from database.engine import reading
from datasources.delivery.period import CITY_TIME
from dispatch.evaluation import Evaluation, Standing, evaluate
from dispatch.evaluation_span import NoSpan, span
from dispatch.first_times import NAMES
from dispatch.measures import BY_KEY, LEAST, TO_CLOSE_WORDS, Period, Rate
from indicators.reading import World

GROUPS = {"county": "县区", "department": "主办单位", "category": "类别", "all": "全部"}
HEADINGS = (
    "对象", "对象代码", "指标", "数值", "单位", "分子", "分母", "95%区间下限", "95%区间上限", "权重", "得分", "名次",
    "算法", "起日", "止日", "截至", "来源性质", "区域", "主办单位", "类别",
)  # fmt: skip


class EvaluationQuery(Query):
    world: World = Field(default=World.REAL, description="real 真实事件，demo 演示城市的事件")
    by: Literal["county", "department", "category", "all"] = Field(default="all", description="分组")
    first: date | None = Field(default=None, alias="from", description="起日（含）；缺省为止日前 29 天")
    last: date | None = Field(default=None, alias="to", description="止日（含）；缺省为今天")
    as_of: date | None = Field(default=None, description="按这一天结束时所知计算；缺省为现在")
    region: str | None = Field(default=None, max_length=16, description="只算这个区域及其下级")
    department: str | None = Field(default=None, max_length=64, description="只算由它主办的")
    category: str | None = Field(default=None, max_length=16)
    format: Literal["json", "csv", "xlsx"] = "json"


class RateShape(BaseModel):
    """One rate. `value` null: nothing counted. Below 10 cases it is not compared with others."""

    measure: str
    name: str
    formula: str
    numerator: int
    denominator: int
    value: float | None = Field(description="百分比")
    low: float | None = Field(description="95% 威尔逊区间")
    high: float | None
    is_comparable: bool
    weight: float
    numbers: list[str] = Field(description="分母的事件编号")
    good: list[str] = Field(description="分子的事件编号")


class TimesShape(BaseModel):
    """四个第一时间, medians in seconds."""

    discover: float | None
    respond: float | None
    handle: float | None
    feedback: float | None


class StandingShape(BaseModel):
    """One row of the table."""

    key: str
    name: str
    score: float | None = Field(description="各项加权；任何一项不足 10 件为 null")
    rank: int | None
    handled: int = Field(description="本期处置完成的件数")
    hours_median: float | None
    hours_p90: float | None
    times: TimesShape
    rates: list[RateShape]


class Left(BaseModel):
    """An event left out of a rate after an appeal; `*` is all rates."""

    number: str
    measure: str


class EvaluationShape(BaseModel):
    """A table of standings, and on what it rests."""

    start: datetime
    end: datetime = Field(description="不含")
    as_of: datetime
    by: str
    definition: str = Field(description="应结案数的定义")
    items: list[StandingShape]
    excluded: list[Left]


def _check(ask: Ask) -> None:
    wish: EvaluationQuery = ask.query
    ask.known_region(wish.region)
    rules = rules_of(ask)
    if wish.department is not None:
        ask.known("责任单位", wish.department, ask.catalogue.departments)
    if wish.category is not None:
        ask.known("类别", wish.category, rules.categories)
    period_of(ask)


def period_of(ask: Ask) -> Period:
    """The period asked for; Problem 422 for days that make none."""
    wish: EvaluationQuery = ask.query
    try:
        return span(wish.first, wish.last, wish.as_of, ask.now)
    except NoSpan as wrong:
        raise Problem(422, str(wrong), "misfit", (Fault("from", str(wrong)),)) from wrong


def _evaluated(ask: Ask) -> Evaluation:
    wish: EvaluationQuery = ask.query
    with reading(ask.cockpit.engine) as connection:
        return evaluate(
            connection, ask.by, rules_of(ask), period_of(ask), world=wish.world.value, group=wish.by,
            region=wish.region, department=wish.department, category=wish.category,
        )  # fmt: skip


def _answer(ask: Ask) -> EvaluationShape:
    found = _evaluated(ask)
    return EvaluationShape(
        start=found.period.start,
        end=found.period.end,
        as_of=found.period.as_of,
        by=found.by,
        definition=TO_CLOSE_WORDS,
        items=[_standing(one, found) for one in found.standings],
        excluded=[Left(number=number, measure=measure) for number, measure in found.excluded],
    )


def _standing(one: Standing, found: Evaluation) -> StandingShape:
    times = TimesShape(**{name: getattr(one.times, name) for name in NAMES})
    return StandingShape(
        key=one.key, name=one.name, score=one.score, rank=one.rank, handled=one.handling.count,
        hours_median=one.handling.median, hours_p90=one.handling.p90, times=times,
        rates=[_rate(rate, found) for rate in one.rates.values()],
    )  # fmt: skip


def _rate(rate: Rate, found: Evaluation) -> RateShape:
    low, high = rate.interval or (None, None)
    return RateShape(
        measure=rate.measure, name=BY_KEY[rate.measure].name, formula=BY_KEY[rate.measure].formula,
        numerator=rate.numerator, denominator=rate.denominator, value=rate.value, low=low, high=high,
        is_comparable=rate.may_be_ranked, weight=found.weights.get(rate.measure, 0.0), numbers=list(rate.numbers),
        good=list(rate.good),
    )  # fmt: skip


def _file(ask: Ask, form: str) -> bytes:
    found = _evaluated(ask)
    rows = [row for one in found.standings for row in _rows(ask, one, found)]
    return sheet_of(form, HEADINGS, rows, "评价")


def _rows(ask: Ask, one: Standing, found: Evaluation) -> list[list[Cell]]:
    whose: list[Cell] = [one.name, one.key or ask.query.region or ask.catalogue.city.code]
    rest = _rest(ask, found.period)
    rows = []
    for rate in one.rates.values():
        low, high = rate.interval or (None, None)
        measure = BY_KEY[rate.measure]
        shown = rate.value if rate.may_be_ranked else None
        rows.append([
            *whose, measure.name, _short(shown), "百分比", rate.numerator, rate.denominator, _short(low), _short(high),
            found.weights.get(rate.measure), _short(one.score), one.rank, _formula(measure.formula, rate), *rest,
        ])  # fmt: skip
    return [
        *rows,
        *([*whose, name, _short(value), unit, *[None] * 7, how, *rest] for name, value, unit, how in _times(one)),
    ]


def _times(one: Standing) -> list[tuple[str, float | None, str, str]]:
    done = f"本期处置完成 {one.handling.count} 件，自派遣至反馈的自然时间"
    return [
        ("处置用时中位数", one.handling.median, "小时", done),
        ("处置用时 P90", one.handling.p90, "小时", done),
        *(
            (words, None if (value := getattr(one.times, name)) is None else value / 60, "分钟", "本期上报事件的中位数")
            for name, words in NAMES.items()
        ),
    ]


def _formula(words: str, rate: Rate) -> str:
    return words if rate.may_be_ranked else f"{words}；不足 {LEAST} 件，只给区间"


def _rest(ask: Ask, period: Period) -> list[Cell]:
    wish: EvaluationQuery = ask.query
    last = (period.end - (period.end - period.start) / 10**6).astimezone(CITY_TIME)
    unit, kind = ask.catalogue.departments.get(wish.department or ""), rules_of(ask).categories.get(wish.category or "")
    return [
        f"{period.start.astimezone(CITY_TIME):%Y-%m-%d}", f"{last:%Y-%m-%d}",
        f"{period.as_of.astimezone(CITY_TIME):%Y-%m-%d %H:%M:%S}",
        f"{WORLDS[wish.world]}{'（模拟）' if wish.world is World.DEMO else ''}",
        ask.catalogue.regions[wish.region or ask.catalogue.city.code].name, unit.name if unit else "全部",
        kind.name if kind else "全部",
    ]  # fmt: skip


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


OPERATIONS = (
    Operation(
        "GET", "/evaluation", "评价：各项比率及其分子、分母、事件编号", EvaluationShape, _answer, tag=TAG,
        right="events.view", query=EvaluationQuery, check=_check,
        topics=lambda ask: [f"events:{ask.query.world.value}"], soft_seconds=60, tables=_file, problems=(404,),
    ),
)  # fmt: skip
