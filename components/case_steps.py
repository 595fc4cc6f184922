"""The eight stages of one event: done with time and person, here with its limit, ahead empty; returns are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.case_seen import Seen
from components.people import person
from components.sla import sla
from components.times import remaining
from dispatch.clocks import Clock
from dispatch.event import LedgerRow
from dispatch.stage import STAGE_NAMES, Stage
from dispatch.state import STAGE_OF, Action, State

_ORDER = list(Stage)
_BACK = {
    Stage.DISPATCH: (Action.GRANT_RETURN, Action.GRANT_TRANSFER, Action.ESCALATE),
    Stage.VERIFY: (Action.REWORK,),
    Stage.EVALUATE: (Action.REOPEN,),
    Stage.ACCEPT: (Action.GIVE_BACK, Action.UNMERGE),
}
"""Moves that send an event back, with the stage at which they are counted."""


@dataclass(frozen=True)
class _Step:
    stage: Stage
    state: str
    left: LedgerRow | None
    """The row by which it went on from here."""
    returns: int


def case_steps(seen: Seen) -> Component:
    """受理 立案 派遣 处置 反馈 核查 结案 评价."""
    return html.Ol([_drawn(step, seen) for step in _steps(seen)], className="st8", **attributes(aria_label="办理环节"))


def _steps(seen: Seen) -> list[_Step]:
    at, left = _here(seen), _left(seen)
    is_over = seen.event.state is State.EVALUATED
    made = []
    for index, stage in enumerate(_ORDER):
        done = index < at or (is_over and index == at)
        state = "d" if done else "c" if index == at and seen.event.stage is not None else ""
        row = left.get(stage) if done else None
        returns = sum(one.action in _BACK.get(stage, ()) for one in seen.case.ledger)
        made.append(_Step(stage, state, row, returns))
    return made


def _here(seen: Seen) -> int:
    """The index of the stage it is in; of one that ended on a side way, the last it was in."""
    if seen.event.stage is not None:
        return _ORDER.index(seen.event.stage)
    stages = [STAGE_OF[row.state] for row in seen.case.ledger if row.state in STAGE_OF]
    return _ORDER.index(stages[-1]) if stages else 0


def _left(seen: Seen) -> Mapping[Stage, LedgerRow]:
    """For each stage the row by which the event last left it forwards."""
    found: dict[Stage, LedgerRow] = {}
    for before, after in pairwise(seen.case.ledger):
        come, go = STAGE_OF.get(before.state), STAGE_OF.get(after.state)
        if come is not None and go is not None and _ORDER.index(go) > _ORDER.index(come):
            for stage in _ORDER[_ORDER.index(come) : _ORDER.index(go)]:
                found[stage] = after
    last = seen.case.ledger[-1] if seen.case.ledger else None
    if last is not None and last.state is State.EVALUATED:
        found[Stage.EVALUATE] = last
    return found


def _drawn(step: _Step, seen: Seen) -> Component:
    current = attributes(aria_current="step" if step.state == "c" else None)
    name: list[Component | str] = [html.B(STAGE_NAMES[step.stage])]
    if step.returns:
        name.append(html.Em(f"↩ {step.returns}", className="bk2", title=f"退回 {step.returns} 次"))
    inside = _done(step, seen) if step.state == "d" else _now(step, seen) if step.state == "c" else [html.Span("—")]
    return html.Li([html.I(), html.Span(name, className="nm"), *inside], className=step.state, **current)


def _done(step: _Step, seen: Seen) -> list[Component]:
    row = step.left
    if row is None:
        return [html.Span("—")]
    return [html.Span(seen.at(row.at), className="n"), html.Span(person(row.actor), className="mut", title=row.role)]


def _now(step: _Step, seen: Seen) -> list[Component]:
    event, clock = seen.event, seen.detail.clock
    if event.state is State.SUSPENDED:
        return [html.Span("挂账", className="n"), html.Span(seen.pause_reason() or "时钟暂停", className="mut")]
    if clock is None or clock.due_at is None:
        return [html.Span(event.state_name, className="n"), html.Span("不计时", className="mut")]
    return [html.Span(sla(clock.due_at, seen.now, near(clock, seen))), html.Span(_limit(clock), className="mut")]


def near(clock: Clock, seen: Seen) -> timedelta:
    """With so much left it counts as 临期: the share of the rules, at least an hour, as in the queue."""
    return timedelta(seconds=max(3600.0, (1 - seen.rules.rules.near) * clock.budget))


def _limit(clock: Clock) -> str:
    return f"环节时限 {clock.limit}" if clock.limit else f"时限 {remaining(timedelta(seconds=clock.budget))}"
