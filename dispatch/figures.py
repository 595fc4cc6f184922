"""The rates of the loop as indicators: every finished day, computed from the ledger and taken in like any reading.

A day is told as known seven days after its end at the latest: until then what is handled late, or left out after an
appeal, revises it; afterwards it stands. Days of the demo city's events go to its own, simulated source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from threading import Event
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, select

from access.actor import TIMETABLE
from database.engine import reading
from database.tables import calls
from datasources.delivery.observation import Delivery, Observation
from datasources.delivery.period import CITY_TIME
from dispatch.case_facts import Facts
from dispatch.evaluation import excluded, known_cases, rate
from dispatch.evaluation_span import midnight
from dispatch.first_times import medians
from dispatch.measures import Period
from dispatch.rulebook import Rulebook
from indicators.definition import Indicator, RegionKind
from indicators.intake import take
from indicators.reading import World
from indicators.series import ZERO_DENOMINATOR

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

SOURCE = "city_events_daily"
DOOR = "ledger"
EVERY_SECONDS = 600
SETTLED = timedelta(days=7)
"""So long after its end a day may still be revised."""
BETWEEN = 0.05
"""Seconds between two days handed in."""
FIRST_DAYS = 35
"""So far back the first run goes."""
MEASURE_OF = {
    "EVT-06": "closed_on_time_rate",
    "EVT-08": "return_rate",
    "EVT-09": "rework_rate",
    "EVT-10": "extension_rate",
    "EVT-14": "registered_on_time_rate",
    "EVT-15": "dispatched_on_time_rate",
    "EVT-16": "handled_rate",
    "EVT-17": "handled_on_time_rate",
    "EVT-18": "overdue_open_rate",
    "EVT-19": "checked_on_time_rate",
    "EVT-20": "closed_rate",
    "EVT-21": "closed_late_rate",
    "EVT-22": "public_report_rate",
    "EVT-23": "satisfied_rate",
}
TIME_OF = {"EVT-24": "discover", "EVT-25": "respond", "EVT-26": "handle", "EVT-27": "feedback"}
"""四个第一时间: medians in minutes."""
CODES = frozenset({*MEASURE_OF, *TIME_OF})
NOTHING_YET = "no_case"
"""Flag of a median over no case."""


@dataclass
class Figures:
    """Hands the figures of the days in, each day once unless its ledger changed since."""

    engine: Engine
    rules: Callable[[], Rulebook]
    told: dict[tuple[str, date], str] = field(default_factory=dict)
    """Digest of what was last handed in, by world and day."""
    pause: Event = field(default_factory=Event)
    """Never set: lets reports of people come between two days of a long first run."""

    def tick(self, now: datetime) -> int:
        """Compute what may have changed; the number of days handed in."""
        rules = self.rules()
        worlds = (World.REAL, World.DEMO) if rules.catalogue.demo_city else (World.REAL,)
        return sum(self._tell(rules, world, day, now) for world in worlds for day in self._days(world, rules, now))

    def _days(self, world: World, rules: Rulebook, now: datetime) -> list[date]:
        yesterday = now.astimezone(CITY_TIME).date() - timedelta(days=1)
        with reading(self.engine) as connection:
            back = SETTLED.days if _was_told(connection, source_in(rules.catalogue, world)) else FIRST_DAYS
        return [yesterday - timedelta(days=ago) for ago in reversed(range(back))]

    def _tell(self, rules: Rulebook, world: World, day: date, now: datetime) -> int:
        with reading(self.engine) as connection:
            rows = day_rows(connection, rules, world, day, now)
        said = [(one.indicator, one.region, one.numerator, one.denominator, one.value) for one in rows]
        digest = sha256(repr(said).encode()).hexdigest()
        if self.told.get((world, day)) == digest:
            return 0
        origin = f"事件台账 {day.isoformat()}"
        delivery = Delivery(source_in(rules.catalogue, world), origin, now, rows, digest=digest)
        take(self.engine, rules.catalogue, delivery, door=DOOR, by=TIMETABLE, now=now)
        self.told[world, day] = digest
        self.pause.wait(BETWEEN)
        return 1


def source_in(catalogue: Catalogue, world: World) -> str:
    """The source the figures belong to, or its simulated twin."""
    return catalogue.source_of("EVT-06", world).key if world is World.DEMO else SOURCE


def day_rows(connection: Connection, rules: Rulebook, world: World, day: date, now: datetime) -> list[Observation]:
    """The figures of one day for the city, its counties, and towns where an indicator goes that far."""
    end = midnight(day + timedelta(days=1))
    period = Period(midnight(day), end, min(now.replace(second=0, microsecond=0), end + SETTLED)).in_utc
    cases = known_cases(connection, TIMETABLE, rules, period, world=world.value)
    left_out = excluded(connection, period)
    rows: list[Observation] = []
    for code, inside in _groups(rules.catalogue, cases).items():
        kind = rules.catalogue.regions[code].kind
        for indicator in _wanted(rules.catalogue, kind):
            made = _rate(indicator, code, inside, period, left_out) if indicator.code in MEASURE_OF else None
            rows.append(made or _time(indicator, code, inside, period))
    return [_with_line(one, line, period) for line, one in enumerate(rows, 1)]


def _groups(catalogue: Catalogue, cases: Sequence[Facts]) -> dict[str, list[Facts]]:
    groups: dict[str, list[Facts]] = {one.code: [] for one in catalogue.within(catalogue.city.code)}
    for case in cases:
        for code in {catalogue.city.code, case.county, case.region}:
            if code in groups:
                groups[code].append(case)
    return groups


def _wanted(catalogue: Catalogue, kind: RegionKind) -> Iterator[Indicator]:
    known = (catalogue.indicators.get(code) for code in sorted(CODES))
    return (one for one in known if one is not None and kind in one.levels)


def _rate(
    indicator: Indicator, region: str, cases: Sequence[Facts], period: Period, left_out: frozenset[tuple[str, str]]
) -> Observation:
    found = rate(MEASURE_OF[indicator.code], cases, period, left_out)
    flags = () if found.denominator else (ZERO_DENOMINATOR,)
    return Observation(
        indicator.code, region, _label(period), found.value, numerator=float(found.numerator),
        denominator=float(found.denominator), quality=flags,
    )  # fmt: skip


def _time(indicator: Indicator, region: str, cases: Sequence[Facts], period: Period) -> Observation:
    middle = medians(case.times for case in cases if case.counts and period.holds(case.reported_at))
    seconds: float | None = getattr(middle, TIME_OF[indicator.code])
    value, flags = (None, (NOTHING_YET,)) if seconds is None else (round(seconds / 60, 1), ())
    return Observation(indicator.code, region, _label(period), value, quality=flags)


def _with_line(one: Observation, line: int, period: Period) -> Observation:
    """The row as it stands in the chain of proof: where its events are listed."""
    day, known = _label(period), f"{period.as_of.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"
    measure = MEASURE_OF.get(one.indicator, "")
    asked = f"/evaluation?from={day}&to={day}" + (f"&measure={measure}" if measure else "")
    counted = "" if one.denominator is None else f"，{one.numerator:g} ÷ {one.denominator:g}"
    raw = f"{one.indicator} {one.region} {day}{counted}，按 {known} 所知，事件见 {asked}"
    return Observation(
        one.indicator, one.region, one.period, one.value, numerator=one.numerator, denominator=one.denominator,
        quality=one.quality, line=line, raw=raw,
    )  # fmt: skip


def _label(period: Period) -> str:
    return f"{period.start.astimezone(CITY_TIME):%Y-%m-%d}"


def _was_told(connection: Connection, source: str) -> bool:
    wanted = select(calls.c.id).where(calls.c.source == source, calls.c.door == DOOR).limit(1)
    return connection.execute(wanted).first() is not None
