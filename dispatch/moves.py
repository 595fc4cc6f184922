"""Moves made: event, ledger, audit and outbox in one transaction, which the caller owns."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, insert

from access.actor import Actor
from access.audit import record
from database import changes
from database.dispatch_tables import satisfactions
from dispatch import outbox, records
from dispatch.deciding import decide
from dispatch.event import Case, Step
from dispatch.refusal import Incomplete, NoSuchEvent
from dispatch.rulebook import Rulebook
from dispatch.state import SIDE_ENDS, Action, State
from dispatch.telling import messages


def move(connection: Connection, rules: Rulebook, number: str | int, step: Step, *, by: Actor, now: datetime) -> Case:
    """Do `step` to the event of that number (or id); the case after it.

    Raises NoSuchEvent, MovedMeanwhile, IllegalMove, Denied, Incomplete, NotNow: then nothing may be committed.
    A step whose key was done before on this event returns the case as it is now.
    """
    case = records.load(connection, number, by)
    if step.key is not None and any(row.key == step.key for row in case.ledger):
        return case
    partner = _partner(connection, step, case, by)
    after = decide(case, step, by, now, rules)
    if partner is not None and after.event.state is State.MERGED:
        after = replace(after, event=replace(after.event, parent_id=partner.event.id))
    keep(connection, rules, case, after, by=by, now=now)
    _follow(connection, rules, case, after, partner, step, by, now)
    return after


def keep(connection: Connection, rules: Rulebook, before: Case, after: Case, *, by: Actor, now: datetime) -> None:
    """Write one decided move with its audit row and deliveries, and tell the screens."""
    records.change(connection, before, after)
    records.append(connection, after, [audited(connection, after, by, now)])
    outbox.put(connection, rules, after, messages(before, after, rules), now)
    if after.ledger[-1].action is Action.CALL_BACK:
        _keep_answer(connection, after)
    changes.bump(connection, topics(after))


def audited(connection: Connection, case: Case, by: Actor, now: datetime) -> int:
    """The audit row of the newest ledger row."""
    row, event = case.ledger[-1], case.event
    detail = {"seq": row.seq, "state": str(row.state), "department": row.department, "data": dict(row.data)}
    return record(
        connection, by=by, action=f"events.{row.action}", object=f"event {event.number}", region=event.region,
        detail=detail, now=now,
    )  # fmt: skip


def topics(case: Case) -> list[str]:
    """What changed, for the screens of the city and of the county."""
    event = case.event
    return [f"events:{event.world}", f"events:{event.world}:{event.county}"]


def _partner(connection: Connection, step: Step, case: Case, by: Actor) -> Case | None:
    """The other event of a merge or its undoing."""
    if step.action == Action.MERGE and step.other and step.other != case.event.number:
        found = records.load(connection, step.other, by, world=case.event.world)
        if not found.event.is_open:
            raise Incomplete("other", "只能并入仍在办理的事件")
        return found
    if step.action == Action.UNMERGE and case.event.parent_id is not None:
        try:
            return records.load(connection, case.event.parent_id, by)
        except NoSuchEvent:
            return None
    return None


def _follow(
    connection: Connection, rules: Rulebook, before: Case, after: Case, partner: Case | None, step: Step, by: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """What the move means for the other event: callers are counted there, links go both ways."""
    if partner is None or partner.event.state in SIDE_ENDS:
        return
    child, parent = before.event, partner.event
    is_merge = step.action == Action.MERGE
    amount = child.callers if is_merge else -child.callers
    absorb = Step(Action.ABSORB, other=child.number, amount=amount, note=step.note)
    keep(connection, rules, partner, decide(partner, absorb, by, now, rules), by=by, now=now)
    if is_merge:
        records.link(connection, child.id, parent.id, "merged_into", "holds", now)
    else:
        records.unlink(connection, child.id, parent.id, now)


def _keep_answer(connection: Connection, case: Case) -> None:
    row = case.ledger[-1]
    answer = {
        "event_id": case.event.id,
        "seq": row.seq,
        "at": row.at,
        "satisfied": bool(row.data["satisfied"]),
        "by": row.actor,
        "note": row.note,
    }
    connection.execute(insert(satisfactions).values(answer))
