"""What only a leader can settle: requests nobody has decided, cases sent to and fro, far overdue ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, exists, or_, select

from access.actor import Actor
from access.personal import mask_text
from database.dispatch_tables import escalations, events, requests
from dispatch.events import in_region, visible
from dispatch.loop import DecisionRow
from dispatch.rulebook import Rulebook
from dispatch.state import ACTION_NAMES, OPEN, Action, State

MOST_RETURNS = 2
"""Sent back so often, an event needs somebody to name who leads. The rulebook may say otherwise."""
_APPROVE = ("approve", "deny")
_SETTLE = ("assign", "supervise")


def awaiting(
    connection: Connection, by: Actor, *, world: str, region: str, now: datetime, limit: int, rules: Rulebook | None
) -> tuple[DecisionRow, ...]:
    """See `dispatch.loop.decisions`."""
    here = (visible(by), events.c.world == world, in_region(region), events.c.state.in_(OPEN))
    urgency = case((events.c.level == 0, 9), else_=events.c.level)
    asked = (
        select(events, requests.c.action, requests.c.asked_at)
        .with_only_columns(*_COLUMNS, requests.c.action, requests.c.asked_at)
        .join(requests, requests.c.event_id == events.c.id)
        .where(*here, requests.c.outcome == "waiting")
        .order_by(urgency, requests.c.asked_at)
        .limit(limit)
    )
    most = rules.rules.most_returns if rules else MOST_RETURNS
    told = exists(select(escalations.c.event_id).where(escalations.c.event_id == events.c.id, _IS_LEADER))
    stuck = (
        select(*_COLUMNS)
        .where(*here, or_(events.c.returns >= most, told))
        .order_by(urgency, events.c.stage_due_at)
        .limit(limit)
    )
    rows = [*_asked(connection.execute(asked), now, rules), *_stuck(connection.execute(stuck), now, most, rules)]
    once = {row.number: row for row in reversed(rows)}
    return tuple(sorted(once.values(), key=_by_urgency)[:limit])


_COLUMNS = tuple(
    events.c[name]
    for name in (
        "number", "level", "title", "lead", "holder", "county", "returns", "state", "stage_due_at", "moved_at", "world",
    )
)  # fmt: skip
_IS_LEADER = escalations.c.rung.like("%/leader")


def _asked(rows: Iterable[Row[Any]], now: datetime, rules: Rulebook | None) -> Iterable[DecisionRow]:
    for row in rows:
        wish = ACTION_NAMES[Action(row.action)]
        yield DecisionRow(
            row.level, f"{mask_text(row.title)}：{wish}", _owner(row, rules), f"{wish}待审批", row.number,
            since=row.asked_at, sla=row.stage_due_at, overdue=_is_late(row, now), actions=_APPROVE,
            simulated=row.world == "demo",
        )  # fmt: skip


def _stuck(rows: Iterable[Row[Any]], now: datetime, most: int, rules: Rulebook | None) -> Iterable[DecisionRow]:
    for row in rows:
        bounced = row.returns >= most
        title = mask_text(row.title) + (f"：{row.returns} 次退回" if bounced else "：严重超期")
        waits = "待指定牵头单位" if State(row.state) is State.REGISTERED else "请督办或指定牵头单位"
        yield DecisionRow(
            row.level, title, _owner(row, rules), waits, row.number, since=row.moved_at, sla=row.stage_due_at,
            overdue=_is_late(row, now), actions=_SETTLE, simulated=row.world == "demo",
        )  # fmt: skip


def _owner(row: Row[Any], rules: Rulebook | None) -> str:
    if rules is None:
        return str(row.lead or "")
    return rules.department_name(row.lead) if row.lead else rules.region_name(row.county)


def _is_late(row: Row[Any], now: datetime) -> bool:
    return bool(row.stage_due_at is not None and row.stage_due_at < now)


def _by_urgency(row: DecisionRow) -> tuple[int, bool, datetime]:
    moment = row.since or row.eta
    assert moment is not None  # noqa: S101 -- exactly one of them is given
    return row.level or 9, not row.overdue, moment
