"""“某路：3 小时 14 件，通常 2 件”: places with more reports in the last hours than those hours of past weeks explain.

What is usual is counted from the same weekday and hours of the weeks before, at the same place, drawn towards what the
place's total and the city's daily rhythm let expect (Gamma prior worth PRIOR_WEEKS weeks). How surprising a count is
comes from the predictive distribution, a negative binomial, which knows that a short history is unsure; it is corrected
for every place and window looked at (Bonferroni; Kulldorff's space-time scan, 2001, looks at the same windows, which
all end now). Nothing after `now` is looked at, and nothing of the window itself enters what is expected.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WEEK = timedelta(days=7)
WEEKS = 8
HOURS = (1, 3, 6, 12, 24)
FEWEST = 5
"""Reports below which nothing is told."""
LEAST_RATIO = 2.0
CHANCE = 0.01
"""Chance of one or more false reports per look at all places."""
PRIOR_WEEKS = 2.0
PRIOR_REPORTS = 0.5
"""Added to the past of every place, so that none is expected to have none."""
OVERLAP = 0.5
"""Of two places that share this part of their reports only the more surprising one is told."""


@dataclass(frozen=True)
class Call:
    """One report: which event, when, and the places it belongs to (a cell, a road, a name)."""

    id: int
    at: datetime
    places: tuple[str, ...]


@dataclass(frozen=True)
class Surge:
    """More reports than usual at a place. `expected` in this window; `chance` is corrected for all looks."""

    place: str
    hours: int
    expected: float
    chance: float
    since: datetime
    ids: tuple[int, ...]
    weeks: int

    @property
    def count(self) -> int:
        """Reports in the window."""
        return len(self.ids)

    @property
    def usual(self) -> str:
        """通常 2 件, 通常不到 1 件."""
        return f"通常 {self.expected:.0f} 件" if self.expected >= 0.95 else "通常不到 1 件"


@dataclass(frozen=True)
class _Past:
    """Reports of the weeks before the longest window, at every place and in the whole city."""

    times: Mapping[str, Sequence[float]]
    city: Sequence[float]
    weeks: int


def surges(calls: Iterable[Call], now: datetime, hours: Sequence[int] = HOURS) -> list[Surge]:
    """The surges at `now`, the most surprising first; none while there is less than a week of past."""
    known = sorted((call for call in calls if call.at <= now), key=lambda call: (call.at, call.id))
    longest = timedelta(hours=max(hours))
    past = _past(known, now, longest)
    if past.weeks < 1:
        return []
    recent: dict[str, list[Call]] = {}
    for call in known:
        if call.at > now - longest:
            for place in dict.fromkeys(call.places):
                recent.setdefault(place, []).append(call)
    looks = len({*past.times, *recent}) * len(hours)
    tried = (_hottest(place, inside, now, past, hours, looks) for place, inside in recent.items())
    found = [one for one in tried if one is not None and one.chance <= CHANCE]
    return _apart(sorted(found, key=lambda one: (one.chance, -one.count, one.place)))


def _past(known: Sequence[Call], now: datetime, longest: timedelta) -> _Past:
    earlier = [call for call in known if now - WEEKS * WEEK - longest < call.at <= now - longest]
    times: dict[str, list[float]] = {}
    for call in earlier:
        for place in dict.fromkeys(call.places):
            times.setdefault(place, []).append(call.at.timestamp())
    first = known[0].at if known else now
    return _Past(times, [call.at.timestamp() for call in earlier], min(WEEKS, int((now - first) / WEEK)))


def _hottest(
    place: str, inside: Sequence[Call], now: datetime, past: _Past, hours: Sequence[int], looks: int
) -> Surge | None:
    """The window of this place that chance explains worst, among those with enough reports."""
    found = []
    for length in hours:
        since = now - timedelta(hours=length)
        ids = tuple(call.id for call in inside if call.at > since)
        if len(ids) < FEWEST:
            continue
        shape, rate = expectation(past.times.get(place, ()), past.city, since, now, past.weeks)
        expected = shape / rate
        if len(ids) >= LEAST_RATIO * expected:
            chance = min(1.0, looks * at_least(len(ids), shape, rate))
            found.append(Surge(place, length, expected, chance, since, ids, past.weeks))
    return min(found, key=lambda one: (one.chance, one.hours), default=None)


def expectation(
    here: Sequence[float], city: Sequence[float], since: datetime, now: datetime, weeks: int
) -> tuple[float, float]:
    """Shape and rate of the Gamma distribution of what is usual in (since, now]; sorted seconds since 1970 are given.

    Its mean, shape / rate, is the expected number of reports in the window.
    """
    same_here = sum(_between(here, start, end) for start, end in _same_hours(since, now, weeks))
    same_city = sum(_between(city, start, end) for start, end in _same_hours(since, now, weeks))
    rhythm = (same_city + 1.0) / (len(city) + 1.0) / weeks
    prior = (len(here) + PRIOR_REPORTS) * rhythm
    return same_here + PRIOR_WEEKS * prior, weeks + PRIOR_WEEKS


def _same_hours(since: datetime, now: datetime, weeks: int) -> Iterator[tuple[float, float]]:
    for back in range(1, weeks + 1):
        yield (since - back * WEEK).timestamp(), (now - back * WEEK).timestamp()


def _between(times: Sequence[float], start: float, end: float) -> int:
    return bisect_right(times, end) - bisect_right(times, start)


def at_least(count: int, shape: float, rate: float) -> float:
    """Chance of `count` or more reports where the usual number is Gamma(shape, rate): negative binomial upper tail."""
    if count <= 0:
        return 1.0
    share = 1.0 / (rate + 1.0)
    log_term = (
        math.lgamma(count + shape) - math.lgamma(shape) - math.lgamma(count + 1)
        + shape * math.log1p(-share) + count * math.log(share)
    )  # fmt: skip
    term, total, step = math.exp(log_term), 0.0, count
    while term > total * 1e-15 and step < count + 100_000:
        total += term
        term *= (step + shape) / (step + 1) * share
        step += 1
    return min(1.0, total)


def _apart(found: Sequence[Surge]) -> list[Surge]:
    """Without those that mostly tell of the same reports as a more surprising one."""
    kept: list[Surge] = []
    for one in found:
        mine = set(one.ids)
        if all(len(mine & set(other.ids)) < OVERLAP * min(len(mine), other.count) for other in kept):
            kept.append(one)
    return kept
