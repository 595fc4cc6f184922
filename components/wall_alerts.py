"""Alerts in force: warnings by level and major events, as the strip in the header, and as news for the wall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from access.personal import mask_text
from components.attributes import attributes
from components.chip import LEVELS, chip, expected_chip
from components.marks import seal
from components.times import age
from indicators.reading import Provenance

MAJOR = 2
"""Levels up to this one interrupt a carousel and are read out."""


@dataclass(frozen=True)
class Alert:
    """Something in force now. `level` is 1 (red) to 4 (blue); `key` names it across updates."""

    key: str
    level: int
    title: str
    said: str
    theme: str
    since: datetime | None = None
    simulated: bool = False
    is_expected: bool = False
    """Only forecast: drawn as an outline, counted nowhere."""


def alert_strip(alerts: Sequence[Alert], now: datetime) -> Component:
    """The worst alert with its age; a wide wall shows three; the rest as a number."""
    if not alerts:
        return html.Div(html.Span("当前无预警信号和红、橙级事件", className="mut"), className="wxs")
    shown = [_item(alert, now, index) for index, alert in enumerate(alerts[:3])]
    rest = [_more(len(alerts) - 1, "x1"), _more(len(alerts) - 3, "x2")]
    return html.Div([*shown, *(one for one in rest if one)], className="wxs")


def alert_counts(alerts: Sequence[Alert]) -> Mapping[int, int]:
    """How many alerts of each level are in force."""
    return {level: sum(alert.level == level for alert in alerts if not alert.is_expected) for level in LEVELS}


def alert_news(alerts: Sequence[Alert]) -> Component:
    """Not drawn: what the page's script compares with what it knew, to announce what is new."""
    return html.Ul(
        [
            html.Li(
                f"{LEVELS[alert.level]}色：{alert.title}",
                **attributes(
                    data_alert=alert.key,
                    data_level=str(alert.level),
                    data_theme=alert.theme,
                    data_say=mask_text(f"{LEVELS[alert.level]}色警情，{alert.title}"),
                ),
            )
            for alert in alerts
            if not alert.is_expected
        ],
        className="news",
        hidden=True,
    )


def _item(alert: Alert, now: datetime, index: int) -> Component:
    since = f"已 {age(now - alert.since)}" if alert.since else ""
    return html.Div(
        [
            expected_chip(alert.level) if alert.is_expected else chip(alert.level),
            html.B(alert.title),
            html.Span(
                [seal(Provenance.SIMULATED) if alert.simulated else None, alert.said, " ", since], className="sub"
            ),
        ],
        className="wx x2" if index else "wx",
        title=f"{alert.title} {alert.said} {since}",
    )


def _more(count: int, look: str) -> Component | None:
    return html.Span(f"另 {count} 条", className=f"mut {look}") if count > 0 else None
