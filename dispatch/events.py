"""Events as people may see them: the queue, one event with all about it, the ledger. Everything by scope."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, exists, false, func, or_, select, true

from access.actor import Actor, Denied
from database.dispatch_tables import assignments, escalations, event_links, events
from dispatch import outbox, records
from dispatch.clocks import Clock, case_clock, current_clock, joint_clock
from dispatch.event import Assignment, Case, Event, Step
from dispatch.guards import check_guards
from dispatch.hands import check_hand
from dispatch.lifecycle import LIFECYCLE, Move, legal
from dispatch.refusal import DispatchError
from dispatch.rulebook import Rulebook
from dispatch.stage import Stage
from dispatch.state import ACTION_NAMES, OPEN, STAGE_OF, Action, State

VIEW = "events.view"


class Timed(Protocol):
    """What has a clock."""

    @property
    def moved_at(self) -> datetime:
        """When the present stage began."""

    @property
    def stage_due_at(self) -> datetime | None:
        """When it must end; None while the clock stands still."""


@dataclass(frozen=True)
class Wanted:
    """What to list. `region` includes all below it; `text` is looked for in number, title and place."""

    world: str = "real"
    states: tuple[State, ...] = ()
    stages: tuple[Stage, ...] = ()
    region: str | None = None
    department: str | None = None
    category: str | None = None
    levels: tuple[int, ...] = ()
    origin: str | None = None
    supervised: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    changed_since: datetime | None = None
    text: str = ""
    open_only: bool = False
    within: frozenset[str] | None = None
    """Regions below `region`, where the caller knows them (Rulebook.within)."""


@dataclass(frozen=True)
class Page:
    """Some events, newest report first, and where the next page begins."""

    events: tuple[Event, ...]
    cursor: str | None = None


@dataclass(frozen=True)
class Queue:
    """Unfinished events by urgency of the clock, each ascending by what is left; suspended ones have no clock."""

    overdue: tuple[Event, ...] = ()
    due_soon: tuple[Event, ...] = ()
    in_time: tuple[Event, ...] = ()
    paused: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Choice:
    """A button: `why_not` says why it cannot be pressed now, '' if it can."""

    action: Action
    name: str
    says: str
    needs: tuple[str, ...]
    why_not: str = ""


@dataclass(frozen=True)
class Detail:
    """One event with all about it, as far as `by` may see it."""

    case: Case
    clock: Clock | None
    case_clock: Clock | None
    joint_clocks: tuple[tuple[Assignment, Clock], ...]
    choices: tuple[Choice, ...]
    links: tuple[tuple[str, Event], ...] = ()
    deliveries: tuple[dict[str, Any], ...] = field(default=())
    escalated: tuple[tuple[str, datetime, str], ...] = ()


def visible(by: Actor) -> ColumnElement[bool]:
    """The condition under which the actor sees an event; Denied without the right at all."""
    if not by.may(VIEW):
        raise Denied("没有查看事件的权限", right=VIEW)
    scope = by.scope
    if scope.is_nothing:
        return false()
    conditions: list[ColumnElement[bool]] = []
    if scope.regions is not None:
        regions = sorted(scope.regions)
        conditions.append(or_(events.c.region.in_(regions), events.c.holder.in_(regions)))
    if scope.departments is not None:
        mine = select(assignments.c.event_id).where(
            assignments.c.event_id == events.c.id, assignments.c.department.in_(sorted(scope.departments))
        )
        conditions.append(exists(mine))
    return and_(true(), *conditions)


def listed(connection: Connection, by: Actor, wanted: Wanted, *, limit: int = 50, cursor: str | None = None) -> Page:
    """One page of what is wanted, newest report first. ValueError for a cursor we did not give."""
    query = _query(by, wanted).order_by(events.c.reported_at.desc(), events.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        at, last = _read_cursor(cursor)
        earlier = and_(events.c.reported_at == at, events.c.id < last)
        query = query.where(or_(events.c.reported_at < at, earlier))
    found = [records.event_of(row) for row in connection.execute(query)]
    more = _cursor(found[limit - 1]) if len(found) > limit else None
    return Page(tuple(found[:limit]), more)


def queue(
    connection: Connection, by: Actor, rules: Rulebook, wanted: Wanted, *, now: datetime, limit: int = 500
) -> Queue:
    """Unfinished events as the desk groups them: 超期, 临期, 按期, 挂账."""
    query = _query(by, wanted).where(events.c.state.in_(OPEN))
    query = query.order_by(events.c.stage_due_at.is_(None), events.c.stage_due_at, events.c.id).limit(limit)
    groups: dict[str, list[Event]] = {"overdue": [], "due_soon": [], "in_time": [], "paused": []}
    for row in connection.execute(query):
        event = records.event_of(row)
        groups[standing(event, now, rules)].append(event)
    return Queue(**{name: tuple(found) for name, found in groups.items()})


def standing(event: Timed, now: datetime, rules: Rulebook) -> str:
    """overdue, due_soon, in_time, or paused without a clock. Due soon: little of the limit left, or under an hour."""
    due = event.stage_due_at
    if due is None:
        return "paused"
    if due < now:
        return "overdue"
    whole = (due - event.moved_at).total_seconds()
    left = (due - now).total_seconds()
    return "due_soon" if left <= 3600 or left <= (1 - rules.rules.near) * whole else "in_time"


def counted(connection: Connection, by: Actor, wanted: Wanted) -> dict[State, int]:
    """How many in each state."""
    query = select(events.c.state, func.count()).where(*_conditions(by, wanted)).group_by(events.c.state)
    return {State(state): count for state, count in connection.execute(query)}


def detail(connection: Connection, by: Actor, rules: Rulebook, number: str | int, *, now: datetime) -> Detail:
    """Everything about one event; NoSuchEvent if there is none for this actor."""
    if not by.may(VIEW):
        raise Denied("没有查看事件的权限", right=VIEW)
    case = records.load(connection, number, by)
    joint = tuple((one, joint_clock(case, one, rules)) for one in case.assignments if one.part == "joint")
    return Detail(
        case,
        current_clock(case, rules),
        case_clock(case, rules),
        joint,
        choices(case, by, now, rules),
        _linked(connection, case.event, by),
        tuple(outbox.of_event(connection, case.event.id)),
        _escalated(connection, case.event.id),
    )


def choices(case: Case, by: Actor, now: datetime, rules: Rulebook) -> tuple[Choice, ...]:
    """The buttons of this state that the actor's rights allow, those that cannot be pressed now with the reason."""
    made = []
    for action in legal(case.event.state):
        row = LIFECYCLE[case.event.state, action]
        if action is not Action.ABSORB and by.may(row.right):
            made.append(_choice(action, row, case, by, now, rules))
    return tuple(made)


