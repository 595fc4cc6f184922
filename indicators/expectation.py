"""What the recent past of a series leads one to expect of the next value: its level, its steps, its season.

Robust statistics only (medians), so that one wrong value among the recent ones does not hide the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from datasources.delivery.period import Frequency, following
from indicators.definition import Indicator

Points = Sequence[tuple[str, float | None]]

_WINDOW = 24
_LEAST_FOR_STEPS = 6
_LEAST_FOR_LEVEL = 4
_MAD_TO_SIGMA = 1.4826
_SMALLEST_SPREAD = 0.02  # of the level: a series that stood still may still move a little
_LARGEST_STEPS = 2.0  # no step up to twice the largest recent one is a jump
_SEASON_SLACK = 0.5  # within 50 % of the same period a season ago
_LEVEL_SLACK = 2.0
_LEVEL_RATIO = 10.0  # series that vary more than tenfold have no usual level

_SEASON = {
    Frequency.YEARLY: 0,
    Frequency.QUARTERLY: 4,
    Frequency.MONTHLY: 12,
    Frequency.DAILY: 7,
    Frequency.HOURLY: 24,
    Frequency.MINUTE: 0,
    Frequency.REALTIME: 0,
}
"""Periods after which the series is expected to look alike."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A value and its past in comparable steps: differences, or the gain per period of a cumulative figure."""

    step: float
    steps: list[float]
    low: float
    high: float
    """Between `low` and `high` the raw value is nothing new."""


def flow(indicator: Indicator, period: str, value: float, recent: Points) -> Flow | None:
    """How `value` continues `recent` (oldest first); None with too short a past."""
    past = known_before(recent, period)
    if len(past) < _LEAST_FOR_LEVEL:
        return None
    if indicator.basis == "ytd" and indicator.aggregation == "sum":
        return _cumulative(period, value, past)
    numbers = [number for _, number in past]
    if indicator.basis == "ytd" and past[-1][0][:4] != period[:4]:
        return None  # a year-to-date ratio starts anew in January
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return Flow(value - numbers[-1], steps, min(numbers), max(numbers))


def known_before(recent: Points, period: str) -> list[tuple[str, float]]:
    """The last known values before `period`; for a period older than all of them, the values after it, nearest last."""
    if recent and recent[-1][0] >= period:
        before = [point for point in recent if point[0] < period]
        recent = before or [point for point in reversed(recent) if point[0] > period]
    return [(label, number) for label, number in recent[-_WINDOW:] if number is not None]


def _cumulative(period: str, value: float, past: list[tuple[str, float]]) -> Flow | None:
    if past[-1][0] > period:
        return None
    gains = [_gain(*earlier, *later) for earlier, later in pairwise(past)]
    label, number = past[-1]
    base = number if label[:4] == period[:4] else 0.0
    count = _periods_between(label, period)
    return Flow(_gain(label, number, period, value), gains, base + count * min(gains), base + count * max(gains))


def _gain(label: str, number: float, next_label: str, next_number: float) -> float:
    """Gain per period of a figure that starts from zero each year."""
    base = number if label[:4] == next_label[:4] else 0.0
    return (next_number - base) / _periods_between(label, next_label)


def _periods_between(label: str, later: str) -> int:
    """Periods a year-to-date figure has gained since `label` (since New Year if that is nearer)."""
    position = _position(later)
    return max(position - _position(label), 1) if label[:4] == later[:4] else position


def _position(label: str) -> int:
    """Number of the month or quarter within its year; 1 for finer labels, where gaps are not weighed."""
    return int(label[6:]) if "Q" in label else int(label[5:7]) if len(label) == 7 else 1


def is_jump(expected: Flow, indicator: Indicator, past: Points, period: str, value: float) -> bool:
    """True if the step is far outside the recent ones and the season does not explain it."""
    if expected.low <= value <= expected.high or len(expected.steps) < _LEAST_FOR_STEPS - 1:
        return False
    centre = median(expected.steps)
    distances = [abs(step - centre) for step in expected.steps]
    level = max(abs(expected.low), abs(expected.high))
    spread = max(_MAD_TO_SIGMA * median(distances), _SMALLEST_SPREAD * level, 10.0**-indicator.decimals)
    allowed = max(indicator.arrival.jump * spread, _LARGEST_STEPS * max(distances))
    return abs(expected.step - centre) > allowed and not _is_seasonal(indicator, past, period, value)


def _is_seasonal(indicator: Indicator, past: Points, period: str, value: float) -> bool:
    season = _SEASON[indicator.frequency]
    if not season:
        return False
    before = dict(past).get(following(period, -season))
    return before is not None and abs(value - before) <= _SEASON_SLACK * abs(before)


def slipped_by(expected: Flow, value: float, factors: Sequence[float]) -> float | None:
    """The factor by which `value` misses the usual level exactly enough to be a wrong unit, or None."""
    low, high = expected.low, expected.high
    if low <= 0 or high > low * _LEVEL_RATIO or value <= 0:
        return None
    for factor in factors:
        if low / _LEVEL_SLACK <= value / factor <= high * _LEVEL_SLACK:
            return factor
    return None
