"""The demo city's events: sixty days of history by the real intake and lifecycle, then live, one by one."""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, or_, select

from database.dispatch_tables import event_counts, events, ledger
from database.engine import reading, writing
from datasources.delivery.period import CITY_TIME
from decisions.routing_keys import KEY as ROUTED
from demo_city.event_keeping import Kept, keep_all
from demo_city.event_people import ACCEPTER, DOOR
from demo_city.event_plans import Planned, planned
from demo_city.event_scripts import Turn, report_of, script
from demo_city.feed import canary_of
from dispatch import records
from dispatch.deciding import decide
from dispatch.event import Event, Step
from dispatch.intake import drafted, numbered, receive
from dispatch.moves import move
from dispatch.refusal import DispatchError
from dispatch.report import Report
from dispatch.rulebook import Rulebook, rulebook
from dispatch.state import OPEN, Action, State
from dispatch.telling import messages

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

HISTORY = timedelta(days=60)
EVERY_SECONDS = 20
"""How often the live feed looks; a few events an hour and their moves come of it."""
_RECENT = timedelta(days=2)
"""Reports missed while the product was down are made good so far back."""
_AT_ONCE = 12
"""Moves made in one look, so that catching up after downtime does not hold others up."""


@dataclass(frozen=True)
class Summary:
    """What a load did."""

    events: int
    rows: int
    seconds: float

    def __str__(self) -> str:
        return f"演示事件 {self.events} 件，台账 {self.rows} 条，用时 {self.seconds:.1f} 秒"


@dataclass
class _City:
    """The demo city's events while their history is played: by name, with what was told of each move."""

    seed: int
    rules: Rulebook
    cases: dict[str, Kept] = field(default_factory=dict)

    def open(self, plan: Planned, number: str, mark: str) -> Event:
        """Take the report in."""
        report = report_of(plan, self.seed, mark)
        case = drafted(report, self.rules, by=DOOR, now=plan.at, number=number)
        self.cases[plan.name] = Kept(case, report, [(1, messages(None, case, self.rules))])
        return case.event

    def play(self, name: str, turn: Turn) -> bool:
        """Make one turn; False if the lifecycle refuses and the rest of the script is moot."""
        mine = self.cases[name]
        parent = self.cases.get(turn.step.other or "") if turn.step.action == Action.MERGE else None
        if turn.step.action == Action.MERGE and (parent is None or not parent.case.event.is_open):
            turn, parent = settled_before(turn), None
        step = turn.step if parent is None else replace(turn.step, other=parent.case.event.number)
        try:
            self._decide(mine, step, turn)
            if parent is not None:
                absorb = Step(Action.ABSORB, other=mine.case.event.number, amount=mine.case.event.callers)
                self._decide(parent, absorb, turn)
                mine.parent = turn.step.other
        except DispatchError:
            return False
        return True

    def _decide(self, mine: Kept, step: Step, turn: Turn) -> None:
        after = decide(mine.case, step, turn.by, turn.at, self.rules)
        mine.told.append((after.event.version, messages(mine.case, after, self.rules)))
        mine.case = after


def load(engine: Engine, catalogue: Catalogue, seed: int, now: datetime, canary: str | None = None) -> Summary:
    """Play sixty days and keep them. What is there already is left; a broken load is simply repeated."""
    begun = time.monotonic()
    rules = rulebook(catalogue)
    with reading(engine) as connection:
        there = _there(connection)
        used = {row.day: row.last for row in connection.execute(_USED)}
    plans = [one for one in planned(catalogue, seed, now - HISTORY, now) if one.name not in there]
    city = _played(_City(seed, rules), plans, used, now, canary)
    rows = keep_all(engine, rules, city.cases, now)
    return Summary(len(city.cases), rows, time.monotonic() - begun)


def is_loaded(engine: Engine) -> bool:
    """True once there are demo events."""
    with reading(engine) as connection:
        return connection.execute(select(events.c.id).where(events.c.world == "demo").limit(1)).first() is not None


_USED = select(event_counts.c.day, event_counts.c.last).where(event_counts.c.world == "demo")


def _there(connection: Connection, since: datetime | None = None) -> set[str]:
    """Names of the demo events kept, or of those reported since. Another seed gives the same name another moment, so
    only all names tell whether one is new."""
    query = select(events.c.origin_id).where(events.c.world == "demo")
    if since is not None:
        query = query.where(events.c.reported_at >= since)
    return set(connection.execute(query).scalars())


def _played(city: _City, plans: list[Planned], used: dict[str, int], now: datetime, canary: str | None) -> _City:
    """All turns of all scripts up to `now`, in the order of time, as they would have happened."""
    queue: list[tuple[datetime, int, str, Iterator[Turn], Turn | None]] = []
    days = Counter(used)
    for order, plan in enumerate(plans):
        heapq.heappush(queue, (plan.at, order, plan.name, iter(()), None))
    by_name = {plan.name: plan for plan in plans}
    while queue:
        at, order, name, turns, turn = heapq.heappop(queue)
        if at > now:
            continue
        if turn is None:
            plan = by_name[name]
            day = at.astimezone(CITY_TIME).strftime("%Y%m%d")
            days[day] += 1
            mark = f" {canary_of(canary, plan.county)}" if canary is not None else ""
            event = city.open(plan, numbered("demo", day, days[day]), mark)
            turns = script(plan, event, city.seed, city.rules)
        elif not city.play(name, turn):
            continue
        following = next(turns, None)
        if following is not None:
            heapq.heappush(queue, (following.at, order, name, turns, following))
    return city


