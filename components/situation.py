"""Situation: alerts by level and how many of the 27 themes show which light. The counts add up, or the page breaks."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import chip
from components.marks import LIGHT, light
from indicators.states import Light

_ORDER = (Light.ATTENTION, Light.NORMAL, Light.STALE, Light.UNCONNECTED)


def situation(
    counts: Mapping[Light, int], themes: int, place_name: str, alerts: Mapping[int, int] | None = None, rule: str = ""
) -> Component:
    """Alerts large, the lights of all themes below; these add up. ValueError if the counts do not add up."""
    if sum(counts.values()) != themes:
        raise ValueError(f"{dict(counts)} do not add up to {themes} themes")
    return html.Div(
        [
            html.H2([f"{place_name}今日态势", html.Small(f"{themes} 个主题")]),
            html.Div(_alerts(alerts or {}), className="hl"),
            html.Div([part for name in _ORDER for part in _theme_count(name, counts)], className="hl s"),
            _rule(rule) if rule else None,
        ],
        className="city",
        role="group",
        **attributes(aria_label="，".join(f"{LIGHT[name]} {counts[name]}" for name in Light)),
    )


def _alerts(alerts: Mapping[int, int]) -> list[Component]:
    """Warnings and grave events in force, by level; they are not themes and are not added to them."""
    found = [
        part
        for level, count in sorted(alerts.items())
        if count
        for part in (chip(level), html.B(str(count), className="n", **attributes(data_live=f"alerts-{level}")))
    ]
    return [*found, html.Span("生效警情" if found else "当前没有生效警情", className="sub")]


def _theme_count(name: Light, counts: Mapping[Light, int]) -> list[Component]:
    mark = [light(name)] if name is Light.ATTENTION else []
    return [*mark, _count(name, counts), html.Span(LIGHT[name], className="sub")]


def _rule(words: str) -> Component:
    """One click away: the rule by which a theme is 关注."""
    return html.Details([html.Summary("判定规则"), html.P(words, className="pop")], className="rule")


def _count(name: Light, counts: Mapping[Light, int]) -> Component:
    return html.B(
        str(counts[name]), className="n", **attributes(data_live=f"count-{name.value}", data_light=name.value)
    )
