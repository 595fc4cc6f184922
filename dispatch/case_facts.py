"""What an evaluation must know of one case, worked out from its ledger up to a chosen moment and nothing later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from dispatch.clocks import Clock, case_clock, stage_clock
from dispatch.event import Case, Event, LedgerRow
from dispatch.first_times import FirstTimes, first_times
from dispatch.lifecycle import Effect
from dispatch.rulebook import Rulebook
from dispatch.stage import Stage
from dispatch.state import DONE, SIDE_ENDS, Action, State

_GIVEN = frozenset({Action.DISPATCH, Action.GRANT_TRANSFER, Action.SELF_HANDLE})


@dataclass(frozen=True)
class Facts:
    """One case as of `as_of`. Deadlines are None while the clock stands still or has not begun."""

    number: str
    region: str
    county: str
    category: str
    lead: str | None
    state: State
    is_public: bool
    reported_at: datetime
    registered_at: datetime | None
    registered_on_time: bool
    dispatch_due: datetime | None
    dispatched_at: datetime | None
    handle_due: datetime | None
    handled_at: datetime | None
    handle_seconds: float | None
    case_due: datetime | None
    closed_at: datetime | None
    verified_at: datetime | None
    verified_on_time: bool
    reworks: int
    extensions: int
    returns: int
    called_back_at: datetime | None
    satisfied: bool | None
    times: FirstTimes

    @cached_property
    def latest(self) -> datetime:
        """The last moment at which anything of it is counted: no figure of a later period knows it."""
        known = (
            self.reported_at, self.registered_at, self.dispatch_due, self.dispatched_at, self.handle_due,
            self.handled_at, self.case_due, self.closed_at, self.verified_at, self.called_back_at,
        )  # fmt: skip
        return max(moment for moment in known if moment is not None)

    @property
    def counts(self) -> bool:
        """False for what was refused, declined, voided or merged into another case."""
        return self.state not in SIDE_ENDS

    @property
    def handled_on_time(self) -> bool:
        """Reported done before its deadline."""
        return self.handled_at is not None and self.handle_due is not None and self.handled_at <= self.handle_due

    @property
    def closed_on_time(self) -> bool:
        """Closed before the deadline of the whole case."""
        return self.closed_at is not None and self.case_due is not None and self.closed_at <= self.case_due


def facts(event: Event, ledger: tuple[LedgerRow, ...], rules: Rulebook, as_of: datetime) -> Facts | None:
    """None if the event was not there yet. As long as no row is added they are the same at every later moment."""
    rows = tuple(row for row in ledger if row.at <= as_of)
    if not rows:
        return None
    case = _as_it_was(event, rows)
    registered = _last(rows, (Action.REGISTER, Action.SELF_HANDLE))
    whole = case_clock(case, rules)
    answer = next((row for row in reversed(rows) if row.action is Action.CALL_BACK), None)
    dispatched = next((row for row in rows if row.action is Action.DISPATCH), None)
    handled = _last(rows, (Action.REPORT, Action.SELF_HANDLE)) if case.event.state not in _BACK_AT_WORK else None
    verified = _last(rows, (Action.VERIFY,))
    return Facts(
        event.number, event.region, event.county, event.category, case.event.lead, case.event.state,
        event.must_check, event.reported_at, registered, _in_limits(case, rules, (Stage.ACCEPT, Stage.REGISTER), 0),
        _dispatch_due(case, rules), None if dispatched is None else dispatched.at,
        _handle_due(case, rules, as_of), handled, None if handled is None else _spent(rows, handled),
        None if case.event.state is State.SUSPENDED else deadline(whole),
        rows[-1].at if case.event.state in DONE and _last(rows, (Action.CLOSE,)) is None else _closed(case, rows),
        verified, _in_limits(case, rules, (Stage.REPORT, Stage.VERIFY), case.event.round),
        _count(rows, Action.REWORK), _count(rows, Action.GRANT_EXTENSION),
        _count(rows, Action.GRANT_RETURN) + _count(rows, Action.GIVE_BACK),
        None if answer is None else answer.at, None if answer is None else bool(answer.data.get("satisfied")),
        first_times(case),
    )  # fmt: skip


_BACK_AT_WORK = frozenset(
    {
        State.REPORTED,
        State.ACCEPTED,
        State.CONFIRMED,
        State.REGISTERED,
        State.ASSIGNED,
        State.SIGNED,
        State.HANDLING,
        State.SUSPENDED,
    }
)


def deadline(clock: Clock | None) -> datetime | None:
    """When the clock ran out or would have run out had it gone on; None without a clock."""
    if clock is None or not clock.intervals:
        return None
    if clock.fixed is not None:
        return clock.fixed
    used, begins = 0.0, clock.begins
    for one in clock.intervals:
        start = max(one.start, begins or one.start)
        counted = 0.0 if one.end is None or one.end <= start else clock.meter.between(start, one.end)
        is_last = one is clock.intervals[-1]
        if is_last or used + counted >= clock.budget:
            return clock.meter.after(start, clock.budget - used)
        used += counted
    return None


def _as_it_was(event: Event, rows: tuple[LedgerRow, ...]) -> Case:
    given = next((row for row in reversed(rows) if row.action in _GIVEN), None)
    was = replace(
        event, state=rows[-1].state, round=rows[-1].round, version=rows[-1].seq, moved_at=rows[-1].at,
        lead=None if given is None else given.department,
    )  # fmt: skip
    return Case(was, rows)


def _handle_due(case: Case, rules: Rulebook, as_of: datetime) -> datetime | None:
    """The deadline of the lead's last round, or of the first round it overran: rework does not wash a delay off."""
    clocks = [
        (clock, next((row.at for row in case.ledger if row.round > round_), as_of))
        for round_ in _rounds_of_lead(case)
        if (clock := stage_clock(_in_round(case, list(case.ledger), round_), Stage.HANDLE, rules)) is not None
        and clock.intervals
    ]
    overrun = next((clock for clock, end in clocks if clock.is_overdue(end)), None)
    return deadline(overrun or (clocks[-1][0] if clocks else None))


