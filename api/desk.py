"""The desk's own operations: who else looks at an event, and the handover of the shift."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from access.actor import OutOfScope
from access.personal import mask_text
from api.event_refusals import told
from api.events import rules_of
from api.operation import WRITTEN, Ask, Operation
from api.problem import Problem
from api.shapes import Query
from database.changes import bump
from database.engine import reading, writing
from decisions.live_rules import at_hand
from decisions.shift_draft import LONGEST_NOTE, draft, hand_over_draft, topic_of
from dispatch import presence
from dispatch.handover import Handover, Item, acknowledge, newest
from indicators.reading import World

TAG = "分拨席"
Region = Annotated[str, Field(min_length=1, max_length=16, description="值班中心的区域代码")]


class Look(BaseModel):
    """A sign of life: this event is open. `leaving`: it is no longer."""

    model_config = WRITTEN

    event: Annotated[str, Field(min_length=1, max_length=24, description="事件编号")]
    leaving: bool = False


class ViewerShape(BaseModel):
    """Somebody else who has the event open."""

    name: str
    role: str
    seconds: float = Field(description="距最近一次应答的秒数")


class Viewers(BaseModel):
    """The others, by name; whoever is silent for 25 seconds is left out."""

    event: str
    items: list[ViewerShape]


class ItemShape(BaseModel):
    """One item of a handover."""

    position: int
    kind: str = Field(description="event 事件，source 数据源，rule 静默的规则，duty 值班，note 留言")
    words: str
    ref: str
    seen_by: str | None
    seen_at: datetime | None


class HandoverShape(BaseModel):
    """A handover with its items; `taken_at` once every item was acknowledged. A draft has no number."""

    id: int | None
    region: str
    from_actor: str
    drafted_at: datetime
    to_actor: str | None
    taken_at: datetime | None
    items: list[ItemShape]


class HandoversQuery(Query):
    region: Annotated[str, Field(max_length=16, description="值班中心的区域代码；不写是本人所在的中心")] = ""
    world: World = World.REAL


class LeftOut(BaseModel):
    """A drafted item that is not handed over."""

    model_config = WRITTEN

    kind: Literal["event", "source", "rule", "duty"]
    ref: Annotated[str, Field(max_length=80)]


class HandoverGiven(BaseModel):
    """What is handed over is drafted by the server; left out may be single items, a note may be added."""

    model_config = WRITTEN

    region: Region
    world: World = World.REAL
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""
    left_out: Annotated[list[LeftOut], Field(max_length=100)] = []


def _look(ask: Ask) -> Viewers:
    wish: Look = ask.body
    if ask.by.kind == "screen":
        raise OutOfScope(right="events.view")
    with told(), writing(ask.cockpit.engine) as connection:
        if wish.leaving:
            presence.left(connection, by=ask.by, number=wish.event)
            return Viewers(event=wish.event, items=[])
        found = presence.here(connection, wish.event, by=ask.by, now=ask.now)
    shown = [ViewerShape(name=one.name, role=one.role, seconds=(ask.now - one.since).total_seconds()) for one in found]
    return Viewers(event=wish.event, items=shown)


def _newest(ask: Ask) -> HandoverShape:
    wish: HandoversQuery = ask.query
    with reading(ask.cockpit.engine) as connection:
        found = newest(connection, ask.by, world=wish.world.value, region=_centre(ask))
    if found is None:
        raise Problem(404, "这个中心还没有交接记录。", "unknown")
    return _shape(found)


def _draft(ask: Ask) -> HandoverShape:
    wish: HandoversQuery = ask.query
    with reading(ask.cockpit.engine) as connection:
        items = draft(
            connection, ask.by, rules_of(ask), at_hand(ask.cockpit.live_catalogue).current(), world=wish.world.value,
            region=_centre(ask), now=ask.now,
        )  # fmt: skip
    return HandoverShape(
        id=None, region=_centre(ask), from_actor=ask.by.name, drafted_at=ask.now, to_actor=None, taken_at=None,
        items=[_item(one) for one in items],
    )  # fmt: skip


def _hand_over(ask: Ask) -> HandoverShape:
    wish: HandoverGiven = ask.body
    left_out = {(one.kind, one.ref) for one in wish.left_out}
    with told(), writing(ask.cockpit.engine) as connection:
        hand_over_draft(
            connection, ask.by, rules_of(ask), at_hand(ask.cockpit.live_catalogue).current(), world=wish.world.value,
            region=wish.region, now=ask.now, note=wish.note, left_out=left_out,
        )  # fmt: skip
        made = newest(connection, ask.by, world=wish.world.value, region=wish.region)
    if made is None:
        raise Problem(404, "这个中心没有这次交接。", "unknown")
    return _shape(made)


def _acknowledge(ask: Ask) -> HandoverShape:
    with told(), writing(ask.cockpit.engine) as connection:
        found = acknowledge(connection, ask.number("id"), ask.number("position"), by=ask.by, now=ask.now)
        bump(connection, [topic_of(world) for world in World])
    return _shape(found)


def _shape(found: Handover) -> HandoverShape:
    return HandoverShape(
        id=found.id, region=found.region, from_actor=found.from_actor, drafted_at=found.drafted_at,
        to_actor=found.to_actor, taken_at=found.taken_at, items=[_item(one) for one in found.items],
    )  # fmt: skip


def _item(one: Item) -> ItemShape:
    return ItemShape(
        position=one.position, kind=one.kind, words=mask_text(one.words), ref=one.ref, seen_by=one.seen_by,
        seen_at=one.seen_at,
    )  # fmt: skip


def _centre(ask: Ask) -> str:
    """The centre asked about; the person's own where none is named."""
    return ask.query.region or min(ask.by.scope.regions or (ask.catalogue.city.code,))


def _known(ask: Ask) -> None:
    ask.known_region(_centre(ask))


def _known_in_body(ask: Ask) -> None:
    ask.known_region(ask.body.region)


def _topics(ask: Ask) -> list[str]:
    return [topic_of(ask.query.world.value), f"events:{ask.query.world.value}", "sources"]


OPERATIONS = (
    Operation(
        "POST", "/presence", "正在查看哪件事件；答复还有谁在看", Viewers, _look, tag=TAG, right="events.view",
        body=Look, problems=(404,), largest_body=2_000,
    ),
    Operation(
        "GET", "/handovers/newest", "一个值班中心最近一次交接", HandoverShape, _newest, tag=TAG, right="events.view",
        query=HandoversQuery, check=_known, topics=_topics, problems=(404,),
    ),
    Operation(
        "GET", "/handovers/draft", "此刻起草的交接内容：事件、过期数据源、静默的规则", HandoverShape, _draft, tag=TAG,
        right="events.accept", query=HandoversQuery, check=_known, topics=_topics, problems=(404,),
    ),
    Operation(
        "POST", "/handovers", "交班：服务器起草，可去掉个别项，可加留言", HandoverShape, _hand_over, tag=TAG,
        right="events.accept", body=HandoverGiven, check=_known_in_body, status=201, problems=(404,),
        largest_body=30_000,
    ),
    Operation(
        "POST", "/handovers/{id}/items/{position}", "接班：知悉一项；全部知悉即接班", HandoverShape, _acknowledge,
        tag=TAG, right="events.accept",
    ),
)  # fmt: skip
