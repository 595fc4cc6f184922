"""What each action changes besides the state: one function per action, looked up in a table; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from access.actor import Actor
from dispatch.event import Assignment, Case, Event, Request, Step, StepOfPlan
from dispatch.hands import identity, joint_department
from dispatch.lifecycle import ASKED_BY
from dispatch.refusal import Incomplete, NotNow
from dispatch.rulebook import Rulebook
from dispatch.state import Action, State

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass
class Work:
    """A move being worked out: what is known, and what will have changed."""

    case: Case
    step: Step
    by: Actor
    now: datetime
    rules: Rulebook
    round: int
    """The round after the move."""
    event: dict[str, Any] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    steps: list[StepOfPlan] = field(default_factory=list)
    department: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    note: str | None = None
    state: State | None = None
    """Where it goes if that is not what the table says."""

    @property
    def before(self) -> Event:
        """The event before the move."""
        return self.case.event

    def end_assignments(self, ended: str, part: str | None = None, department: str | None = None) -> None:
        """End those of the present round that are still open; `done` also stops their clock."""
        for at, one in enumerate(self.assignments):
            wanted = one.round == self.before.round and not one.ended
            if wanted and part in (None, one.part) and department in (None, one.department):
                self.assignments[at] = replace(one, ended=ended, done_at=one.done_at or self.now)

    def assign(self, department: str, part: str, task: str = "", due: datetime | None = None) -> None:
        """Give the event to a department in the new round."""
        self.assignments.append(Assignment(self.round, department, part, self.now, task, due))


def _register(work: Work) -> None:
    work.event["registered_at"] = work.before.registered_at or work.now


def _dispatch(work: Work) -> None:
    step, rules = work.step, work.rules
    lead = step.department or ""
    joint = tuple(dict.fromkeys(step.joint))
    _known(rules, lead, *joint)
    if lead in joint:
        raise Incomplete("joint", "主办单位不能同时是协办单位")
    if step.due is not None and step.due <= work.now:
        raise Incomplete("due", "协办时限应在现在之后")
    work.assign(lead, "lead", step.note)
    for one in joint:
        work.assign(one, "joint", step.note, step.due)
    work.event["lead"] = work.department = lead
    work.data["joint"] = list(joint)
    if step.due is not None:
        work.data["due"] = step.due.isoformat()
    _attach_plan(work)


def _attach_plan(work: Work) -> None:
    plan = work.rules.plan_of(work.before.category, work.before.level)
    if plan is None or work.steps:
        return
    for position, one in enumerate(plan.steps, 1):
        due = work.now + timedelta(seconds=int(one.within[:-1]) * _SECONDS[one.within[-1]]) if one.within else None
        work.steps.append(StepOfPlan(position, plan.name, one.words, one.department, due))


def _sign(work: Work) -> None:
    _stamp(work, work.before.lead, signed_at=work.now)


def _report(work: Work) -> None:
    work.department = work.before.lead
    work.end_assignments("done", part="lead")


def _joint_sign(work: Work) -> None:
    _stamp(work, joint_department(work.case, work.step, work.by), signed_at=work.now)


def _joint_report(work: Work) -> None:
    department = joint_department(work.case, work.step, work.by)
    work.department = department
    work.end_assignments("done", part="joint", department=department)


def _stamp(work: Work, department: str | None, **changes: Any) -> None:
    work.department = department
    for at, one in enumerate(work.assignments):
        if one.round == work.before.round and one.department == department and not one.ended:
            work.assignments[at] = replace(one, **changes)


def _lead(work: Work) -> None:
    work.department = work.before.lead


def _self_handle(work: Work) -> None:
    _register(work)
    work.event["lead"] = work.department = work.by.department or None


def _rework(work: Work) -> None:
    work.event["reworks"] = work.before.reworks + 1
    work.department = work.before.lead
    work.end_assignments("closed")
    if work.before.lead is not None:
        work.assign(work.before.lead, "lead", work.step.note)


def _close(work: Work) -> None:
    work.event["closed_at"] = work.now
    work.department = work.before.lead
    work.end_assignments("closed")


def _call_back(work: Work) -> None:
    work.event["satisfied"] = bool(work.step.satisfied)
    work.data["satisfied"] = bool(work.step.satisfied)


def _evaluate(work: Work) -> None:
    score = work.step.score
    if score is None or not 1 <= score <= 5:
        raise Incomplete("score", "评分应为 1 至 5")
    work.event["score"] = score
    work.data["score"] = score
    work.department = work.before.lead


def _reopen(work: Work) -> None:
    work.event |= {"reopenings": work.before.reopenings + 1, "closed_at": None, "satisfied": None, "score": None}
    work.event["lead"] = None


def _refuse(work: Work) -> None:
    work.event["closed_at"] = work.now


def _ask(work: Work) -> None:
    step = work.step
    given: dict[str, Any] = {}
    if step.action == Action.ASK_TRANSFER:
        _known(work.rules, step.department or "")
        if step.department == work.before.lead:
            raise Incomplete("department", "已由该单位主办，请选另一单位")
        given["department"] = step.department
    if step.action == Action.ASK_EXTENSION:
        given["amount"] = _extension(work)
    if step.action == Action.ASK_SUSPENSION:
        if step.reason not in {one.key for one in work.rules.rules.pause_reasons}:
            raise Incomplete("reason", "请从规定的挂账原因中选一项")
        given["reason"] = step.reason
    seq = work.before.version + 1
    work.data |= given
    work.department = work.before.lead
    work.requests.append(Request(seq, Action(step.action), identity(work.by), work.now, step.note, given))


def _extension(work: Work) -> float:
    """At most as long again as the limit itself, over all extensions of the round (地方办法都给延期设限)."""
    from dispatch.clocks import extended

    limit = work.rules.handling_limit(work.before.category, work.before.level)
    asked, had = work.step.amount or 0.0, extended(work.case.ledger, work.before.round)
    if asked <= 0 or asked + had > limit.amount:
        raise Incomplete("amount", f"延期合计应大于 0、不超过原时限（{limit}），本轮已延 {had:g} {limit.unit}")
    return asked


def _decided(work: Work, outcome: str) -> Request:
    asked = ASKED_BY[Action(work.step.action)]
    at, found = next(
        (n, one) for n, one in enumerate(work.requests) if one.outcome == "waiting" and one.action is asked
    )
    work.requests[at] = replace(found, outcome=outcome, decided_by=identity(work.by), decided_at=work.now)
    work.data |= {"asked": found.seq, **found.data}
    work.department = work.before.lead
    return found


def _deny(work: Work) -> None:
    _decided(work, "denied")


def _grant_return(work: Work) -> None:
    _decided(work, "granted")
    work.end_assignments("returned")
    work.event |= {"lead": None, "returns": work.before.returns + 1}


def _grant_transfer(work: Work) -> None:
    asked = _decided(work, "granted")
    joint = [one for one in work.case.now_assigned if one.part == "joint"]
    work.end_assignments("transferred")
    new = str(asked.data["department"])
    work.assign(new, "lead", asked.note)
    for one in joint:
        if one.department != new:
            work.assign(one.department, "joint", one.task, one.due_at)
    work.event["lead"] = new
    work.event["returns"] = work.before.returns + 1
    work.data["joint"] = [one.department for one in joint if one.department != new]


def _grant_extension(work: Work) -> None:
    _decided(work, "granted")
    work.event["extensions"] = work.before.extensions + 1


def _grant(work: Work) -> None:
    _decided(work, "granted")


def _grant_void(work: Work) -> None:
    _decided(work, "granted")
    work.end_assignments("closed")
    work.event["closed_at"] = work.now


def _urge(work: Work) -> None:
    work.event["urged"] = work.before.urged + 1
    work.department = work.before.lead


def _supervise(work: Work) -> None:
    work.event["supervised"] = True
    work.department = work.before.lead


def _merge(work: Work) -> None:
    work.end_assignments("closed")
    work.data["other"] = work.step.other
    work.event["closed_at"] = work.now


def _absorb(work: Work) -> None:
    more = int(work.step.amount or 1)
    work.event["callers"] = max(1, work.before.callers + more)
    work.data |= {"other": work.step.other, "callers": more}


def _unmerge(work: Work) -> None:
    work.event |= {"parent_id": None, "closed_at": None, "lead": None}


def _split(work: Work) -> None:
    work.data["other"] = work.step.other


def _escalate(work: Work) -> None:
    above = work.rules.above(work.before.holder)
    if above is None:
        raise NotNow("escalate", "已在市级，没有上一级中心")
    work.end_assignments("returned")
    work.event["lead"] = None
    _refer_to(work, above)


def _refer(work: Work) -> None:
    target = work.step.region or ""
    below = work.rules.within(work.before.holder) - {work.before.holder}
    if target not in below:
        raise Incomplete("region", "只能转交本中心所属的下级中心")
    _refer_to(work, target)


def _refer_to(work: Work, region: str) -> None:
    work.event |= {"holder": region, "referred_from": work.before.holder}
    work.data |= {"from": work.before.holder, "to": region}


def _receive(work: Work) -> None:
    work.event["referred_from"] = None


def _give_back(work: Work) -> None:
    came_from = work.before.referred_from
    work.event |= {"holder": came_from, "referred_from": None, "returns": work.before.returns + 1}
    work.data |= {"from": work.before.holder, "to": came_from}


def _correct(work: Work) -> None:
    step, before, rules = work.step, work.before, work.rules
    if step.category is not None and step.category not in rules.categories:
        raise Incomplete("category", f"没有类别 {step.category}")
    impact, urgency = step.impact or before.impact, step.urgency or before.urgency
    if not (1 <= impact <= 4 and 1 <= urgency <= 4):
        raise Incomplete("impact", "影响和紧急程度应为 1 至 4")
    if (step.category, step.impact, step.urgency) == (None, None, None):
        raise Incomplete("category", "请给出要更正的类别、影响或紧急程度")
    changed = {"category": step.category or before.category, "impact": impact, "urgency": urgency}
    work.event |= changed | {"level": rules.level_of(impact, urgency)}
    work.event["reasons"] = {**before.reasons, "corrected": f"{work.by.name} 更正：{step.note}"}
    work.data |= changed


def _plan_step(work: Work) -> None:
    found = [at for at, one in enumerate(work.steps) if one.position == work.step.plan_step]
    if not found:
        raise Incomplete("plan_step", "没有这一步预案")
    at = found[0]
    if work.steps[at].done_at is not None:
        raise NotNow("plan_step", "这一步已经完成")
    work.steps[at] = replace(work.steps[at], done_at=work.now, done_by=work.by.name)
    work.note = "；".join(part for part in (work.steps[at].words, work.step.note) if part)
    work.data["position"] = work.steps[at].position


def _nothing(work: Work) -> None:
    """The state says it all."""


def _known(rules: Rulebook, *departments: str) -> None:
    for one in departments:
        if one not in rules.catalogue.departments:
            raise Incomplete("department", f"没有单位 {one}")


ACTS: dict[Action, Callable[[Work], None]] = {
    **dict.fromkeys(Action, _nothing),
    Action.REFUSE: _refuse,
    Action.DISPROVE: _refuse,
    Action.DECLINE: _refuse,
    Action.REGISTER: _register,
    Action.DISPATCH: _dispatch,
    Action.SIGN: _sign,
    Action.HANDLE: _lead,
    Action.PROGRESS: _lead,
    Action.REPORT: _report,
    Action.REWORK: _rework,
    Action.CLOSE: _close,
    Action.CALL_BACK: _call_back,
    Action.EVALUATE: _evaluate,
    Action.REOPEN: _reopen,
    Action.SELF_HANDLE: _self_handle,
    **dict.fromkeys(
        (Action.ASK_RETURN, Action.ASK_TRANSFER, Action.ASK_EXTENSION, Action.ASK_SUSPENSION, Action.ASK_VOID), _ask
    ),
    **dict.fromkeys(
        (Action.DENY_RETURN, Action.DENY_TRANSFER, Action.DENY_EXTENSION, Action.DENY_SUSPENSION, Action.DENY_VOID),
        _deny,
    ),
    Action.GRANT_RETURN: _grant_return,
    Action.GRANT_TRANSFER: _grant_transfer,
    Action.GRANT_EXTENSION: _grant_extension,
    Action.GRANT_SUSPENSION: _grant,
    Action.GRANT_VOID: _grant_void,
    Action.URGE: _urge,
    Action.SUPERVISE: _supervise,
    Action.MERGE: _merge,
    Action.ABSORB: _absorb,
    Action.UNMERGE: _unmerge,
    Action.SPLIT: _split,
    Action.ESCALATE: _escalate,
    Action.REFER: _refer,
    Action.RECEIVE: _receive,
    Action.GIVE_BACK: _give_back,
    Action.JOINT_SIGN: _joint_sign,
    Action.JOINT_REPORT: _joint_report,
    Action.CORRECT: _correct,
    Action.PLAN_STEP: _plan_step,
}
