"""A new report at `/report`: for the desk, for the phone of a town's officer; the same intake as every other door."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

import dash
from dash import html
from dash.development.base_component import Component

from components.case_acts import badge
from components.county_map import Sheet
from components.faces import block, panel_head
from components.header import crumbs, header
from components.markup import Tree
from components.report_form import Blank, place_picker, report_form
from dispatch.power_list import IMPACT_NAMES, URGENCY_NAMES
from dispatch.report import ORIGIN_NAMES
from dispatch.rulebook import Rulebook
from geography.drawn import drawn
from indicators.definition import RegionKind
from indicators.reading import World
from pages import sources_view
from pages.case_view import rules_in
from pages.panels import panel, slot
from pages.shell import top
from pages.view import View

RIGHT = "events.report"
PATH = "/report"
ORIGINS = ("desk", "phone", "grid", "patrol", "hotline", "police", "upstream", "video")
"""What a person enters; programs have doors of their own."""

dash.register_page(__name__, path=PATH, title="上报", name="上报", access=RIGHT, walls=False)


@panel("report-head", topics=["sources"], right=RIGHT)
def draw_head(view: View) -> Tree:
    """Where we are."""
    trail = crumbs([("驾驶舱", view.place.to("/"))], "")
    return html.Div(header("上报事件", "", view.place, PATH, sources_view.count(view), trail), className="head")


@panel("report-form", topics=["catalogue"], right=RIGHT, personal=True, soft_seconds=300)
def draw_form(view: View) -> Tree:
    """The empty form of this person."""
    rules, by = rules_in(view), view.by
    origin = "grid" if view.region != view.catalogue.city.code and len(view.region) > 6 else "desk"
    return report_form(
        Blank(
            world=view.world.value, is_simulated=view.world is World.DEMO, person=badge(by.user or by.name),
            categories=_categories(rules), regions=_regions(view),
            region="" if view.region == view.catalogue.city.code else view.region,
            origins=[(key, ORIGIN_NAMES[key]) for key in ORIGINS], origin=origin,
            impacts=[(str(key), words) for key, words in IMPACT_NAMES.items()],
            urgencies=[(str(key), words) for key, words in URGENCY_NAMES.items()],
            may_merge=by.may("events.dispatch"),
        )
    )  # fmt: skip


@panel("report-map", topics=["catalogue"], right=RIGHT, soft_seconds=3600)
def draw_map(view: View) -> Tree:
    """Where it is: a click on the outlines."""
    sheet, towns, rivers = _ground()
    return [panel_head("地图点选"), *place_picker(sheet, towns, rivers)]


@cache
def _ground() -> tuple[Sheet, list[Any], list[Any]]:
    towns = [
        (one["properties"]["code"], one["properties"]["name"], str(one["properties"]["code"])[:6], _rings(one))
        for one in drawn("towns")
    ]
    points = [point for *_, rings in towns for ring in rings for point in ring]
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    sheet = Sheet(min(lons), min(lats), max(lons), max(lats))
    return sheet, towns, [one["geometry"]["coordinates"] for one in drawn("rivers")]


def _rings(feature: dict[str, Any]) -> list[list[tuple[float, float]]]:
    return [ring for polygon in feature["geometry"]["coordinates"] for ring in polygon]


def _categories(rules: Rulebook) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, one in rules.categories.items():
        groups[one.group].append((code, one.name))
    return list(groups.items())


def _regions(view: View) -> list[tuple[str, str]]:
    """Counties, each followed by its towns, as far as the viewer may report there."""
    found = []
    for county in view.catalogue.children(view.catalogue.city.code):
        if view.by.scope.allows(county.code):
            found.append((county.code, county.name))
        found += [
            (town.code, f"{county.short} {town.name}")
            for town in view.catalogue.children(county.code)
            if town.kind is RegionKind.TOWN and view.by.scope.allows(town.code)
        ]
    return found


def layout(**_: str) -> Component:
    """Form left, map and what was reported before right."""
    return html.Div(
        [
            top(slot("report-head", look="head"), PATH),
            html.Main(
                [
                    slot("report-form", [block(20, 2), block(34, 20)], look="p"),
                    html.Div(
                        [
                            slot("report-map", [block(30, 20)], look="p"),
                            html.Section(
                                [panel_head("可能是同一件事"), html.Div(id="report-alike", role="status")],
                                className="p",
                            ),
                        ],
                        className="sidecol",
                    ),
                ],
                className="reportpage",
            ),
        ],
        className="sheet",
    )
