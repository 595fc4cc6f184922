"""What a value means beside an earlier one and beside its target: the step since then, and how far along we are.

Pure functions of an indicator's entry and one reading with its history. Nothing here judges a theme; see `states.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from datasources.delivery.period import Frequency, end, following, frequency_of, start
from indicators.definition import Indicator, Target
from indicators.pacing import LEAST_YEARS, goal_amount, goal_of, totals, usual_shares
from indicators.reading import Reading


class Against(StrEnum):
    """What a change is measured against."""

    YEAR = "year"  # the same period a year before
    PERIOD = "period"  # the period before
    WEEK = "week"  # the same weekday a week before
    DAY = "day"  # the same hour a day before
    HOUR = "hour"  # an hour before


class Measure(StrEnum):
    """How a change is expressed."""

    PERCENT = "percent"
    POINTS = "points"  # percentage points, for rates
    UNITS = "units"  # in the indicator's own unit


@dataclass(frozen=True)
class Change:
    """The step from `earlier` (a period label) to the reading."""

    amount: float
    measure: Measure
    against: Against
    earlier: str
    earlier_value: float


class Gap(StrEnum):
    """How a value stands to its yardstick."""

    SHORT = "short"  # below what it should have reached
    BEYOND = "beyond"  # past a limit that should hold
    AHEAD = "ahead"  # above what it should have reached
    REACHED = "reached"  # so much of the target, in per cent
    MARGIN = "margin"  # still so far from the limit
    WITHIN = "within"  # between two edges


@dataclass(frozen=True)
class Progress:
    """How much of the yardstick is done (`completion`, may exceed 1) and where it should be by now (`mark`)."""

    completion: float
    mark: float
    behind: bool
    gap: Gap
    amount: float
    points: bool
    yardstick: float
    place: str
    """Where the plan or the catalogue says so."""


_YEAR_AGO = {Frequency.YEARLY: 1, Frequency.QUARTERLY: 4, Frequency.MONTHLY: 12}
_NEAR = {
    Frequency.DAILY: (7, Against.WEEK),
    Frequency.HOURLY: (24, Against.DAY),
    Frequency.MINUTE: (60, Against.HOUR),
}
_LEVELS = frozenset(
    {"米", "毫米", "厘米", "-", "分", "级", "分贝", "分钟", "小时", "工作日", "天", "月", "千米/小时", "上年同期=100"}
)
"""Units whose ratio says nothing: shown as a difference."""
_MONTHS_BEFORE_FIRST = 3
"""A first figure of the year speaks of at most a quarter; later ones without a predecessor tell no monthly gain."""
_FEW = 100
"""Below this many, a count is compared by difference: 3 → 4 is one more, not a third more."""


def change(indicator: Indicator, reading: Reading) -> Change | None:
    """The step to `reading` from the period it is usually compared with; None if that one is not known."""
    if reading.value is None:
        return None
    found = _earlier(reading)
    if found is None:
        return None
    label, earlier, against = found
    measure = measure_of(indicator, reading.value, earlier)
    amount = reading.value - earlier
    if measure is Measure.PERCENT:
        amount = 100 * amount / abs(earlier)
    return Change(amount, measure, against, label, earlier)


def progress(indicator: Indicator, reading: Reading) -> Progress | None:
    """How `reading` stands to the target of the plan, or to the edge of attention if there is no target in numbers."""
    if reading.value is None:
        return None
    target = indicator.target
    if target and target.op and target.value is not None:
        return _toward(indicator, reading, target, target.value)
    of_the_year = goal_target(indicator, reading)
    if of_the_year is not None and of_the_year.value is not None:
        return _toward(indicator, reading, of_the_year, of_the_year.value)
    return _bounded(indicator, reading.value)


def goal_target(indicator: Indicator, reading: Reading) -> Target | None:
    """The goal set for the reading's year as a target in the indicator's unit; None without one that can be told."""
    goal = goal_of(indicator, reading.period[:4], reading.region)
    amount = None if goal is None else goal_amount(indicator, goal, reading.history)
    if goal is None or amount is None:
        return None
    op: Literal[">=", "<="] = "<=" if indicator.direction == "lower_better" else ">="
    return Target(op=op, value=amount, place=goal.place, due=goal.year)


def trend(indicator: Indicator, reading: Reading) -> list[float]:
    """The recent values as a line may show them: cumulative totals become the gain per month, others stay."""
    known = [(label, value) for label, value in reading.history if value is not None]
    if reading.basis != "ytd" or indicator.aggregation != "sum":
        return [value for _, value in known]
    gains: list[float] = []
    for (before, earlier), (label, value) in zip([("", 0.0), *known], known, strict=False):
        follows = before[:4] == label[:4]
        if follows or _months(label) <= _MONTHS_BEFORE_FIRST:
            months = _months(label) - (_months(before) if follows else 0)
            gains.append((value - (earlier if follows else 0.0)) / max(months, 1))
    return gains


def _months(label: str) -> int:
    """Months of its year that a monthly or quarterly label has behind it; 12 for a year."""
    part = label[5:7]
    return int(part[1]) * 3 if part.startswith("Q") else int(part) if part.isdigit() else 12


def elapsed_share(period: str) -> float:
    """The part of its year that lies behind at the end of `period`: 0.75 for 2025-Q3."""
    year = period[:4]
    return (end(period) - start(year)) / (end(year) - start(year))


def _earlier(reading: Reading) -> tuple[str, float, Against] | None:
    """The value a year, week, day or hour before; failing that the period before, unless figures are cumulative."""
    known = {label: value for label, value in reading.history if value is not None}
    frequency = frequency_of(reading.period)
    if frequency is Frequency.MINUTE:
        return _an_hour_before(reading.period, known)
    steps, against = (_YEAR_AGO[frequency], Against.YEAR) if frequency in _YEAR_AGO else _NEAR[frequency]
    choices = [(following(reading.period, -steps), against)]
    if reading.basis != "ytd" and steps > 1:
        choices.append((following(reading.period, -1), Against.PERIOD))
    return next(((label, known[label], name) for label, name in choices if label in known), None)


def _an_hour_before(period: str, known: dict[str, float]) -> tuple[str, float, Against] | None:
    """Streams do not fill every minute: the last value at most ten minutes older than an hour before."""
    newest = following(period, -60)
    oldest = following(newest, -10)
    fitting = [label for label in known if oldest <= label <= newest]
    return (max(fitting), known[max(fitting)], Against.HOUR) if fitting else None


def measure_of(indicator: Indicator, value: float, earlier: float) -> Measure:
    """How a step of this figure is told: in per cent, in points, or in its own unit."""
    if indicator.unit in {"%", "‰"}:
        return Measure.POINTS
    few = indicator.decimals == 0 and max(abs(value), abs(earlier)) < _FEW
    return Measure.UNITS if few or earlier == 0 or indicator.unit in _LEVELS else Measure.PERCENT


def _toward(indicator: Indicator, reading: Reading, target: Target, goal: float) -> Progress:
    value = reading.value or 0.0
    points = indicator.unit == "%"
    if target.op == "<=":
        behind = value > goal
        gap = Gap.BEYOND if behind else Gap.MARGIN
        return Progress(_part(value, goal), 1.0, behind, gap, abs(value - goal), points, goal, target.place)
    mark, least = _mark(indicator, reading)
    behind = value < goal * least and is_due(target, reading.period)
    if points and mark == 1.0:
        gap = Gap.SHORT if value < goal else Gap.AHEAD
        return Progress(_part(value, goal), mark, behind, gap, abs(value - goal), True, goal, target.place)
    done = _part(value, goal)
    return Progress(done, mark, behind, Gap.REACHED, 100 * done, False, goal, target.place)


def _bounded(indicator: Indicator, value: float) -> Progress | None:
    bands = indicator.bands
    if bands is None:
        return None
    high, low = bands.attention_above, bands.attention_below
    points = indicator.unit == "%"
    if high is not None and (low is None or value >= low):
        behind = value > high
        gap = Gap.BEYOND if behind else (Gap.MARGIN if low is None else Gap.WITHIN)
        return Progress(_part(value, high), 1.0, behind, gap, abs(value - high), points, high, bands.reason)
    if low is None:
        return None
    gap = Gap.SHORT if value < low else Gap.AHEAD
    return Progress(_part(value, low), 1.0, value < low, gap, abs(value - low), points, low, bands.reason)


def is_due(target: Target, period: str) -> bool:
    """True once the period's year has come to the year in which the target is to hold."""
    return target.due is None or target.due[:4] <= period[:4]


def _mark(indicator: Indicator, reading: Reading) -> tuple[float, float]:
    """Where the year should be by now and the least that is not behind: the usual and the lowest share of past years.

    With too few past years both are the part of the calendar gone.
    """
    if not _is_paced(indicator):
        return 1.0, 1.0
    shares = usual_shares(totals(indicator, reading.history), reading.period).values()
    if len(shares) < LEAST_YEARS:
        gone = elapsed_share(reading.period)
        return gone, gone
    return sum(shares) / len(shares), min(shares)


def _is_paced(indicator: Indicator) -> bool:
    return indicator.basis == "ytd" and indicator.aggregation == "sum" and indicator.frequency is not Frequency.YEARLY


def _part(value: float, whole: float) -> float:
    if whole == 0:
        return 0.0 if value == 0 else 1.0
    return max(value / whole, 0.0) if whole > 0 else 0.0
