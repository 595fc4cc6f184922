"""The name of an event wherever it stands: a link to it for people, plain words on walls."""

from __future__ import annotations

from collections.abc import Callable

from dash import html
from dash.development.base_component import Component

EventWay = Callable[[str], str]
"""The address of an event by its number."""


def event_name(title: str, number: str, way: EventWay | None) -> Component:
    """`way` None: nobody can press there."""
    return html.B(html.A(title, href=way(number)) if way else title)
