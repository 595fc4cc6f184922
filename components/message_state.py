"""The line on top of `/messages`: how much came in, what of it is hot, the window, when it was searched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.times import age


def state_line(
    told: Sequence[tuple[str, str]], windows: Component, made_at: datetime | None, now: datetime
) -> Component:
    """Figures left, windows right."""
    cells = [html.Li([html.B(count, className="n"), html.Span(words, className="sub")]) for count, words in told]
    searched = "热点尚未搜索" if made_at is None else f"热点 {age(now - made_at)}前更新"
    return html.Div(
        [
            html.Ul(cells, className="wc", **attributes(aria_label="诉求概况")),
            html.Span(className="sp"),
            html.Span(searched, className="sub"),
            windows,
        ],
        className="wtop",
    )
