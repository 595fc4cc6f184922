"""The county or town an address `/county/<code>` names: the view moved there, and what pages ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from components.county_towns import TownLine
from components.shown import Shown, short_name
from dispatch.loop import MapPin, pins
from indicators.city_line import Beside, beside, city_values
from indicators.definition import Indicator, Region, RegionKind
from indicators.reading import Reading
from indicators.states import Light, ThemeState, theme_state
from pages.view import Refused, View, readings_in_view, show

LEVELS = {RegionKind.COUNTY, RegionKind.TOWN, RegionKind.ZONE}


def in_county(view: View) -> View:
    """The same view looking at the region of the address; raises Refused for none, the city, or one out of scope."""
    code = view.params.get("id", "")
    region = view.catalogue.regions.get(code)
    if region is None or region.kind not in LEVELS or not view.by.scope.allows(code):
        raise Refused("没有这个县区或镇街，或无权查看")
    return replace(view, place=replace(view.place, region=code))


def region_of(view: View) -> Region:
    """The region in view."""
    return view.catalogue.regions[view.region]


def county_of(view: View) -> Region:
    """The county the region in view belongs to: itself, or a town's parent."""
    region = region_of(view)
    return view.catalogue.regions[region.parent or ""] if region.kind is RegionKind.TOWN else region


def headlines(view: View) -> list[Indicator]:
    """The headline figures made at the region's level, one of each function group in turn: an order that stays."""
    kind = region_of(view).kind
    groups: dict[str, list[Indicator]] = {}
    for theme in view.catalogue.themes.values():
        for indicator in view.catalogue.indicators_of(theme.id):
            if indicator.headline and kind in indicator.levels and not indicator.historical:
                groups.setdefault(theme.function, []).append(indicator)
    return [one for row in zip_longest(*groups.values()) for one in row if one is not None]


def with_city(view: View, wanted: Sequence[Indicator]) -> list[tuple[Shown, Reading | None, Beside | None]]:
    """Each figure of the region in view, the city's reading of it, and the two side by side where they compare."""
    codes = [indicator.code for indicator in wanted]
    own = readings_in_view(view, codes)
    city = city_values(view.connection, view.catalogue, view.by, world=view.world.value, codes=codes, now=view.now)
    return [
        (show(view, one, own.get(one.code)), city.get(one.code), beside(one, own.get(one.code), city.get(one.code)))
        for one in wanted
    ]


def pins_in(view: View, region: str | None = None) -> tuple[MapPin, ...]:
    """The open events of a region, most urgent first; none for who may not see events."""
    if not view.by.may("events.view"):
        return ()
    return pins(view.connection, view.by, world=view.world.value, region=region or view.region, now=view.now)


def town_lines(view: View, county: str) -> list[TownLine]:
    """The towns of a county that may be seen, with their lights and open events."""
    seen = [town for town in view.catalogue.children(county) if view.by.scope.allows(town.code)]
    return [_town(view, town) for town in seen]


def _town(view: View, town: Region) -> TownLine:
    states = town_states(view, town)
    count = {light: sum(state.light is light for state in states) for light in Light}
    events = pins_in(view, town.code)
    off = [short_name(view.catalogue.indicators[code]) for state in states for code in state.off_track]
    return TownLine(
        code=town.code,
        name=town.name,
        short=town.short,
        attention=count[Light.ATTENTION],
        normal=count[Light.NORMAL],
        stale=count[Light.STALE],
        open=len(events),
        overdue=sum(pin.overdue for pin in events),
        off_track=tuple(off),
    )


def town_states(view: View, town: Region) -> list[ThemeState]:
    """The themes of a town, judged by the figures made at its level: the others are none of its business."""
    made = {
        theme: [one for one in view.catalogue.indicators_of(theme) if town.kind in one.levels]
        for theme in view.catalogue.themes
    }
    found = readings_in_view(view, [one.code for entries in made.values() for one in entries], town.code)
    return [theme_state(theme, entries, found, view.catalogue.state_rule) for theme, entries in made.items()]
