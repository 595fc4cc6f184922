"""The five functional domains of the wall: their headline figures, more of them where there is room, and the tiles."""

from __future__ import annotations

from functools import partial
from typing import get_args

from dash import html
from dash.development.base_component import Component

from components.faces import panel_head
from components.kpi import kpi_row, kpi_row_loading
from components.markup import Tree
from components.tile import domain_group, theme_tile, tile_loading
from components.wall_alerts import alert_news
from indicators.definition import Indicator, Theme
from pages.panels import panel, slot
from pages.view import View, lit_themes, readings_in_view, show
from pages.wall_alerts import WARNINGS, alerts_in_force, worst_by_theme

FUNCTIONS: tuple[str, ...] = get_args(Theme.model_fields["function"].annotation)
SLUGS = dict(zip(FUNCTIONS, ("economy", "market", "society", "service", "ecology"), strict=True))
ROWS = {"经济调节": 4, "市场监管": 2, "公共服务": 3, "社会管理": 2, "生态环境保护": 3}
"""Rows of each function on an ordinary wall."""
MORE = {"经济调节": 2, "市场监管": 2, "公共服务": 2, "社会管理": 3, "生态环境保护": 2}
"""Further rows on a wide one."""
READINGS, EVENTS = "readings:{world}", "events:{world}"


def draw_group(function: str, view: View) -> Tree:
    """The headline figures of one function group."""
    chosen = headlines(view, function)[: ROWS[function] + MORE[function]]
    found = readings_in_view(view, [indicator.code for indicator in chosen])
    rows = [
        kpi_row(show(view, one, found.get(one.code)), view.place, view.now, "x2" if index >= ROWS[function] else "")
        for index, one in enumerate(chosen)
    ]
    note = "条=目标完成 竖线=时序" if function == FUNCTIONS[0] else ""
    return [panel_head(function, note), html.Div(rows, className="kv")]


for _function, _slug in SLUGS.items():
    panel(f"wall-{_slug}", topics=[READINGS], right="indicators.view", past=True)(partial(draw_group, _function))


@panel("wall-tiles", topics=[READINGS, EVENTS, WARNINGS], right="indicators.view", past=True)
def draw_tiles(view: View) -> Tree:
    """The 27 lights, grouped by function, in an order that never changes; alerts in force lie over them."""
    lit, rule, worst = (
        lit_themes(view),
        view.catalogue.state_rule.words,
        {} if view.as_of else worst_by_theme(alerts_in_force(view)),
    )
    groups = [
        domain_group(
            function,
            [
                theme_tile(one, view.place, view.now, rule, worst.get(one.theme.id))
                for one in lit
                if one.theme.function == function
            ],
        )
        for function in FUNCTIONS
    ]
    return html.Nav(groups, className="strip")


@panel("wall-news", topics=[READINGS, EVENTS, WARNINGS], right="indicators.view")
def draw_news(view: View) -> Tree:
    """Alerts in force as plain items: the page's script tells what is new. No place on the screen."""
    return alert_news(alerts_in_force(view))


def headlines(view: View, function: str) -> list[Indicator]:
    """The first headline of each theme of the function, then the second of each, and so on: an order that stays."""
    themes = [theme for theme in view.catalogue.themes.values() if theme.function == function]
    ranked = [
        (rank, position, indicator)
        for position, theme in enumerate(themes)
        for rank, indicator in enumerate(i for i in view.catalogue.indicators_of(theme.id) if i.headline)
    ]
    return [indicator for _, _, indicator in sorted(ranked, key=lambda row: row[:2])]


def group_slot(function: str, area: str) -> Component:
    """The place of one function group."""
    rows = html.Div([kpi_row_loading() for _ in range(ROWS[function])], className="kv")
    return slot(f"wall-{SLUGS[function]}", [panel_head(function), rows], look=f"p {area}")


def tiles_slot() -> Component:
    """The place of the tiles."""
    blank = html.Div([tile_loading() for _ in range(27)], className="strip tg2 blank")
    return slot("wall-tiles", blank, look="tiles")