def _choice(action: Action, row: Move, case: Case, by: Actor, now: datetime, rules: Rulebook) -> Choice:
    try:
        check_hand(row.hand, case, Step(action), by, rules)
        check_guards(row.guards, case, Step(action), by, now, rules)
    except (DispatchError, Denied) as reason:
        return Choice(action, ACTION_NAMES[action], row.says, row.needs, str(reason))
    return Choice(action, ACTION_NAMES[action], row.says, row.needs)


def _linked(connection: Connection, event: Event, by: Actor) -> tuple[tuple[str, Event], ...]:
    query = (
        select(event_links.c.kind, *records.EVENT_COLUMNS)
        .join(events, events.c.id == event_links.c.other_id)
        .where(event_links.c.event_id == event.id, event_links.c.ended_at.is_(None), visible(by))
        .order_by(event_links.c.made_at)
    )
    found = []
    for row in connection.execute(query):
        values = dict(row._mapping)
        kind = values.pop("kind")
        found.append((str(kind), Event(**{**values, "state": State(values["state"])})))
    return tuple(found)


def _escalated(connection: Connection, event_id: int) -> tuple[tuple[str, datetime, str], ...]:
    query = select(escalations.c.rung, escalations.c.at, escalations.c.told).where(escalations.c.event_id == event_id)
    return tuple((row.rung, row.at, row.told) for row in connection.execute(query.order_by(escalations.c.at)))


