"""Events over the interface: reported once whatever is retried, listed by scope, told with everything about them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import Connection, select

from api.event_refusals import told
from api.event_shapes import (
    ClockShape,
    EventShape,
    LedgerRowShape,
    clock_shape,
    event_fields,
    event_shape,
    ledger_shape,
    reporter_shape,
)
from api.operation import WRITTEN, Ask, Operation
from api.paging import Page
from api.problem import Fault, Problem
from api.reports_taken import Taken, taken
from api.shapes import Query
from database.dispatch_tables import events as events_table
from database.engine import reading
from dispatch import attachments, records
from dispatch import events as kept
from dispatch.duplicates import hints
from dispatch.event import Event
from dispatch.lifecycle import LIFECYCLE, legal
from dispatch.report import Report, Reporter
from dispatch.rulebook import Rulebook, rulebook
from dispatch.stage import Stage
from dispatch.state import ACTION_NAMES, State
from indicators.reading import World

TAG = "事件"
KEY = "Idempotency-Key"
STATES = ("open", *State)
MOST = 500

Coordinate = Annotated[float | None, Field(default=None, allow_inf_nan=False, description="WGS84")]


class ReporterGiven(BaseModel):
    """Who reported it; stored sealed, shown masked."""

    model_config = WRITTEN

    name: Annotated[str, Field(max_length=60)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    address: Annotated[str, Field(max_length=200)] = ""


class NewEvent(BaseModel):
    """A report. `origin` and `origin_id` name it at its source: the same pair is the same event."""

    model_config = WRITTEN

    title: Annotated[str, Field(min_length=1, max_length=120)]
    description: Annotated[str, Field(max_length=4000)] = ""
    category: Annotated[str | None, Field(max_length=16, description="见 departments.yaml；缺省按文字判断")] = None
    region: Annotated[str | None, Field(max_length=16, description="区域代码；缺省按坐标判断")] = None
    lon: Coordinate = None
    lat: Coordinate = None
    place: Annotated[str, Field(max_length=200, description="地点的文字说明")] = ""
    level: Annotated[int | None, Field(ge=0, le=4, description="0 一般，1 红，2 橙，3 黄，4 蓝")] = None
    impact: Annotated[int | None, Field(ge=1, le=4)] = None
    urgency: Annotated[int | None, Field(ge=1, le=4)] = None
    origin: Annotated[str, Field(min_length=1, max_length=24, description="hotline、grid、sensor、video、upstream 等")]
    origin_id: Annotated[str, Field(min_length=1, max_length=120, description="在来源处的编号")]
    reported_at: AwareDatetime
    occurred_at: AwareDatetime | None = None
    reporter: ReporterGiven = ReporterGiven()
    world: Annotated[World, Field(description="演练时为 demo：记入演示城市，标为模拟，不外送")] = World.REAL


class EventsQuery(Query):
    world: World = Field(default=World.REAL, description="real 真实事件，demo 演示城市的事件")
    state: str | None = Field(default=None, max_length=200, description="状态，可用逗号写多个；open 为全部在办")
    stage: Stage | None = None
    region: str | None = Field(default=None, max_length=16, description="只列这个区域及其下级")
    department: str | None = Field(default=None, max_length=64, description="主办或协办单位")
    category: str | None = Field(default=None, max_length=16)
    level: int | None = Field(default=None, ge=0, le=4)
    origin: str | None = Field(default=None, max_length=24)
    since: AwareDatetime | None = Field(default=None, description="只列此时起上报的")
    until: AwareDatetime | None = Field(default=None, description="只列此时之前上报的")
    changed_since: AwareDatetime | None = Field(default=None, description="只列此时起有过办理的，用于增量同步")
    text: str = Field(default="", max_length=80, description="编号、标题、地点中的文字")
    limit: int = Field(default=100, ge=1, le=MOST)
    cursor: str | None = Field(default=None, max_length=400, description="上一页给出的 next，原样传回")


class MoveChoice(BaseModel):
    """A move that is legal in this state and within the caller's rights."""

    action: str
    name: str
    says: str
    needs: list[str]


class AttachmentShape(BaseModel):
    """A photo or paper of an event."""

    sha256: str
    kind: str = Field(description="report 上报，before 处置前，after 处置后")
    name: str
    mime: str
    bytes: int
    added_by: str
    added_at: datetime
    lon: float | None
    lat: float | None
    metres: float | None = Field(description="拍摄地点与事件地点相距多少米")
    is_elsewhere: bool = Field(description="true：拍摄地点离事件过远")


