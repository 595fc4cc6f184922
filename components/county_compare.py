"""CityLine: a county's figures beside the city's: own value, the city's as a tick on the same scale, the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components import numbers
from components.attributes import attributes
from components.marks import origin
from components.place import Place
from components.shown import Shown, short_name
from components.table import number, table
from indicators.city_line import Beside, Stands

COLUMNS = ("指标", "本级→", "与全市", "全市→", "比较", "来源 · 更新")
STANDS = {Stands.BETTER: "优于全市", Stands.WORSE: "劣于全市", Stands.LEVEL: "与全市持平", Stands.UNJUDGED: ""}


@dataclass(frozen=True)
class Compared:
    """One figure of a region and how it stands beside the city."""

    shown: Shown
    beside: Beside


def compare_table(rows: Sequence[Compared], place: Place, now: datetime) -> Component:
    """Worse than the city first; a bright bar is worse, a grey one is not."""
    order = [Stands.WORSE, Stands.BETTER, Stands.LEVEL, Stands.UNJUDGED]
    ranked = sorted(rows, key=lambda row: order.index(row.beside.stands))
    return table(COLUMNS, [_row(row, place, now) for row in ranked], "与全市对比", "cmp")


def difference_words(beside: Beside) -> str:
    """占 12.3%, 高 1.2pp, 低 0.4 米, 持平."""
    if beside.share is not None:
        return f"占全市 {numbers.plain(100 * beside.share, 1)}%"
    if beside.difference is None:
        return ""
    indicator = beside.indicator
    if beside.stands is Stands.LEVEL:
        return "与全市持平"
    side = "高" if beside.difference > 0 else "低"
    if indicator.unit == "%":
        return f"{side} {numbers.plain(abs(beside.difference), 1)}pp"
    return f"{side} {numbers.figure(abs(beside.difference), indicator.unit, indicator.decimals).compact}"


def _row(row: Compared, place: Place, now: datetime) -> Component:
    shown, beside = row.shown, row.beside
    indicator = shown.indicator
    city = numbers.figure(beside.city.value, indicator.unit, indicator.decimals)
    worse = beside.stands is Stands.WORSE
    return html.Tr(
        [
            html.Th(html.A(short_name(indicator), href=place.indicator(indicator.code)), scope="row"),
            html.Td(
                [
                    html.B(shown.figure.text, className="n", **attributes(data_live=f"c-{indicator.code}")),
                    html.U(shown.figure.unit),
                ],
                className="r val",
                title=shown.figure.exact,
            ),
            html.Td(_bar(beside)),
            number(city.compact, city.exact),
            html.Td(
                [html.B(difference_words(beside), className="bad" if worse else ""), _verdict(beside)], className="vs"
            ),
            html.Td(origin(shown, now), className="mt"),
        ],
        className="sim" if shown.is_simulated else "",
    )


def _verdict(beside: Beside) -> Component | None:
    words = STANDS[beside.stands] if beside.stands in {Stands.BETTER, Stands.WORSE} else ""
    return html.Span(words, className="mut") if words else None


def _bar(beside: Beside) -> Component | None:
    """Own value as a bar from zero, the city's as a tick; a share of the city without a tick. None below zero."""
    own, city = beside.own.value or 0.0, beside.city.value or 0.0
    if min(own, city) < 0 or max(own, city) == 0:
        return None
    longest = city if beside.share is not None else max(own, city) * 1.1
    look = "lo" if beside.stands is Stands.WORSE else ""
    tick = [] if beside.share is not None else [html.S(style={"left": f"{100 * city / longest:.1f}%"})]
    return html.Span(
        [html.I(className=look, style={"width": f"{100 * min(own / longest, 1.0):.1f}%"}), *tick],
        className="mb t",
        **attributes(aria_hidden="true"),
    )
