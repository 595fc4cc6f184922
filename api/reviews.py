"""Reviews of big events over the interface: the draft as data or as a table, what people write, sign, and finish."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from access.personal import mask_text
from access.spreadsheet_text import Cell
from api.event_refusals import told
from api.events import TAG, rules_of, wanted_event
from api.export import sheet_of
from api.operation import WRITTEN, Ask, Operation
from api.shapes import Query
from database.engine import reading, writing
from datasources.delivery.period import CITY_TIME
from decisions.review_draft import Draft, draft
from dispatch import review_lists, reviews
from dispatch.review import LONGEST, LONGEST_MEASURE, Measure, Review, why_big
from dispatch.state import STATE_NAMES
from indicators.reading import World

HEADINGS = ("事件编号", "序号", "时间", "办理", "单位", "人员", "情况", "办后状态", "截至")
Note = Annotated[str, Field(max_length=LONGEST_MEASURE)]


class MeasureShape(BaseModel):
    """What is to be done better."""

    number: str = Field(description="事件编号")
    position: int
    words: str
    department: str
    due_on: date
    is_late: bool
    done_at: datetime | None
    done_note: str


class StageShape(BaseModel):
    """What one round spent in a stage; `over_seconds` as its limit counts."""

    stage: str
    round: int
    start: datetime
    end: datetime | None
    limit: str
    used_seconds: float
    over_seconds: float


class ReviewShape(BaseModel):
    """The review of an event; `state` is none before it was begun."""

    number: str
    state: str = Field(description="none 未开始，draft 起草中，signed 已签发")
    version: int
    reasons: list[str] = Field(description="为何复盘")
    summary: list[str] = Field(description="由台账自动形成")
    as_of: datetime
    stages: list[StageShape]
    lessons: str
    problems: str
    measures: list[MeasureShape]
    signed_by: str
    signed_at: datetime | None


class ReviewQuery(Query):
    format: Literal["json", "csv", "xlsx"] = Field(default="json", description="csv、xlsx 为逐条经过")


class ReviewGiven(BaseModel):
    """An act on the review. `version` is the one that was seen; to begin it takes none."""

    model_config = WRITTEN

    decision: Literal["begin", "save", "sign", "reopen"]
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
    lessons: Annotated[str, Field(max_length=LONGEST, description="经验")] = ""
    problems: Annotated[str, Field(max_length=LONGEST, description="问题")] = ""
    note: Note = ""


class MeasureGiven(BaseModel):
    """A new measure."""

    model_config = WRITTEN

    words: Annotated[str, Field(min_length=1, max_length=LONGEST_MEASURE)]
    department: Annotated[str, Field(max_length=64)]
    due_on: date


class MeasureDone(BaseModel):
    """A measure is done, or taken out of the draft."""

    model_config = WRITTEN

    decision: Literal["finish", "drop"]
    note: Note = ""


class ReviewStand(BaseModel):
    """How the review stands after an act."""

    number: str
    state: str
    version: int
    measures: int


class ReviewsQuery(Query):
    world: World = Field(default=World.REAL, description="real 真实事件，demo 演示城市的事件")


class ReviewRow(BaseModel):
    """One review of the list."""

    number: str
    title: str
    state: str
    measures: int
    open_measures: int


class ReviewList(BaseModel):
    """Reviews, drafts first, and what is still to be done better, the earliest day first."""

    items: list[ReviewRow]
    measures: list[MeasureShape]


def _drafted(ask: Ask) -> tuple[Draft, Review | None]:
    with told(), reading(ask.cockpit.engine) as connection:
        case, found = reviews.review_of(connection, wanted_event(ask), ask.by)
        as_of = ask.now if found is None else found.as_of(None, ask.now)
        return draft(connection, rules_of(ask), case, by=ask.by, now=ask.now, as_of=as_of), found


def _review(ask: Ask) -> ReviewShape:
    made, found = _drafted(ask)
    course = made.course
    stages = [
        StageShape(
            stage=one.name, round=one.turn, start=one.start, end=one.end, limit=str(one.limit or ""),
            used_seconds=one.used, over_seconds=one.over,
        )
        for one in course.stages
    ]  # fmt: skip
    number, newest = course.case.event.number, None if found is None else found.newest
    return ReviewShape(
        number=number, state="none" if found is None else str(found.state), version=newest.version if newest else 0,
        reasons=list(why_big(course.case)), summary=list(made.summary), as_of=course.as_of, stages=stages,
        lessons=mask_text(newest.lessons) if newest else "", problems=mask_text(newest.problems) if newest else "",
        measures=[_measure(ask, number, one) for one in (found.now if found else ())],
        signed_by=found.signed_by if found else "", signed_at=found.signed_at if found else None,
    )  # fmt: skip


def _measure(ask: Ask, number: str, one: Measure) -> MeasureShape:
    return MeasureShape(
        number=number, position=one.position, words=mask_text(one.words), department=one.department, due_on=one.due_on,
        is_late=one.is_late(ask.now.astimezone(CITY_TIME).date()), done_at=one.done_at,
        done_note=mask_text(one.done_note),
    )  # fmt: skip


def _file(ask: Ask, form: str) -> bytes:
    made, _ = _drafted(ask)
    rules, course = rules_of(ask), made.course
    as_of = f"{course.as_of.astimezone(CITY_TIME):%Y-%m-%d %H:%M:%S}"
    rows: list[list[Cell]] = [
        [
            course.case.event.number, row.seq, f"{row.at.astimezone(CITY_TIME):%Y-%m-%d %H:%M:%S}",
            mask_text(row.said), rules.department_name(row.department), row.actor, mask_text(row.note),
            STATE_NAMES[row.state], as_of,
        ]
        for row in course.case.ledger
    ]  # fmt: skip
    return sheet_of(form, HEADINGS, rows, "经过")


def _act(ask: Ask) -> ReviewStand:
    given: ReviewGiven = ask.body
    number, version = wanted_event(ask), given.version or 0
    with told(), writing(ask.cockpit.engine) as connection:
        match given.decision:
            case "begin":
                made = reviews.begin(connection, number, by=ask.by, now=ask.now)
            case "save":
                written = reviews.Written(version, given.lessons, given.problems, given.note)
                made = reviews.save(connection, number, written, by=ask.by, now=ask.now)
            case "sign":
                made = reviews.sign(connection, number, version, given.note, by=ask.by, now=ask.now)
            case "reopen":
                made = reviews.reopen(connection, number, version, given.note, by=ask.by, now=ask.now)
    return _stand(made)


def _add(ask: Ask) -> ReviewStand:
    given: MeasureGiven = ask.body
    with told(), writing(ask.cockpit.engine) as connection:
        made = reviews.add_measure(
            connection, rules_of(ask), wanted_event(ask), given.words, given.department, given.due_on, by=ask.by,
            now=ask.now,
        )  # fmt: skip
    return _stand(made)


def _settle(ask: Ask) -> ReviewStand:
    given: MeasureDone = ask.body
    position = ask.number("position")
    with told(), writing(ask.cockpit.engine) as connection:
        if given.decision == "finish":
            made = reviews.finish_measure(connection, wanted_event(ask), position, given.note, by=ask.by, now=ask.now)
        else:
            made = reviews.drop_measure(connection, wanted_event(ask), position, by=ask.by, now=ask.now)
    return _stand(made)


def _stand(made: Review) -> ReviewStand:
    return ReviewStand(number=made.number, state=str(made.state), version=made.newest.version, measures=len(made.now))


def _list(ask: Ask) -> ReviewList:
    with reading(ask.cockpit.engine) as connection:
        found = review_lists.listed(connection, ask.by, world=ask.query.world.value)
        measures = review_lists.open_measures(connection, ask.by, world=ask.query.world.value)
    rows = [
        ReviewRow(
            number=one.number, title=mask_text(one.title), state=str(one.state), measures=one.measures,
            open_measures=one.open_measures,
        )
        for one in found
    ]  # fmt: skip
    return ReviewList(items=rows, measures=[_measure(ask, number, one) for number, one in measures])


OPERATIONS = (
    Operation(
        "GET", "/reviews", "复盘列表和未完成的改进措施", ReviewList, _list, tag=TAG, right="events.view",
        query=ReviewsQuery,
    ),
    Operation(
        "GET", "/events/{id}/review", "事件复盘：自动形成的部分和填写的意见", ReviewShape, _review, tag=TAG,
        right="events.view", query=ReviewQuery, tables=_file,
    ),
    Operation(
        "POST", "/events/{id}/review", "复盘：开始、保存、签发、退回修改", ReviewStand, _act, tag=TAG,
        right="events.view", body=ReviewGiven, problems=(409,), largest_body=50_000,
    ),
    Operation(
        "POST", "/events/{id}/review/measures", "新增改进措施", ReviewStand, _add, tag=TAG, right="events.close",
        body=MeasureGiven, problems=(409,), status=201, largest_body=10_000,
    ),
    Operation(
        "POST", "/events/{id}/review/measures/{position}", "改进措施办结或撤下", ReviewStand, _settle, tag=TAG,
        right="events.view", body=MeasureDone, problems=(409,), largest_body=10_000,
    ),
)  # fmt: skip
