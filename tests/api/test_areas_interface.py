"""Watched areas and devices over the interface: four people and a wall, refusals in words, versions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from served import client_of, serve

from access.actor import ALL_RIGHTS, EVERYWHERE, Actor, Scope
from small_city import NOW

BASE = "/api/v1"
PEOPLE = {
    "chief": Actor("陈立", "city_commander", EVERYWHERE, ALL_RIGHTS, user="chief", home="445100"),
    "second": Actor("林敏", "city_officer", EVERYWHERE, ALL_RIGHTS, user="second", home="445100"),
    "county": Actor("湘桥", "county_officer", Scope(frozenset({"445102"})), ALL_RIGHTS, user="xq", home="445102"),
    "blind": Actor("外人", "nobody", EVERYWHERE, frozenset({"indicators.view"}), user="n"),
    "wall": Actor("大屏", "screen", EVERYWHERE, frozenset({"warnings.view"}), user="w", kind="screen", home="445100"),
}
AREA = {
    "world": "demo", "name": "意溪大桥", "shape": "circle:116.6405,23.6995,600", "events": "off", "quiet_minutes": 0,
    "until": (NOW + timedelta(days=9)).date().isoformat(),
}  # fmt: skip


@pytest.fixture
def doors(small_cockpit):
    server = serve(small_cockpit, PEOPLE)
    return {name: client_of(server, name) for name in PEOPLE} | {"stranger": client_of(server, "")}


def make(client, **changes):
    return client.post(f"{BASE}/areas", json=AREA | changes)


def report(client, lon: float, lat: float, minutes: int, **more):
    at = (NOW + timedelta(minutes=minutes)).isoformat()
    one = {"key": "v1", "kind": "vehicle", "name": "巡查车", "lon": lon, "lat": lat, "at": at}
    return client.post(f"{BASE}/devices/reports", json={"world": "demo", "reports": [one], **more})


def listed(client, what: str = "areas") -> list[dict]:
    answer = client.get(f"{BASE}/{what}?world=demo")
    assert answer.status_code == 200, answer.text
    return answer.get_json()["items"]


@pytest.mark.feature(17)
def test_an_area_is_its_owners_or_its_centres_and_nobody_elses(doors) -> None:
    mine, ours = make(doors["chief"]).get_json()["id"], make(doors["chief"], audience="centre").get_json()["id"]
    seen = {name: [one["id"] for one in listed(doors[name])] for name in ("chief", "second", "county", "wall")}
    assert seen == {"chief": [ours, mine], "second": [ours], "county": [], "wall": []}
    for name, status in (("second", 404), ("county", 404), ("blind", 403), ("stranger", 401)):
        answer = doors[name].post(f"{BASE}/areas/{mine}/acts", json={"act": "end"})
        assert answer.status_code == status, (name, answer.text)
    assert doors["county"].get(f"{BASE}/area-crossings?world=demo&area={ours}").status_code == 404
    assert make(doors["wall"]).status_code == 403 and make(doors["blind"]).status_code == 403


@pytest.mark.feature(17)
def test_from_drawing_to_the_event_over_the_interface(doors) -> None:
    number = make(doors["chief"]).get_json()["id"]
    places = ((116.9, 23.8, 1), (116.6405, 23.6995, 2), (116.6405, 23.6995, 2), (116.9, 23.8, 1))
    taken = [report(doors["chief"], *one).get_json() for one in places]
    assert [(one["accepted"], one["late"]) for one in taken] == [(1, 0), (1, 0), (0, 1), (0, 1)]
    (found,) = listed(doors["chief"], "area-crossings")
    assert (found["area"], found["words"], found["name"], found["quiet"]) == (number, "进入", "巡查车", None)
    acts = f"{BASE}/area-crossings/{found['id']}/acts"
    assert doors["second"].post(acts, json={"act": "acknowledge"}).status_code == 404
    assert doors["chief"].post(acts, json={"act": "acknowledge"}).get_json()["acknowledged_by"] == "陈立"
    shown = doors["chief"].get(f"{BASE}/devices?world=demo").get_json()
    assert (shown["key"], shown["mark"]) == (["v1"], "模拟")
    assert doors["county"].get(f"{BASE}/devices?world=demo").get_json()["key"] == []


def test_changes_go_by_version_and_every_refusal_is_said(doors) -> None:
    number = make(doors["chief"]).get_json()["id"]
    body = {key: value for key, value in AREA.items() if key != "world"}
    changed = doors["chief"].post(f"{BASE}/areas/{number}", json=body | {"name": "新名", "version": 1}).get_json()
    assert (changed["name"], changed["version"]) == ("新名", 2)
    late = doors["chief"].post(f"{BASE}/areas/{number}/acts", json={"act": "pause", "version": 1})
    assert late.status_code == 409
    for wrong in (
        {"shape": "polygon:116.6,23.6;116.7,23.7;116.7,23.6;116.6,23.7"}, {"until": "2020-01-01"}, {"name": " "},
        {"until": "2099-01-01"}, {"quiet_minutes": -1}, {"devices": "sometimes"}, {"owner": "lin"},
    ):  # fmt: skip
        answer = make(doors["chief"], **wrong)
        assert answer.status_code == 422 and any("\u4e00" <= one <= "\u9fff" for one in answer.text), wrong
    abroad = make(doors["county"], shape="circle:117.0055,23.6640,500")
    assert abroad.status_code == 422 and "管辖范围" in abroad.get_json()["detail"]


def test_places_are_brought_to_one_system_at_the_door(doors) -> None:
    assert report(doors["chief"], 116.6405, 23.6995, -1, system="gcj02").get_json()["accepted"] == 1
    shown = doors["chief"].get(f"{BASE}/devices?world=demo").get_json()
    assert shown["lon"][0] == pytest.approx(116.6361, abs=3e-4) and shown["lat"][0] == pytest.approx(23.7023, abs=4e-4)


def test_a_program_sends_no_nonsense(doors) -> None:
    for wrong in ({"lon": 300}, {"kind": "ufo"}, {"at": "2026-11-22T00:00:00"}, {"key": ""}, {"value": "NaN"}):
        one = {"key": "k", "kind": "boat", "name": "船", "lon": 116.6, "lat": 23.6, "at": NOW.isoformat()} | wrong
        answer = doors["chief"].post(f"{BASE}/devices/reports", json={"world": "demo", "reports": [one]})
        assert answer.status_code == 422, wrong
    future = report(doors["chief"], 116.6, 23.6, 60).get_json()
    assert future["refused"][0]["index"] == 0 and "未来" in future["refused"][0]["reason"]
