"""Messages over the interface: hot issues, surges, joint events, routing proposals and their record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from api.event_refusals import told
from api.events import rules_of, wanted_event
from api.map_values import world_of
from api.message_shapes import (
    IssueShape,
    JointShape,
    ProposalShape,
    RecordShape,
    RoutingShape,
    SurgeShape,
    issue_shape,
    proposal_shape,
    record_shape,
    surge_shape,
)
from api.operation import WRITTEN, Ask, Operation
from api.problem import Problem
from api.shapes import Query
from database.engine import reading, writing
from decisions import proposals
from decisions.findings import topic_of
from decisions.issues import hot_issues
from decisions.joint_event import NotTogether, make_joint
from decisions.routing_record import crew_record, routing_record
from decisions.surge_places import surges_now
from dispatch import records
from indicators.reading import World

TAG = "民意热点与分派"
LONGEST_DAYS = 35


class SeenQuery(Query):
    world: World | None = Field(default=None, description="缺省：演示城市有数据时为 demo，否则为 real")
    region: str | None = Field(default=None, max_length=16, description="缺省为可查看的最大范围")


class IssuesQuery(SeenQuery):
    days: int = Field(default=7, ge=1, le=LONGEST_DAYS, description="最后一次反映在近几天之内")


class Issues(BaseModel):
    """Hot issues, the hottest first."""

    messages: int = Field(description="搜索过的诉求件数；只能查看一部分时为 0")
    searched_at: datetime | None
    items: list[IssueShape]


class Surges(BaseModel):
    """Places with more reports than usual, the most surprising first."""

    items: list[SurgeShape]


class Waiting(BaseModel):
    """Proposals a person must confirm, the oldest report first."""

    items: list[ProposalShape]


class NewJoint(BaseModel):
    """Events to be merged into one joint event; doing it again changes nothing."""

    model_config = WRITTEN

    title: Annotated[str, Field(min_length=2, max_length=120)]
    numbers: Annotated[str | list[str], Field(description="事件编号，数组或以逗号分隔")]


class Settlement(BaseModel):
    """What a person says the event is."""

    model_config = WRITTEN

    category: Annotated[str, Field(min_length=1, max_length=16, description="类别代码，见 departments.yaml")]
    version: Annotated[int | None, Field(ge=1, description="所见的事件版本")] = None
    note: Annotated[str, Field(max_length=300)] = ""


def _region(ask: Ask) -> str:
    """As asked, else the widest region the caller may see."""
    given: str | None = ask.known_region(ask.query.region)
    city = ask.catalogue.city.code
    if given is not None or ask.by.scope.allows(city):
        return given or city
    home = ask.by.home
    return home if home in ask.catalogue.regions and ask.by.scope.allows(home) else city


def _issues(ask: Ask) -> Issues:
    rules = rules_of(ask)
    since = ask.now - timedelta(days=ask.query.days)
    with reading(ask.cockpit.engine) as connection:
        found = hot_issues(
            connection, rules, ask.by, world=world_of(ask).value, region=_region(ask), since=since, until=ask.now
        )
    items = [issue_shape(one, rules) for one in found.found]
    return Issues(messages=found.looked_at, searched_at=found.made_at, items=items)


def _surges(ask: Ask) -> Surges:
    rules = rules_of(ask)
    with reading(ask.cockpit.engine) as connection:
        found = surges_now(connection, rules, ask.by, world=world_of(ask).value, region=_region(ask), now=ask.now)
    return Surges(items=[surge_shape(one) for one in found])


def _joint(ask: Ask) -> JointShape:
    wish: NewJoint = ask.body
    listed = wish.numbers.split(",") if isinstance(wish.numbers, str) else wish.numbers
    numbers = [one.strip() for one in listed if one.strip()]
    try:
        with told(), writing(ask.cockpit.engine) as connection:
            made = make_joint(connection, rules_of(ask), numbers, wish.title, by=ask.by, now=ask.now)
    except NotTogether as refused:
        raise Problem(422, str(refused), "misfit") from refused
    apart = [{"number": number, "reason": why} for number, why in made.apart]
    return JointShape(number=made.event.number, is_new=made.is_new, merged=list(made.merged), apart=apart)


def _joint_status(answer: BaseModel) -> int:
    return 201 if getattr(answer, "is_new", False) else 200


def _waiting(ask: Ask) -> Waiting:
    rules = rules_of(ask)
    with reading(ask.cockpit.engine) as connection:
        found = proposals.waiting(connection, ask.by, world=world_of(ask).value)
    return Waiting(items=[proposal_shape(one, rules) for one in found])


def _record(ask: Ask) -> RecordShape:
    since = ask.now - timedelta(days=ask.query.days)
    world = world_of(ask).value
    with reading(ask.cockpit.engine) as connection:
        routing = routing_record(connection, ask.by, world=world, since=since)
        crews = crew_record(connection, ask.by, world=world, since=since)
    return record_shape(routing, crews)


def _proposal(ask: Ask) -> RoutingShape:
    with told(), reading(ask.cockpit.engine) as connection:
        return _told(ask, connection)


def _settle(ask: Ask) -> RoutingShape:
    wish: Settlement = ask.body
    with told(), writing(ask.cockpit.engine) as connection:
        number = records.load(connection, wanted_event(ask), ask.by).event.number
        proposals.settle(
            connection, rules_of(ask), number, wish.category, version=wish.version, note=wish.note, by=ask.by,
            now=ask.now,
        )  # fmt: skip
        return _told(ask, connection)


def _told(ask: Ask, connection: Connection) -> RoutingShape:
    event = records.load(connection, wanted_event(ask), ask.by).event
    found = proposals.proposal(connection, event.number, ask.by)
    shown = None if found is None else proposal_shape(found, rules_of(ask))
    return RoutingShape(number=event.number, version=event.version, category=event.category, proposal=shown)


def _check(ask: Ask) -> None:
    ask.known_region(ask.query.region)


def _topics(ask: Ask) -> list[str]:
    world = world_of(ask).value
    return [f"events:{world}", topic_of(world)]


def _own(_: Ask) -> list[str]:
    """Of either world: one number names one event."""
    return [f"events:{world.value}" for world in World]


OPERATIONS = (
    Operation(
        "GET", "/messages/issues", "民意热点：同一地点、同一问题、短期集中", Issues, _issues, tag=TAG,
        right="events.view", query=IssuesQuery, check=_check, topics=_topics, problems=(404,),
    ),
    Operation(
        "GET", "/messages/surges", "时空突增：近几小时比往常同时段明显多的地点", Surges, _surges, tag=TAG,
        right="events.view", query=SeenQuery, check=_check, topics=_topics, soft_seconds=60, problems=(404,),
    ),
    Operation(
        "POST", "/messages/joint", "把若干事件合并为一件联合事件；重复提交不会重复", JointShape, _joint, tag=TAG,
        right="events.dispatch", body=NewJoint, status=201, status_of=_joint_status, problems=(409,),
    ),
    Operation(
        "GET", "/messages/waiting", "置信度不足、待人工确认类别的事件", Waiting, _waiting, tag=TAG,
        right="events.view", query=SeenQuery, check=_check, topics=_topics, problems=(404,),
    ),
    Operation(
        "GET", "/messages/record", "自动分类与派遣建议的成绩", RecordShape, _record, tag=TAG, right="events.view",
        query=IssuesQuery, check=_check, topics=_topics, problems=(404,),
    ),
    Operation(
        "GET", "/events/{id}/routing", "一件事件的自动分类建议；没有建议时为 null", RoutingShape, _proposal, tag=TAG,
        right="events.view", topics=_own,
    ),
    Operation(
        "POST", "/events/{id}/routing", "人工确认或改定类别，记入台账", RoutingShape, _settle, tag=TAG,
        right="events.accept", body=Settlement, problems=(409,),
    ),
)  # fmt: skip
