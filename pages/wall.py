"""The wall at `/wall`: the composition of `/` for a screen nobody sits at: no navigation, never a sign-in form."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from pages.shell import CITY, clock
from pages.wall_layout import composition, head_slot

dash.register_page(__name__, path="/wall", title=CITY, name="大屏", access="indicators.view")


def layout(**_: str) -> Component:
    """The address is read by the panels and by the wall's scripts, not here."""
    return composition(html.Header([head_slot(), clock()], className="top"))
