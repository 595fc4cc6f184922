"""The right column of the desk: place of the chosen event, what happened there before, handover of the shift."""

from __future__ import annotations

from sqlalchemy import select

from access.actor import OutOfScope
from access.personal import mask_text
from components.county_map import Sheet
from components.desk_map import (
    Around,
    Facility,
    LayerSwitch,
    Near,
    Overview,
    desk_map,
    distance,
    overview_map,
)
from components.desk_similar import Before, similar_list
from components.faces import empty, panel_head
from components.markup import Tree
from components.times import dwell, when
from database.dispatch_tables import events
from dispatch import records
from dispatch.event import Event
from dispatch.events import nearby, visible
from dispatch.loop import MapPin, pins
from dispatch.stage import STAGE_NAMES
from geography.areas import metres_between
from geography.coordinates import Point
from geography.layers import Spot
from geography.outlines import counties, rivers
from indicators.places import layers_of, spots_seen
from pages.desk_view import EVENTS, desk_link, rules_of
from pages.panels import panel
from pages.view import View

LAYERS = ("teams", "cameras", "shelters", "water_levels", "rain_gauges")
"""What an officer looks for around an event."""
USUAL = "teams,cameras"
REACH = 2000.0
"""Metres around the event within which things are named."""
MOST_OF_A_LAYER = 12
SIMILAR_METRES, SIMILAR_DAYS, MOST_SIMILAR = 500.0, 30, 4


def event_in(view: View) -> Event | None:
    """The event the address names; None without one, OutOfScope for one that is not the viewer's."""
    number = view.params.get("event", "")[:24]
    if not number:
        return None
    query = select(*records.EVENT_COLUMNS).where(events.c.number == number, visible(view.by))
    row = view.connection.execute(query).first()
    if row is None:
        raise OutOfScope(right="events.view")
    return records.event_of(row)


@panel("desk-map", topics=[EVENTS], params=["event", "layers"], right="events.view")
def draw_map(view: View) -> Tree:
    """The event with what stands around it."""
    event = event_in(view)
    if event is None:
        return overview_map(_overview(view))
    if event.lon is None or event.lat is None:
        return [panel_head("周边"), empty("没有坐标", "本件只知所在区域，核实时请补录位置")]
    return desk_map(_around(view, event, Point(event.lon, event.lat)))


def _overview(view: View) -> Overview:
    """All open events of the region in view."""
    found = pins(view.connection, view.by, world=view.world.value, region=view.region, now=view.now)
    known = [outline for outline in counties() if outline.code == view.region] or list(counties())
    rings = [ring for outline in known for ring in outline.rings]
    points = [point for ring in rings for point in ring]
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return Overview(
        sheet=Sheet(min(lons), min(lats), max(lons), max(lats)), near=[_near(view, pin) for pin in found],
        outlines=rings, rivers=rivers(), map_href=view.place.to("/map", layer="events"),
    )  # fmt: skip


def _around(view: View, event: Event, here: Point) -> Around:
    chosen = {key for key in (view.params.get("layers") or USUAL).split(",") if key in LAYERS}
    inside = {key: _inside(view, key, here) for key in LAYERS if key in layers_of(view.world)}
    city = view.catalogue.city.code
    found = pins(view.connection, view.by, world=event.world, region=city, now=view.now)
    return Around(
        lon=here.lon, lat=here.lat, level=event.level, title=mask_text(event.title), sure=event.placed == "point",
        near=[_near(view, pin) for pin in found if pin.number != event.number and _is_near(pin, here)],
        facilities=[one for key in inside if key in chosen for one in inside[key]],
        outlines=[ring for outline in counties() for ring in outline.rings], rivers=rivers(),
        switches=[_switch(view, key, chosen, len(inside[key])) for key in inside],
        map_href=view.place.to("/map", layer="events", event=event.number),
    )  # fmt: skip


def _inside(view: View, key: str, here: Point) -> list[Facility]:
    """The nearest things of a layer; the first carries its name."""
    symbol = layers_of(view.world)[key].symbol.value
    measured: list[tuple[float, Spot]] = [
        (metres_between(here, spot.place), spot) for spot in spots_seen(key, view.catalogue, view.by)
    ]
    close = sorted((pair for pair in measured if pair[0] <= REACH), key=lambda pair: pair[0])[:MOST_OF_A_LAYER]
    return [
        Facility(spot.place.lon, spot.place.lat, spot.name, metres, symbol, named=at == 0)
        for at, (metres, spot) in enumerate(close)
    ]


def _is_near(pin: MapPin, here: Point) -> bool:
    return metres_between(here, Point(pin.lon, pin.lat)) <= 2 * REACH


def _near(view: View, pin: MapPin) -> Near:
    says = f"{STAGE_NAMES[pin.stage]}{' · 超期' if pin.overdue else ''}"
    href = desk_link(view)(event=pin.number)
    return Near(pin.lon, pin.lat, pin.level, mask_text(pin.title), says, href, pin.overdue)


def _switch(view: View, key: str, chosen: set[str], count: int) -> LayerSwitch:
    after = sorted(chosen ^ {key}, key=LAYERS.index)
    told = ",".join(after) or "none"
    href = view.place.to("/desk", event=view.params.get("event"), layers=None if told == USUAL else told)
    return LayerSwitch(key, layers_of(view.world)[key].name, key in chosen, href, count)


@panel("desk-similar", topics=[EVENTS], params=["event"], right="events.view", soft_seconds=60)
def draw_similar(view: View) -> Tree:
    """Events close by in the last days, the same kind first."""
    event = event_in(view)
    note = f"{distance(SIMILAR_METRES)} · {SIMILAR_DAYS} 天"
    if event is None:
        return similar_list([], "", "选中事件后列出同一地点办过的事")
    found = nearby(view.connection, view.by, event, metres=SIMILAR_METRES, days=SIMILAR_DAYS, limit=MOST_SIMILAR)
    if event.placed != "point":
        return similar_list([], note, "本件没有确切坐标，不能按距离查找")
    return similar_list([_before(view, one, event) for one in found], note, "附近近期没有办过的事件")


def _before(view: View, one: Event, event: Event) -> Before:
    rules = rules_of(view)
    lead = rules.department_name(one.lead)
    took = (one.closed_at - one.reported_at).total_seconds() if one.closed_at else None
    end = f"{dwell(took)}结案" if took is not None else one.state_name
    says = " · ".join(part for part in (when(one.reported_at, view.now), lead, end) if part)
    why = "同一类别" if one.category == event.category else rules.category_name(one.category)
    return Before(mask_text(one.title), says, desk_link(view)(event=one.number), f"{why}，{one.number}")
