"""A county or town at `/county/<code>`: own figures beside the city's, lights, towns, events, what it owes."""

from __future__ import annotations

from typing import get_args

import dash
from dash import html
from dash.development.base_component import Component

from components.county_cards import Tally, card_loading, indicator_card, tally_card
from components.county_compare import Compared, compare_table
from components.county_events import case_list, ticker_list
from components.county_reports import DueLine, reports_due_list
from components.county_towns import town_address, town_map, town_table
from components.faces import empty, panel_head
from components.header import crumbs, header
from components.map_regions import village_list
from components.markup import Tree
from components.numbers import plain
from components.tile import domain_group, theme_tile, tile_loading
from components.times import clock
from dispatch.loop import Loop, loop, ticker
from geography.county_sheet import county_sheet
from indicators.definition import RegionKind, Theme
from indicators.places import villages_seen
from indicators.reports_due import reports_due
from pages import (
    digest_briefs,  # noqa: F401 -- its panel stands in the layout
    duty_panels,  # noqa: F401 -- its panel stands in the layout
    sources_view,
)
from pages.county_scope import county_of, headlines, in_county, pins_in, region_of, town_lines, with_city
from pages.digest import DIGEST
from pages.panels import panel, slot
from pages.shell import top
from pages.view import View, event_way, lit_themes, readings_in_view

READINGS, EVENTS = "readings:{world}", "events:{world}"
FUNCTIONS: tuple[str, ...] = get_args(Theme.model_fields["function"].annotation)
CARDS = 7
CASES = NEWEST = 6
DUES = 4
COMPARED = 16
CENTRE = {RegionKind.COUNTY: "城市运行分中心", RegionKind.TOWN: "综合网格中心", RegionKind.ZONE: "运行分中心"}

dash.register_page(__name__, path_template="/county/<code>", title="县区", name="县区", access="indicators.view")


@panel("county-head", topics=["sources"], params=["id"], right="indicators.view")
def draw_head(view: View) -> Tree:
    """The way up, whose page it is, world and sources."""
    here = in_county(view)
    region, county = region_of(here), county_of(here)
    way = [("驾驶舱", here.place.to("/", region=None))]
    way += [(county.name, town_address(county.code, here.place))] if county is not region else []
    name = f"{region.name}{CENTRE[region.kind]}"
    path = f"/county/{region.code}"
    place = view.place
    return html.Div(header(name, "", place, path, sources_view.count(here), crumbs(way, region.name)), className="head")


@panel("county-cards", topics=[READINGS, EVENTS], params=["id"], right="indicators.view")
def draw_cards(view: View) -> Tree:
    """Counts of the event loop, then headline figures; the city's own beside each."""
    here = in_county(view)
    tallies = _tallies(here)
    rows = with_city(here, headlines(here)[: CARDS - len(tallies)])
    cards = [indicator_card(shown, city, compared, here.place, here.now) for shown, city, compared in rows]
    return html.Div([*(tally_card(one) for one in tallies), *cards], className="ks")


@panel("county-lights", topics=[READINGS], params=["id"], right="indicators.view")
def draw_lights(view: View) -> Tree:
    """The 27 lights of this region in the order of the wall."""
    here = in_county(view)
    lit, rule = lit_themes(here), here.catalogue.state_rule.words
    groups = [
        domain_group(name, [theme_tile(one, here.place, here.now, rule) for one in lit if one.theme.function == name])
        for name in FUNCTIONS
    ]
    return html.Nav(groups, className="strip")


@panel("county-cases", topics=[EVENTS], params=["id"], right="events.view")
def draw_cases(view: View) -> Tree:
    """Open events, most urgent first."""
    here = in_county(view)
    return case_list(pins_in(here), _loop(here, here.region), region_of(here).short, here.now, CASES, event_way(here))


@panel("county-map", topics=[READINGS, EVENTS], params=["id"], right="indicators.view")
def draw_map(view: View) -> Tree:
    """The towns with their lights and events; a town's page shows it inside its county."""
    here = in_county(view)
    region, county = region_of(here), county_of(here)
    towns = here.catalogue.children(county.code)
    sheet = county_sheet(county.code, tuple(town.code for town in towns))
    if sheet is None:
        return [panel_head(f"{region.name}镇街"), empty("没有公开的范围图", "功能园区没有开放的界线数据")]
    lines = {line.code: line for line in town_lines(here, county.code)}
    chosen = region.code if region is not county else ""
    return town_map(sheet, lines, pins_in(here), here.place, f"{county.name} 镇街", chosen)


