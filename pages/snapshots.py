"""Frozen pages at `/snapshots`: the list, and freezing a page by its address."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from components.faces import panel_head
from components.header import crumbs, header
from components.markup import Tree
from components.snapshot import snapshot_form, snapshot_list
from indicators.snapshot import MAKE, SEE
from indicators.snapshots import TOPIC, listed
from pages import sources_view
from pages.panels import panel, slot
from pages.shell import top
from pages.view import View

dash.register_page(__name__, path="/snapshots", title="快照", name="历史快照", access=SEE, walls=False)


@panel("snapshots-head", topics=["sources"], right=SEE)
def draw_head(view: View) -> Tree:
    """Where we are."""
    trail = crumbs([("驾驶舱", view.place.to("/"))], "")
    line = header("历史快照", "某一时刻所见，只读", view.place, "/snapshots", sources_view.count(view), trail)
    return html.Div(line, className="head")


@panel("snapshots-list", topics=[TOPIC], right=SEE, soft_seconds=60, personal=True)
def draw_list(view: View) -> Tree:
    """Those the viewer may open; his own he may remove."""
    found = listed(view.connection, view.by, world=view.world.value, now=view.now)
    form = snapshot_form(view.place.to("/wall", region=None), view.now) if view.by.may(MAKE) else None
    return [panel_head("历史快照", f"{len(found)} 份" if found else ""), form, snapshot_list(found, view.by.user)]


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("snapshots-head", look="head")),
            html.Main(slot("snapshots-list", panel_head("历史快照"), look="p grow")),
        ],
        className="sheet",
    )
