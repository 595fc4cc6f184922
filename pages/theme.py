"""One theme at `/theme/<id>`: headlines, trend with the pace of the year, regions, contributions, all indicators."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.faces import block, panel_head
from components.header import WORLDS
from components.indicator_table import indicator_table
from components.kpi_tile import kpi_tile_loading
from components.marks import sample_label
from components.markup import Tree
from components.theme_head import Choice, headline_tile, index_tile, lead_words, light_chip, neighbours, switch
from decisions.alerts import speaking, worst_by_theme
from indicators.comparison import Progress, progress
from indicators.composite import Composite, composite, read_weights
from indicators.definition import Indicator
from indicators.reading import Reading
from indicators.states import Track, track
from pages import (
    digest_briefs,  # noqa: F401 -- its panel stands in the layout
    theme_parts,
    theme_regions,
    theme_side,
    theme_trend,
)
from pages.panels import panel, slot
from pages.shell import clock, freezer
from pages.theme_choice import PARAMS, Chosen, chosen, link, theme_in
from pages.view import View, lit_theme, readings_in_view, show

READINGS = "readings:{world}"
EVENTS = "events:{world}"
WARNINGS = "warnings:{world}"
TILES = 5
RIGHT = "indicators.view"

dash.register_page(__name__, path_template="/theme/<theme_id>", title="主题", name="主题", access="indicators.view")

panel("theme-trend", topics=[READINGS], params=PARAMS, right=RIGHT, past=True)(theme_trend.draw)
panel("theme-regions", topics=[READINGS], params=PARAMS, right=RIGHT, past=True)(theme_regions.draw)
panel("theme-side", topics=[READINGS, EVENTS, WARNINGS], params=PARAMS, right=RIGHT)(theme_side.draw)


@panel("theme-head", topics=[READINGS, WARNINGS], params=PARAMS, right=RIGHT, past=True)
def draw_head(view: View) -> Tree:
    """Way up, name, light, lead, world, region, neighbours."""
    theme = theme_in(view)
    names = {key: unit.short for key, unit in view.catalogue.departments.items()}
    up = html.A([html.Kbd("Esc"), " 驾驶舱"], href=view.place.to("/"), className="bk", **attributes(data_up="true"))
    parts = [
        up,
        html.Span("›", className="sep"),
        html.Span(theme.function, className="sub"),
        html.Span("›", className="sep"),
        html.H1(theme.short, title=theme.name),
        light_chip(lit_theme(view, theme.id).state, _alert(view, theme.id)),
        html.Span(lead_words(theme, names), className="sub lead"),
        html.Span(className="sp"),
        sample_label(view.world),
        switch("数据范围", [Choice(WORLDS[one], link(view, world=one.value), one is view.world) for one in WORLDS]),
        switch("区域", _regions(view), "areas"),
        _neighbours(view),
    ]
    return html.Div([part for part in parts if part is not None], className="head")


def _alert(view: View, theme: str) -> tuple[int, str] | None:
    """The worst warning of the theme in the region in view and below, and where it is told; now, not at other times."""
    if view.as_of:
        return None
    inside = {region.code for region in view.catalogue.within(view.region)}
    level = worst_by_theme(speaking(view.connection, view.by, world=view.world.value, regions=inside)).get(theme)
    return None if level is None else (int(level), view.place.to("/warnings", theme=theme))


def _regions(view: View) -> list[Choice]:
    city = view.catalogue.city
    codes = [city.code, *(region.code for region in view.catalogue.children(city.code))]
    if view.region not in codes:
        codes.append(view.region)
    regions = view.catalogue.regions
    return [
        Choice("全市" if code == city.code else regions[code].short, link(view, region=code), code == view.region)
        for code in codes
    ]


def _neighbours(view: View) -> Component:
    themes = list(view.catalogue.themes.values())
    here = next(index for index, theme in enumerate(themes) if theme.id == view.params["id"])
    before, after = themes[here - 1], themes[(here + 1) % len(themes)]
    return neighbours(
        (before.short, view.place.theme(before.id)),
        f"{here + 1}/{len(themes)}",
        (after.short, view.place.theme(after.id)),
    )


@panel("theme-tiles", topics=[READINGS], params=PARAMS, right=RIGHT, past=True)
def draw_tiles(view: View) -> Tree:
    """The headline figures and the composite index; the one in focus is marked."""
    choice = chosen(view)
    found = _found(view, choice)
    tiles = [
        headline_tile(
            show(view, one, found.get(one.code)), view.now, link(view, focus=one.code), is_chosen=one is choice.focus
        )
        for one in _headlines(view, choice)
    ]
    index = index_tile(composite_of(view, choice, found), link(view, side="index"), is_chosen=choice.side == "index")
    return html.Div([*tiles, index], className="kts")


@panel("theme-parts", topics=[READINGS], params=PARAMS, right=RIGHT, past=True)
def draw_parts(view: View) -> Tree:
    """Who made the change, by regions or by parts; or the weights of the composite index."""
    choice = chosen(view)
    if choice.side == "index":
        return theme_parts.draw_index(view, choice, composite_of(view, choice, _found(view, choice)))
    return theme_parts.draw(view, choice)


@panel("theme-table", topics=[READINGS], params=PARAMS, right=RIGHT, past=True)
def draw_table(view: View) -> Tree:
    """Every indicator of the theme by how it stands."""
    choice = chosen(view)
    found = _found(view, choice)
    entries = [one for one in view.catalogue.indicators_of(choice.theme.id) if not one.historical]
    rows = [show(view, indicator, found.get(indicator.code)) for indicator in entries]
    counts = {kind: sum(row.track is kind for row in rows) for kind in (Track.OFF, Track.STALE, Track.MISSING)}
    words = f"{len(rows)} 项 · 关注 {counts[Track.OFF]} · 过期 {counts[Track.STALE]} · 无数据 {counts[Track.MISSING]}"
    head = panel_head("指标", f"{view.catalogue.regions[view.region].name} · 按状态排序")
    head.children.insert(1, html.Span(words, className="sub"))
    table = indicator_table(rows, view.place, view.now, lambda code: link(view, focus=code))
    return [head, html.Div(table, className="scrolled")]


def composite_of(view: View, choice: Chosen, found: dict[str, Reading]) -> Composite:
    """The index of the theme in the region in view, with the viewer's weights."""
    entries = [one for one in view.catalogue.indicators_of(choice.theme.id) if not one.historical]
    judged = {one.code: stands for one in entries if (stands := _judged(one, found.get(one.code)))}
    return composite(entries, judged, read_weights(choice.weights, entries))


