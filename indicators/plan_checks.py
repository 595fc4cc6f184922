"""What must hold for goals of the year, parts of a figure and guided drill paths."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.definition import Indicator, RegionKind, Theme, YearGoal
from indicators.draft import Draft
from indicators.problems import suggestion
from indicators.yaml_text import Path

Finding = tuple[Path, str]

_DIVIDED = frozenset({"ratio", "weighted", "mean"})


def goals(draft: Draft, indicator: Indicator) -> Iterator[Finding]:
    """Each year once, with a value or with growth; growth only where amounts are added up."""
    places = [(goal.year, goal.region) for goal in indicator.goals]
    if len(set(places)) != len(places):
        yield ("goals",), "同一年、同一区域只能写一个目标"
    for index, goal in enumerate(indicator.goals):
        if goal.region is not None and goal.region not in draft.names["regions"]:
            known = draft.names["regions"]
            yield ("goals", index, "region"), f"没有名为“{goal.region}”的区域。{suggestion(goal.region, known)}"
        message = _goal(indicator, goal)
        if message:
            yield ("goals", index), message


def _goal(indicator: Indicator, goal: YearGoal) -> str | None:
    if (goal.value is None) == (goal.growth is None):
        return "value（全年数）和 growth（比上年增长 %）必须且只能写一个"
    if goal.growth is not None and (indicator.aggregation != "sum" or indicator.basis == "point"):
        return "growth 只用于全年总量；比率和时点数请写 value"
    if goal.value is not None and indicator.aggregation == "sum" and goal.region is None:
        return "总量目标要写明是哪个区域的（region）"
    low, high = indicator.arrival.low, indicator.arrival.high
    if goal.value is not None and ((low is not None and goal.value < low) or (high is not None and goal.value > high)):
        return f"{goal.value:g} 不在 arrival 的范围之内"
    return None


def parts(draft: Draft, indicator: Indicator) -> Iterator[Finding]:
    """Parts are of the same kind as the whole, and no figure is a part of itself."""
    for index, code in enumerate(indicator.parts):
        placed = draft.indicators.get(code)
        if placed is not None and (message := _part(indicator, placed.entry)):
            yield ("parts", index), message
    if indicator.code in _below(draft, indicator, set()):
        yield ("parts",), "分项绕回了指标自己"


def _part(whole: Indicator, part: Indicator) -> str | None:
    if (part.aggregation in _DIVIDED) != (whole.aggregation in _DIVIDED) or whole.aggregation == "last":
        return f"{part.code} 与本指标汇总方式不同，不能作分项"
    if (part.unit, part.frequency, part.basis, part.scale) != (whole.unit, whole.frequency, whole.basis, whole.scale):
        return f"{part.code} 的单位、周期或口径与本指标不同，不能作分项"
    return None


def _below(draft: Draft, indicator: Indicator, seen: set[str]) -> set[str]:
    for code in indicator.parts:
        placed = draft.indicators.get(code)
        if code not in seen:
            seen.add(code)
            if placed is not None:
                _below(draft, placed.entry, seen)
    return seen


def drill(draft: Draft, theme: Theme) -> Iterator[Finding]:
    """Steps name figures that exist; the county that drags can be asked only of figures known by county."""
    known = draft.names["indicators"]
    for index, step in enumerate(theme.drill):
        if step.indicator not in known:
            message = f"没有名为“{step.indicator}”的指标。{suggestion(step.indicator, known)}"
            yield ("drill", index, "indicator"), message
        placed = draft.indicators.get(step.indicator)
        if step.region == "worst" and placed is not None and RegionKind.COUNTY not in placed.entry.levels:
            yield ("drill", index, "region"), f"{step.indicator} 不分县区，不能找最拖累的县区"
