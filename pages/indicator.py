"""One indicator at `/indicator/<code>`: what it is, what it says now and everywhere, its past as known on any day."""

from __future__ import annotations

from collections import Counter

import dash
from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.bands_table import bands_table
from components.faces import block, empty, panel_head
from components.facts import Described, facts
from components.header import crumbs, world_switch
from components.history_table import history_table, region_table
from components.marks import sample_label
from components.markup import Tree
from components.proof_chain import proof_chain
from components.theme_head import Choice, switch
from components.times import period
from components.value_now import value_now
from datasources.delivery.period import frequency_of
from indicators.definition import Indicator, Region
from indicators.proof import proof
from indicators.readings import latest_in
from pages import indicator_forecast
from pages import indicator_trend as past
from pages.panels import panel, slot
from pages.shell import top
from pages.view import Refused, View, readings_in_view, show

READINGS = "readings:{world}"
RIGHT = "indicators.view"

dash.register_page(__name__, path_template="/indicator/<code>", title="指标", name="指标", access="indicators.view")


@panel("indicator-head", topics=[], params=["id"], right=RIGHT, past=True)
def draw_head(view: View) -> Tree:
    """Where we are."""
    indicator = indicator_in(view)
    theme = view.catalogue.themes[indicator.theme]
    up = view.place.to(f"/theme/{theme.id}", focus=indicator.code)
    parts = [
        *crumbs([("驾驶舱", view.place.to("/")), (theme.short, up)], indicator.code),
        html.H1(indicator.name, title=indicator.name),
        sample_label(view.world),
        html.Span(className="sp"),
        world_switch(view.place, f"/indicator/{indicator.code}"),
    ]
    return html.Div([part for part in parts if part is not None], className="head")


@panel("indicator-now", topics=[READINGS], params=["id", "known_at"], right=RIGHT, past=True)
def draw_now(view: View) -> Tree:
    """The newest value in the region in view, the other regions, the file of it all."""
    indicator = indicator_in(view)
    found = readings_in_view(view, [indicator.code]).get(indicator.code)
    tools = [switch("区域", _regions(view, indicator)), html.Span(className="sp"), *_files(view, indicator)]
    return [*value_now(show(view, indicator, found), view.now), html.Div(tools, className="tools")]


def _regions(view: View, indicator: Indicator) -> list[Choice]:
    path, city = f"/indicator/{indicator.code}", view.catalogue.city.code
    places = [place for place in _places(view) if place.kind in indicator.levels or place.code == view.region]
    return [
        Choice("全市" if one.code == city else one.short, view.place.in_region(path, one.code), one.code == view.region)
        for one in places
        if one.parent in {None, city} or one.code == view.region
    ]


def _files(view: View, indicator: Indicator) -> list[Component]:
    """What is on the page as a table file: units, source and as-of stand in every row of it."""
    moment = past.end_of(past.known_day(view)) or view.as_of
    until = {"known_at": moment.isoformat()} if moment else {}
    path, region = f"/api/v1/indicators/{indicator.code}/readings", view.region
    return [
        html.A(
            f"导出 {form.upper()}",
            href=view.place.to(path, region=region, world=view.world.value, as_of=None, format=form, **until),
            className="act",
            download="",
            title="含单位、来源、数据截至时间；模拟数据逐行注明",
        )
        for form in ("csv", "xlsx")
    ]


@panel("indicator-trend", topics=[READINGS], params=["id", "known_at"], right=RIGHT, past=True)
def draw_trend(view: View) -> Tree:
    """The past as a chart."""
    return past.draw(view, indicator_in(view))


@panel("indicator-forecast", topics=[READINGS], params=["id"], soft_seconds=120, right=RIGHT)
def draw_forecast(view: View) -> Tree:
    """What is expected, and how well earlier expectations did."""
    return indicator_forecast.draw(view, indicator_in(view))


@panel("indicator-facts", topics=[], params=["id"], soft_seconds=300, right=RIGHT, past=True)
def draw_facts(view: View) -> Tree:
    """What the catalogue says of it."""
    return [panel_head("指标说明"), facts(_described(view))]


@panel("indicator-bands", topics=[READINGS], params=["id"], right=RIGHT, past=True)
def draw_bands(view: View) -> Tree:
    """Lines it must not cross or should reach: reason, owner, how it stands."""
    indicator = indicator_in(view)
    found = readings_in_view(view, [indicator.code])[indicator.code]
    goals = [goal for goal in indicator.goals if goal.region in {None, view.region}]
    made = bands_table(_described(view), found.value, goals)
    words = "目录没有为本指标设界限或目标，不参与状态判定；由责任单位在目录中提出"
    return [panel_head("界限与目标"), made or html.P(words, className="sub")]


