"""KpiTile: one indicator with its value large, for the heads of theme, county and command pages."""

from __future__ import annotations

from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.faces import block
from components.kpi import looks, value
from components.marks import origin
from components.place import Place
from components.shown import Shown, change_words, gap_words, short_name, spoken
from components.spark import spark
from components.target_bar import target_bar

LONG = 8
"""Characters of a name that fit beside the origin in full size."""


def kpi_tile(shown: Shown, place: Place, now: datetime, remark: str = "") -> Component:
    """The tile, a link to the indicator's page. `remark` stands behind the name: 1–9月, 当日."""
    behind = shown.progress is not None and shown.progress.behind
    name = short_name(shown.indicator)
    gap = "不计入态势" if shown.is_grey else gap_words(shown)
    return html.A(
        [
            html.Span(
                [name, html.Small(remark) if remark else None], className="nm long" if len(name) > LONG else "nm"
            ),
            html.Span(origin(shown, now), className="mut"),
            value(shown),
            spark(shown.trend, width=112, height=38) if shown.has_value else html.Span(className="sv"),
            html.Span(change_words(shown), className="d"),
            html.Span(gap, className="g bad" if behind and not shown.is_grey else "g"),
            target_bar(shown.progress),
        ],
        href=place.indicator(shown.indicator.code),
        className=" ".join(["kt", *looks(shown)]),
        title=spoken(shown, now),
        **attributes(aria_label=spoken(shown, now)),
    )


def kpi_tile_loading() -> Component:
    """The same space without content."""
    return html.Div([block(8), block(6, 2.2), block(5, 0.8)], className="kt blank", **attributes(aria_hidden="true"))