# Live


@dataclass
class EventFeeder:
    """Goes on with the demo city's events: new reports and the next turn of each, until people take one over."""

    engine: Engine
    catalogue: Callable[[], Catalogue]
    seed: int
    _plans: dict[str, Planned] = field(default_factory=dict)
    _planned_until: datetime | None = None

    def tick(self, now: datetime) -> int:
        """Take in what was reported, make the turns that are due; how much was done."""
        rules = rulebook(self.catalogue())
        self._look_ahead(now)
        return self._take_in(rules, now) + self._go_on(rules, now)

    def _look_ahead(self, now: datetime) -> None:
        """The plans from sixty days ago to an hour ahead, made anew when they run out."""
        if self._planned_until is None or now > self._planned_until - timedelta(minutes=5):
            until = now + timedelta(hours=1)
            found = planned(self.catalogue(), self.seed, now - HISTORY - _RECENT, until)
            self._plans, self._planned_until = {one.name: one for one in found}, until

    def _take_in(self, rules: Rulebook, now: datetime) -> int:
        with reading(self.engine) as connection:
            there = _there(connection, now - _RECENT)
        recent = (one for one in self._plans.values() if now - _RECENT <= one.at <= now)
        missing = [one for one in recent if one.name not in there][:_AT_ONCE]
        for one in missing:
            with writing(self.engine) as connection:
                receive(connection, rules, self._report(one), by=DOOR, now=now)
        return len(missing)

    def _report(self, plan: Planned) -> Report:
        return report_of(plan, self.seed)

    def _go_on(self, rules: Rulebook, now: datetime) -> int:
        due = [found for found in self._standing(now) if found is not None][:_AT_ONCE]
        for event, turn in due:
            made = self._resolved(turn)
            try:
                with writing(self.engine) as connection:
                    move(connection, rules, event.id, made.step, by=made.by, now=now)
            except DispatchError:  # people were faster, or the rules changed: their event now
                continue
        return len(due)

    def _standing(self, now: datetime) -> Iterator[tuple[Event, Turn] | None]:
        """Each unfinished event with its next turn, if that is due and nobody else has touched the event."""
        rules = rulebook(self.catalogue())
        with reading(self.engine) as connection:
            found = select(*records.EVENT_COLUMNS).where(
                events.c.world == "demo", events.c.state.in_((*OPEN, State.CLOSED)), events.c.origin_id.in_(self._plans)
            )
            unfinished = [records.event_of(row) for row in connection.execute(found)]
            done = _done(connection, [one.id for one in unfinished])
        for event in unfinished:
            yield self._next(event, done.get(event.id, []), rules, now)

    def _next(self, event: Event, keys: list[str], rules: Rulebook, now: datetime) -> tuple[Event, Turn] | None:
        if any(not key.startswith("demo/") for key in keys):
            return None
        turns = script(self._plans[event.origin_id], event, self.seed, rules)
        for number, turn in enumerate(turns):
            if number == len(keys):
                return (event, turn) if turn.at <= now else None
        return None

    def _resolved(self, turn: Turn) -> Turn:
        """With the number of the event to merge into in place of its name; another turn if that is over already."""
        if turn.step.other is None:
            return turn
        with reading(self.engine) as connection:
            query = select(events.c.number).where(
                events.c.world == "demo", events.c.origin_id == turn.step.other, events.c.state.in_(OPEN)
            )
            number = connection.execute(query.limit(1)).scalar_one_or_none()
        return replace(turn, step=replace(turn.step, other=number)) if number else settled_before(turn)


def settled_before(turn: Turn) -> Turn:
    """What the centre does with a call about a matter that is settled by now: it tells the caller so."""
    step = Step(Action.DISPROVE, key=turn.step.key, note="同一问题的前一件已办结，电话告知来电人")
    return replace(turn, by=ACCEPTER, step=step)


def _done(connection: Connection, ids: list[int]) -> dict[int, list[str]]:
    """The keys of the moves made so far; a move by a person has none, and counts as 'person'. Absorbing is no turn,
    nor is what the router does."""
    query = select(ledger.c.event_id, ledger.c.key).where(
        ledger.c.event_id.in_(ids), ledger.c.action.not_in((Action.OPEN, Action.ABSORB)),
        or_(ledger.c.key.is_(None), ledger.c.key.not_like(f"{ROUTED}%")),
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for row in connection.execute(query.order_by(ledger.c.event_id, ledger.c.seq)):
        found.setdefault(row.event_id, []).append(row.key or "person")
    return found