def _query(by: Actor, wanted: Wanted) -> Select[Any]:
    return select(*records.EVENT_COLUMNS).where(*_conditions(by, wanted))


def _conditions(by: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    c, found = events.c, [visible(by), events.c.world == wanted.world]
    found += _states(wanted)
    if wanted.region is not None:
        found.append(in_region(wanted.region, wanted.within))
    if wanted.department is not None:
        at_work = select(assignments.c.event_id).where(
            assignments.c.event_id == c.id, assignments.c.department == wanted.department
        )
        found.append(or_(c.lead == wanted.department, exists(at_work)))
    simple = ((c.category, wanted.category), (c.origin, wanted.origin), (c.supervised, wanted.supervised))
    found += [column == value for column, value in simple if value is not None]
    if wanted.levels:
        found.append(c.level.in_(wanted.levels))
    if wanted.since is not None:
        found.append(c.reported_at >= wanted.since)
    if wanted.until is not None:
        found.append(c.reported_at < wanted.until)
    if wanted.changed_since is not None:
        found.append(c.moved_at >= wanted.changed_since)
    if wanted.text.strip():
        like = f"%{_escaped(wanted.text.strip())}%"
        found.append(or_(*(column.like(like, escape="\\") for column in (c.number, c.title, c.place))))
    return found


def _states(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.open_only:
        found.append(events.c.state.in_(OPEN))
    if wanted.states:
        found.append(events.c.state.in_(wanted.states))
    if wanted.stages:
        found.append(events.c.state.in_([state for state, stage in STAGE_OF.items() if stage in wanted.stages]))
    return found


def in_region(region: str, within: frozenset[str] | None = None) -> ColumnElement[bool]:
    """Events of a region and all below it. A city holds everything; a county what is marked as its own."""
    if within is not None:
        return events.c.region.in_(sorted(within))
    if region.endswith("00") and len(region) == 6:
        return true()
    return or_(events.c.region == region, events.c.county == region)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def is_cursor(cursor: str) -> bool:
    """True if we may have given it."""
    try:
        _read_cursor(cursor)
    except ValueError:
        return False
    return True


def _cursor(last: Event) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([last.reported_at.isoformat(), last.id])).decode()


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    try:
        at, last = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("naive")
        return moment, int(last)
    except (ValueError, TypeError) as wrong:
        raise ValueError("游标无效：请用上一页给出的 cursor") from wrong


def nearby(
    connection: Connection, by: Actor, event: Event, *, metres: float = 500.0, days: int = 30, limit: int = 20
) -> Sequence[Event]:
    """Other events of the last days close to this one, nearest kind first: same category, then newest."""
    from geography.areas import metres_between
    from geography.coordinates import Point

    if event.lon is None or event.lat is None or event.placed != "point":
        return ()
    degrees = metres / 100_000.0
    box = and_(
        events.c.lon.between(event.lon - degrees, event.lon + degrees),
        events.c.lat.between(event.lat - degrees, event.lat + degrees),
        events.c.reported_at >= event.reported_at - timedelta(days=days),
        events.c.id != event.id,
    )
    query = _query(by, Wanted(world=event.world)).where(box).order_by(events.c.reported_at.desc()).limit(200)
    here = Point(event.lon, event.lat)
    found = [
        one
        for one in (records.event_of(row) for row in connection.execute(query))
        if one.lon is not None and one.lat is not None and metres_between(here, Point(one.lon, one.lat)) <= metres
    ]
    return sorted(found, key=lambda one: one.category != event.category)[:limit]