def _judged(indicator: Indicator, reading: Reading | None) -> Progress | None:
    usable = reading is not None and track(indicator, reading) in {Track.ON, Track.OFF}
    return progress(indicator, reading) if usable and reading else None


def _headlines(view: View, choice: Chosen) -> list[Indicator]:
    """The figure in focus if it is of another theme, the headlines, then the others, as many as there is room for."""
    entries = [one for one in view.catalogue.indicators_of(choice.theme.id) if not one.historical]
    ranked = sorted(entries, key=lambda one: not one.headline)[:TILES]
    return ranked if choice.focus in ranked else [choice.focus, *ranked[: TILES - 1]]


def _found(view: View, choice: Chosen) -> dict[str, Reading]:
    codes = [one.code for one in view.catalogue.indicators_of(choice.theme.id)]
    return readings_in_view(view, [*codes, choice.focus.code])


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    blank = html.Div([kpi_tile_loading() for _ in range(TILES + 1)], className="kts")
    scheme = html.Button(className="scheme", type="button", title="切换深浅配色")
    return html.Div(
        [
            html.Header([slot("theme-head", look="head"), freezer(), scheme, clock()], className="top"),
            html.Main(
                [
                    slot("theme-tiles", blank, look="tilerow"),
                    slot("digest-theme", look="dgline"),
                    slot("theme-trend", [block(14), block(40, 14)], look="p a"),
                    slot("theme-regions", [block(8), block(20, 14)], look="p b"),
                    slot("theme-side", [block(6), block(18, 8)], look="p c"),
                    slot("theme-parts", [block(8), block(30, 12)], look="p d"),
                    slot("theme-table", [block(8), block(60, 12)], look="p e"),
                ],
                className="told",
            ),
        ],
        className="theme",
    )
