"""What must hold besides state and right, one function per guard: the sentence why not, or None."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from access.actor import Actor
from dispatch.event import Case, Step
from dispatch.hands import identity
from dispatch.lifecycle import ASKED_BY, Guard
from dispatch.refusal import NotNow
from dispatch.rulebook import Rulebook
from dispatch.state import ACTION_NAMES, Action

_DOING = frozenset(
    {
        Action.SIGN,
        Action.HANDLE,
        Action.PROGRESS,
        Action.REPORT,
        Action.SELF_HANDLE,
        Action.JOINT_SIGN,
        Action.JOINT_REPORT,
        Action.PLAN_STEP,
    }
)
"""Who did one of these in this round has handled it, and does not verify it."""
_LENGTH = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def check_guards(guards: tuple[Guard, ...], case: Case, step: Step, by: Actor, now: datetime, rules: Rulebook) -> None:
    """NotNow with the first reason against the move."""
    for guard in guards:
        why = _GUARDS[guard](case, step, by, now, rules)
        if why is not None:
            raise NotNow(guard, why)


def _checked(case: Case, step: Step, by: Actor, now: datetime, rules: Rulebook) -> str | None:
    return "群众上报须先核实再立案" if case.event.must_check else None


def _no_request(case: Case, step: Step, by: Actor, now: datetime, rules: Rulebook) -> str | None:
    waiting = case.waiting()
    return (
        None if waiting is None else f"{waiting.asked_by} 的“{ACTION_NAMES[waiting.action]}”还在审批，请等审批后再申请"
    )


def _no_request_open(case: Case, step: Step, by: Actor, now: datetime, rules: Rulebook) -> str | None:
    waiting = case.waiting()
    return None if waiting is None else f"“{ACTION_NAMES[waiting.action]}”还在审批，审批后才能继续"


def _requested(case: Case, step: Step, by: Actor, now: datetime, rules: Rulebook) -> str | None:
    asked = ASKED_BY[Action(step.action)]
    return None if case.waiting(asked) else f"没有待审批的“{ACTION_NAMES[asked]}”"


def _another_person(case: Case, step: Step, by: Actor, now: datetime, rules: Rulebook) -> str | None:
    waiting = case.waiting(ASKED_BY[Action(step.action)])
    same = waiting is not None and waiting.asked_by == identity(by)
    return "申请人不能审批自己的申请，请由另一人审批" if same else None


def _not_handler(case: Case, step: Step, by: Actor, now: datetime, rules: Rulebook) -> str | None:
    rows = [row for row in case.ledger if row.round == case.event.round and row.action in _DOING]
    if identity(by) in {row.account or row.actor for row in rows}:
        return "处置人不能核查、评价自己办的事，请由另一人办理"
    departments = by.scope.departments or frozenset()
    mine = {one.department for one in case.assignments if one.round == case.event.round} & departments
    return "承办单位不能核查、评价本单位办的事" if mine else None


def _referred(case: Case, step: Step, by: Actor, now: datetime, rules: Rulebook) -> str | None:
    return None if case.event.referred_from else "这件事没有待接收的转交"


def _not_referred(case: Case, step: Step, by: Actor, now: datetime, rules: Rulebook) -> str | None:
    return "转交尚未接收，请先接收或退回" if case.event.referred_from else None


def _urged_enough(case: Case, step: Step, by: Actor, now: datetime, rules: Rulebook) -> str | None:
    pause = rules.rules.urge_pause
    least = timedelta(seconds=int(pause[:-1]) * _LENGTH[pause[-1]])
    last = max((row.at for row in case.ledger if row.action is Action.URGE), default=None)
    if last is None or now - last >= least:
        return None
    return f"刚催办过，每 {int(least.total_seconds() // 60)} 分钟至多催办一次"


def _not_itself(case: Case, step: Step, by: Actor, now: datetime, rules: Rulebook) -> str | None:
    return "不能并入自己" if step.other == case.event.number else None


_Check = Callable[[Case, Step, Actor, datetime, Rulebook], str | None]
_GUARDS: dict[Guard, _Check] = {
    Guard.CHECKED: _checked,
    Guard.NO_REQUEST: _no_request,
    Guard.NO_REQUEST_OPEN: _no_request_open,
    Guard.REQUESTED: _requested,
    Guard.ANOTHER_PERSON: _another_person,
    Guard.NOT_HANDLER: _not_handler,
    Guard.REFERRED: _referred,
    Guard.NOT_REFERRED: _not_referred,
    Guard.URGED_ENOUGH: _urged_enough,
    Guard.NOT_ITSELF: _not_itself,
}
