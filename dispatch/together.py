"""Working on one event together: splitting one that holds two, and who is at work on what with how much time left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from access.actor import Actor
from database.dispatch_tables import assignments, events
from dispatch import records
from dispatch.event import Case, Step
from dispatch.events import visible
from dispatch.intake import receive
from dispatch.moves import move
from dispatch.report import Receipt, Report
from dispatch.rulebook import Rulebook
from dispatch.state import IN_HANDS, Action


@dataclass(frozen=True)
class Load:
    """What a department has in hand."""

    department: str
    open: int
    overdue: int


def split(
    connection: Connection, rules: Rulebook, number: str, report: Report, *, version: int | None, by: Actor,
    now: datetime, key: str | None = None,
) -> tuple[Case, Receipt]:  # fmt: skip
    """Take a second matter out of an event as an event of its own, linked both ways. `key` goes with the move."""
    whole = records.load(connection, number, by)
    part = 1 + sum(row.action is Action.SPLIT for row in whole.ledger)
    own = replace(report, origin="split", origin_id=f"{number}/{part}", world=whole.event.world)
    receipt = receive(connection, rules, own, by=by, now=now)
    step = Step(Action.SPLIT, version, note=f"拆出：{report.title}", other=receipt.event.number, key=key)
    after = move(connection, rules, number, step, by=by, now=now)
    records.link(connection, whole.event.id, receipt.event.id, "split_into", "split_from", now)
    return after, receipt


def loads(connection: Connection, by: Actor, *, world: str, now: datetime) -> dict[str, Load]:
    """What every department has in hand, by key; for choosing whom to dispatch to."""
    late = func.sum(case((events.c.stage_due_at < now, 1), else_=0))
    query = (
        select(assignments.c.department, func.count(), late)
        .join(events, events.c.id == assignments.c.event_id)
        .where(visible(by), events.c.world == world, events.c.state.in_(IN_HANDS))
        .where(assignments.c.round == events.c.round, assignments.c.ended == "")
        .group_by(assignments.c.department)
    )
    return {row[0]: Load(row[0], row[1], int(row[2] or 0)) for row in connection.execute(query)}
