"""What the recent past of a series leads one to expect of the next value: its level, its steps, its season.

Robust statistics only (medians), so that one wrong value among the recent ones does not hide the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import median

from datasources.delivery.period import Frequency, following, start
from indicators.definition import Indicator

Points = Sequence[tuple[str, float | None]]

_WINDOW = 24
_LEAST_FOR_LEVEL = 4
_MAD_TO_SIGMA = 1.4826
_SMALLEST_SPREAD = 0.02  # of the level: a series that stood still may still move a little
_LARGEST_STEPS = 2.0  # no step up to twice the largest recent one is a jump
_SEASON_SLACK = 0.5  # within 50 % of the same period a season ago
_LEVEL_SLACK = 2.0
_CLOCKED = 13  # labels of this length or longer name an hour or a minute
_SILENCE = 3  # usual pauses of a stream
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


_LEAST_STEPS = {**dict.fromkeys(Frequency, 5), Frequency.DAILY: 6, Frequency.HOURLY: 23}
"""Steps that must be known before one can be called a jump: a whole week, a whole day."""


@dataclass(frozen=True, slots=True)
class Surprise:
    """A value beyond everything seen lately, with the past in comparable steps.

    `steps` are differences, or for a cumulative figure the gains per period; `low` and `high` bound the recent values.
    """

    step: float
    steps: list[float]
    low: float
    high: float


def surprise(indicator: Indicator, period: str, value: float, recent: Points) -> Surprise | None:
    """How `value` departs from `recent` (oldest first); None if it lies among them, or the past is too short."""
    past = _before(recent, period)
    if len(past) < _LEAST_FOR_LEVEL:
        return None
    if indicator.basis == "ytd" and indicator.aggregation == "sum":
        return _cumulative(period, value, past)
    numbers = [number for _, number in past if number is not None]
    if len(numbers) < _LEAST_FOR_LEVEL or min(numbers) <= value <= max(numbers):
        return None
    if indicator.basis == "ytd" and past[-1][0][:4] != period[:4]:
        return None  # a year-to-date ratio starts anew in January
    if _is_new_day(indicator, past, period) and value < numbers[-1]:
        return None  # a count since midnight starts anew
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return Surprise(value - numbers[-1], steps, min(numbers), max(numbers))


def _is_new_day(indicator: Indicator, past: Points, period: str) -> bool:
    """True for the first reading of a day in a stream of whole amounts."""
    return indicator.aggregation == "sum" and len(period) >= _CLOCKED and past[-1][0][:10] != period[:10]


def _is_after_silence(past: Points, period: str) -> bool:
    """True if a stream was silent for more than three of its usual pauses: steps across it are not like the others."""
    if len(period) < _CLOCKED or past[-1][0] >= period:
        return False
    before, last = start(past[-2][0]), start(past[-1][0])
    return start(period) - last > _SILENCE * (last - before)


def _before(recent: Points, period: str) -> Points:
    """The last values before `period`; for a period older than all of them, those after it, nearest last."""
    if recent[-1][0] >= period:
        before = [point for point in recent if point[0] < period]
        recent = before or [point for point in reversed(recent) if point[0] > period]
    return recent[-_WINDOW:]


def _cumulative(period: str, value: float, points: Points) -> Surprise | None:
    past = [(label, number) for label, number in points if number is not None]
    if len(past) < _LEAST_FOR_LEVEL or past[-1][0] > period:
        return None
    label, number = past[-1]
    base = number if label[:4] == period[:4] else 0.0
    count = _way(label, period)[1]
    if _is_among(past, base, count, value):
        return None
    gains = [_gain(*earlier, *later) for earlier, later in pairwise(past)]
    low, high = base + count * min(gains), base + count * max(gains)
    return Surprise(_gain(label, number, period, value), gains, low, high)


def _is_among(past: Sequence[tuple[str, float]], base: float, count: int, value: float) -> bool:
    """True if some gain of the past leads no higher than `value` and some no lower: mostly the first few tell."""
    is_above = is_below = False
    for earlier, later in pairwise(past):
        reached = base + count * _gain(*earlier, *later)
        is_below = is_below or reached <= value
        is_above = is_above or reached >= value
        if is_below and is_above:
            return True
    return False


def _gain(label: str, number: float, next_label: str, next_number: float) -> float:
    """Gain per period of a figure that starts from zero each year."""
    carried, periods = _way(label, next_label)
    return (next_number - carried * number) / periods


@lru_cache(maxsize=4096)
def _way(label: str, later: str) -> tuple[int, int]:
    """What a year-to-date figure carries over (1, or 0 across New Year), and the periods it has gained since then."""
    position = _position(later)
    return (1, max(position - _position(label), 1)) if label[:4] == later[:4] else (0, position)


def _position(label: str) -> int:
    """Number of the month or quarter within its year; 1 for finer labels, where gaps are not weighed."""
    return int(label[6:]) if "Q" in label else int(label[5:7]) if len(label) == 7 else 1


def is_jump(found: Surprise, indicator: Indicator, past: Points, period: str, value: float) -> bool:
    """True if the step is far outside the recent ones and the season does not explain it."""
    if len(found.steps) < _LEAST_STEPS[indicator.frequency] or _is_after_silence(past, period):
        return False
    centre = median(found.steps)
    distances = [abs(step - centre) for step in found.steps]
    level = max(abs(found.low), abs(found.high))
    spread = max(_MAD_TO_SIGMA * median(distances), _SMALLEST_SPREAD * level, 10.0**-indicator.decimals)
    allowed = max(indicator.arrival.jump * spread, _LARGEST_STEPS * max(distances))
    return abs(found.step - centre) > allowed and not _is_seasonal(indicator, past, period, value)


def _is_seasonal(indicator: Indicator, past: Points, period: str, value: float) -> bool:
    season = _SEASON[indicator.frequency]
    if not season:
        return False
    before = dict(past).get(following(period, -season))
    return before is not None and abs(value - before) <= _SEASON_SLACK * abs(before)


def slipped_by(found: Surprise, value: float, factors: Sequence[float]) -> float | None:
    """The factor by which `value` misses the usual level exactly enough to be a wrong unit, or None."""
    low, high = found.low, found.high
    if low <= 0 or high > low * _LEVEL_RATIO or value <= 0:
        return None
    for factor in factors:
        if low / _LEVEL_SLACK <= value / factor <= high * _LEVEL_SLACK:
            return factor
    return None
