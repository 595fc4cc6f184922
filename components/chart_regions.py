"""Side by side: the dot plot of regions (○ a year before, ● now, │ target) and plain bars from zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash.development.base_component import Component

from components import numbers
from components.chart_axis import axis, ceiling_of
from components.chart_frame import Goal, Sheet, framed, goal_data, nothing


@dataclass(frozen=True)
class Row:
    """One region, class or office. `before`: the same a year earlier. `strong`: the reference row, such as 全市."""

    name: str
    value: float | None
    before: float | None = None
    href: str | None = None
    strong: bool = False


def dot_plot(
    title: str, unit: str, rows: Sequence[Row], *, goal: Goal | None = None, decimals: int = 1, look: str = ""
) -> Component:
    """Rows from top to bottom as given; each leads to its `href`."""
    return _side_by_side("dots", title, unit, rows, goal, decimals, look)


def bars(
    title: str, unit: str, rows: Sequence[Row], *, goal: Goal | None = None, decimals: int = 0, look: str = ""
) -> Component:
    """Lying bars that begin at zero; a value a year before shows as a thin mark."""
    return _side_by_side("bars", title, unit, rows, goal, decimals, look)


def _side_by_side(
    kind: str, title: str, unit: str, rows: Sequence[Row], goal: Goal | None, decimals: int, look: str
) -> Component:
    if not any(numbers.is_number(row.value) for row in rows):
        return nothing(title)
    known = [value for row in rows for value in (row.value, row.before)] + ([goal.value] if goal else [])
    scale = numbers.scale(known, unit)
    spec = {
        "kind": kind,
        "unit": scale.unit,
        "axis": axis(
            [scale.sized(value) for value in known], zero=kind == "bars", most=6, ceiling=ceiling_of(scale.unit)
        ).data(),
        "rows": [_row(row, scale, decimals) for row in rows],
        "goal": goal_data(goal, scale, decimals),
    }
    return framed(title, _said(rows, goal, scale, decimals), spec, _sheet(rows, scale, decimals), look=look)


def _row(row: Row, scale: numbers.Scale, decimals: int) -> dict[str, object]:
    return {
        "name": row.name,
        "value": scale.sized(row.value),
        "before": scale.sized(row.before),
        "words": scale.plain(row.value, decimals),
        "was": scale.plain(row.before, decimals),
        "strong": row.strong,
        "href": row.href,
    }


def _said(rows: Sequence[Row], goal: Goal | None, scale: numbers.Scale, decimals: int) -> str:
    parts = [f"{row.name} {scale.words(row.value, decimals)}" for row in rows]
    return "；".join([*parts, *([f"{goal.words} {scale.words(goal.value, decimals)}"] if goal else [])]) or "尚无数据"


def _sheet(rows: Sequence[Row], scale: numbers.Scale, decimals: int) -> Sheet:
    with_before = any(row.before is not None for row in rows)
    unit = f"（{scale.unit}）" if scale.unit else ""
    columns = ["名称", f"本期{unit}", *([f"上年同期{unit}"] if with_before else [])]

    def cells(row: Row) -> list[str]:
        shown = (row.value, row.before) if with_before else (row.value,)
        return [scale.plain(value, decimals) for value in shown]

    return Sheet(columns, [((row.name, row.href), cells(row)) for row in rows])
