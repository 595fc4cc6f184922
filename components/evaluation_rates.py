"""The rates of an evaluation as a table: numerator over denominator, the interval drawn, the share of the score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.numbers import MISSING, plain
from components.table import number, table
from dispatch.measures import LEAST, Measure, Rate

COLUMNS = ("指标", "算法", "分子 ÷ 分母→", "95% 区间（0–100%）", "比率→", "上一时段→", "权重→")
Opens = Callable[[str, str], str]
"""The address of the events of (measure, part): part is of, good or rest."""


@dataclass(frozen=True)
class RateLine:
    """One rate with the one of the stretch before."""

    measure: Measure
    rate: Rate
    before: Rate | None
    weight: float
    is_chosen: bool = False


def rate_table(lines: Sequence[RateLine], opens: Opens) -> Component:
    """One line per rate, in the order of the standard."""
    return table(COLUMNS, [_row(one, opens) for one in lines], "各项比率", "rates")


def rate_words(rate: Rate) -> str:
    """96.4%, or a dash if nothing counted."""
    return MISSING if rate.value is None else f"{plain(rate.value, 1)}%"


def interval_words(rate: Rate) -> str:
    """72.2–100.0%."""
    found = rate.interval
    return MISSING if found is None else f"{plain(found[0], 1)}–{plain(found[1], 1)}%"


def interval_bar(rate: Rate) -> Component:
    """The Wilson interval as a line on 0 to 100 with the rate as a mark."""
    found = rate.interval
    if found is None or rate.value is None:
        return html.Span(className="ivl")
    low, high = found
    said = f"{rate_words(rate)}，95% 区间 {interval_words(rate)}，{rate.denominator} 件"
    return html.Span(
        [
            html.I(style={"left": f"{low:.2f}%", "width": f"{max(high - low, 0.6):.2f}%"}),
            html.B(style={"left": f"{rate.value:.2f}%"}),
        ],
        className="ivl",
        role="img",
        title=said,
        **attributes(aria_label=said),
    )


def _row(one: RateLine, opens: Opens) -> Component:
    key, rate = one.measure.key, one.rate
    return html.Tr(
        [
            html.Th([html.A(one.measure.name, href=opens(key, "of")), _arrow(one.measure)], scope="row"),
            html.Td(one.measure.formula, className="how", title=one.measure.formula),
            html.Td(
                [
                    html.A(plain(rate.numerator, 0), href=opens(key, "good"), title="分子的事件"),
                    " ÷ ",
                    html.A(plain(rate.denominator, 0), href=opens(key, "of"), title="分母的事件"),
                ],
                className="n r",
            ),
            html.Td(interval_bar(rate)),
            _value(rate),
            number(rate_words(one.before) if one.before is not None else MISSING),
            number(f"{plain(one.weight, 0)}" if one.weight else MISSING),
        ],
        className="chosen" if one.is_chosen else "",
    )


def _value(rate: Rate) -> Component:
    """Too few cases: the interval in place of the rate."""
    if rate.may_be_ranked or rate.value is None:
        return number(rate_words(rate))
    return html.Td(
        [interval_words(rate), html.Small(f"仅 {rate.denominator} 件", className="sub sub2")],
        className="n r few",
        title=f"不足 {LEAST} 件，不作比较，只给 95% 威尔逊区间",
    )


def _arrow(measure: Measure) -> Component:
    return html.Small("越高越好" if measure.up else "越低越好", className="sub sub2")