class EventDetail(EventShape):
    """One event with everything about it."""

    reporter: dict[str, str | None] = Field(description="已遮盖；查看原文见 /personal/reveal")
    clock: ClockShape | None
    case_clock: ClockShape | None
    moves: list[MoveChoice]
    assignments: list[dict[str, Any]]
    requests: list[dict[str, Any]]
    plan: list[dict[str, Any]]
    links: list[dict[str, str]]
    deliveries: list[dict[str, Any]]
    attachments: list[AttachmentShape]


class Ledger(BaseModel):
    """Every line of an event's ledger, oldest first."""

    id: int
    number: str
    version: int
    items: list[LedgerRowShape]


class HintsQuery(Query):
    title: str = Field(default="", max_length=120)
    description: str = Field(default="", max_length=1000)
    category: str | None = Field(default=None, max_length=16)
    lon: float | None = Field(default=None, allow_inf_nan=False)
    lat: float | None = Field(default=None, allow_inf_nan=False)
    county: str | None = Field(default=None, max_length=16)
    world: World = World.REAL


class HintShape(BaseModel):
    """An earlier event that may be the same thing."""

    number: str
    title: str
    state_name: str
    score: float
    reason: str
    metres: float | None
    age_seconds: float
    photo: str | None
    is_likely: bool


class Hints(BaseModel):
    """The likeliest first."""

    items: list[HintShape]


def rules_of(ask: Ask) -> Rulebook:
    """The rules in force."""
    return rulebook(ask.catalogue, ask.cockpit.live_catalogue.folder)


def wanted_event(ask: Ask) -> str | int:
    """The event named in the path: its number, or its id."""
    given = ask.path["id"]
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else given[:24]


def key_of(ask: Ask) -> str:
    """The idempotency key; Problem 400 without one."""
    if not ask.key or not ask.key.strip() or len(ask.key) > 120:
        raise Problem(400, f"请在请求头 {KEY} 中给出 1 至 120 个字符的幂等键。", "key")
    return ask.key


def _report(ask: Ask) -> Taken:
    wish: NewEvent = ask.body
    given = wish.model_dump(exclude={"reporter", "world"}) | {"world": wish.world.value}
    if wish.world is World.DEMO:
        given["provenance"] = "simulated"
    return taken(ask, Report(**given, reporter=Reporter(**wish.reporter.model_dump())), key_of(ask))


def _status(answer: BaseModel) -> int:
    return 201 if getattr(answer, "is_new", False) else 200


def _check_report(ask: Ask) -> None:
    key_of(ask)
    try:
        ask.known_region(ask.body.region)
    except Problem as unknown:
        raise Problem(422, unknown.detail, "misfit", (Fault("region", unknown.detail),)) from unknown


def states_of(given: str | None) -> tuple[tuple[State, ...], bool]:
    """The states named, and whether all open ones are meant."""
    words = [word.strip() for word in (given or "").split(",") if word.strip()]
    wrong = [word for word in words if word not in STATES]
    if wrong:
        known = "、".join(STATES)
        raise Problem(422, f"没有状态 {wrong[0][:20]}，可用：{known}", "misfit", (Fault("state", known),))
    return tuple(State(word) for word in words if word != "open"), "open" in words


def wanted(ask: Ask) -> kept.Wanted:
    """What the query asks for."""
    wish: EventsQuery = ask.query
    states, is_open = states_of(wish.state)
    rules = rules_of(ask)
    return kept.Wanted(
        world=wish.world.value, states=states, open_only=is_open and not states, region=wish.region,
        stages=() if wish.stage is None else (wish.stage,), department=wish.department, category=wish.category,
        levels=() if wish.level is None else (wish.level,), origin=wish.origin, since=wish.since, until=wish.until,
        changed_since=wish.changed_since, text=wish.text,
        within=None if wish.region is None or wish.region == ask.catalogue.city.code else rules.within(wish.region),
    )  # fmt: skip


def found_events(ask: Ask, limit: int, cursor: str | None) -> tuple[tuple[Event, ...], str | None]:
    """One page of what the query asks for."""
    with reading(ask.cockpit.engine) as connection:
        page = kept.listed(connection, ask.by, wanted(ask), limit=limit, cursor=cursor)
    return page.events, page.cursor


def _list(ask: Ask) -> Page[EventShape]:
    found, following = found_events(ask, ask.query.limit, ask.query.cursor)
    rules = rules_of(ask)
    return Page[EventShape](items=[event_shape(one, rules) for one in found], next=following)


def check_list(ask: Ask) -> None:
    """Everything of the query that can be wrong without asking the database."""
    wish: EventsQuery = ask.query
    ask.known_region(wish.region)
    if wish.department is not None:
        ask.known("单位", wish.department, ask.catalogue.departments)
    states_of(wish.state)
    if wish.cursor is not None and not kept.is_cursor(wish.cursor):
        raise Problem(400, "cursor 无效：请原样使用本列表上一页的 next，或去掉它从第一页开始。", kind="cursor")


