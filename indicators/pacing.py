"""The year's goal against the usual share of the year by now, and what the rest of the year has to bring.

Method: share_y = cumulative value at this period / full value of year y, for the last complete years (at most three);
expected = goal × mean share; required growth of the rest = (goal − now) / (base year − base now) − 1. A straight line
over the months would be wrong for everything with a season and is never used here. With fewer than two complete years
nothing is said about the pace.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from datasources.delivery.period import Frequency, following, frequency_of
from indicators.definition import Indicator, YearGoal

YEARS, LEAST_YEARS = 3, 2
_LAST = {Frequency.MONTHLY: "-12", Frequency.QUARTERLY: "-Q4"}
_CLOSE = 1e-9


class Pace(StrEnum):
    """Where the year stands to the usual pace. Within the spread of past years nothing is called late."""

    DONE = "done"
    AHEAD = "ahead"
    USUAL = "usual"
    BEHIND = "behind"


@dataclass(frozen=True)
class Pacing:
    """Amounts in the indicator's unit, shares and growth as parts of 1."""

    period: str
    goal: float
    place: str
    now: float
    done: float
    share: float
    lowest: float
    highest: float
    years: tuple[str, ...]
    expected: float
    gap: float
    """Now less what is usual by now; negative when short."""
    outlook: tuple[float, float]
    """The year's total if the rest goes as in the slowest and the quickest of the past years."""
    growth: float | None
    """Since the same period of the year before."""
    required: float | None
    """Growth the rest of the year needs over the same rest a year before; None if the goal is reached or unknown."""
    pace: Pace


@dataclass(frozen=True)
class TooShort:
    """Why there is no pacing."""

    reason: str


def goal_of(indicator: Indicator, year: str, region: str) -> YearGoal | None:
    """The goal set for that year in the region, else the one that holds everywhere."""
    fitting = [goal for goal in indicator.goals if goal.year == year and goal.region in {None, region}]
    return max(fitting, key=lambda goal: goal.region is not None, default=None)


def goal_amount(indicator: Indicator, goal: YearGoal, points: Iterable[tuple[str, float | None]]) -> float | None:
    """The goal in the indicator's unit: as set, or by its growth over the full year before; None if that is unknown."""
    if goal.value is not None:
        return goal.value
    last = _LAST.get(indicator.frequency)
    base = totals(indicator, points).get(f"{int(goal.year) - 1}{last}") if last else None
    return base * (1 + goal.growth / 100) if base is not None and goal.growth is not None else None


def totals(indicator: Indicator, points: Iterable[tuple[str, float | None]]) -> dict[str, float]:
    """Cumulative values by label: as delivered, or amounts added up from January; a year with a gap ends there."""
    known = sorted((label, value) for label, value in points if value is not None)
    if indicator.basis == "ytd":
        return dict(known)
    sums: dict[str, float] = {}
    for label, value in known:
        before = following(label, -1)
        if before[:4] != label[:4]:
            sums[label] = value
        elif before in sums:
            sums[label] = sums[before] + value
    return sums


def usual_shares(sums: dict[str, float], period: str) -> dict[str, float]:
    """Year → the part of it that lay behind at this point; complete years before that of `period`, at most three."""
    last = _LAST.get(frequency_of(period))
    if last is None:
        return {}
    years = sorted({label[:4] for label in sums if label[:4] < period[:4]}, reverse=True)[:YEARS]
    found = {year: (sums.get(year + period[4:]), sums.get(year + last)) for year in years}
    return {year: part / whole for year, (part, whole) in found.items() if part is not None and whole and part >= 0}


def is_paced(indicator: Indicator) -> bool:
    """True for amounts of the year: cumulative or added up month by month or quarter by quarter."""
    return indicator.aggregation == "sum" and indicator.basis in {"ytd", "period"} and indicator.frequency in _LAST


def pacing(
    indicator: Indicator, points: Iterable[tuple[str, float | None]], period: str, goal: YearGoal | None
) -> Pacing | TooShort:
    """How the year of `period` stands to its goal; `points` are label and value, any order."""
    points = list(points)
    if not is_paced(indicator):
        return TooShort("本指标不是按月、季累计的总量，不推算进度")
    if goal is None:
        return TooShort(f"{period[:4]} 年没有下达或提案的年度目标")
    sums = totals(indicator, points)
    shares = usual_shares(sums, period)
    if period not in sums:
        return TooShort(f"{period} 之前本年数据有缺，不能累计")
    if len(shares) < LEAST_YEARS:
        return TooShort(f"完整年份只有 {len(shares)} 年，不足 {LEAST_YEARS} 年，不推算季节进度")
    amount = goal_amount(indicator, goal, points)
    if amount is None or amount <= 0:
        return TooShort("上年全年数未齐，年度增长目标不能换算为总量")
    return _paced(period, amount, goal.place, sums, shares)


def _paced(period: str, goal: float, place: str, sums: dict[str, float], shares: dict[str, float]) -> Pacing:
    now, year = sums[period], f"{int(period[:4]) - 1}"
    base, base_now = sums.get(year + _LAST[frequency_of(period)]), sums.get(year + period[4:])
    share, lowest, highest = sum(shares.values()) / len(shares), min(shares.values()), max(shares.values())
    rest = None if base is None or base_now is None else base - base_now
    required = None if not rest or rest <= 0 or now >= goal else (goal - now) / rest - 1
    return Pacing(
        period=period, goal=goal, place=place, now=now, done=now / goal, share=share, lowest=lowest, highest=highest,
        years=tuple(sorted(shares)), expected=goal * share, gap=now - goal * share,
        outlook=(now / highest if highest else now, now / lowest if lowest else now),
        growth=None if not base_now else now / base_now - 1, required=required,
        pace=_pace(now, goal, lowest, highest),
    )  # fmt: skip


def _pace(now: float, goal: float, lowest: float, highest: float) -> Pace:
    if now >= goal:
        return Pace.DONE
    if now < goal * lowest - _CLOSE:
        return Pace.BEHIND
    return Pace.AHEAD if now > goal * highest + _CLOSE else Pace.USUAL


@dataclass(frozen=True)
class RatePacing:
    """A growth goal of the year, in per cent: what the rest must grow by. Weights are last year's amounts."""

    goal: float
    place: str
    now: float
    weight: float
    """Part of last year that lies behind by this point."""
    required: float


def rate_pacing(goal: YearGoal | None, now: float, base_now: float | None, base: float | None) -> RatePacing | None:
    """g_req = (g_T·B − g_m·B_m) / (B − B_m). `base_now`, `base`: last year's amount by now and in full."""
    if goal is None or goal.value is None or base_now is None or base is None or not 0 < base_now < base:
        return None
    required = (goal.value * base - now * base_now) / (base - base_now)
    return RatePacing(goal.value, goal.place, now, base_now / base, required)
