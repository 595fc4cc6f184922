"""Evaluation of regions, departments and categories: rates from the ledger for any period, as known on any day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import median, quantiles
from typing import Literal

from sqlalchemy import ColumnElement, Connection, func, select

from access.actor import Actor
from database.dispatch_tables import appeals, events
from dispatch.case_facts import Facts
from dispatch.events import in_region, visible
from dispatch.facts_kept import all_facts, once
from dispatch.first_times import FirstTimes, medians
from dispatch.measures import BY_KEY, LEAST, MEASURES, Judge, Period, Rate
from dispatch.rulebook import Rulebook
from indicators.duties import Scoring

By = Literal["county", "department", "category", "all"]
_LOOK_BACK = timedelta(days=365)
"""Cases reported longer ago than this before the period no longer come due in it."""
_GROUPS: dict[str, Callable[[Facts], str]] = {
    "county": lambda case: case.county,
    "department": lambda case: case.lead or "",
    "category": lambda case: case.category,
    "all": lambda case: "",
}


@dataclass(frozen=True)
class Durations:
    """Natural hours from being given the case to reporting it done, of those done in the period."""

    count: int
    median: float | None
    p90: float | None


@dataclass(frozen=True)
class Standing:
    """One row of the table. `score` and `rank` are None where any rate it needs has too few cases."""

    key: str
    name: str
    rates: Mapping[str, Rate]
    handling: Durations
    times: FirstTimes
    score: float | None
    rank: int | None = None


@dataclass(frozen=True)
class Evaluation:
    """A table of standings, and on what it rests."""

    period: Period
    by: str
    standings: tuple[Standing, ...]
    weights: Mapping[str, float]
    excluded: tuple[tuple[str, str], ...] = ()
    """(event number, measure) left out after an appeal."""


def evaluate(
    connection: Connection,
    by: Actor,
    rules: Rulebook,
    period: Period,
    *,
    world: str,
    group: By = "all",
    region: str | None = None,
    department: str | None = None,
    category: str | None = None,
) -> Evaluation:
    """The table of `period` as it was known at its `as_of`; only events the actor may see count."""
    left_out = excluded(connection, period)
    where = _where(by, period, world, region)
    counted = select(func.count(), func.sum(events.c.version)).where(*where)
    state = tuple(connection.execute(counted).one())  # every move raises a version
    asked = (by.scope.key, world, region, period, state)

    def read() -> list[Facts]:
        return _read(connection, rules, period, where)

    def judge() -> _Judged:
        cases = once(connection, rules, asked, read)
        wanted = [case for case in cases if department in (None, case.lead) and category in (None, case.category)]
        return _judged(wanted, period.in_utc, left_out)

    def count() -> Evaluation:
        judged = once(connection, rules, (*asked, department, category, left_out), judge)
        return _table(judged, rules, period, group, left_out)

    return once(connection, rules, (*asked, department, category, left_out, group), count)


@dataclass(frozen=True)
class _Judged:
    """Cases with what each measure says of them: by its key, those that count and the numbers of the good ones."""

    cases: Sequence[Facts]
    counted: Mapping[str, Sequence[Facts]]
    good: Mapping[str, frozenset[str]]


def _judged(cases: Sequence[Facts], period: Period, left_out: frozenset[tuple[str, str]]) -> _Judged:
    """Every measure asked once about every case; measures with one denominator share the asking."""
    of: dict[Judge, list[Facts]] = {}
    counted: dict[str, Sequence[Facts]] = {}
    for one in MEASURES:
        if one.of not in of:
            of[one.of] = [case for case in cases if one.of(case, period)]
        counted[one.key] = _without(of[one.of], one.key, left_out)
    good = {one.key: frozenset(case.number for case in counted[one.key] if one.good(case, period)) for one in MEASURES}
    return _Judged(cases, counted, good)


def _without(cases: Sequence[Facts], key: str, left_out: frozenset[tuple[str, str]]) -> Sequence[Facts]:
    out = {number for number, one in left_out if one in (key, "*")}
    return [case for case in cases if case.number not in out] if out else cases


def _table(
    judged: _Judged, rules: Rulebook, period: Period, group: By, left_out: frozenset[tuple[str, str]]
) -> Evaluation:
    of, clock = _GROUPS[group], period.in_utc
    groups: dict[str, list[Facts]] = {"": []} if group == "all" else {}
    for case in judged.cases:
        groups.setdefault(of(case), []).append(case)
    numbers = {one.key: _split(judged.counted[one.key], of) for one in MEASURES}
    weights = weights_of(rules.rules.scoring)
    standings = [
        _standing(key, _named(group, key, rules), found, clock, weights, judged.good, numbers)
        for key, found in sorted(groups.items())
        if key or group == "all"
    ]
    return Evaluation(period, group, tuple(_ranked(standings)), weights, tuple(sorted(left_out)))


def _split(cases: Sequence[Facts], of: Callable[[Facts], str]) -> dict[str, list[str]]:
    """The numbers of the cases by group."""
    found: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        found[of(case)].append(case.number)
    return found


def known_cases(
    connection: Connection, by: Actor, rules: Rulebook, period: Period, *, world: str, region: str | None = None
) -> list[Facts]:
    """The facts of every case reported up to the end of the period that can count in it, as known at `as_of`."""
    return _read(connection, rules, period, _where(by, period, world, region))


def _where(by: Actor, period: Period, world: str, region: str | None) -> list[ColumnElement[bool]]:
    where = [
        visible(by),
        events.c.world == world,
        events.c.reported_at < period.end,
        events.c.reported_at >= period.start - _LOOK_BACK,
        events.c.received_at <= period.as_of,
    ]
    return where if region is None else [*where, in_region(region)]


def _read(connection: Connection, rules: Rulebook, period: Period, where: Sequence[ColumnElement[bool]]) -> list[Facts]:
    """What can count in the period: a case of which nothing happens or comes due after its start is left out."""
    query = select(events.c.id, events.c.version).where(*where)
    found = all_facts(connection, {row.id: row.version for row in connection.execute(query)}, rules, period.as_of)
    return [case for case in found.values() if case.latest >= period.start]


def _standing(
    key: str, name: str, cases: Sequence[Facts], period: Period, weights: Mapping[str, float],
    good: Mapping[str, frozenset[str]], numbers: Mapping[str, Mapping[str, Sequence[str]]],
) -> Standing:  # fmt: skip
    """All rates of one group."""
    rates = {}
    for measure, found in numbers.items():
        mine = tuple(found.get(key, ()))
        rates[measure] = Rate(measure, mine, tuple(one for one in mine if one in good[measure]))
    done = [case for case in cases if period.holds(case.handled_at) and case.handle_seconds is not None]
    reported = [case.times for case in cases if period.holds(case.reported_at)]
    return Standing(
        key, name, rates, _durations([case.handle_seconds or 0.0 for case in done]), medians(reported),
        score(rates, weights),
    )  # fmt: skip


def rate(key: str, cases: Iterable[Facts], period: Period, left_out: frozenset[tuple[str, str]] = frozenset()) -> Rate:
    """One rate of some cases, with the events it is made of."""
    measure = BY_KEY[key]
    counted = _without([case for case in cases if measure.of(case, period)], key, left_out)
    good = tuple(case.number for case in counted if measure.good(case, period))
    return Rate(key, tuple(case.number for case in counted), good)


def score(rates: Mapping[str, Rate], weights: Mapping[str, float]) -> float | None:
    """0 to 100: weighted rates, 100 minus the rate where less is better; None if one has fewer than LEAST cases."""
    total = 0.0
    for key, weight in weights.items():
        value = rates[key].value
        if weight and (value is None or rates[key].denominator < LEAST):
            return None
        total += weight / 100 * ((value or 0.0) if BY_KEY[key].up else 100 - (value or 0.0))
    return total


def weights_of(scoring: Scoring) -> dict[str, float]:
    """The weights of departments.yaml by measure; ValueError unless they sum to 100."""
    found = {name: float(getattr(scoring, name)) for name in type(scoring).model_fields}
    if abs(sum(found.values()) - 100) > 1e-9:
        raise ValueError(f"weights sum to {sum(found.values()):g}, not 100")
    return found


def _ranked(standings: list[Standing]) -> list[Standing]:
    comparable = sorted((one for one in standings if one.score is not None), key=lambda one: -(one.score or 0.0))
    places = {one.key: place for place, one in enumerate(comparable, 1)}
    return sorted(
        (replace(one, rank=places.get(one.key)) for one in standings),
        key=lambda one: (one.rank is None, one.rank or 0, one.key),
    )


def _durations(seconds: list[float]) -> Durations:
    hours = sorted(value / 3600 for value in seconds)
    if not hours:
        return Durations(0, None, None)
    p90 = quantiles(hours, n=10, method="inclusive")[-1] if len(hours) > 1 else hours[0]
    return Durations(len(hours), median(hours), p90)


def excluded(connection: Connection, period: Period) -> frozenset[tuple[str, str]]:
    """(event number, measure) that appeals took out, decided by then."""
    query = (
        select(events.c.number, appeals.c.measure)
        .join(events, events.c.id == appeals.c.event_id)
        .where(appeals.c.outcome == "granted", appeals.c.decided_at <= period.as_of)
    )
    return frozenset((row.number, row.measure) for row in connection.execute(query))


def _named(group: By, key: str, rules: Rulebook) -> str:
    names: dict[str, Callable[[str], str]] = {
        "county": rules.region_name,
        "department": rules.department_name,
        "category": rules.category_name,
        "all": lambda _: "全市",
    }
    return names[group](key)
