"""Where a value stops being normal and what it should reach: each line with its reason, its owner and how it stands."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components import numbers
from components.facts import Described
from components.table import number, table
from indicators.definition import Indicator, YearGoal

COLUMNS = ("界限", "数值→", "现在", "依据", "责任")
Line = tuple[str, str, str, str, str]


def bands_table(described: Described, value: float | None, goals: Sequence[YearGoal]) -> Component | None:
    """None for an indicator without any line."""
    lines = [*_edges(described, value), *_target(described, value), *_goals(described, goals, value)]
    if not lines:
        return None
    rows = [
        html.Tr(
            [
                html.Th(name, scope="row"),
                number(amount),
                html.Td(stands, className="bad" if stands in _BAD else ""),
                html.Td(reason, className="why2"),
                html.Td(owner),
            ]
        )
        for name, amount, stands, reason, owner in lines
    ]
    return table(COLUMNS, rows, "界限与目标", "bands")


_BAD = frozenset({"已越过", "未达到"})


def _edges(described: Described, value: float | None) -> list[Line]:
    bands, one = described.indicator.bands, described.indicator
    if bands is None:
        return []
    owner = described.band_owner.short if described.band_owner else ""
    edges = (("高于即关注", bands.attention_above, 1.0), ("低于即关注", bands.attention_below, -1.0))
    return [
        (name, _written(one, edge), _past(value, edge, sign), bands.reason, owner)
        for name, edge, sign in edges
        if edge is not None
    ]


def _past(value: float | None, edge: float, sign: float) -> str:
    if value is None:
        return "—"
    return "已越过" if sign * (value - edge) > 0 else "界内"


def _target(described: Described, value: float | None) -> list[Line]:
    target, one = described.indicator.target, described.indicator
    if target is None:
        return []
    owner = described.owner.short
    due = f"（{target.due}）" if target.due else ""
    if target.value is None or target.op is None:
        return [("规划目标", target.words or "", "只有文字", f"{target.place}{due}", owner)]
    is_met = value is not None and (value >= target.value if target.op == ">=" else value <= target.value)
    stands = "—" if value is None else "已达到" if is_met else "未达到"
    name = {">=": "规划目标 不低于", "<=": "规划目标 不高于"}[target.op]
    return [(name, _written(one, target.value), stands, f"{target.place}{due}", owner)]


def _goals(described: Described, goals: Sequence[YearGoal], value: float | None) -> list[Line]:
    one, owner = described.indicator, described.owner.short
    return [
        (
            f"{goal.year} 年目标",
            _written(one, goal.value) if goal.value is not None else f"增长 {numbers.plain(goal.growth, 1)}%",
            _met(one, goal, value),
            goal.place,
            owner,
        )
        for goal in goals
    ]


def _met(one: Indicator, goal: YearGoal, value: float | None) -> str:
    """Amounts of the year are judged by their pace, on the theme's page."""
    if goal.value is None or value is None or one.aggregation == "sum":
        return "看进度"
    is_met = value <= goal.value if one.direction == "lower_better" else value >= goal.value
    return "已达到" if is_met else "未达到"


def _written(one: Indicator, value: float) -> str:
    return numbers.figure(value, one.unit, one.decimals).compact