def _rounds_of_lead(case: Case) -> list[int]:
    """The rounds in which the present lead had the case, oldest first."""
    holder, found = None, []
    for row in case.ledger:
        if row.action in _GIVEN:
            holder = row.department
        if row.effect is Effect.RESTART and holder is not None and holder == case.event.lead:
            found.append(row.round)
    return found


def _dispatch_due(case: Case, rules: Rulebook) -> datetime | None:
    first = [row for row in case.ledger if row.round == 0]
    return deadline(stage_clock(_in_round(case, first, 0), Stage.DISPATCH, rules)) if first else None


def _in_limits(case: Case, rules: Rulebook, stages: tuple[Stage, ...], round_: int) -> bool:
    """True if none of these stages took longer than its limit in that round."""
    rows = [row for row in case.ledger if row.round <= round_]
    if not rows:
        return False
    then = _in_round(case, [*rows, *(row for row in case.ledger if row.round > round_)], round_)
    clocks = [stage_clock(then, stage, rules) for stage in stages]
    last = case.ledger[-1].at
    return not any(clock is not None and clock.is_overdue(last) for clock in clocks)


def _in_round(case: Case, rows: list[LedgerRow], round_: int) -> Case:
    """The case with these rows, in that round. Copied by hand: done for every stage of every case of a year."""
    event = case.event
    if event.round != round_:
        event = object.__new__(Event)
        event.__dict__.update(case.event.__dict__, round=round_)
    return Case(event, tuple(rows), case.assignments, case.requests, case.steps)


def _closed(case: Case, rows: tuple[LedgerRow, ...]) -> datetime | None:
    return _last(rows, (Action.CLOSE,)) if case.event.state in DONE else None


def _spent(rows: tuple[LedgerRow, ...], handled: datetime) -> float | None:
    """Natural seconds from the last time it was given to a department until it reported done."""
    given = _last(tuple(row for row in rows if row.at <= handled), tuple(_GIVEN))
    return None if given is None else (handled - given).total_seconds()


def _last(rows: tuple[LedgerRow, ...], actions: tuple[Action, ...]) -> datetime | None:
    return next((row.at for row in reversed(rows) if row.action in actions), None)


def _count(rows: tuple[LedgerRow, ...], action: Action) -> int:
    return sum(row.action is action for row in rows)
