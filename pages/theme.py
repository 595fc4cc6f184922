"""One theme at `/theme/<id>`: its light with the rule and the reason, and all its indicators."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from components.faces import panel_head
from components.header import crumbs, header
from components.indicator_table import indicator_table
from components.marks import LIGHT, light
from components.markup import Tree
from indicators.definition import Theme
from pages import sources_view
from pages.panels import panel, slot
from pages.shell import top
from pages.view import Refused, View, lit_theme, readings_in_view, show

READINGS = "readings:{world}"

dash.register_page(__name__, path_template="/theme/<theme_id>", title="主题", name="主题", access="indicators.view")


@panel("theme-head", topics=[READINGS, "sources"], params=["id"], right="indicators.view")
def draw_head(view: View) -> Tree:
    """Where we are, who leads, world and sources."""
    theme = theme_in(view)
    trail = crumbs([("驾驶舱", view.place.to("/"))], theme.function)
    lead = "、".join(view.catalogue.departments[key].short for key in theme.lead)
    line = header(theme.name, f"牵头 {lead}", view.place, f"/theme/{theme.id}", sources_view.count(view), trail)
    return html.Div(line, className="head")


@panel("theme-state", topics=[READINGS], params=["id"], right="indicators.view")
def draw_state(view: View) -> Tree:
    """The light, why it shows, by which rule."""
    theme = theme_in(view)
    state = lit_theme(view, theme.id).state
    counts = f"参与判定 {state.judged} · 在用 {state.current} · 过期 {state.stale} · 无数据 {state.missing}"
    return [
        html.Div(
            [light(state.light), html.B(LIGHT[state.light], className="big"), html.Span(state.reason)], className="why"
        ),
        html.P(theme.description, className="sub"),
        html.P(f"{counts}。判定规则：{view.catalogue.state_rule.words}", className="mut"),
    ]


@panel("theme-table", topics=[READINGS], params=["id"], right="indicators.view")
def draw_table(view: View) -> Tree:
    """Every indicator of the theme by how it stands."""
    theme = theme_in(view)
    entries = view.catalogue.indicators_of(theme.id)
    found = readings_in_view(view, [indicator.code for indicator in entries])
    rows = [show(view, indicator, found.get(indicator.code)) for indicator in entries]
    region = view.catalogue.regions[view.region].name
    return [panel_head(f"指标 {len(rows)} 项", f"{region} · 按状态排序"), indicator_table(rows, view.place, view.now)]


def theme_in(view: View) -> Theme:
    """The theme the address names; raises Refused."""
    theme = view.catalogue.themes.get(view.params.get("id", ""))
    if theme is None:
        raise Refused("没有这个主题")
    return theme


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("theme-head", look="head")),
            html.Main([slot("theme-state", look="p"), slot("theme-table", look="p grow")]),
        ],
        className="sheet",
    )
