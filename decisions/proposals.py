"""What the router proposed for an event, and what a person made of it. Without numbers' libraries: pages import it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update

from access.actor import Actor
from access.personal import mask_text
from database import changes
from database.dispatch_tables import events
from database.routing_tables import routings
from dispatch import records
from dispatch.event import Case, Event, Step
from dispatch.events import visible
from dispatch.moves import move, topics
from dispatch.power_list import prioritise
from dispatch.refusal import Incomplete
from dispatch.report import Report
from dispatch.rulebook import Rulebook
from dispatch.state import BEFORE_DISPATCH, Action, State

FILLED, WAITING, CONFIRMED, CHANGED, LATE = "filled", "waiting", "confirmed", "changed", "late"
STANDINGS: Mapping[str, str] = {
    FILLED: "已自动填写", WAITING: "待人工确认", CONFIRMED: "人工确认", CHANGED: "人工改类",
    LATE: "人已先行办理，只作对照",
}  # fmt: skip
POWER_LIST = "power-list"
"""The version told before any training."""


@dataclass(frozen=True)
class Proposal:
    """A proposal with the event it is for, as both stand now. `words`: what decided, weightiest first."""

    number: str
    title: str
    place: str
    county: str
    state: State
    version: int
    now_category: str
    model: str
    category: str
    runner_up: str
    department: str | None
    confidence: float
    bar: float
    words: tuple[str, ...]
    standing: str
    reported_at: datetime
    routed_at: datetime
    settled_by: str | None
    settled_at: datetime | None

    @property
    def may_be_settled(self) -> bool:
        """Until the event is dispatched a person may say what it is."""
        return self.state in BEFORE_DISPATCH


def proposal(connection: Connection, number: str, by: Actor) -> Proposal | None:
    """The proposal for an event; None without one, or for what `by` may not see."""
    row = connection.execute(_proposals(by).where(events.c.number == number)).first()
    return None if row is None else _proposal(row)


def waiting(connection: Connection, by: Actor, *, world: str, limit: int = 100) -> list[Proposal]:
    """Those a person must confirm, the oldest report first."""
    query = _proposals(by).where(
        routings.c.world == world, routings.c.standing == WAITING, events.c.state.in_(BEFORE_DISPATCH)
    )
    return [_proposal(row) for row in connection.execute(query.order_by(events.c.reported_at).limit(limit))]


def listed(connection: Connection, by: Actor, *, world: str, since: datetime, limit: int = 200) -> list[Proposal]:
    """All proposals since then, newest first."""
    query = _proposals(by).where(routings.c.world == world, routings.c.routed_at >= since)
    rows = connection.execute(query.order_by(routings.c.routed_at.desc(), events.c.id.desc()).limit(limit))
    return [_proposal(row) for row in rows]


def settle(
    connection: Connection, rules: Rulebook, number: str, category: str, *, version: int | None, note: str = "",
    by: Actor, now: datetime,
) -> Case:  # fmt: skip
    """A person says what the event is: into the ledger, and counted for or against the router.

    Raises NoSuchEvent, Incomplete for a category that is none, Denied, MovedMeanwhile, IllegalMove.
    """
    by.require("events.accept")
    event = records.load(connection, number, by).event
    if category not in rules.categories:
        raise Incomplete("category", f"没有类别 {category[:16]}")
    proposed = proposal(connection, event.number, by)
    is_kept = proposed is not None and proposed.category == category
    words = f"人工{'确认' if is_kept else '选定'}类别：{rules.category_name(category)}"
    told = f"{words}；{note.strip()}" if note.strip() else words
    case = move(connection, rules, number, step_to(event, category, rules, told, version=version), by=by, now=now)
    standing = {"standing": CONFIRMED if is_kept else CHANGED, "settled_by": by.name, "settled_at": now}
    connection.execute(update(routings).where(routings.c.event_id == event.id).values(standing))
    changes.bump(connection, topics(case))
    return case


def step_to(
    event: Event, category: str, rules: Rulebook, words: str, *, version: int | None, key: str | None = None
) -> Step:
    """The move that puts an event into a category with that category's usual reach and urgency; the same category
    is only noted."""
    if event.category == category:
        return Step(Action.NOTE, version, words, key=key)
    told = Report(event.title, event.origin, event.origin_id, event.reported_at, event.description)
    usual = prioritise(told, category, rules)
    return Step(Action.CORRECT, version, words, category=category, impact=usual.impact, urgency=usual.urgency, key=key)


_OF_EVENT = ("number", "title", "place", "county", "state", "version", "reported_at")
_OF_ROUTING = tuple(one.name for one in fields(Proposal) if one.name not in {*_OF_EVENT, "now_category"})


def _proposals(by: Actor) -> Select[Any]:
    own = (events.c[name] for name in _OF_EVENT)
    made = (routings.c[name] for name in _OF_ROUTING)
    joined = select(*own, events.c.category.label("now_category"), *made)
    return joined.join(routings, routings.c.event_id == events.c.id).where(visible(by))


def _proposal(row: Row[Any]) -> Proposal:
    told = dict(row._mapping)
    shown = {"title": mask_text(told["title"]), "place": mask_text(told["place"])}
    return Proposal(**{**told, **shown, "state": State(told["state"]), "words": tuple(told["words"])})
