"""Regions side by side: rank with peers and population base, who holds the whole back; the weights of the index."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dash import html
from dash.development.base_component import Component

from components import numbers
from components.attributes import attributes
from components.table import clipped, number, table
from indicators.composite import Composite, written
from indicators.definition import Indicator, Region
from indicators.ranking import Ranking

Where = Callable[[str], str]
"""The address for a region's code."""


def drag_words(name: str, points: float, unit: str) -> str:
    """湘桥区 拖累 0.43pp."""
    written = "pp" if unit == "%" else f" {numbers.figure(1.0, unit, 1).unit}"
    return f"{name} {'拖累' if points < 0 else '拉高'} {numbers.plain(abs(points), 2)}{written}"


def ranking_table(
    made: Ranking,
    indicator: Indicator,
    regions: Mapping[str, Region],
    drags: Mapping[str, float],
    where: Where,
    chosen: str,
) -> Component:
    """Rank, region, value, what was compared, residents, drag; without ranks the sentence above says why."""
    is_amount = any(row.people and row.compared is not None and row.compared != row.value for row in made.rows)
    columns = ["名次", "区域", "数值→", *(["每万人→"] if is_amount else []), "人口→", *(["拖累→"] if drags else [])]
    rows = [
        html.Tr(
            [
                html.Td(str(row.rank) if row.rank else "—", className="n"),
                html.Th(html.A(regions[row.region].name, href=where(row.region)), scope="row"),
                number(numbers.figure(row.value, indicator.unit, indicator.decimals).compact),
                *([number(numbers.plain(row.compared, 3))] if is_amount else []),
                number(numbers.figure(row.people, "人", 0).compact),
                *([number(_signed(drags.get(row.region)))] if drags else []),
            ],
            className="chosen" if row.region == chosen else "",
            title=row.reason or "",
        )
        for row in made.rows
    ]
    return table(columns, rows, "分区域名次", "peers")


def weights_table(found: Composite, change: Callable[[str | None], str]) -> list[Component]:
    """Each indicator of the index with its score and weight; − and + change only the viewer's own address."""
    rows = [
        html.Tr(
            [
                clipped(one.indicator.name),
                number(numbers.plain(one.score, 1)),
                html.Td(
                    [
                        _button("−", change(written(found.components, one.indicator.code, one.weight - 1)), "减权重"),
                        html.B(str(one.weight), className="n"),
                        _button("+", change(written(found.components, one.indicator.code, one.weight + 1)), "加权重"),
                    ],
                    className="wt changed2" if one.is_changed else "wt",
                ),
                number(f"{numbers.plain(100 * found.share(one), 1)}%"),
            ]
        )
        for one in sorted(found.components, key=lambda one: one.score)
    ]
    own = html.P(
        [
            "权重为您自选，只改变您看到的数。",
            html.A("恢复通用权重", href=change(None), className="lk"),
        ],
        className="sub",
    )
    usual = html.P("得分 = 到位程度（封顶 100），指数 = 得分加权平均；重点指标权重 2，其他 1。", className="sub")
    return [own if found.is_changed else usual, table(("指标", "得分→", "权重", "占比→"), rows, "综合指数权重", "thin")]


def _button(words: str, href: str, name: str) -> Component:
    return html.A(words, href=href, className="pm", **attributes(aria_label=name))


def _signed(points: float | None) -> str:
    if points is None:
        return numbers.MISSING
    text = numbers.plain(points, 2)
    return f"+{text}" if points > 0 and text.strip("0.") else text
