"""One event at `/event/<number>`: the column of the desk with place, neighbours and deliveries beside it."""

from __future__ import annotations

from dataclasses import replace

import dash
from dash import html
from dash.development.base_component import Component

from components.case_influence import case_influence
from components.case_told import case_told
from components.faces import block, panel_head
from components.header import crumbs, header
from components.markup import Tree
from components.review_link import review_link
from dispatch.retrying import may_retry
from dispatch.review import why_big
from dispatch.state import DONE, SIDE_ENDS
from pages import (
    desk_side,
    duty_panels,  # noqa: F401 -- its panel stands in the layout
    sources_view,
)
from pages.case import case_column
from pages.case_reach import reach_in
from pages.case_view import PARAMS, RIGHT, TOPICS, detail_in, number_in, seen_in
from pages.panels import panel, slot
from pages.review_view import may_write, reviewed
from pages.shell import top
from pages.view import View

dash.register_page(__name__, path_template="/event/<number>", title="事件", name="事件", access=RIGHT)


@panel("event-head", topics=["sources", *TOPICS], params=PARAMS, right=RIGHT)
def draw_head(view: View) -> Tree:
    """Where we are; OutOfScope like every panel of the page if the event is not there for the viewer."""
    found = detail_in(view)
    number = found.case.event.number if found else ""
    trail = crumbs([("分拨席", view.place.to("/desk"))], number)
    line = header("事件", "", view.place, f"/event/{number}", sources_view.count(view), trail)
    return html.Div(line, className="head")


@panel("event-map", topics=TOPICS, params=(*PARAMS, "layers"), right=RIGHT, soft_seconds=60)
def draw_map(view: View) -> Tree:
    """The map of the desk around this event."""
    return desk_side.draw_map(_named(view))


@panel("event-similar", topics=TOPICS, params=PARAMS, right=RIGHT, soft_seconds=60)
def draw_similar(view: View) -> Tree:
    """What happened here before."""
    return desk_side.draw_similar(_named(view))


@panel("event-told", topics=TOPICS, params=PARAMS, right=RIGHT)
def draw_told(view: View) -> Tree:
    """Who was told."""
    seen = seen_in(view)
    return None if seen is None else case_told(seen, may_retry=may_retry(seen.event, view.by))


@panel("event-reach", topics=TOPICS, params=(*PARAMS, "reach"), right=RIGHT, soft_seconds=300)
def draw_reach(view: View) -> Tree:
    """What the event may reach."""
    seen = seen_in(view)
    return None if seen is None else case_influence(*reach_in(view, seen.event))


@panel("event-review", topics=TOPICS, params=PARAMS, right=RIGHT, soft_seconds=300)
def draw_review(view: View) -> Tree:
    """How its review stands; nothing for those who may not write one where there is none."""
    if not number_in(view):
        return None
    seen = reviewed(view)
    reasons = why_big(seen.case)
    is_part = seen.case.event.state in SIDE_ENDS
    if seen.review is None and (is_part or not may_write(view, seen) or not (reasons or seen.case.event.state in DONE)):
        return None
    return review_link(seen.review, reasons, seen.place.to(f"/review/{seen.number}"))


def _named(view: View) -> View:
    """The number where the desk has it."""
    return replace(view, params={**view.params, "event": number_in(view)})


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    side = [
        slot("event-map", look="dmap"),
        slot("event-reach", panel_head("影响范围"), look="p"),
        slot("event-similar", panel_head("同类"), look="p"),
        slot("event-duty", panel_head("值班"), look="p dutyp"),
        slot("event-told", [panel_head("送达"), block(20, 4)], look="p"),
        slot("event-review", look="p"),
    ]
    column = html.Section(case_column(), className="p middle")
    return html.Div(
        [
            top(slot("event-head", look="head")),
            html.Main([column, html.Div(side, className="sidecol")], className="casepage"),
        ],
        className="sheet eventpage",
    )