@panel("county-towns", topics=[READINGS, EVENTS], params=["id"], right="indicators.view")
def draw_towns(view: View) -> Tree:
    """The towns as a table; where there are none, the villages."""
    here = in_county(view)
    region = region_of(here)
    lines = town_lines(here, region.code)
    if not lines:
        names = [one.name for one in villages_seen(here.catalogue, here.by, region.code)]
        return [panel_head("村（社区）", region.name), village_list(names)]
    return [panel_head(f"镇街 {len(lines)} 个", "超期、关注优先"), town_table(lines, here.place)]


@panel("county-due", topics=[READINGS, "sources"], params=["id"], right="indicators.view")
def draw_due(view: View) -> Tree:
    """What the region owes: late figures by source."""
    here = in_county(view)
    found = reports_due(here.catalogue, readings_in_view(here), here.region, here.world)
    units = here.catalogue.departments
    lines = [DueLine(due, units[due.source.owner].short, due.source.kind == "manual") for due in found]
    kind = region_of(here).kind
    watched = sum(kind in one.levels and not one.historical for one in here.catalogue.indicators.values())
    return reports_due_list(lines, watched, here.place, DUES)


@panel("county-news", topics=[EVENTS], params=["id"], right="events.view")
def draw_news(view: View) -> Tree:
    """The newest acts between city and county."""
    here = in_county(view)
    rows = ticker(here.connection, here.by, world=here.world.value, region=here.region, now=here.now, limit=NEWEST)
    return ticker_list(rows, here.now, NEWEST, event_way(here))


@panel("county-compare", topics=[READINGS], params=["id"], right="indicators.view")
def draw_compare(view: View) -> Tree:
    """Headline figures beside the city's, worse ones first."""
    here = in_county(view)
    rows = [Compared(shown, compared) for shown, _, compared in with_city(here, headlines(here)) if compared]
    head = panel_head("与全市对比", "竖线＝全市；合计类指标为占全市比重")
    if not rows:
        return [head, empty("没有同一时期的可比数据", "本级与全市数据时期一致后列出")]
    return [head, compare_table(rows[:COMPARED], here.place, here.now)]


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("county-head", look="head")),
            slot("county-cards", html.Div([card_loading() for _ in range(CARDS)], className="ks"), look="cards"),
            slot("county-lights", html.Div([tile_loading() for _ in range(27)], className="strip tg2 blank")),
            html.Main(
                [
                    slot("county-cases", panel_head("在办事件"), look="p"),
                    slot("county-map", look="cbay"),
                    slot("county-towns", panel_head("镇街"), look="p"),
                    html.Div(
                        [
                            slot("county-due", panel_head("待报数据"), look="p"),
                            slot("county-news", panel_head("市区往来"), look="p"),
                            slot("county-duty", panel_head("值班"), look="p dutyp"),
                        ],
                        className="pair",
                    ),
                    slot("digest-county", panel_head("今日要点"), look="p whole"),
                    slot(DIGEST, panel_head("变化"), look="p whole"),
                    slot("county-compare", panel_head("与全市对比"), look="p whole"),
                ]
            ),
        ],
        className="countypage",
    )


def _loop(view: View, region: str) -> Loop:
    return loop(view.connection, view.by, world=view.world.value, region=region, now=view.now)


def _tallies(view: View) -> list[Tally]:
    """在办, 按期率, 超期 of the region, each with the city's where the viewer may see the whole city."""
    if not view.by.may("events.view"):
        return []
    own = _loop(view, view.region)
    city = _loop(view, view.catalogue.city.code) if view.by.scope.allows(view.catalogue.city.code) else None
    time = clock(own.as_of)
    unit = "%" if own.on_time.denominator else ""
    told = [
        ("在办", str(own.open), "件", f"全市 {city.open} 件" if city else "", False),
        ("按期率", _rate(own), unit, f"全市 {_rate(city)}{unit}" if city else "", False),
        ("超期", str(own.overdue), "件", f"全市 {city.overdue} 件" if city else "", own.overdue > 0),
    ]
    return [
        Tally(name, number, unit, remark, time, own.simulated, is_over) for name, number, unit, remark, is_over in told
    ]


def _rate(found: Loop) -> str:
    return plain(found.on_time.value, 1)
