"""The top line of the wall: city, world, alerts in force, operating stage with its rule, duty, sources."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components.header import source_count, world_switch
from components.marks import sample_label
from components.markup import Tree
from components.wall_alerts import alert_counts, alert_strip
from components.wall_stage import stage_badge
from indicators.stage import city_stage
from indicators.states import tally
from pages import sources_view
from pages.panels import panel
from pages.shell import CITY
from pages.view import View, lit_themes
from pages.wall_alerts import WARNINGS, alerts_in_force
from pages.wall_figures import EVENTS, READINGS


@panel("wall-head", topics=[READINGS, EVENTS, WARNINGS, "sources"], right="indicators.view", past=True)
def draw_head(view: View) -> Tree:
    """Everything left of the clock; of an earlier moment without alerts, stage and sources."""
    if view.as_of:
        return html.Div([_title(), sample_label(view.world)], className="head")
    alerts = alerts_in_force(view)
    return html.Div(
        [
            _title(),
            sample_label(view.world),
            alert_strip(alerts, view.now),
            html.Span(className="sp"),
            _stage(view, alert_counts(alerts)),
            source_count(sources_view.count(view), view.place),
            world_switch(view.place, "/"),
        ],
        className="head",
    )


def _title() -> Component:
    return html.Div([html.B(CITY), html.Span("一网统管 · 市级驾驶舱", className="mut")], className="ti")


def _stage(view: View, alerts: Mapping[int, int]) -> Component | None:
    rule = view.catalogue.stage_rule
    if rule is None:
        return None
    return stage_badge(city_stage(tally(lit.state for lit in lit_themes(view)), alerts, rule), rule)
