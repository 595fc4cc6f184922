"""Clocks: sums of ledger intervals on the working calendar, never a stored deadline.

A stage clock runs while the event is in the stage's states; the handling clock starts anew with every round (派遣,
返工, 重开, 转派) and stands still while the event is suspended; the case clock runs from 立案 to 结案 through all
rounds; each joint department has its own. Limits in 工作日 do not count the day they start on (起算日不计).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.event import Assignment, Case, LedgerRow
from dispatch.rulebook import Limit, Rulebook, Unit
from dispatch.stage import STAGE_NAMES, Stage
from dispatch.state import RUNNING, STAGE_OF, STATE_NAMES, Action, State
from dispatch.working_calendar import WorkingCalendar

HOUR = 3600.0
_CASE_STAGES = (Stage.DISPATCH, Stage.HANDLE, Stage.REPORT, Stage.VERIFY, Stage.CLOSE)
_CASE_STARTS = frozenset({Action.REGISTER, Action.REOPEN, Action.SELF_HANDLE})
_STATES_OF = {
    stage: frozenset(s for s, at in STAGE_OF.items() if at is stage and s is not State.SUSPENDED) for stage in Stage
}


@dataclass(frozen=True)
class Interval:
    """A stretch of the ledger in one state; `end` None while it goes on."""

    start: datetime
    end: datetime | None
    state: State


@dataclass(frozen=True)
class Meter:
    """How seconds are counted for a unit."""

    unit: Unit
    calendar: WorkingCalendar

    def between(self, start: datetime, end: datetime) -> float:
        """Seconds that count from `start` to `end`."""
        if self.unit is Unit.EMERGENCY_HOUR:
            return (end - start).total_seconds()
        return float(self.calendar.between(start, end))

    def after(self, start: datetime, seconds: float) -> datetime:
        """When `seconds` that count have passed."""
        if self.unit is Unit.EMERGENCY_HOUR:
            return start + timedelta(seconds=seconds)
        return self.calendar.after(start, seconds)

    def begins(self, start: datetime) -> datetime:
        """From when counting starts: for working days the next one."""
        return self.calendar.next_day(start) if self.unit is Unit.WORKING_DAY else start

    def seconds(self, limit: Limit) -> float:
        """A limit as seconds that count; a working day is as long as the calendar's."""
        return limit.amount * (self.calendar.day_seconds if limit.unit is Unit.WORKING_DAY else HOUR)


@dataclass(frozen=True)
class Line:
    """One step of the explanation: from, to, what it was, the seconds counted."""

    start: datetime
    end: datetime
    words: str
    seconds: float


@dataclass(frozen=True)
class Clock:
    """One clock. `budget` in seconds that count; `fixed` is a deadline set by the centre instead of a limit."""

    name: str
    meter: Meter
    budget: float
    intervals: tuple[Interval, ...]
    limit: Limit | None = None
    fixed: datetime | None = None

    @property
    def begins(self) -> datetime | None:
        """From when it counts; None before it started."""
        return self.meter.begins(self.intervals[0].start) if self.intervals else None

    @property
    def is_running(self) -> bool:
        """True while its last interval is open."""
        return bool(self.intervals) and self.intervals[-1].end is None

    def used(self, now: datetime) -> float:
        """Seconds counted up to `now`."""
        return sum(line.seconds for line in self.lines(now))

    def remaining(self, now: datetime) -> float:
        """Seconds left; negative when overdue."""
        return self.budget - self.used(now)

    def lines(self, now: datetime) -> Iterator[Line]:
        """The calculation step by step."""
        begins = self.begins
        for one in self.intervals:
            end = now if one.end is None else min(one.end, now)
            start = max(one.start, begins or one.start)
            counted = self.meter.between(start, end) if end > start else 0.0
            yield Line(one.start, end, STATE_NAMES[one.state], counted)

    @property
    def due_at(self) -> datetime | None:
        """When it will have run out if it goes on; None while it stands still."""
        if not self.is_running:
            return None
        if self.fixed is not None:
            return self.fixed
        last = self.intervals[-1].start
        start = max(last, self.begins or last)
        return self.meter.after(start, self.budget - self.used(last))

    def is_overdue(self, now: datetime) -> bool:
        """More has been used than was given."""
        if self.fixed is not None:
            return self.stopped_at(now) > self.fixed
        return self.used(now) > self.budget

    def stopped_at(self, now: datetime) -> datetime:
        """When it stopped, or now."""
        end = self.intervals[-1].end if self.intervals else None
        return now if end is None else end


