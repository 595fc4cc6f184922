"""A review drafts itself: the course of the event, what it took, how it compares, and the whole in a few sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import Connection, func, select

from access.actor import Actor
from access.personal import mask_text
from database.dispatch_tables import attachments, event_links, events
from decisions.similar import Similar, similar
from dispatch import outbox
from dispatch.event import Case
from dispatch.events import visible
from dispatch.review_course import Course, course
from dispatch.rulebook import Rulebook
from dispatch.stage import LEVEL_NAMES
from dispatch.state import ACTION_NAMES, Action

LIKE = 5


@dataclass(frozen=True)
class Merged:
    """A report that became part of this event."""

    number: str
    title: str
    reported_at: datetime
    callers: int


@dataclass(frozen=True)
class Draft:
    """What the product says of the event without anybody writing a word."""

    course: Course
    summary: tuple[str, ...]
    merged: tuple[Merged, ...]
    teams: tuple[str, ...]
    files: int
    steps_done: int
    steps: int
    similar: tuple[Similar, ...]
    hours: float | None
    """From 立案 (or report) to 结案; None while it is open."""
    usual_hours: float | None
    """The median of those it is compared with; None without any."""


def draft(
    connection: Connection, rules: Rulebook, case: Case, *, by: Actor, now: datetime, as_of: datetime
) -> Draft:  # fmt: skip
    """The draft of an event the actor may see, as known at `as_of`."""
    event = case.event
    told = course(case, outbox.of_event(connection, event.id), rules, as_of)
    like = similar(connection, event.id, by=by, now=now, limit=LIKE)
    hours = _hours(told.case)
    known = [one.hours for one in like if one.hours is not None]
    usual = median(known) if known else None
    merged = _merged(connection, event.id, by, as_of)
    files = select(func.count()).where(attachments.c.event_id == event.id, attachments.c.added_at <= as_of)
    done = sum(one.done_at is not None and one.done_at <= as_of for one in case.steps)
    return Draft(
        told, _summary(told, rules, len(merged), hours, usual), merged, _teams(told.case),
        int(connection.execute(files).scalar_one()), done, len(case.steps), like, hours, usual,
    )  # fmt: skip


def _hours(case: Case) -> float | None:
    closed = next((row.at for row in reversed(case.ledger) if row.action is Action.CLOSE), None)
    begun = next((row.at for row in case.ledger if row.action in (Action.REGISTER, Action.SELF_HANDLE)), None)
    return None if closed is None else (closed - (begun or case.event.reported_at)).total_seconds() / 3600


def _merged(connection: Connection, event_id: int, by: Actor, as_of: datetime) -> tuple[Merged, ...]:
    query = (
        select(events.c.number, events.c.title, events.c.reported_at, events.c.callers)
        .join(event_links, events.c.id == event_links.c.other_id)
        .where(
            event_links.c.event_id == event_id, event_links.c.kind == "holds", event_links.c.ended_at.is_(None),
            event_links.c.made_at <= as_of, visible(by),
        )
        .order_by(events.c.reported_at)
    )  # fmt: skip
    return tuple(
        Merged(row.number, mask_text(row.title), row.reported_at, row.callers) for row in connection.execute(query)
    )


def _teams(case: Case) -> tuple[str, ...]:
    """The teams that were named when it was given out or handled."""
    found = (str(row.data["team"]) for row in case.ledger if row.data.get("team"))
    return tuple(dict.fromkeys(found))


def _summary(
    told: Course, rules: Rulebook, merged: int, hours: float | None, usual: float | None
) -> tuple[str, ...]:  # fmt: skip
    event = told.case.event
    units = [one.name for one in told.lanes[1:]]
    where = rules.region_name(event.region)
    said = [
        f"{mask_text(event.title)}，{where}，{rules.category_name(event.category)}，{LEVEL_NAMES[event.level]}，"
        f"共 {event.callers} 人反映" + (f"，并入 {merged} 件。" if merged else "。"),
        f"{'、'.join(units)}参与处置，经 {len(told.case.ledger)} 步，现为“{told.case.event.state_name}”。"
        if units
        else f"由中心直接处置，经 {len(told.case.ledger)} 步，现为“{told.case.event.state_name}”。",
    ]
    late = told.late
    said.append(
        "超时环节：" + "、".join(f"{one.name}（第 {one.turn} 轮）" for one in late) + "。"
        if late
        else "各环节均在时限内。"
    )
    counts = [(name, sum(row.action is action for row in told.case.ledger)) for action, name in _COSTS.items()]
    costs = [f"{name} {count} 次" for name, count in counts if count]
    said += ["其间" + "、".join(costs) + "。"] if costs else []
    if hours is not None:
        compared = f"，同类事件中位数 {usual:.1f} 小时" if usual is not None else ""
        said.append(f"立案到结案 {hours:.1f} 小时{compared}。")
    return tuple(said)


_COSTS = {
    one: ACTION_NAMES[one].removeprefix("同意").removeprefix("批准")
    for one in (Action.GRANT_EXTENSION, Action.GRANT_RETURN, Action.GRANT_TRANSFER, Action.GRANT_SUSPENSION,
                Action.REWORK, Action.REOPEN, Action.INSTRUCT, Action.SUPERVISE, Action.URGE)
}  # fmt: skip
