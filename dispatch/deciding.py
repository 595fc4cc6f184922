"""A move decided: table, right, whose move it is, what must be given, guards, changes. Nothing is read or written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from access.actor import Actor
from dispatch.acts import ACTS, Work
from dispatch.clocks import case_clock, current_clock
from dispatch.event import Case, LedgerRow, Request, Step
from dispatch.guards import check_guards
from dispatch.hands import check_hand
from dispatch.lifecycle import GRANT_OF, LIFECYCLE, Effect, Move, move_of
from dispatch.refusal import Incomplete, MovedMeanwhile
from dispatch.rulebook import Rulebook
from dispatch.state import DONE, Action, State
from dispatch.telling import in_words

_ASKED_FOR = {
    "note": "请写明理由或情况",
    "department": "请选择承办单位",
    "amount": "请写明延长多少",
    "reason": "请选择挂账原因",
    "region": "请选择转交给哪个中心",
    "other": "请给出另一件事件的编号",
    "satisfied": "请选择是否满意",
    "score": "请评分",
    "plan_step": "请选择预案步骤",
}
LONGEST_NOTE, LONGEST_TEAM = 2000, 60
TEAMED = frozenset({Action.DISPATCH, Action.SIGN, Action.HANDLE, Action.JOINT_SIGN})
"""Acts with which a team is named."""


def decide(case: Case, step: Step, by: Actor, now: datetime, rules: Rulebook) -> Case:
    """The case after `step`, its new ledger row last.

    Raises MovedMeanwhile, IllegalMove, access.actor.Denied, Incomplete or NotNow; `case` is never changed.
    """
    if step.version is not None and step.version != case.event.version:
        seen = step.version
        raise MovedMeanwhile(case.event.version, [row for row in case.ledger if row.seq > seen])
    move = move_of(case.event.state, step.action)
    by.require(move.right)
    check_hand(move.hand, case, step, by, rules)
    _check_needs(move, step)
    check_guards(move.guards, case, step, by, now, rules)
    return _moved(case, move, step, by, max(now, case.ledger[-1].at if case.ledger else now), rules)


def _check_needs(move: Move, step: Step) -> None:
    for name in move.needs:
        value = getattr(step, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise Incomplete(name, _ASKED_FOR[name])
    if len(step.note) > LONGEST_NOTE:
        raise Incomplete("note", f"说明至多 {LONGEST_NOTE} 字")
    if step.team is not None and len(step.team) > LONGEST_TEAM:
        raise Incomplete("team", f"队伍名称至多 {LONGEST_TEAM} 字")


def _moved(case: Case, move: Move, step: Step, by: Actor, at: datetime, rules: Rulebook) -> Case:
    before, action = case.event, Action(step.action)
    round_ = before.round + (move.effect is Effect.RESTART)
    work = Work(case, step, by, at, rules, round_)
    work.assignments, work.requests, work.steps = list(case.assignments), list(case.requests), list(case.steps)
    ACTS[action](work)
    state = move.state or before.state
    event = replace(before, **work.event, state=state, round=round_, version=before.version + 1, moved_at=at)
    after = replace(
        case,
        event=event,
        assignments=tuple(work.assignments),
        requests=tuple(_lapsed(one, state) for one in work.requests),
        steps=tuple(work.steps),
    )
    data = work.data | ({"attachments": list(step.attachments)} if step.attachments else {})
    if step.team and action in TEAMED:
        data["team"] = step.team
    said, note = in_words(after, action, work.department, rules), work.note or step.note.strip()
    row = LedgerRow(
        event.version, at, action, state, move.effect, round_, by.name, by.user, by.role, said, work.department,
        note, data, step.key,
    )  # fmt: skip
    return timed(replace(after, ledger=(*case.ledger, row)), rules)


def _lapsed(request: Request, state: State) -> Request:
    """A request nobody can decide any more because the event went on."""
    undecidable = request.outcome == "waiting" and (state, GRANT_OF[request.action]) not in LIFECYCLE
    return replace(request, outcome="lapsed") if undecidable else request


def timed(case: Case, rules: Rulebook) -> Case:
    """With the deadlines that follow from the ledger, for sorting; a closed case keeps the one it had."""
    stage, whole = current_clock(case, rules), case_clock(case, rules)
    event = case.event
    kept = event.case_due_at if event.state in DONE else None
    return replace(
        case,
        event=replace(
            event,
            stage_due_at=None if stage is None else stage.due_at,
            case_due_at=kept if whole is None else whole.due_at or kept,
        ),
    )
