"""The head of an indicator's page: its newest value, large, with origin, change and distance to the target."""

from __future__ import annotations

from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.kpi import looks, value
from components.marks import origin, track_mark
from components.shown import Shown, change_words, gap_words
from components.spark import spark
from components.target_bar import target_bar


def value_now(shown: Shown, now: datetime) -> list[Component]:
    """Value, origin, change, gap and a line of the recent past; without a value the reason in full."""
    parts = [
        value(shown),
        html.Span(origin(shown, now), className="sub"),
        html.Span([change_words(shown), " ", gap_words(shown)]),
        html.Span(track_mark(shown.track), className="st"),
        spark(shown.trend, width=224, height=48) if shown.has_value else None,
    ]
    reason = shown.reading.reason if shown.reading else None
    return [
        html.Div([part for part in parts if part is not None], className=" ".join(["now1", *looks(shown)])),
        html.P(reason, className="sub") if reason else html.Span(),
        target_bar(shown.progress, "mb") if shown.progress else html.Span(),
    ]