@panel("indicator-regions", topics=[READINGS], params=["id", "cells"], right=RIGHT, past=True)
def draw_regions(view: View) -> Tree:
    """The newest value of the city and each county (of a county in view, of its towns), or all of them as lines."""
    indicator, catalogue = indicator_in(view), view.catalogue
    places = [place for place in _places(view) if place.kind in indicator.levels]
    is_drawn = view.params.get("cells") == "1"
    path = f"/indicator/{indicator.code}"
    kept = {key: view.params.get(key) for key in ("known_at", "period")}
    choices = [
        Choice("最新值", view.place.to(path, **kept, cells=None), not is_drawn),
        Choice("小多图", view.place.to(path, **kept, cells="1"), is_drawn),
    ]
    head = html.Div([html.H2("分区域"), html.Span(className="sp"), switch("看法", choices)], className="ph")
    if is_drawn:
        return [head, past.multiples(view, indicator, places)]
    found = latest_in(
        view.connection, catalogue, view.by, world=view.world, code=indicator.code,
        regions=[place.code for place in places], now=view.now,
    )  # fmt: skip
    return [head, region_table(indicator, found, catalogue.regions, view.place)]


def _places(view: View) -> list[Region]:
    """The city, its counties, and the towns of a county in view."""
    catalogue = view.catalogue
    city = catalogue.regions[catalogue.city.code]
    here = catalogue.regions[view.region]
    below = catalogue.children(here.code) if here is not city else ()
    return list(dict.fromkeys((city, *catalogue.children(city.code), here, *below)))


@panel("indicator-history", topics=[READINGS], params=["id", "known_at", "period"], right=RIGHT, past=True)
def draw_history(view: View) -> Tree:
    """Period by period, as known now or at the end of a chosen day."""
    indicator, day = indicator_in(view), past.known_day(view)
    every = past.recent_vintages(view, indicator, day)
    found = past.as_known(every, past.end_of(day))
    counts = Counter(one.period for one in every)
    note = f"截至 {day} 所知，点时期看依据" if day else "按最新所知，点时期看依据"
    rows = (
        history_table(indicator, found, counts, view.params.get("period"), view.place)
        if found
        else empty("没有历史数据", "所选区域、所选日期尚未获得本指标的数值")
    )
    return [panel_head("历史与修订", note), html.Div(rows, className="scrolled")]


@panel("indicator-proof", topics=[READINGS], params=["id", "known_at", "period"], right=RIGHT, past=True)
def draw_proof(view: View) -> Tree:
    """What stands behind the newest value, or behind the one of the chosen period."""
    indicator = indicator_in(view)
    label = view.params.get("period")
    if label and not is_label(label):
        raise Refused(f"“{label}”不是时期")
    label = label or _newest(view, indicator)
    found = label and proof(
        view.connection, view.catalogue, view.by, world=view.world, code=indicator.code, region=view.region,
        period=label, known_at=past.end_of(past.known_day(view)), now=view.now,
    )  # fmt: skip
    if not found:
        return [panel_head("依据链"), empty("没有数值", "所选区域、时期尚未获得本指标的数值")]
    key = found.reading.source
    source = view.catalogue.source(key).name if view.catalogue.has_source(key) else key
    return [
        panel_head("依据链", period(found.reading.period, found.reading.basis)),
        proof_chain(found, indicator, view.catalogue.regions, source),
    ]


def _newest(view: View, indicator: Indicator) -> str | None:
    """The newest period known, now or at the end of the chosen day."""
    day = past.known_day(view)
    if day is None:
        return readings_in_view(view, [indicator.code])[indicator.code].period or None
    known = past.as_known(past.recent_vintages(view, indicator, day), past.end_of(day))
    return max((one.period for one in known), default=None)


def _described(view: View) -> Described:
    indicator, catalogue = indicator_in(view), view.catalogue
    return Described(
        indicator=indicator,
        theme=catalogue.themes[indicator.theme],
        owner=catalogue.departments[indicator.owner],
        source=catalogue.source_of(indicator.code, view.world),
        band_owner=catalogue.departments[indicator.bands.owner] if indicator.bands else None,
    )


def is_label(text: str) -> bool:
    """True for a period label."""
    try:
        frequency_of(text)
    except ValueError:
        return False
    return True


def indicator_in(view: View) -> Indicator:
    """The indicator the address names; raises Refused."""
    indicator = view.catalogue.indicators.get(view.params.get("id", ""))
    if indicator is None:
        raise Refused("没有这项指标")
    return indicator


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    left = [
        slot("indicator-now", [block(10, 2.6)], look="p"),
        slot("indicator-trend", [block(8), block(50, 16)], look="p drawn"),
        slot("indicator-forecast", [block(8), block(50, 8)], look="p"),
        slot("indicator-regions", [block(8), block(50, 8)], look="p"),
        slot("indicator-history", [block(8), block(50, 16)], look="p past"),
    ]
    right = [slot(f"indicator-{name}", [block(8), block(24, 8)], look="p") for name in ("proof", "bands", "facts")]
    return html.Div(
        [
            top(slot("indicator-head", look="head")),
            html.Main(
                [html.Div(left, className="side"), html.Div(right, className="side")],
                className="one",
                **attributes(aria_label="指标"),
            ),
        ],
        className="sheet indicator",
    )
