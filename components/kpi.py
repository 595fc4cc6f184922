"""KpiRow: one indicator per line with its spark, value, origin, change and distance to the target."""

from __future__ import annotations

from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.marks import origin
from components.place import Place
from components.shown import Shown, change_words, gap_words, short_name, spoken
from components.spark import spark
from components.target_bar import target_bar


def kpi_row(shown: Shown, place: Place, now: datetime, look: str = "") -> Component:
    """The row, a link to the indicator's page. `look` x2 is a row that only wide walls show."""
    indicator = shown.indicator
    return html.A(
        [
            html.Span(short_name(indicator), className="nm"),
            spark(shown.trend, _goal(shown)) if shown.has_value else html.Span(className="sv"),
            value(shown),
            html.Span(origin(shown, now), className="mt"),
            html.Span(_second_line(shown), className="d"),
            target_bar(shown.progress),
        ],
        href=place.indicator(indicator.code),
        className=" ".join(["k", *looks(shown), *([look] if look else [])]),
        title=spoken(shown, now),
        **attributes(aria_label=spoken(shown, now)),
    )


def kpi_row_loading() -> Component:
    """The same space without content, still; the blocks are drawn by the style sheet."""
    return html.Div(className="k blank", **attributes(aria_hidden="true"))


def value(shown: Shown) -> Component:
    """Number and unit; `data-live` names the number so that the page can show that it has changed."""
    figure = shown.figure
    return html.Span(
        [
            html.B(figure.text, className="n", **attributes(data_live=shown.indicator.code)),
            html.U(figure.unit) if figure.unit else None,
        ],
        className="v",
        title=figure.exact,
    )


def looks(shown: Shown) -> list[str]:
    """CSS classes of the row's face."""
    faces = {"none": not shown.has_value, "stale": shown.is_grey, "sim": shown.is_simulated}
    return [name for name, holds in faces.items() if holds]


def _second_line(shown: Shown) -> list[Component | str]:
    if shown.is_grey:
        return [change_words(shown), html.Em("不计入态势")]
    behind = shown.progress is not None and shown.progress.behind
    gap = gap_words(shown)
    return [change_words(shown), *([html.Em(gap, className="bad" if behind else "")] if gap else [])]


def _goal(shown: Shown) -> float | None:
    """The dashed line: only where the yardstick is on the scale of every single value."""
    return shown.progress.yardstick if shown.progress and shown.progress.mark == 1.0 else None
