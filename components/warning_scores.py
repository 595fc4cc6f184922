"""Score cards of the rules: how often each spoke, was right, was wrong, was missed, and how early it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.numbers import plain
from components.table import number, table

COLUMNS = ("规则", "触发→", "提示→", "每周→", "属实→", "误报→", "未下结论→", "漏报→", "提前量→", "准确率→")


@dataclass(frozen=True)
class ScoreLine:
    """One rule over a stretch of time; `lead` in minutes. None where nothing can be said yet."""

    name: str
    href: str
    fired: int
    spoken: int
    per_week: float
    confirmed: int
    false: int
    unjudged: int
    missed: int | None
    lead: float | None
    precision: float | None


def score_table(lines: Sequence[ScoreLine]) -> Component:
    """The restless ones first, as given."""
    return table(COLUMNS, [_row(one) for one in lines], "规则记分", "scores")


def _row(one: ScoreLine) -> Component:
    return html.Tr(
        [
            html.Th(html.A(one.name, href=one.href), scope="row"),
            *(number(str(count)) for count in (one.fired, one.spoken)),
            number(plain(one.per_week, 1)),
            *(number(str(count)) for count in (one.confirmed, one.false, one.unjudged)),
            number("—" if one.missed is None else str(one.missed)),
            number("—" if one.lead is None else f"{plain(one.lead, 0)} 分钟"),
            number("—" if one.precision is None else f"{plain(100 * one.precision, 0)}%"),
        ]
    )
