"""Panels at the sides of the widest wall: video, and what is hot on the hotline."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.faces import not_connected, panel_head
from indicators.definition import Source


def video_wall(count: str | Component, source: Source | None, owner: str, places: Sequence[str]) -> list[Component]:
    """Hatched places where pictures will stand; never a fake picture."""
    frames = [
        html.Figure(
            [
                html.Div(html.Span("未接入"), className="vx"),
                html.Figcaption([html.B(place), html.Span("视频画面", className="sub")]),
            ]
        )
        for place in places
    ]
    plan = f"{source.name} · 计划 {source.planned}" if source and source.planned else "接入时间待定"
    return [
        panel_head("视频巡检", count),
        html.Div(frames, className="vg"),
        html.P(f"画面未接入 · 责任 {owner} · {plan}", className="mut"),
    ]


def missing(title: str, what: str, source: Source | None, owner: str) -> list[Component]:
    """A panel whose figures nobody delivers yet."""
    return [panel_head(title), not_connected(what, source.planned if source else None, owner)]


def hot_list(title: str, rows: Sequence[tuple[str, float]], note: Sequence[Component | str | None]) -> list[Component]:
    """Matters by number of calls, bars relative to the first."""
    most = max((count for _, count in rows), default=0.0) or 1.0
    lines = [
        html.Li(
            [
                html.B(name, title=name),
                html.Span(html.I(style={"width": f"{100 * count / most:.0f}%"}), className="mb"),
                html.Span(f"{count:,.0f}", className="n"),
            ],
            **attributes(data_key=name),
        )
        for name, count in rows
    ]
    return [panel_head(title, html.Span(list(note))), html.Ul(lines, className="ho")]
