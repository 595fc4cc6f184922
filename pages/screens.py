"""Walls at `/screens`: what each of them shows now, and putting another view on one."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from access.screen_views import ScreenView, walls
from access.token import Token
from components.faces import panel_head
from components.header import crumbs, header
from components.markup import Tree
from components.wall_list import WallLine, wall_list
from pages import sources_view
from pages.panels import panel, slot
from pages.shell import top
from pages.view import View

dash.register_page(__name__, path="/screens", title="大屏", name="大屏导播", access="screens.manage")


@panel("screens-head", topics=["sources"], right="screens.manage")
def draw_head(view: View) -> Tree:
    """Where we are."""
    trail = crumbs([("驾驶舱", view.place.to("/"))], "大屏导播")
    line = header("大屏导播", "把一个页面推送到大屏", view.place, "/screens", sources_view.count(view), trail)
    return html.Div(line, className="head")


@panel("screens-list", topics=["access", "screens"], right="screens.manage", soft_seconds=5)
def draw_list(view: View) -> Tree:
    """Every wall in the regions of whoever asks."""
    found = walls(view.connection, by=view.by, now=view.now)
    lines = [_line(view, token, shown) for token, shown in found]
    return [panel_head("大屏", f"{len(lines)} 块"), wall_list(lines, _views(view), view.now)]


def _line(view: View, token: Token, shown: ScreenView | None) -> WallLine:
    names = [region.name for code in token.regions if (region := view.catalogue.regions.get(code))]
    place = "、".join(names)
    if shown is None:
        return WallLine(token.id, token.name, place)
    return WallLine(token.id, token.name, place, shown.path, shown.by, shown.until)


def _views(view: View) -> list[tuple[str, str]]:
    """What may be pushed: the overview of the city and its counties, the ranking, the map, every theme."""
    world = view.world.value
    counties = [(code, one.name) for code, one in view.catalogue.regions.items() if one.kind.value == "county"]
    return [
        (f"/wall?world={world}", "全市总览"),
        *((f"/wall?world={world}&region={code}", f"{name}总览") for code, name in counties),
        (f"/attention?world={world}", "关注排序"),
        (f"/map?world={world}", "地图"),
        *((f"/theme/{theme.id}?world={world}", theme.name) for theme in view.catalogue.themes.values()),
    ]


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("screens-head", look="head")),
            html.Main(slot("screens-list", panel_head("大屏"), look="p grow")),
        ],
        className="sheet",
    )
