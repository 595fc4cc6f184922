"""Who is told of which move: the recipients of its deliveries, and what happened in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dispatch.event import Case, LedgerRow
from dispatch.rulebook import Rulebook
from dispatch.state import ACTION_NAMES, Action

CENTRE = "centre:"
"""Recipients that are centres are written centre:<region>."""


class Who(StrEnum):
    LEAD = "lead"
    JOINT = "joint"
    HOLDER = "holder"
    LEFT = "left"


TELLS: dict[Action, tuple[Who, ...]] = {
    Action.DISPATCH: (Who.LEAD, Who.JOINT),
    Action.GRANT_TRANSFER: (Who.LEAD, Who.JOINT, Who.LEFT),
    Action.REWORK: (Who.LEAD,),
    Action.URGE: (Who.LEAD, Who.JOINT),
    Action.INSTRUCT: (Who.LEAD, Who.JOINT, Who.HOLDER),
    Action.SUPERVISE: (Who.LEAD, Who.JOINT),
    Action.REOPEN: (Who.HOLDER, Who.LEFT),
    Action.RESUME: (Who.LEAD,),
    Action.CLOSE: (Who.LEAD,),
    **dict.fromkeys((one for one in Action if one.startswith("ask_")), (Who.HOLDER,)),
    **dict.fromkeys((one for one in Action if one.startswith("deny_")), (Who.LEAD,)),
    Action.GRANT_RETURN: (Who.LEFT, Who.HOLDER),
    Action.GRANT_EXTENSION: (Who.LEAD,),
    Action.GRANT_SUSPENSION: (Who.LEAD,),
    Action.GRANT_VOID: (Who.LEFT,),
    Action.REPORT: (Who.HOLDER,),
    Action.JOINT_REPORT: (Who.LEAD, Who.HOLDER),
    Action.ESCALATE: (Who.HOLDER,),
    Action.REFER: (Who.HOLDER,),
    Action.GIVE_BACK: (Who.HOLDER,),
}
"""Moves not listed tell nobody: who works on the event sees them in its ledger."""


@dataclass(frozen=True)
class Message:
    """One delivery to be made."""

    recipient: str
    payload: dict[str, Any]


def messages(before: Case | None, after: Case, rules: Rulebook) -> tuple[Message, ...]:
    """The deliveries of the newest ledger row of `after`; the first row tells the holding centre."""
    row = after.ledger[-1]
    who = (Who.HOLDER,) if before is None else TELLS.get(row.action, ())
    recipients = dict.fromkeys(one for kind in who for one in _recipients(kind, before, after))
    return tuple(Message(one, payload(after, row, rules)) for one in recipients)


def payload(case: Case, row: LedgerRow, rules: Rulebook) -> dict[str, Any]:
    """What a delivery says: no free text, so that it may leave the house; the rest is read with the right to."""
    event = case.event
    return {
        "number": event.number,
        "seq": row.seq,
        "world": event.world,
        "action": str(row.action),
        "action_name": ACTION_NAMES[row.action] if row.seq > 1 else "新上报",
        "state": str(event.state),
        "title": event.title,
        "level": event.level,
        "category": event.category,
        "category_name": rules.category_name(event.category),
        "region": event.region,
        "region_name": rules.region_name(event.region),
        "lead": event.lead,
        "place": event.place,
        "lon": event.lon,
        "lat": event.lat,
        "at": row.at.isoformat(),
        "due_at": event.stage_due_at.isoformat() if event.stage_due_at else None,
    }


def _recipients(kind: Who, before: Case | None, after: Case) -> tuple[str, ...]:
    event = after.event
    match kind:
        case Who.LEAD:
            return (event.lead,) if event.lead else ()
        case Who.JOINT:
            return tuple(one.department for one in after.now_assigned if one.part == "joint")
        case Who.HOLDER:
            return (CENTRE + event.holder,)
        case Who.LEFT:
            lead = before.event.lead if before else None
            return (lead,) if lead and lead != event.lead else ()


_BY_DEPARTMENT = frozenset(
    {
        Action.SIGN,
        Action.HANDLE,
        Action.PROGRESS,
        Action.REPORT,
        Action.JOINT_SIGN,
        Action.JOINT_REPORT,
        Action.ASK_RETURN,
        Action.ASK_TRANSFER,
        Action.ASK_EXTENSION,
        Action.ASK_SUSPENSION,
    }
)
_TO_DEPARTMENT = frozenset({Action.DISPATCH, Action.REWORK, Action.GRANT_TRANSFER, Action.URGE, Action.SUPERVISE})
_TO_CENTRE = frozenset({Action.ESCALATE, Action.REFER, Action.GIVE_BACK})


def in_words(after: Case, action: Action, department: str | None, rules: Rulebook) -> str:
    """'湘桥区 → 城管局', '水务局 签收', '饶平县 立案': what the ticker and the timeline say."""
    where = rules.region_name(after.event.region)
    unit = rules.department_name(department) or rules.region_name(after.event.holder)
    if action in _TO_DEPARTMENT and department:
        return f"{where} → {unit}" if action is Action.DISPATCH else f"{ACTION_NAMES[action]} {unit}"
    if action in _TO_CENTRE:
        return f"{ACTION_NAMES[action]} → {rules.region_name(after.event.holder)}中心"
    if action in _BY_DEPARTMENT:
        return f"{unit} {ACTION_NAMES[action]}"
    return f"{where} {ACTION_NAMES[action]}"