def intervals(ledger: Iterable[LedgerRow], states: Iterable[State], *, since: int = 0) -> tuple[Interval, ...]:
    """The stretches in `states` after row `since`, neighbours of one state joined."""
    wanted, found = frozenset(states), list[Interval]()
    rows = [row for row in ledger if row.seq >= since]
    for at, row in enumerate(rows):
        if row.state not in wanted:
            continue
        end = rows[at + 1].at if at + 1 < len(rows) else None
        if found and found[-1].end == row.at and found[-1].state is row.state:
            found[-1] = replace(found[-1], end=end)
        else:
            found.append(Interval(row.at, end, row.state))
    return tuple(found)


def stage_clock(case: Case, stage: Stage, rules: Rulebook) -> Clock | None:
    """The clock of `stage` in the present round; None for stages without a limit."""
    event = case.event
    limit = rules.stage_limit(stage, event.category, event.level)
    if limit is None:
        return None
    meter = Meter(limit.unit, rules.calendar)
    rows = [row for row in case.ledger if row.round == event.round]
    found = intervals(case.ledger, _STATES_OF[stage], since=rows[0].seq if rows else 0)
    more = extended(case.ledger, event.round) if stage is Stage.HANDLE else 0.0
    budget = meter.seconds(limit) + meter.seconds(Limit(more, limit.unit))
    return Clock(STAGE_NAMES[stage], meter, budget, found, limit)


def current_clock(case: Case, rules: Rulebook) -> Clock | None:
    """The clock of the stage the event is in."""
    stage = case.event.stage
    return None if stage is None else stage_clock(case, stage, rules)


def case_clock(case: Case, rules: Rulebook) -> Clock | None:
    """From 立案 (or 重开) to 结案: the limits of all stages after it together; None before."""
    starts = [row.seq for row in case.ledger if row.action in _CASE_STARTS]
    if not starts:
        return None
    event = case.event
    handling = rules.handling_limit(event.category, event.level)
    meter = Meter(handling.unit, rules.calendar)
    limits = [rules.stage_limit(stage, event.category, event.level) for stage in _CASE_STAGES]
    since = starts[-1]
    more = sum(_amount(row) for row in case.ledger if row.seq >= since)
    budget = sum(meter.seconds(one) for one in limits if one is not None) + meter.seconds(Limit(more, handling.unit))
    return Clock("结案", meter, budget, intervals(case.ledger, RUNNING, since=since))


def joint_clock(case: Case, assignment: Assignment, rules: Rulebook) -> Clock:
    """A department's own clock: from being given the task to its report, without suspensions."""
    event = case.event
    limit = rules.handling_limit(event.category, event.level)
    meter = Meter(limit.unit, rules.calendar)
    since = next((row.seq for row in case.ledger if row.round == assignment.round), 0)
    found = [
        Interval(max(one.start, assignment.given_at), _earlier(one.end, assignment.done_at), one.state)
        for one in intervals(case.ledger, RUNNING, since=since)
        if assignment.done_at is None or one.start < assignment.done_at
    ]
    budget = meter.seconds(limit) + meter.seconds(Limit(extended(case.ledger, assignment.round), limit.unit))
    return Clock("协办", meter, budget, tuple(found), limit, fixed=assignment.due_at)


def extended(ledger: Iterable[LedgerRow], round_: int) -> float:
    """What was granted on top of the limit in this round, in its unit."""
    return sum(_amount(row) for row in ledger if row.round == round_)


def explained(clock: Clock, now: datetime) -> tuple[Line, ...]:
    """Every interval with what it counted, for the event's page."""
    return tuple(clock.lines(now))


def in_words(clock: Clock, now: datetime) -> str:
    """'时限 4 工作时，已用 2.5 小时（计时）'."""
    given = str(clock.limit) if clock.limit else f"{clock.budget / HOUR:.1f} 小时"
    return f"时限 {given}，已用 {clock.used(now) / HOUR:.1f} 小时"


def _amount(row: LedgerRow) -> float:
    return float(row.data.get("amount", 0.0)) if row.action is Action.GRANT_EXTENSION else 0.0


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)
