"""The overview at `/`: headline figures by function, counties and situation, 27 themes, sources in trouble."""

from __future__ import annotations

from functools import partial
from typing import get_args

import dash
from dash import html
from dash.development.base_component import Component

from components.county_map import County, Name, Sheet, county_map
from components.faces import panel_head
from components.header import header
from components.kpi import kpi_row, kpi_row_loading
from components.marks import LIGHT
from components.markup import Tree
from components.notices import source_notices
from components.situation import situation
from components.tile import domain_group, theme_tile, tile_loading
from geography.outlines import NAMES as PLACES
from geography.outlines import counties, frame, rivers
from indicators.definition import Indicator, RegionKind, Theme
from indicators.states import Light, tally
from pages import sources_view
from pages.panels import panel, slot
from pages.shell import CITY, top
from pages.view import View, lit_themes, readings_in_view, show

ROWS = {"经济调节": 5, "市场监管": 2, "公共服务": 4, "社会管理": 5, "生态环境保护": 4}
"""How many headline rows each function group has room for; in the order of the left, then the right column."""
FUNCTIONS: tuple[str, ...] = get_args(Theme.model_fields["function"].annotation)
SLUGS = dict(zip(FUNCTIONS, ("economy", "market", "society", "service", "ecology"), strict=True))
READINGS = "readings:{world}"
NAMES = tuple(Name(words, lon, lat, "rn" if kind == "river" else "nb") for words, lon, lat, kind in PLACES)
CAPTION = "水系、枫溪区范围为示意 · 审图号：待补"

dash.register_page(__name__, path="/", title=CITY, name="总览", access="indicators.view")


@panel("wall-head", topics=[READINGS, "sources"], right="indicators.view")
def draw_head(view: View) -> Tree:
    """Title, world, how many sources keep their promise."""
    count = sources_view.count(view)
    return html.Div(header(CITY, "一网统管 · 市级驾驶舱", view.place, "/", count), className="head")


def draw_group(function: str, view: View) -> Tree:
    """The headline figures of one function group."""
    chosen = _headlines(view, function)[: ROWS[function]]
    found = readings_in_view(view, [indicator.code for indicator in chosen])
    rows = [kpi_row(show(view, indicator, found.get(indicator.code)), view.place, view.now) for indicator in chosen]
    note = "条=目标完成 竖线=时序" if function == FUNCTIONS[0] else ""
    return [panel_head(function, note), html.Div(rows, className="kv")]


for _function, _slug in SLUGS.items():
    panel(f"wall-{_slug}", topics=[READINGS], right="indicators.view")(partial(draw_group, _function))


@panel("wall-map", topics=[READINGS], right="indicators.view")
def draw_map(view: View) -> Tree:
    """The situation of the region in view and the counties beside it."""
    region = view.catalogue.regions[view.region]
    counts = tally(lit.state for lit in lit_themes(view))
    shapes = {outline.code: outline for outline in counties()}
    marks = [
        _county(view, code, shapes[code].rings if code in shapes else ())
        for code, found in view.catalogue.regions.items()
        if found.kind is RegionKind.COUNTY
    ]
    name = "" if view.region == view.catalogue.city.code else f"{region.short} "
    return [
        situation(counts, len(view.catalogue.themes), name),
        html.Div(view.catalogue.state_rule.words, className="rule"),
        county_map(Sheet(*frame()), marks, rivers(), NAMES, view.place, CAPTION),
    ]


@panel("wall-tiles", topics=[READINGS], right="indicators.view")
def draw_tiles(view: View) -> Tree:
    """The 27 lights, grouped by function, in an order that never changes."""
    lit = lit_themes(view)
    rule = view.catalogue.state_rule.words
    return html.Nav(
        [
            domain_group(
                function,
                [theme_tile(one, view.place, view.now, rule) for one in lit if one.theme.function == function],
            )
            for function in FUNCTIONS
        ],
        className="strip",
    )


@panel("wall-notices", topics=["sources", READINGS], right="indicators.view")
def draw_notices(view: View) -> Tree:
    """Sources past their promise: one line per source, never one per indicator."""
    return source_notices(sources_view.listed(view), view.place, view.now, at_most=4)


def layout(**_: str) -> Component:
    """Header, three columns, tiles. The address is read by the panels, not here."""
    return html.Div([top(slot("wall-head", look="head"), "/"), _columns(), _tiles()], className="wall")


def _columns() -> Component:
    return html.Main(
        [
            html.Div([_group(name) for name in ("经济调节", "市场监管", "公共服务")], className="col"),
            slot("wall-map", look="mapbay"),
            html.Div(
                [
                    slot("wall-notices", panel_head("数据来源提示"), look="p", style={"--rows": 3}),
                    *(_group(name) for name in ("社会管理", "生态环境保护")),
                ],
                className="col",
            ),
        ]
    )


def _group(name: str) -> Component:
    rows = html.Div([kpi_row_loading() for _ in range(ROWS[name])], className="kv")
    return slot(f"wall-{SLUGS[name]}", [panel_head(name), rows], look="p", style={"--rows": ROWS[name]})


def _tiles() -> Component:
    blank = html.Div([tile_loading() for _ in range(27)], className="strip tg2 blank")
    return slot("wall-tiles", blank, look="tiles")


def _headlines(view: View, function: str) -> list[Indicator]:
    """The first headline of each theme of the function, then the second of each, and so on: an order that stays."""
    themes = [theme for theme in view.catalogue.themes.values() if theme.function == function]
    ranked = [
        (rank, position, indicator)
        for position, theme in enumerate(themes)
        for rank, indicator in enumerate(i for i in view.catalogue.indicators_of(theme.id) if i.headline)
    ]
    return [indicator for _, _, indicator in sorted(ranked, key=lambda row: row[:2])]


def _county(view: View, code: str, rings: tuple) -> County:
    region = view.catalogue.regions[code]
    counts = tally(lit.state for lit in lit_themes(view, code))
    alert = f"{LIGHT[Light.ATTENTION]} {counts[Light.ATTENTION]}" if counts[Light.ATTENTION] else ""
    stale = f"{LIGHT[Light.STALE]} {counts[Light.STALE]}" if counts[Light.STALE] else ""
    known = sum(counts.values()) - counts[Light.UNCONNECTED]
    remark = stale or ("" if alert else f"{LIGHT[Light.NORMAL]} {known}" if known else LIGHT[Light.UNCONNECTED])
    return County(code, region.name, rings, (region.lon or 0.0, region.lat or 0.0), remark, alert)
