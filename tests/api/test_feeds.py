"""Feeds of events: GeoJSON and Atom of what the caller may see, masked, unchanged answers not sent twice."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

EVENT = {
    "title": "锡美村涵洞积水，电话 13800138000", "category": "S0403", "lon": 116.6405, "lat": 23.6995,
    "origin": "hotline", "origin_id": "A-1", "reported_at": "2026-11-22T14:30:00+08:00",
}  # fmt: skip
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def number(small_client) -> str:
    return small_client.post("/api/v1/events", json=EVENT, headers={"Idempotency-Key": "1"}).json["number"]


@pytest.mark.feature(125)
def test_geojson_places_events_and_masks_what_people_wrote(small_client, number) -> None:
    answer = small_client.get("/api/v1/events.geojson?state=open")
    assert answer.mimetype == "application/geo+json"
    told = answer.get_json(force=True)
    (feature,) = told["features"]
    assert (feature["id"], feature["geometry"]["coordinates"]) == (number, [116.6405, 23.6995])
    assert "13800138000" not in answer.get_data(as_text=True)
    assert small_client.get("/api/v1/events.geojson?state=closed").get_json(force=True)["features"] == []
    same = small_client.get("/api/v1/events.geojson?state=open", headers={"If-None-Match": answer.headers["ETag"]})
    assert same.status_code == 304


@pytest.mark.feature(125)
def test_atom_is_well_formed_and_tells_when_something_moved(small_client, number) -> None:
    answer = small_client.get("/api/v1/events.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    (entry,) = feed.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id", "").endswith(number)
    assert entry.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated")
    assert entry.findtext("{http://www.georss.org/georss}point") == "23.6995 116.6405"
    assert "13800138000" not in answer.get_data(as_text=True)


@pytest.mark.feature(158)
def test_a_platform_above_pulls_what_changed_and_sends_an_order_down(small_client, number) -> None:
    order = {**EVENT, "origin": "upstream", "origin_id": "GD-2026-7", "title": "省平台转办：核查桥东排涝泵站"}
    sent = small_client.post("/api/v1/events", json=order, headers={"Idempotency-Key": "GD-2026-7"})
    assert sent.status_code == 201
    changed = small_client.get("/api/v1/events?changed_since=2026-11-22T06:00:00Z").json["items"]
    assert {one["number"] for one in changed} == {number, sent.json["number"]}
    assert next(one for one in changed if one["number"] == sent.json["number"])["origin_name"] == "上级转办"
