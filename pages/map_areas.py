"""The watched areas at the side of `/map`: a panel of the viewer's own."""

from __future__ import annotations

from components.faces import panel_head
from components.map_areas import AreaLine, area_list, area_news, new_area
from components.map_layers import device_line
from components.markup import Tree
from decisions.devices import seen
from decisions.watched_area import FOR_CENTRE, RIGHT, WatchedArea, centre_of
from decisions.watched_areas import areas, crossings
from pages.panels import panel
from pages.view import View

LISTED = 12
"""Crossings shown of the chosen area."""
AREA_NEWS, NEWS = "areas-news", 6
"""The panel of open notices on the page of warnings, and how many it lists."""
AREAS = "areas:{world}"


@panel("map-areas", topics=[AREAS, "catalogue"], params=["watch"], soft_seconds=60, right=RIGHT, personal=True)
def draw_areas(view: View) -> Tree:
    """The viewer's own areas and his centre's; the one the address names unfolds."""
    if view.by.kind == "screen":
        return [panel_head("关注区域"), "大屏不设关注区域"]
    found = areas(view.connection, view.by, world=view.world.value, city=view.catalogue.city.code, now=view.now)
    categories = [(code, one.name) for code, one in sorted(view.catalogue.duties.categories.items())]
    lines = [_line(view, one) for one in found]
    return [
        panel_head("关注区域", f"{len(found)} 个" if found else ""),
        new_area(view.world.value, categories, _centre(view) if view.by.may(FOR_CENTRE) else "", view.now),
        area_list(lines, categories, view.now),
    ]


@panel(AREA_NEWS, topics=[AREAS], soft_seconds=60, right=RIGHT, personal=True)
def draw_news(view: View) -> Tree:
    """What the viewer's areas told and nobody has noted yet, on the page of warnings."""
    found = areas(view.connection, view.by, world=view.world.value, city=view.catalogue.city.code, now=view.now)
    names = {one.id: (one.name, view.place.to("/map", watch=str(one.id))) for one in found}
    told = [one for one in crossings(view.connection, view.by, found, limit=NEWS * 6) if one.is_open]
    return area_news([(one, *names[one.area]) for one in told[:NEWS]], len(found), view.place.to("/map"), view.now)


def _line(view: View, one: WatchedArea) -> AreaLine:
    is_chosen = view.params.get("watch") == str(one.id)
    told = crossings(view.connection, view.by, [one], limit=LISTED)
    events = {found.event: view.place.event(found.event) for found in told if found.event}
    may_change = one.owner == view.by.user or view.by.may(FOR_CENTRE)
    href = view.place.to("/map", watch=None if is_chosen else str(one.id))
    return AreaLine(
        one, told, href, is_chosen, may_change, view.by.may("events.report"), _centre(view), events
    )  # fmt: skip


def _centre(view: View) -> str:
    """The viewer's centre in words; '' without one."""
    region = view.catalogue.regions.get(centre_of(view.by, view.catalogue.city.code))
    return f"{region.short or region.name}中心" if region else ""


def draw_devices(view: View) -> Tree:
    """The layer of what moves or measures, among the other layers."""
    found = seen(view.connection, view.by, world=view.world.value, now=view.now)
    return device_line(len(found), any(one.provenance == "simulated" for one in found)) if found else None
