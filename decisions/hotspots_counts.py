"""“某路：3 小时 14 件，通常 2 件”: places with more calls in the last hours than chance explains.

For every place and every window length the calls are compared with what the place usually has in that time
(Poisson). The chance is corrected for the number of places and windows looked at (Bonferroni; Kulldorff's space-time
scan statistic, 2001, looks at the same windows, which all end now). Few calls are never a hot spot, however rare.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

HOURS = (1, 3, 6, 12, 24)
FEWEST = 5
"""Calls below which nothing is reported."""
LEAST_RATIO = 2.0
"""Calls over expected calls below which nothing is reported: rare is not yet important."""
CHANCE = 0.01
"""Chance of one or more false reports per look at all places."""
PRIOR_CALLS = 0.5
"""Calls added to the history of every place, so that a place without history is not expected to have none."""


@dataclass(frozen=True)
class Call:
    """One call: where and when (aware)."""

    place: str
    time: datetime


@dataclass(frozen=True)
class CountHotspot:
    """More calls than usual; `chance` is corrected for everything looked at, `expected` in calls per window."""

    place: str
    hours: int
    calls: int
    expected: float
    chance: float

    @property
    def sentence(self) -> str:
        """One line for the duty officer."""
        usual = f"通常 {self.expected:.0f} 件" if self.expected >= 0.95 else "通常不到 1 件"
        return f"{self.place}：{self.hours} 小时 {self.calls} 件，{usual}"


def at_least(calls: int, expected: float) -> float:
    """Chance of `calls` or more when `expected` are usual (upper tail of the Poisson distribution)."""
    if calls <= 0:
        return 1.0
    if expected <= 0:
        return 0.0
    term = math.exp(calls * math.log(expected) - expected - math.lgamma(calls + 1))
    if calls <= expected:
        return max(0.0, 1.0 - _summed_down(term, calls, expected))
    return min(1.0, _summed_up(term, calls, expected))


def _summed_up(term: float, calls: int, expected: float) -> float:
    total, step = 0.0, calls
    while term > total * 1e-17:
        total += term
        step += 1
        term *= expected / step
    return total


def _summed_down(term: float, calls: int, expected: float) -> float:
    """Chance of fewer than `calls`."""
    total, step = 0.0, calls
    while step > 0:
        term *= step / expected
        total += term
        step -= 1
        if term < total * 1e-17:
            break
    return total


def count_hotspots(
    calls: Iterable[Call],
    now: datetime,
    *,
    history: timedelta = timedelta(days=28),
    hours: Sequence[int] = HOURS,
    chance: float = CHANCE,
) -> list[CountHotspot]:
    """Hot places at `now`, the least likely first, each with its least likely window.

    The usual rate comes from the `history` before the longest window; calls after `now` are not looked at.
    """
    longest = timedelta(hours=max(hours))
    by_place: dict[str, list[datetime]] = {}
    for call in calls:
        if now - longest - history < call.time <= now:
            by_place.setdefault(call.place, []).append(call.time)
    looks = max(1, len(by_place) * len(hours))
    rates = _usual_per_hour(by_place, now - longest, history)
    tried = (_hottest(place, times, now, rates[place], hours, looks) for place, times in by_place.items())
    found = [each for each in tried if each is not None and each.chance <= chance]
    return sorted(found, key=lambda each: (each.chance, -each.calls, each.place))


def _usual_per_hour(by_place: Mapping[str, Sequence[datetime]], end: datetime, history: timedelta) -> dict[str, float]:
    span = history.total_seconds() / 3600
    return {place: (sum(time <= end for time in times) + PRIOR_CALLS) / span for place, times in by_place.items()}


def _hottest(
    place: str, times: Sequence[datetime], now: datetime, rate: float, hours: Sequence[int], looks: int
) -> CountHotspot | None:
    """The window of this place that chance explains worst, among those with enough calls."""
    windows = []
    for length in hours:
        calls = sum(time > now - timedelta(hours=length) for time in times)
        expected = rate * length
        if calls >= FEWEST and calls >= LEAST_RATIO * expected:
            windows.append(CountHotspot(place, length, calls, expected, min(1.0, looks * at_least(calls, expected))))
    return min(windows, key=lambda each: (each.chance, each.hours), default=None)
