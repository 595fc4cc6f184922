"""Standings of an evaluation: score and rank where there are enough cases, the interval where there are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.evaluation_rates import interval_words, rate_words
from components.faces import empty
from components.numbers import MISSING, plain
from components.table import number, table
from dispatch.evaluation import Standing
from dispatch.measures import BY_KEY, LEAST


@dataclass(frozen=True)
class StandingLine:
    """One row. `opens` leads to its events by measure; `chosen` tells whether its events are listed below."""

    standing: Standing
    href: str
    opens: dict[str, str]
    is_chosen: bool = False


def standing_table(lines: Sequence[StandingLine], what: str, measures: Sequence[str]) -> Component:
    """Ranked first; then those with too few cases, by name."""
    if not lines:
        return empty("所选范围没有事件", "放宽时段或筛选；受理登记的事件立即计入")
    columns = ("名次", what, "得分→", *(f"{BY_KEY[key].name}→" for key in measures), "中位用时→", "P90→")
    return table(columns, [_row(one, measures) for one in lines], f"{what}评价", "stand")


def _row(one: StandingLine, measures: Sequence[str]) -> Component:
    found = one.standing
    few = f"有评分项不足 {LEAST} 件，不参与排名"
    return html.Tr(
        [
            html.Td(str(found.rank) if found.rank else MISSING, className="n", title="" if found.rank else few),
            html.Th(html.A(found.name, href=one.href), scope="row"),
            number(plain(found.score, 1) if found.score is not None else "不排名", few if found.score is None else ""),
            *(_rate(one, key) for key in measures),
            number(_hours(found.handling.median), f"{found.handling.count} 件，自派遣至反馈"),
            number(_hours(found.handling.p90)),
        ],
        className="chosen" if one.is_chosen else "",
    )


def _rate(one: StandingLine, key: str) -> Component:
    rate = one.standing.rates[key]
    words = rate_words(rate) if rate.may_be_ranked or rate.value is None else interval_words(rate)
    count = html.Small(f"{rate.numerator}/{rate.denominator}", className="sub sub2")
    look = "n r" if rate.may_be_ranked else "n r few"
    return html.Td([html.A(words, href=one.opens[key]) if rate.denominator else words, count], className=look)


def _hours(value: float | None) -> str:
    return MISSING if value is None else f"{plain(value, 1)} 时" if value < 48 else f"{plain(value / 24, 1)} 天"
