"""The overview at `/`: the wall's composition with the way to all other pages, for desktops."""

from __future__ import annotations

import dash
from dash.development.base_component import Component

from pages import digest_briefs  # noqa: F401 -- its panels stand in the layout
from pages.panels import slot
from pages.shell import CITY, top
from pages.wall_layout import composition, head_slot

dash.register_page(__name__, path="/", title=CITY, name="总览", access="indicators.view")


def layout(**_: str) -> Component:
    """The address is read by the panels, not here. Below the top line stands the day's digest in one line."""
    return composition(top(head_slot(), "/"), slot("digest-line", look="dgline"))
