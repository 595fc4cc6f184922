"""Charts: pure functions of domain values. What they return carries its data, no colour, and the same as a table.

The browser draws them (`assets/65-charts.js`) in the tokens of the scheme in view; the table is always there.

    trend(Trend("规上工业增加值增速", "%", periods, values, goal=Goal(5.0), forecast=Forecast(...)))
    dot_plot("四区对比", "%", [Row("湘桥区", 4.6, before=5.2, href=...)], goal=Goal(5.0))
    waterfall("增速归因", "pp", Part("上年同期", 5.9), [Part("陶瓷", -0.9), ...], Part("1–10月", 3.7))
    bars("诉求热点", "件", [Row("积水内涝", 64), ...])
    small_multiples("各县区", "%", periods, [Cell("湘桥区", values, href=...)])
"""

from __future__ import annotations

from components.chart_frame import Goal, Sheet, framed
from components.chart_multiples import Cell, small_multiples
from components.chart_parts import Part, waterfall
from components.chart_regions import Row, bars, dot_plot
from components.chart_trend import Forecast, Note, Trend, trend

__all__ = [
    "Cell",
    "Forecast",
    "Goal",
    "Note",
    "Part",
    "Row",
    "Sheet",
    "Trend",
    "bars",
    "dot_plot",
    "framed",
    "small_multiples",
    "trend",
    "waterfall",
]
