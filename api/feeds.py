"""Events for other systems to pull: GeoJSON for maps, Atom for readers. What people wrote is masked."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import orjson
from pydantic import BaseModel

from api.event_shapes import event_shape
from api.events import TAG, EventsQuery, check_list, found_events, list_topics, rules_of
from api.operation import Ask, File, Operation

GEOJSON = "application/geo+json"
ATOM_MEDIA = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
GEORSS = "http://www.georss.org/georss"
ID = "tag:chaozhou.gov.cn,2026:events"
_PROPERTIES = (
    "id", "number", "version", "world", "mark", "state", "state_name", "stage", "title", "category", "category_name",
    "region", "region_name", "county", "level", "level_name", "lead", "lead_name", "origin", "placed", "supervised",
    "reported_at", "moved_at", "closed_at", "stage_due_at", "case_due_at",
)  # fmt: skip


class Collection(BaseModel):
    """A GeoJSON FeatureCollection (RFC 7946), or an Atom feed (RFC 4287)."""

    type: str


def _geojson(ask: Ask) -> File:
    """One page; `next` is the cursor of the following one. Without a place the geometry is null."""
    found, following = found_events(ask, ask.query.limit, ask.query.cursor)
    rules = rules_of(ask)
    told: dict[str, Any] = {"type": "FeatureCollection", "features": [], "next": following}
    for event in found:
        shown = event_shape(event, rules).model_dump(mode="json")
        point = None if event.lon is None else {"type": "Point", "coordinates": [event.lon, event.lat]}
        properties = {name: shown[name] for name in _PROPERTIES}
        told["features"].append({"type": "Feature", "id": event.number, "geometry": point, "properties": properties})
    return File(orjson.dumps(told), GEOJSON)


def _atom(ask: Ask) -> File:
    """One page, newest report first, the place as GeoRSS."""
    found, _ = found_events(ask, ask.query.limit, ask.query.cursor)
    rules = rules_of(ask)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _put(feed, "id", f"{ID}:{ask.query.world}")
    _put(feed, "title", "潮州市城市运行事件" + ("（模拟）" if ask.query.world == "demo" else ""))
    latest = max((event.moved_at for event in found), default=ask.now)
    _put(feed, "updated", latest.isoformat())
    _put(ElementTree.SubElement(feed, f"{{{ATOM}}}author"), "name", "潮州市城市运行管理中心")
    for event in found:
        shown = event_shape(event, rules)
        entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
        _put(entry, "id", f"{ID}:{event.number}")
        _put(entry, "title", f"{shown.title}（{shown.state_name}）")
        _put(entry, "updated", event.moved_at.isoformat())
        _put(entry, "published", event.reported_at.isoformat())
        _put(entry, "summary", f"{event.number} {shown.level_name} {shown.region_name} {shown.category_name}")
        ElementTree.SubElement(entry, f"{{{ATOM}}}category", {"term": event.category or "other"})
        ElementTree.SubElement(entry, f"{{{ATOM}}}link", {"href": f"/event/{event.number}"})
        if event.lon is not None:
            _put(entry, "point", f"{event.lat} {event.lon}", GEORSS)
    ElementTree.register_namespace("", ATOM)
    ElementTree.register_namespace("georss", GEORSS)
    return File(bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)), ATOM_MEDIA)


def _put(parent: ElementTree.Element, name: str, text: str, space: str = ATOM) -> None:
    child = ElementTree.SubElement(parent, f"{{{space}}}{name}")
    child.text = "".join(sign for sign in text if sign >= " ")


def _never(_: Ask) -> BaseModel:
    return Collection(type="FeatureCollection")


OPERATIONS = (
    Operation(
        "GET", "/events.geojson", "事件的 GeoJSON", Collection, _never, tag=TAG, right="events.view",
        query=EventsQuery, check=check_list, topics=list_topics, file=_geojson, media=GEOJSON, problems=(404,),
    ),
    Operation(
        "GET", "/events.atom", "事件的 Atom 订阅", Collection, _never, tag=TAG, right="events.view",
        query=EventsQuery, check=check_list, topics=list_topics, file=_atom, media=ATOM_MEDIA, problems=(404,),
    ),
)  # fmt: skip
