"""What happened with an event, told for its review from the ledger alone: stages, lanes, orders and answers, people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from access.personal import mask_text
from dispatch.case_facts import deadline
from dispatch.clocks import Clock, stage_clock
from dispatch.event import Assignment, Case, LedgerRow
from dispatch.first_times import NAMES, first_times
from dispatch.rulebook import Limit, Rulebook
from dispatch.stage import STAGE_NAMES, Stage
from dispatch.state import ACTION_NAMES, Action

ORDERS = frozenset({Action.INSTRUCT, Action.SUPERVISE, Action.URGE})
"""批示, 督办, 催办: somebody above told somebody to move."""
_ANSWERS = frozenset(
    {Action.SIGN, Action.HANDLE, Action.PROGRESS, Action.REPORT, Action.JOINT_SIGN, Action.JOINT_REPORT,
     Action.SELF_HANDLE, Action.NOTE, Action.DISPATCH, Action.CHECK, Action.VERIFY, Action.CLOSE, Action.RESUME}
)  # fmt: skip
_LIMITED: Mapping[str, tuple[Stage, ...]] = {
    "discover": (),
    "respond": (Stage.ACCEPT, Stage.REGISTER, Stage.DISPATCH),
    "handle": (Stage.HANDLE,),
    "feedback": (Stage.REPORT, Stage.VERIFY, Stage.CLOSE),
}
"""The stages whose limits bind each of the first times; nobody sets a limit for discovery."""


@dataclass(frozen=True)
class StageSpan:
    """What one round spent in a stage. `over`: seconds, as the limit counts them, beyond it; 0 if it was kept."""

    stage: Stage
    round: int
    start: datetime
    end: datetime | None
    limit: Limit | None
    due: datetime | None
    """When the limit ran out, or would have."""
    used: float
    over: float

    @property
    def name(self) -> str:
        """受理 …"""
        return STAGE_NAMES[self.stage]

    @property
    def turn(self) -> int:
        """How often it was given out by then, counted as people do: 1 until it came back."""
        return max(self.round, 1)


@dataclass(frozen=True)
class FirstTime:
    """One of 四个第一时间: natural seconds, what binds it in words, and whether a bound stage overran."""

    name: str
    seconds: float | None
    limits: str
    is_over: bool


@dataclass(frozen=True)
class Bar:
    """A stretch of a lane: what a department had, from being given it; `end` None: still at work."""

    start: datetime
    end: datetime | None
    signed: datetime | None
    part: str
    ended: str


@dataclass(frozen=True)
class Mark:
    """One act on a lane."""

    at: datetime
    seq: int
    words: str
    is_order: bool


@dataclass(frozen=True)
class Lane:
    """The centre ('') or a department: what it had and did."""

    key: str
    name: str
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Order:
    """批示, 督办 or 催办 with the first act after it; `answer` None: nothing was done since."""

    row: LedgerRow
    answer: LedgerRow | None

    @property
    def name(self) -> str:
        """批示 …"""
        return ACTION_NAMES[self.row.action]

    @property
    def seconds(self) -> float | None:
        """Until it was answered."""
        return None if self.answer is None else (self.answer.at - self.row.at).total_seconds()


@dataclass(frozen=True)
class Actor:
    """Somebody who acted: how often, from when to when, what most."""

    name: str
    department: str
    acts: int
    first: datetime
    last: datetime
    did: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """What was sent to one recipient: how many arrived, wait, failed."""

    recipient: str
    sent: int
    waiting: int
    failed: int


@dataclass(frozen=True)
class Course:
    """All of it, as known at `as_of`."""

    as_of: datetime
    case: Case
    stages: tuple[StageSpan, ...]
    times: tuple[FirstTime, ...]
    lanes: tuple[Lane, ...]
    orders: tuple[Order, ...]
    actors: tuple[Actor, ...]
    told: tuple[Told, ...]

    @property
    def late(self) -> tuple[StageSpan, ...]:
        """The stretches beyond their limit."""
        return tuple(one for one in self.stages if one.over > 0)


def course(case: Case, deliveries: Sequence[Mapping[str, Any]], rules: Rulebook, as_of: datetime) -> Course:
    """As known at `as_of`: rows after it are not told, nor is what was given to anybody after it."""
    then = known(case, as_of)
    stages = tuple(sorted(_spans(then, rules, as_of), key=lambda one: (one.start, one.round)))
    return Course(
        as_of, then, stages, _times(then, stages), _lanes(then, rules), _orders(then.ledger),
        _actors(then.ledger), _told(deliveries, len(then.ledger)),
    )  # fmt: skip


def known(case: Case, as_of: datetime) -> Case:
    """The case with the rows up to then; its event stands as the last of them left it."""
    rows = tuple(row for row in case.ledger if row.at <= as_of) or case.ledger[:1]
    last = rows[-1]
    event = replace(case.event, state=last.state, round=last.round, version=last.seq, moved_at=last.at)
    given = tuple(one for one in case.assignments if one.given_at <= as_of)
    return replace(case, event=event, ledger=rows, assignments=given)


def _spans(case: Case, rules: Rulebook, as_of: datetime) -> Iterable[StageSpan]:
    for round_ in sorted({row.round for row in case.ledger}):
        rows = tuple(row for row in case.ledger if row.round == round_)
        then = replace(case, event=replace(case.event, round=round_), ledger=rows)
        end = next((row.at for row in case.ledger if row.round > round_), None)
        for stage in Stage:
            clock = stage_clock(then, stage, rules)
            if clock is not None and clock.intervals:
                yield _span(clock, stage, round_, end, as_of)


def _span(clock: Clock, stage: Stage, round_: int, round_end: datetime | None, as_of: datetime) -> StageSpan:
    last = clock.intervals[-1].end or round_end
    used = clock.used(last or as_of)
    over = max(0.0, used - clock.budget)
    begun = clock.intervals[0].start
    return StageSpan(stage, round_, begun, last, clock.limit, deadline(clock), used, over if over >= 1 else 0.0)


def _times(case: Case, stages: Sequence[StageSpan]) -> tuple[FirstTime, ...]:
    found, first = first_times(case), {one.stage: one for one in reversed(stages)}
    made = []
    for key, name in NAMES.items():
        bound = [first[stage] for stage in _LIMITED[key] if stage in first]
        words = "，".join(f"{one.name} {one.limit}" for one in bound if one.limit is not None)
        made.append(FirstTime(name, getattr(found, key), words, any(one.over for one in bound)))
    return tuple(made)


def _lanes(case: Case, rules: Rulebook) -> tuple[Lane, ...]:
    """The centre first, then departments as they were given the event, the lead before those beside it."""
    given = sorted(case.assignments, key=lambda one: (one.given_at, one.part != "lead"))
    keys = list(dict.fromkeys(one.department for one in given))
    of: dict[str, list[LedgerRow]] = {"": [], **{key: [] for key in keys}}
    for row in case.ledger:
        of[_whose(row, case.assignments)].append(row)
    centre = Lane("", f"{rules.region_name(case.event.holder)}中心", (), _marks(of[""]))
    return (centre, *(_lane(key, case.assignments, of[key], rules) for key in keys))


_BY_DEPARTMENT = frozenset(
    {Action.SIGN, Action.HANDLE, Action.PROGRESS, Action.REPORT, Action.JOINT_SIGN, Action.JOINT_REPORT,
     *(one for one in Action if one.startswith("ask_"))}
)  # fmt: skip


def _whose(row: LedgerRow, assignments: Sequence[Assignment]) -> str:
    is_theirs = row.action in _BY_DEPARTMENT and any(one.department == row.department for one in assignments)
    return row.department or "" if is_theirs else ""


def _lane(key: str, assignments: Sequence[Assignment], rows: Sequence[LedgerRow], rules: Rulebook) -> Lane:
    bars = [
        Bar(one.given_at, one.done_at, one.signed_at, one.part, one.ended)
        for one in assignments
        if one.department == key
    ]
    return Lane(key, rules.department_name(key), tuple(bars), _marks(rows))


def _marks(rows: Sequence[LedgerRow]) -> tuple[Mark, ...]:
    return tuple(Mark(row.at, row.seq, mask_text(row.said), row.action in ORDERS) for row in rows)


def _orders(ledger: Sequence[LedgerRow]) -> tuple[Order, ...]:
    made = []
    for at, row in enumerate(ledger):
        if row.action in ORDERS:
            made.append(Order(row, next((one for one in ledger[at + 1 :] if one.action in _ANSWERS), None)))
    return tuple(made)


def _actors(ledger: Sequence[LedgerRow]) -> tuple[Actor, ...]:
    rows: dict[str, list[LedgerRow]] = {}
    for row in ledger:
        if row.actor and row.action is not Action.ABSORB:
            rows.setdefault(row.actor, []).append(row)
    made = []
    for name, mine in rows.items():
        theirs = next((row.department for row in mine if row.action in _BY_DEPARTMENT and row.department), "")
        did = tuple(dict.fromkeys(ACTION_NAMES[row.action] for row in mine))
        made.append(Actor(name, theirs or "", len(mine), mine[0].at, mine[-1].at, did))
    return tuple(made)


def _told(deliveries: Sequence[Mapping[str, Any]], newest: int) -> tuple[Told, ...]:
    counts: dict[str, dict[str, int]] = {}
    for one in deliveries:
        if int(one["seq"]) <= newest:
            mine = counts.setdefault(str(one["department"]), {"sent": 0, "waiting": 0, "failed": 0})
            mine[str(one["state"])] += 1
    return tuple(Told(key, **mine) for key, mine in counts.items())