def list_topics(ask: Ask) -> list[str]:
    """What makes a list of events change."""
    return [f"events:{ask.query.world.value}"]


def both_topics(_: Ask) -> list[str]:
    """Of either world: a number names one event."""
    return [f"events:{world.value}" for world in World]


def _detail(ask: Ask) -> EventDetail:
    rules = rules_of(ask)
    with told(), reading(ask.cockpit.engine) as connection:
        found = kept.detail(connection, ask.by, rules, wanted_event(ask), now=ask.now)
        files = attachments.of_event(connection, found.case.event.number, ask.by)
        reporter = _reporter(connection, found.case.event.id)
    event = found.case.event
    plain = {"round", "note", "task", "words"}
    return EventDetail.model_validate(
        event_fields(event, rules)
        | {
            "reporter": reporter_shape(reporter, ask.by),
            "clock": clock_shape(found.clock, ask.now),
            "case_clock": clock_shape(found.case_clock, ask.now),
            "moves": _moves(event, ask),
            "assignments": [records.values_of(one, without=frozenset(plain)) for one in found.case.assignments],
            "requests": [records.values_of(one, without=frozenset({*plain, "data"})) for one in found.case.requests],
            "plan": [records.values_of(one) for one in found.case.steps],
            "links": [{"kind": kind, "number": other.number} for kind, other in found.links],
            "deliveries": list(found.deliveries),
            "attachments": [file_shape(one) for one in files],
        }
    )


def file_shape(one: attachments.Attachment) -> AttachmentShape:
    """An attachment as it is told."""
    return AttachmentShape(**vars(one), is_elsewhere=one.is_elsewhere)


def _moves(event: Event, ask: Ask) -> list[MoveChoice]:
    rows = ((action, LIFECYCLE[event.state, action]) for action in legal(event.state))
    return [
        MoveChoice(action=str(action), name=ACTION_NAMES[action], says=row.says, needs=list(row.needs))
        for action, row in rows
        if ask.by.may(row.right)
    ]


def _reporter(connection: Connection, event_id: int) -> dict[str, Any]:
    c = events_table.c
    query = select(c.reporter_name, c.reporter_phone, c.reporter_address).where(c.id == event_id)
    return dict(connection.execute(query).one()._mapping)


def _ledger(ask: Ask) -> Ledger:
    rules = rules_of(ask)
    with told(), reading(ask.cockpit.engine) as connection:
        case = records.load(connection, wanted_event(ask), ask.by)
    event = case.event
    rows = [ledger_shape(row, rules) for row in case.ledger]
    return Ledger(id=event.id, number=event.number, version=event.version, items=rows)


def _hints(ask: Ask) -> Hints:
    wish: HintsQuery = ask.query
    with reading(ask.cockpit.engine) as connection:
        found = hints(
            connection, ask.by, world=wish.world.value, title=wish.title, description=wish.description,
            category=wish.category, lon=wish.lon, lat=wish.lat, county=wish.county, now=ask.now,
        )  # fmt: skip
    rules = rules_of(ask)
    return Hints(
        items=[
            HintShape(
                number=one.event.number, title=event_shape(one.event, rules).title, state_name=one.event.state_name,
                score=round(one.score, 3), reason=one.reason, metres=one.metres, age_seconds=one.age.total_seconds(),
                photo=one.photo, is_likely=one.is_likely,
            )
            for one in found
        ]
    )  # fmt: skip


OPERATIONS = (
    Operation(
        "POST", "/events", "上报一件事件；重试不会重复", Taken, _report, tag=TAG, right="events.report", body=NewEvent,
        check=_check_report, status=201, status_of=_status, header=KEY, problems=(404,), largest_body=100_000,
    ),
    Operation(
        "GET", "/events", "事件列表，新报的在前", Page[EventShape], _list, tag=TAG, right="events.view",
        query=EventsQuery, check=check_list, topics=list_topics, soft_seconds=60, problems=(404,),
    ),
    Operation(
        "GET", "/events/similar", "可能是同一件事的在办事件", Hints, _hints, tag=TAG, right="events.view",
        query=HintsQuery, topics=list_topics,
    ),
    Operation(
        "GET", "/events/{id}", "一件事件的全部情况；id 或编号", EventDetail, _detail, tag=TAG, right="events.view",
        topics=both_topics,
    ),
    Operation(
        "GET", "/events/{id}/ledger", "一件事件的办理台账", Ledger, _ledger, tag=TAG, right="events.view",
        topics=both_topics,
    ),
)  # fmt: skip
