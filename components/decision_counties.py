"""Shift-share of the counties: growth as the city's part, the mix of industries, and their own strength."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.numbers import plain
from components.table import number, table

COLUMNS = ("县区", "增速→", "全市分量→", "产业结构→", "自身竞争力→", "结构与竞争力（左拖累，右拉动）")
HALF = 50.0


@dataclass(frozen=True)
class CountyShift:
    """One county: growth in per cent, its three parts in points."""

    name: str
    href: str
    growth: float
    city: float
    mix: float
    local: float


def shift_table(rows: Sequence[CountyShift]) -> Component:
    """The strongest by itself first; the three parts add up to the growth."""
    ranked = sorted(rows, key=lambda row: -row.local)
    widest = max((abs(part) for row in rows for part in (row.mix, row.local)), default=0.0) or 1.0
    return table(COLUMNS, [_row(one, widest) for one in ranked], "县区份额分析", "shifts")


def _row(one: CountyShift, widest: float) -> Component:
    bars = [_bar(one.mix, widest, "mixed"), _bar(one.local, widest, "own")]
    return html.Tr(
        [
            html.Th(html.A(one.name, href=one.href), scope="row"),
            number(f"{plain(one.growth, 1)}%"),
            *(number(f"{plain(part, 2)} pp") for part in (one.city, one.mix, one.local)),
            html.Td(bars, className="bars"),
        ]
    )


def _bar(value: float, widest: float, look: str) -> Component:
    width = HALF * abs(value) / widest
    left = HALF if value >= 0 else HALF - width
    return html.Span(
        html.I(className=f"{look} {'dr' if value < 0 else ''}".strip(),
               style={"left": f"{left:.1f}%", "width": f"{width:.1f}%"}), className="pb",
    )  # fmt: skip
