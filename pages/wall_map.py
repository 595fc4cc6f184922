"""The situation map of the wall: counties with what is open and late there, events, chosen layer, centre enlarged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

from components.county_map import County, Name, Sheet
from components.marks import LIGHT
from components.markup import Tree
from components.situation import situation
from components.times import age
from components.wall_alerts import alert_counts
from components.wall_map import Box, LayerChoice, Pin, Scene, situation_map, worst_first
from dispatch.loop import MapPin, pins
from dispatch.stage import STAGE_NAMES
from geography.layers import spots
from geography.outlines import NAMES as PLACES
from geography.outlines import Outline, counties, frame, rivers
from indicators.definition import RegionKind
from indicators.places import counted, layers_of, spots_seen
from indicators.states import Light, tally
from pages.panels import panel
from pages.view import Refused, View, event_way, lit_themes
from pages.wall_alerts import WARNINGS, alerts_in_force
from pages.wall_figures import EVENTS, READINGS

NAMES = tuple(Name(words, lon, lat, "rn" if kind == "river" else "nb") for words, lon, lat, kind in PLACES)
CAPTION = "水系、枫溪区范围为示意 · 审图号：待补"
CENTRE: Box = (116.568, 23.607, 116.722, 23.742)
"""湘桥 and 枫溪, where most events fall: always the same magnifier, so that people learn where to look."""
ROOM = 0.02
"""Degrees a name needs to the frame."""
STREETS = tuple(
    Name(spot.name, spot.place.lon, spot.place.lat, "tw")
    for spot in spots("towns")
    if CENTRE[0] + ROOM < spot.place.lon < CENTRE[2] - ROOM and CENTRE[1] < spot.place.lat < CENTRE[3] - ROOM
)
"""Streets and towns named inside the magnifier."""
LAYERS = ("water_levels", "rain_gauges", "shelters", "cameras", "smoke_detectors", "chargers", "seats")
MOST_POINTS = 400
BEYOND = "不在您的范围"
FRESH_SECONDS = 1800
"""An event younger than this pulses, unless everybody has already turned to it."""


@panel("wall-map", topics=[READINGS, EVENTS, WARNINGS], params=["layer"], right="indicators.view")
def draw_map(view: View) -> Tree:
    """Counts of the region in view over the map of the city."""
    region = view.catalogue.regions[view.region]
    counts = tally(lit.state for lit in lit_themes(view))
    name = "" if view.region == view.catalogue.city.code else f"{region.short} "
    words = view.catalogue.state_rule.words
    found = _open_events(view)
    return [
        situation(counts, len(view.catalogue.themes), name, alert_counts(alerts_in_force(view)), words),
        *situation_map(Sheet(*frame()), _scene(view, found), view.place),
    ]


def _open_events(view: View) -> Sequence[MapPin]:
    """The open events of the city; none for who may not see events, who still gets the map."""
    if not view.by.may("events.view"):
        return ()
    return pins(view.connection, view.by, world=view.world, region=view.catalogue.city.code, now=view.now)


def _scene(view: View, found: Sequence[MapPin]) -> Scene:
    return Scene(
        counties=_counties(view, found),
        rivers=rivers(),
        names=NAMES,
        streets=STREETS,
        pins=worst_first(_pin(view, pin) for pin in found if pin.level or pin.overdue),
        layers=_layers(view),
        centre=CENTRE,
        events=len(found),
        caption=CAPTION,
    )


def _pin(view: View, pin: MapPin) -> Pin:
    county = view.catalogue.regions.get(pin.county)
    lasted = view.now - pin.since
    said = [county.short if county else "", STAGE_NAMES[pin.stage], f"已 {age(lasted)}", "超期" if pin.overdue else ""]
    said += ["" if pin.sure else "位置为所在镇街中心"]
    way = event_way(view)
    return Pin(
        lon=pin.lon, lat=pin.lat, level=pin.level, title=pin.title, said=" · ".join(part for part in said if part),
        fresh=lasted.total_seconds() < FRESH_SECONDS, overdue=pin.overdue, href=way(pin.number) if way else None,
    )  # fmt: skip


@cache
def _outlines() -> dict[str, Outline]:
    return {outline.code: outline for outline in counties()}


def _counties(view: View, found: Sequence[MapPin]) -> list[County]:
    open_in, late_in = Counter(pin.county for pin in found), Counter(pin.county for pin in found if pin.overdue)
    return [
        _county(view, code, open_in[code], late_in[code])
        for code, region in view.catalogue.regions.items()
        if region.kind is RegionKind.COUNTY
    ]


def _county(view: View, code: str, opened: int, late: int) -> County:
    """What stands under a county's name: its open and late events; without events how its figures stand."""
    region, light = view.catalogue.regions[code], _standing(view, code)
    return County(
        code,
        region.name,
        rings=_outlines()[code].rings if code in _outlines() else (),
        label=(region.lon or 0.0, region.lat or 0.0),
        remark=f"在办 {opened}" if opened else light[0],
        alert="" if opened else light[1],
        late=f"超期 {late}" if late else "",
    )


def _standing(view: View, code: str) -> tuple[str, str]:
    """How the figures of a county stand, calm and not; of one beyond the viewer's scope nothing is said."""
    if not view.by.scope.allows(code):
        return BEYOND, ""
    counts = tally(lit.state for lit in lit_themes(view, code))
    alert = f"{LIGHT[Light.ATTENTION]} {counts[Light.ATTENTION]}" if counts[Light.ATTENTION] else ""
    stale = f"{LIGHT[Light.STALE]} {counts[Light.STALE]}" if counts[Light.STALE] else ""
    known = sum(counts.values()) - counts[Light.UNCONNECTED]
    calm = stale or ("" if alert else f"{LIGHT[Light.NORMAL]} {known}" if known else LIGHT[Light.UNCONNECTED])
    return calm, alert


def _layers(view: View) -> list[LayerChoice]:
    known = layers_of(view.world)
    chosen = view.params.get("layer", "")
    if chosen and chosen not in known:
        raise Refused("没有这个图层")
    return [_layer(view, key, key == chosen) for key in LAYERS if key in known]


def _layer(view: View, key: str, chosen: bool) -> LayerChoice:
    layer = layers_of(view.world)[key]
    points = [(spot.place.lon, spot.place.lat) for spot in spots_seen(key, view.catalogue, view.by)] if chosen else []
    return LayerChoice(
        key, layer.name, layer.symbol.value, counted(layer, view.catalogue, view.by, view.now).total,
        view.place.to("/", layer=None if chosen else key), points[:: max(len(points) // MOST_POINTS, 1)], chosen,
    )  # fmt: skip
