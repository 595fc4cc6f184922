"""Five lamps from too cold to too hot: the word stands on the lamp, bounds and their source beside it.

Their colours speak of heat, not of danger; the legend stands apart from the colours of warnings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.numbers import change, plain
from components.table import number, table

WORDS = {1: "过冷", 2: "偏冷", 3: "正常", 4: "偏热", 5: "过热"}
NAMES = {1: "蓝灯", 2: "浅蓝灯", 3: "绿灯", 4: "黄灯", 5: "红灯"}
COLUMNS = ("指标", "同比→", "灯号", "本月变动→", "界限（冷→热）→", "与参照关系", "权重→")


@dataclass(frozen=True)
class LampLine:
    """One component of the composite index. `value` in per cent over the year before; `lamp` 1 to 5."""

    name: str
    href: str
    value: float | None
    lamp: int | None
    change: float
    is_rate: bool
    bounds: Sequence[float]
    kind: str
    weight: float


def lamp(found: int) -> Component:
    """A round lamp with its word."""
    return html.Span(
        [html.I(className=f"lamp l{found}", **attributes(aria_hidden="true")), f"{WORDS[found]}"],
        className="lampw", title=f"{NAMES[found]}：{WORDS[found]}",
    )  # fmt: skip


def lamp_table(lines: Sequence[LampLine], source: str) -> Component:
    """All components with their lamps, and the legend."""
    legend = [html.Span(lamp(key), className="key") for key in WORDS]
    note = html.Span(f"界限来源：{source}。灯色表示冷热，与预警颜色无关。", className="key")
    return html.Div(
        [
            table(COLUMNS, [_row(one) for one in lines], "五灯", "lamps"),
            html.P([*legend, note], className="keys"),
        ]
    )


def _row(one: LampLine) -> Component:
    edges = " / ".join(plain(bound, 1) for bound in one.bounds) or "历史不足"
    return html.Tr(
        [
            html.Th(html.A(one.name, href=one.href), scope="row"),
            number("—" if one.value is None else f"{plain(one.value, 1)}%"),
            html.Td(lamp(one.lamp) if one.lamp else "—"),
            number(change(one.change, 1, "pp" if one.is_rate else "%")),
            number(edges),
            html.Td(one.kind),
            number(f"{plain(100 * one.weight, 0)}%"),
        ]
    )
