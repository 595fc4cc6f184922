"""The leaders' ranking at `/attention`: everything off track by severity × deviation × people, factor by factor."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from components.faces import panel_head
from components.header import crumbs, header
from components.markup import Tree
from components.wall_decisions import concern_table
from indicators.reading import World
from pages import sources_view
from pages.panels import panel, slot
from pages.shell import top
from pages.view import View
from pages.wall_figures import READINGS
from pages.wall_loop import concerns_in_view, region_names

dash.register_page(__name__, path="/attention", title="关注排序", name="关注排序", access="indicators.view")


@panel("attention-head", topics=[READINGS, "sources"], right="indicators.view")
def draw_head(view: View) -> Tree:
    """Where we are, world and sources."""
    trail = crumbs([("驾驶舱", view.place.to("/"))], "")
    region = view.catalogue.regions[view.region].name
    return html.Div(
        header("关注排序", region, view.place, "/attention", sources_view.count(view), trail), className="head"
    )


@panel("attention-table", topics=[READINGS], right="indicators.view")
def draw_table(view: View) -> Tree:
    """Every indicator off track, the weightiest first."""
    rule = view.catalogue.attention_rule
    names = region_names(view)
    words = rule.words if rule else "目录未设排序规则"
    return concern_table(concerns_in_view(view), names, words, view.place, view.world is World.DEMO)


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("attention-head", look="head")),
            html.Main(slot("attention-table", panel_head("领导关注排序"), look="p grow")),
        ],
        className="sheet",
    )
