"""Appeals: a department asks that a case be left out of a rate, within a window; another person decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from access.actor import Actor, Denied
from access.audit import record
from database.dispatch_tables import appeals, events
from dispatch import records
from dispatch.events import visible
from dispatch.hands import identity
from dispatch.measures import BY_KEY
from dispatch.refusal import Incomplete, NotNow
from dispatch.rulebook import Rulebook


@dataclass(frozen=True)
class Appeal:
    """One request to leave a case out. `outcome`: waiting, granted or denied."""

    id: int
    number: str
    department: str
    measure: str
    reason: str
    asked_by: str
    asked_at: datetime
    outcome: str
    decided_at: datetime | None
    note: str


def appeals_about(connection: Connection, by: Actor, *, world: str, since: datetime, at_most: int) -> list[Appeal]:
    """Those that wait, then those decided since; only about events the actor may see, newest first."""
    c = appeals.c
    query = (
        select(appeals, events.c.number)
        .join(events, events.c.id == c.event_id)
        .where(visible(by), events.c.world == world, (c.outcome == "waiting") | (c.decided_at >= since))
        .order_by(c.outcome != "waiting", c.asked_at.desc())
        .limit(at_most)
    )
    return [
        Appeal(
            row.id, row.number, row.department, row.measure, row.reason, row.asked_by, row.asked_at, row.outcome,
            row.decided_at, row.note or "",
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def appeal(
    connection: Connection, rules: Rulebook, number: str, measure: str, reason: str, *, by: Actor, now: datetime
) -> int:
    """Ask that `number` be left out of `measure` ('*': of all); the number of the appeal."""
    by.require("events.handle")
    case = records.load(connection, number, by)
    event = case.event
    if measure != "*" and measure not in BY_KEY:
        raise Incomplete("measure", f"没有指标 {measure}")
    if not reason.strip():
        raise Incomplete("reason", "请写明申诉理由")
    if event.lead is None or not by.scope.allows_department(event.lead):
        raise Denied("只有主办单位可以申诉")
    if event.closed_at is None:
        raise NotNow("appeal", "结案后才能申诉")
    window = rules.rules.appeal_days * rules.calendar.day_seconds
    if rules.calendar.between(event.closed_at, now) > window:
        raise NotNow("appeal", f"申诉期（结案后 {rules.rules.appeal_days} 个工作日）已过")
    same = (appeals.c.event_id == event.id) & (appeals.c.department == event.lead) & (appeals.c.measure == measure)
    if connection.execute(select(appeals.c.id).where(same)).first() is not None:
        raise NotNow("appeal", "这一项已申诉过")
    row = {
        "event_id": event.id,
        "department": event.lead,
        "measure": measure,
        "reason": reason.strip()[:500],
        "asked_by": identity(by),
        "asked_at": now,
    }
    made: int = connection.execute(insert(appeals).values(row).returning(appeals.c.id)).scalar_one()
    detail = {"measure": measure, "appeal": made}
    record(
        connection, by=by, action="events.appeal", object=f"event {number}", region=event.region, detail=detail, now=now
    )
    return made


def decide_appeal(
    connection: Connection, appeal_id: int, *, granted: bool, note: str, by: Actor, now: datetime
) -> None:
    """Another person decides; once. An appeal about an event the actor may not see is none."""
    by.require("events.approve")
    about = select(appeals).join(events, events.c.id == appeals.c.event_id)
    found = connection.execute(about.where(appeals.c.id == appeal_id, visible(by))).first()
    if found is None or by.scope.departments is not None:
        raise NotNow("appeal", "没有这项申诉，或无权审批")
    event = records.load(connection, found.event_id, by).event
    if found.asked_by == identity(by):
        raise NotNow("another_person", "申诉人不能审批自己的申诉")
    outcome = "granted" if granted else "denied"
    taken = connection.execute(
        update(appeals)
        .where(appeals.c.id == appeal_id, appeals.c.outcome == "waiting")
        .values(outcome=outcome, decided_by=identity(by), decided_at=now, note=note.strip()[:500])
    )
    if taken.rowcount != 1:
        raise NotNow("appeal", "这项申诉已有结论")
    detail = {"appeal": appeal_id, "outcome": outcome}
    record(
        connection, by=by, action="events.appeal_decided", object=f"event {event.number}", region=event.region,
        detail=detail, now=now,
    )  # fmt: skip
