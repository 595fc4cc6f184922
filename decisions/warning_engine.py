"""The engine of early warning: looks at every rule in every region, tells changes of level once, and beats.

One transaction for each world. What is already known is never looked at twice; late data are judged anew without an
alarm for what is over. A dead source starts nothing: it has its own notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, select

from access.actor import TIMETABLE
from database import changes
from database.engine import reading as looking
from database.engine import writing
from database.foresight_tables import warning_courses
from decisions import warning_book as book
from decisions.warning_baseline import DayKinds
from decisions.warning_course import Course, Step, advance, replay, silence
from decisions.warning_event import open_due
from decisions.warning_inputs import Point, Points, ahead, plain, rates
from decisions.warning_rule import Level, Rule
from decisions.warning_rules import Rules, in_force
from decisions.warning_watches import Key, Watches
from decisions.warnings import ENGINE, topic_of
from dispatch.rulebook import Rulebook
from indicators.catalogue import Catalogue
from indicators.reading import Freshness, Reading, World
from indicators.readings import history, latest_in

WARM_UP = 1500
"""Past values a detector reads when it starts."""
EVERY_SECONDS = 15.0
PLAIN = ("value", "rate", "forecast")
"""Measures without a detector."""


@dataclass
class WarningEngine:
    """Runs in the timetable. `rules` gives the rules as written; changes made on screen are added."""

    engine: Engine
    catalogue: Callable[[], Catalogue]
    rules: Callable[[], Rules]
    now: Callable[[], datetime]
    is_workday: Callable[[date], bool] = lambda day: day.weekday() < 5
    events: Callable[[], Rulebook] | None = None
    """By which book events are opened where a rule says so; None opens none."""
    watches: Watches = field(init=False)
    _prepared: set[World] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.watches = Watches(DayKinds(self.is_workday))

    def run(self) -> int:
        """Look at everything once; the number of changes told."""
        catalogue, told = self.catalogue(), 0
        worlds = [World.REAL, World.DEMO] if catalogue.demo_city else [World.REAL]
        for world in worlds:
            self._prepare(catalogue, world)
            with writing(self.engine) as connection:
                told += _Round(connection, catalogue, in_force(connection, self.rules()), world, self).run()
        self._beat()
        return told

    def _prepare(self, catalogue: Catalogue, world: World) -> None:
        """Detectors read the past of their series before the first look: within its transaction, which takes seconds
        then, nobody else could write to an embedded database."""
        if world not in self._prepared:
            with looking(self.engine) as connection:
                _Round(connection, catalogue, in_force(connection, self.rules()), world, self).prepare()
            self._prepared.add(world)

    def _beat(self) -> None:
        with writing(self.engine) as connection:
            book.beat(connection, ENGINE, self.now(), EVERY_SECONDS)


@dataclass
class _State:
    """What is kept of a rule in a region between two looks."""

    course: Course = field(default_factory=Course)
    period: str = ""
    digest: str = ""
    warning: int | None = None


class _Round:
    """One look at one world."""

    def __init__(
        self, connection: Connection, catalogue: Catalogue, rules: Rules, world: World, engine: WarningEngine
    ) -> None:
        self._connection = connection
        self._catalogue = catalogue
        self._rules = rules
        self._world = world
        self._watches = engine.watches
        self._now = engine.now()
        self._events = engine.events
        self._states = self._read_states()
        self._told = 0

    def prepare(self) -> None:
        """Only have the detectors read the past of their series."""
        for rule in self._rules.rules.values():
            if rule.measure not in PLAIN:
                for reading in self._readings(rule):
                    if not _is_silent(reading):
                        self._watches.prepare(*self._watched(rule, reading))

    def run(self) -> int:
        for rule in self._rules.rules.values():
            for reading in self._readings(rule):
                self._look(rule, reading)
        book.expire(self._connection, self._world.value, self._now)
        quieted = book.settle_quiet(self._connection, self._catalogue, self._rules, self._world.value, self._now)
        opened = self._open_events()
        if self._told or quieted or opened:
            changes.bump(self._connection, [topic_of(self._world.value)])
        return self._told

    def _readings(self, rule: Rule) -> list[Reading]:
        regions = self._regions(rule)
        found = latest_in(
            self._connection, self._catalogue, TIMETABLE,
            world=self._world.value, code=rule.indicator, regions=regions, now=self._now,
        )  # fmt: skip
        return [found[region] for region in regions if region in found]

    def _open_events(self) -> int:
        if self._events is None:
            return 0
        return open_due(self._connection, self._events(), self._rules, self._world.value, self._now)

    def _regions(self, rule: Rule) -> list[str]:
        city = self._catalogue.city.code
        counties = [region.code for region in self._catalogue.children(city)]
        return {"city": [city], "counties": counties, "all": [city, *counties]}[rule.regions]

    def _look(self, rule: Rule, reading: Reading) -> None:
        state = self._states.get((rule.key, reading.region), _State())
        before = (asdict(state.course), state.period, state.digest, state.warning)
        if _is_silent(reading):
            state.course, step = silence(rule, state.course, self._now)
            self._tell(rule, reading, state, step, None)
        elif rule.measure == "forecast":
            self._look_ahead(rule, reading, state)
        else:
            self._look_back(rule, reading, state)
        if before != (asdict(state.course), state.period, state.digest, state.warning):
            self._keep(rule, reading.region, state)

    def _look_ahead(self, rule: Rule, reading: Reading, state: _State) -> None:
        expected = ahead(self._connection, rule, world=self._world.value, region=reading.region, now=self._now)
        if expected is None:
            state.course, step = silence(rule, state.course, self._now)
            return self._tell(rule, reading, state, step, None)
        point, told = expected
        state.course, step = advance(rule, state.course, point.measured, point.at)
        return self._tell(rule, reading, state, step, point, told)

    def _look_back(self, rule: Rule, reading: Reading, state: _State) -> None:
        known = [point for point in reading.history if point[0] <= state.period]
        if state.period and rule.measure in ("value", "rate") and _digest(known) != state.digest:
            self._judge_late(rule, reading, state, known)
        fresh = [point for point in self._measured(rule, reading) if point.period > state.period]
        for point in fresh:
            state.course, step = advance(rule, state.course, point.measured, point.at)
            is_old = point is not fresh[-1] and not state.period  # the first look tells only what holds now
            self._tell(rule, reading, state, None if is_old else step, point)
        if fresh and state.course.level is not None and state.warning is None:
            self._open(rule, reading, state, state.course.level, fresh[-1], state.course.since or fresh[-1].at)
        if fresh and state.warning is not None:
            book.note_peak(self._connection, state.warning, state.course.peak)
        state.period = reading.history[-1][0] if reading.history else state.period
        state.digest = _digest(reading.history)

    def _measured(self, rule: Rule, reading: Reading) -> list[Point]:
        if rule.measure == "rate":
            return rates(reading.history)
        points = plain(reading.history)
        if rule.measure == "value":
            return points
        found = self._watches.measured(*self._watched(rule, reading))
        return [Point(p.period, p.at, found[p.period], p.value) for p in points if p.period in found]

    def _watched(self, rule: Rule, reading: Reading) -> tuple[Key, str, float, Points, Callable[[], Points]]:
        key = self._world.value, rule.key, reading.region
        smallest = 10.0 ** -self._catalogue.indicators[rule.indicator].decimals
        return key, rule.measure, smallest, reading.history, lambda: self._past(reading)

    def _past(self, reading: Reading) -> Points:
        known = history(
            self._connection, self._catalogue, TIMETABLE,
            world=self._world.value, code=reading.indicator, region=reading.region, now=self._now,
        )  # fmt: skip
        return [(one.period, one.value) for one in known[-WARM_UP:]]

    def _judge_late(self, rule: Rule, reading: Reading, state: _State, known: Points) -> None:
        """Values came late or were corrected: what they would have told is entered as told late; no alarm."""
        measured = rates(known) if rule.measure == "rate" else plain(known)
        steps = replay(rule, [(point.at, point.measured) for point in measured])
        told = book.enter_late(
            self._connection, self._catalogue, rule, reading, steps, world=self._world.value, now=self._now
        )
        self._told += told

    # Tell

    def _tell(
        self, rule: Rule, reading: Reading, state: _State, step: Step | None, point: Point | None,
        evidence: dict[str, object] | None = None,
    ) -> None:  # fmt: skip
        if step is None:
            return
        if step.level is not None and state.warning is None:
            self._open(rule, reading, state, step.level, point, step.at, evidence)
        elif state.warning is not None:
            book.turn(self._connection, state.warning, rule, step, self._now)
            self._told += 1
        if step.level is None:
            state.warning = None

    def _open(
        self, rule: Rule, reading: Reading, state: _State, level: Level, point: Point | None, at: datetime,
        evidence: dict[str, object] | None = None,
    ) -> None:  # fmt: skip
        seen = book.evidence_of(rule, reading, point, evidence)
        state.warning = book.enter(
            self._connection, self._catalogue, rule, reading, level, at,
            world=self._world.value, now=self._now, evidence=seen, peak=state.course.peak,
        )  # fmt: skip
        self._told += 1

    # Keep

    def _read_states(self) -> dict[tuple[str, str], _State]:
        rows = self._connection.execute(select(warning_courses).where(warning_courses.c.world == self._world.value))
        return {
            (row.rule, row.region): _State(_course(row.course), row.period, row.digest, row.warning) for row in rows
        }

    def _keep(self, rule: Rule, region: str, state: _State) -> None:
        row = {
            "course": orjson.dumps(asdict(state.course)).decode(), "period": state.period,
            "digest": state.digest, "warning": state.warning,
        }  # fmt: skip
        key = {"world": self._world.value, "rule": rule.key, "region": region}
        if (rule.key, region) in self._states:
            self._connection.execute(warning_courses.update().filter_by(**key).values(row))
        else:
            self._connection.execute(warning_courses.insert().values(**key, **row))


def _is_silent(reading: Reading) -> bool:
    return reading.freshness in (Freshness.STALE, Freshness.DEAD) or reading.value is None


def _course(text: str) -> Course:
    raw: dict[str, Any] = orjson.loads(text)
    for name in ("level", "waiting", "better"):
        raw[name] = Level(raw[name]) if raw[name] else None
    for name in ("since", "waiting_since", "better_since", "seen"):
        raw[name] = datetime.fromisoformat(raw[name]) if raw[name] else None
    return Course(**raw)


def _digest(points: Iterable[Any]) -> str:
    """Of the last values only: the oldest leave the kept history without being changed."""
    listed = [list(point) for point in points]
    recent = listed[-40:] if len(listed) > 60 else listed[-10:]
    return sha256(orjson.dumps(recent)).hexdigest()[:16]
