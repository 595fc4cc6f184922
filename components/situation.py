"""Situation: how many of the 27 themes show which light. The counts add up, or the page says it is broken."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.marks import LIGHT, light
from indicators.states import Light

_SMALL = (Light.NORMAL, Light.STALE, Light.UNCONNECTED)


def situation(counts: Mapping[Light, int], themes: int, place_name: str) -> Component:
    """The large number is what asks for attention; the rest stands below. ValueError if the counts do not add up."""
    if sum(counts.values()) != themes:
        raise ValueError(f"{dict(counts)} do not add up to {themes} themes")
    return html.Div(
        [
            html.H2([f"{place_name}今日态势", html.Small(f"{themes} 个主题")]),
            html.Div(
                [
                    light(Light.ATTENTION),
                    _count(Light.ATTENTION, counts),
                    html.Span(LIGHT[Light.ATTENTION], className="sub"),
                ],
                className="hl",
            ),
            html.Div(
                [part for name in _SMALL for part in (_count(name, counts), html.Span(LIGHT[name], className="sub"))],
                className="hl s",
            ),
        ],
        className="city",
        role="group",
        **attributes(aria_label="，".join(f"{LIGHT[name]} {counts[name]}" for name in Light)),
    )


def _count(name: Light, counts: Mapping[Light, int]) -> Component:
    return html.B(
        str(counts[name]), className="n", **attributes(data_live=f"count-{name.value}", data_light=name.value)
    )
