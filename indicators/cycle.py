"""A series by month, quarter or year: each figure by its own rule, and never a number the rule does not allow.

Cumulative and point figures take the last value of the period, amounts add up, ratios divide the sums of their parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from datasources.delivery.period import Frequency, end, frequency_of, period_of, start
from indicators.definition import Indicator
from indicators.reading import Reading


class Cycle(StrEnum):
    """What a screen shows a figure by; the word in the address."""

    MONTH = "m"
    QUARTER = "q"
    YEAR = "y"


CYCLES = {Cycle.MONTH: Frequency.MONTHLY, Cycle.QUARTER: Frequency.QUARTERLY, Cycle.YEAR: Frequency.YEARLY}
_COARSENESS = {Frequency.YEARLY: 3, Frequency.QUARTERLY: 2, Frequency.MONTHLY: 1}
_DIVIDED = frozenset({"ratio", "weighted", "mean"})
_DAYS = {Frequency.DAILY: 1.0, Frequency.HOURLY: 1 / 24}


@dataclass(frozen=True)
class Gathered:
    """One period of the chosen cycle. `through` is the last label it holds; `reason` says why there is no value."""

    label: str
    through: str
    value: float | None
    numerator: float | None
    denominator: float | None
    is_whole: bool
    """False while the period is still running or a part of it is missing at its end."""
    reason: str | None = None


def applies(indicator: Indicator, cycle: Cycle) -> bool:
    """True if the cycle is coarser than the figure's own frequency, so that something has to be gathered."""
    return _COARSENESS[CYCLES[cycle]] > _COARSENESS.get(indicator.frequency, 0)


def rule_in_words(indicator: Indicator, cycle: Cycle) -> str:
    """How `gather` makes the figures of this cycle."""
    own = {Frequency.YEARLY: "年", Frequency.QUARTERLY: "季", Frequency.MONTHLY: "月"}
    if not applies(indicator, cycle):
        kept = own.get(indicator.frequency, "日")
        return "按指标自身周期" if CYCLES[cycle] is indicator.frequency else f"指标按{kept}发布，没有更细的数"
    if indicator.basis == "ytd":
        return "累计数取期末值"
    if indicator.basis == "point" or indicator.aggregation == "last":
        return "时点数取期末值" if indicator.basis == "point" else "各期数不能相加，取期末一期"
    return "期内分子、分母分别相加后相除" if indicator.aggregation in _DIVIDED else "期内各期相加"


def gather(indicator: Indicator, readings: Sequence[Reading], cycle: Cycle) -> list[Gathered]:
    """`readings` (oldest first) by the periods of `cycle`; as they are where the cycle is not coarser."""
    if not applies(indicator, cycle):
        return [Gathered(r.period, r.period, r.value, r.numerator, r.denominator, True, r.reason) for r in readings]
    groups: dict[str, list[Reading]] = {}
    for one in readings:
        groups.setdefault(period_of(start(one.period), CYCLES[cycle]), []).append(one)
    return [_one(indicator, label, members) for label, members in groups.items()]


def _one(indicator: Indicator, label: str, members: Sequence[Reading]) -> Gathered:
    last = members[-1]
    is_whole = end(last.period) == end(label)
    if indicator.basis != "period" or indicator.aggregation == "last":
        return Gathered(label, last.period, last.value, last.numerator, last.denominator, is_whole, last.reason)
    missing = _missing(label, members)
    if missing:
        reason = f"{label} 内缺 {missing} 期，不能{'相除' if indicator.aggregation in _DIVIDED else '相加'}"
        return Gathered(label, last.period, None, None, None, False, reason)
    return _combined(indicator, label, members, is_whole)


def _combined(indicator: Indicator, label: str, members: Sequence[Reading], is_whole: bool) -> Gathered:
    through = members[-1].period
    above, below = _sum(one.numerator for one in members), _sum(one.denominator for one in members)
    if indicator.aggregation not in _DIVIDED:
        return Gathered(label, through, _sum(one.value for one in members), above, below, is_whole)
    if above is None or not below:
        return Gathered(label, through, None, above, below, is_whole, "各期缺少分子分母，不能合并")
    return Gathered(label, through, indicator.scale * above / below, above, below, is_whole)


def _missing(label: str, members: Sequence[Reading]) -> int:
    """Periods between the start of `label` and its last known one that have no value."""
    frequency = frequency_of(members[-1].period)
    known = sum(one.value is not None for one in members)
    if frequency in {Frequency.MINUTE, Frequency.REALTIME}:
        return 0
    if frequency in _DAYS:
        due = round((end(members[-1].period) - start(label)).total_seconds() / 86400 / _DAYS[frequency])
    else:
        due = _months(label, members[-1].period) // (3 if frequency is Frequency.QUARTERLY else 1)
    return due - known


def _months(label: str, last: str) -> int:
    begin, finish = start(label), end(last)
    return (finish.year - begin.year) * 12 + finish.month - begin.month


def _sum(numbers: Iterable[float | None]) -> float | None:
    total = 0.0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total
