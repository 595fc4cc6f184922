"""Messages over the wire: proposals settled, issues joined, resources asked for; by right and by scope."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from served import client_of, serve

from access.actor import EVERYWHERE, Actor, Scope
from access.rights import ALL_RIGHTS
from decisions.issue_search import IssueSearch
from decisions.routing_loop import RoutingLoop
from dispatch.rulebook import rulebook
from people import EVERYTHING, TOKEN

BASE = "/api/v1"
CROWD = {
    TOKEN: EVERYTHING,
    "chen": Actor("陈", "tester", EVERYWHERE, ALL_RIGHTS, user="chen"),
    "reader": Actor("读", "tester", EVERYWHERE, frozenset({"events.view"}), user="reader"),
    "blind": Actor("盲", "tester", EVERYWHERE, frozenset({"indicators.view"}), user="blind"),
    "rao": Actor("饶", "tester", Scope(frozenset({"445122", "445122100"})), ALL_RIGHTS, user="rao", home="445122"),
}


class City:
    """The interface with the timetable's steps at hand."""

    def __init__(self, cockpit, tmp_path) -> None:
        self.cockpit, self.server = cockpit, serve(cockpit, CROWD)
        rules = rulebook(cockpit.live_catalogue.current)
        self.loop = RoutingLoop(cockpit.engine, lambda: rules, tmp_path)
        self.search = IssueSearch(cockpit.engine, lambda: rules, lambda: ["real"])

    def of(self, who: str = "chen") -> FlaskClient:
        return client_of(self.server, who)

    def report(self, number: int, title: str, minutes: float = 0, **more: Any) -> str:
        at = self.cockpit.now() - timedelta(minutes=minutes)
        body = {
            "title": title, "origin": "hotline", "origin_id": f"W-{number}", "reported_at": at.isoformat(),
            "lon": 116.6405, "lat": 23.6995, "reporter": {"name": "张伟", "phone": f"1380013{number:04d}"},
        } | more  # fmt: skip
        told = self.of().post(f"{BASE}/events", json=body, headers={"Idempotency-Key": f"k{number}"})
        assert told.status_code == 201, told.text
        return told.get_json()["number"]

    def get(self, path: str, who: str = "chen") -> Any:
        told = self.of(who).get(BASE + path)
        assert told.status_code == 200, (path, told.text)
        return told.get_json()


@pytest.fixture
def city(make_cockpit, engine, tmp_path) -> City:
    return City(make_cockpit(engine), tmp_path)


@pytest.mark.feature(159)
@pytest.mark.feature(94)
def test_a_proposal_waits_and_a_person_settles_it(city: City) -> None:
    number = city.report(1, "污水井盖缺失，联系人张伟13800138000")
    city.loop.tick(city.cockpit.now())
    (waiting,) = city.get("/messages/waiting?world=real")["items"]
    assert (waiting["number"], waiting["category"], waiting["standing"]) == (number, "B0102", "waiting")
    assert "13800138000" not in waiting["title"] and waiting["words"]
    path = f"{BASE}/events/{number}/routing"
    assert city.of("reader").post(path, json={"category": "B0102"}).status_code == 403
    assert city.of("rao").post(path, json={"category": "B0102"}).status_code == 404
    assert city.of("rao").get(path).status_code == 404
    assert city.of().post(path, json={"category": "X9999"}).status_code == 422
    done = city.of().post(path, json={"category": "B0102", "version": str(waiting["version"])})
    assert done.status_code == 200 and done.get_json()["proposal"]["standing"] == "confirmed"
    assert city.of().post(path, json={"category": "B0101", "version": waiting["version"]}).status_code == 409
    assert "人工确认" in city.get(f"/events/{number}/ledger")["items"][-1]["note"]
    assert city.get("/messages/waiting?world=real")["items"] == []
    record = city.get("/messages/record?world=real&days=7")
    assert record["agreed"]["good"] == record["agreed"]["of"] == 1 == record["proposed"]


@pytest.mark.feature(160)
@pytest.mark.feature(92)
def test_an_issue_becomes_one_joint_event(city: City) -> None:
    for day in range(1, 15):
        city.report(100 + day, f"第{day}村垃圾堆积", 60 * 24 * day)
    phrases = ("电梯又坏了", "电梯故障没人修", "物业不修电梯", "电梯困人", "电梯停运几天了", "电梯异响")
    numbers = [city.report(n, f"凤城花园小区{phrases[n]}", 12 * n, place="凤城花园小区") for n in range(6)]
    city.search.tick(city.cockpit.now())
    (issue,) = city.get("/messages/issues?world=real")["items"]
    assert issue["people"] == 6 and {one["number"] for one in issue["members"]} == set(numbers)
    (surge,) = city.get("/messages/surges?world=real")["items"]
    assert surge["count"] == 6 and surge["expected"] < 1 and "通常不到 1 件" in surge["sentence"]
    assert city.get("/messages/issues?world=real&region=445122", "rao")["items"] == []
    assert city.get("/messages/surges?world=real", "rao")["items"] == []
    body = {"title": "凤城花园小区电梯", "numbers": ",".join(numbers)}
    assert city.of("reader").post(f"{BASE}/messages/joint", json=body).status_code == 403
    assert city.of("rao").post(f"{BASE}/messages/joint", json=body).status_code == 422
    first = city.of().post(f"{BASE}/messages/joint", json=body)
    again = city.of().post(f"{BASE}/messages/joint", json=body | {"numbers": numbers})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json()["number"] == again.get_json()["number"] and again.get_json()["merged"] == []
    joint = city.get(f"/events/{first.get_json()['number']}")
    assert {one["number"] for one in joint["links"]} == set(numbers)


@pytest.mark.feature(161)
@pytest.mark.feature(90)
def test_resources_crews_and_past_events_answer(city: City) -> None:
    number = city.report(1, "水管爆裂", category="B0107")
    found = city.get("/resources?world=demo&lon=116.6405&lat=23.6995&radius=3000&kind=team,shelter")
    assert {one["kind"] for one in found["items"]} == {"team", "shelter"}
    assert all(one["mark"] == "模拟" and one["metres"] <= 3000 for one in found["items"])
    drawn = city.get("/resources?world=demo&area=box:116.6,23.6,116.7,23.7&kind=camera")
    assert drawn["counts"]["camera"] == len(drawn["items"]) > 0
    assert city.get("/resources?world=demo")["world"] == "demo"
    for wrong in ("?lon=116.6", "?lon=116.6&lat=23.6&kind=ship", "?area=box:1,2", "?lon=116&lat=23&radius=0"):
        assert city.of().get(f"{BASE}/resources{wrong}").status_code == 422, wrong
    assert city.of("blind").get(f"{BASE}/resources?lon=116.6&lat=23.6").status_code == 403
    crews = city.get(f"/events/{number}/crews")["items"]
    assert crews[0]["part"] == "lead" and crews[0]["department"] == "water_bureau" and crews[0]["reasons"]
    assert city.get(f"/events/{number}/past")["items"] == []
    for path in ("crews", "past", "routing"):
        assert city.of("rao").get(f"{BASE}/events/{number}/{path}").status_code == 404
