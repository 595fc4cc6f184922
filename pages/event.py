"""One event at `/event/<number>`: the column of the desk with map, neighbours and deliveries beside it."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from components.header import crumbs, header
from components.markup import Tree
from pages import sources_view
from pages.case import case_column
from pages.case_view import PARAMS, RIGHT, TOPICS, detail_in
from pages.panels import panel, slot
from pages.shell import top
from pages.view import View

dash.register_page(__name__, path_template="/event/<number>", title="事件", name="事件", access=RIGHT)


@panel("event-head", topics=["sources", *TOPICS], params=PARAMS, right=RIGHT)
def draw_head(view: View) -> Tree:
    """Where we are; OutOfScope like every panel of the page if the event is not there for the viewer."""
    found = detail_in(view)
    number = found.case.event.number if found else ""
    trail = crumbs([("驾驶舱", view.place.to("/"))], number)
    line = header(
        "事件", "受理、派遣、处置、核查、评价", view.place, f"/event/{number}", sources_view.count(view), trail
    )
    return html.Div(line, className="head")


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [top(slot("event-head", look="head")), html.Main([case_column()], className="casepage")],
        className="sheet eventpage",
    )
