"""Whose move it is: the holding centre, the lead department, a joint department; and who sees an event at all."""

from __future__ import annotations

from access.actor import Actor, Denied
from dispatch.event import Case, Event, Step
from dispatch.lifecycle import Hand
from dispatch.rulebook import Rulebook


def identity(by: Actor) -> str:
    """What tells two people apart: the account, or the name of a program."""
    return by.user or by.name


def sees(case: Case, by: Actor) -> bool:
    """True if the event lies in a region of the actor or is held there, and in the hands of its department, if any."""
    event = case.event
    inside = by.scope.allows(event.region) or by.scope.allows(event.holder)
    departments = by.scope.departments
    if not inside or departments is None:
        return inside
    return any(one.department in departments for one in case.assignments)


def check_hand(hand: Hand, case: Case, step: Step, by: Actor, rules: Rulebook) -> None:
    """Denied if it is not this actor's move."""
    _CHECKS[hand](case, step, by, rules)


def _centre(case: Case, step: Step, by: Actor, rules: Rulebook) -> None:
    if by.scope.departments is not None or not by.scope.allows(case.event.holder):
        raise Denied(f"本件由{rules.region_name(case.event.holder)}中心办理，请与该中心联系")


def _lead(case: Case, step: Step, by: Actor, rules: Rulebook) -> None:
    lead = case.event.lead
    if lead is None and by.scope.departments is not None:
        raise Denied("本件没有主办单位，由中心办理")
    if lead is not None and not by.scope.allows_department(lead):
        raise Denied(f"主办单位是{rules.department_name(lead)}，本单位不能代办")
    if by.scope.departments is None and not _reaches(case.event, by):
        raise Denied("本件不在您的辖区")


def _joint(case: Case, step: Step, by: Actor, rules: Rulebook) -> None:
    if joint_department(case, step, by) is None or not sees(case, by):
        raise Denied("本单位不是这件事的协办单位")


def _anyone(case: Case, step: Step, by: Actor, rules: Rulebook) -> None:
    if not sees(case, by):
        raise Denied("本件不在您的辖区")


_CHECKS = {Hand.CENTRE: _centre, Hand.LEAD: _lead, Hand.JOINT: _joint, Hand.ANYONE: _anyone}


def joint_department(case: Case, step: Step, by: Actor) -> str | None:
    """The joint department the actor speaks for: the one named, or the only one of its scope that is still at work."""
    open_ = [one.department for one in case.now_assigned if one.part == "joint"]
    mine = [one for one in open_ if by.scope.allows_department(one)]
    if step.department is not None:
        return step.department if step.department in mine else None
    return mine[0] if len(mine) == 1 else None


def _reaches(event: Event, by: Actor) -> bool:
    return by.scope.allows(event.holder) or by.scope.allows(event.region)
