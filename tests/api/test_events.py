"""Events over the wire: reported once, listed by scope, moved once, refused with what would be right."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from served import client_of, serve

from access.actor import Actor, Scope
from access.rights import ALL_RIGHTS
from indicators.cockpit import Cockpit
from people import EVERYTHING, TOKEN

EVENTS = "/api/v1/events"
JPEG = b"\xff\xd8\xff\xe0" + b"photo" * 20
REPORT = {
    "title": "锡美村涵洞积水",
    "description": "水漫到膝盖，联系人：张伟 13800138000",
    "category": "S0403",
    "lon": 116.6405,
    "lat": 23.6995,
    "origin": "hotline",
    "origin_id": "A-1",
    "reported_at": "2026-11-22T14:30:00+08:00",
    "reporter": {"name": "张伟", "phone": "13800138000"},
}


def actor(name: str, **more: Any) -> Actor:
    return Actor(name, "tester", more.pop("scope", Scope(None)), more.pop("rights", ALL_RIGHTS), user=name, **more)


CROWD = {
    TOKEN: EVERYTHING,
    "chen": actor("chen"),
    "lin": actor("lin"),
    "xu": actor("xu"),
    "water": actor("water", scope=Scope(None, frozenset({"water_bureau"})), department="water_bureau"),
    "stranger": actor("stranger", scope=Scope(frozenset({"445122", "445122100"})), home="445122"),
    "reader": actor("reader", rights=frozenset({"events.view"})),
    "leader": actor("leader", rights=frozenset({"indicators.view"})),
    "wall": replace(actor("wall", rights=frozenset({"events.view"})), kind="screen"),
}


class Desk:
    """Clients by name."""

    def __init__(self, server) -> None:
        self.server = server
        self.keys = 0

    def __getitem__(self, name: str) -> FlaskClient:
        return client_of(self.server, name)

    def report(self, by: str = "chen", key: str | None = None, **more: object):
        self.keys += 1
        headers = {"Idempotency-Key": key or f"key-{self.keys}"}
        return self[by].post(EVENTS, json={**REPORT, **more}, headers=headers)

    def move(self, by: str, number: str, action: str, version: int, key: str | None = None, **more: object):
        headers = {"Idempotency-Key": key} if key else {}
        body = {"action": action, "version": version, **more}
        return self[by].post(f"{EVENTS}/{number}/moves", json=body, headers=headers)


@pytest.fixture
def made(make_cockpit, small_engine, tmp_path: Path) -> Cockpit:
    return make_cockpit(small_engine, attachments=tmp_path / "attachments")


@pytest.fixture
def desk(made: Cockpit) -> Desk:
    return Desk(serve(made, CROWD))


@pytest.fixture
def any_desk(engine, make_cockpit, tmp_path: Path) -> Desk:
    return Desk(serve(make_cockpit(engine, attachments=tmp_path / "attachments"), CROWD))


@pytest.mark.feature(51)
def test_a_report_is_taken_once_whatever_is_retried(any_desk: Desk) -> None:
    first = any_desk.report(key="k")
    assert first.status_code == 201, first.get_data(as_text=True)
    assert set(first.json) == {"id", "number", "state", "version", "is_new"}
    again = any_desk.report(key="k")
    assert (again.status_code, again.json["id"], again.json["is_new"]) == (200, first.json["id"], False)
    twin = any_desk.report(key="another")
    assert (twin.status_code, twin.json["number"]) == (200, first.json["number"])
    other = any_desk.report(key="k", title="别的事")
    assert other.status_code == 422
    assert other.json["type"].endswith("problem-key")
    assert len(any_desk["chen"].get(EVENTS).json["items"]) == 1


@pytest.mark.feature(51)
def test_the_same_report_on_four_connections_at_once_is_one_event(any_desk: Desk) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: any_desk.report(key="at once"), range(4)))
    assert {answer.status_code for answer in answers} <= {200, 201}, [answer.json for answer in answers]
    assert len({answer.json["id"] for answer in answers}) == 1
    assert [answer.json["is_new"] for answer in answers].count(True) == 1


def test_two_officers_move_at_once_and_one_is_told(any_desk: Desk) -> None:
    number = any_desk.report().json["number"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda by: any_desk.move(by, number, "accept", 1), ("chen", "lin")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(any_desk["chen"].get(f"{EVENTS}/{number}/ledger").json["items"]) == 2


def test_a_key_is_needed(desk: Desk) -> None:
    answer = desk["chen"].post(EVENTS, json=REPORT)
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json["detail"]


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"title": ""}, "title"),
        ({"region": "999999"}, "region"),
        ({"category": "X9999"}, "category"),
        ({"lat": None}, "lon"),
        ({"reported_at": "2026-11-22T14:30:00"}, "reported_at"),
        ({"reported_at": "2026-11-23T14:30:00+08:00"}, "reported_at"),
        ({"surprise": 1}, "surprise"),
        ({"level": 7}, "level"),
    ],
)
def test_what_is_wrong_with_a_report_is_named(desk: Desk, wrong, where) -> None:
    answer = desk.report(**wrong)
    assert answer.status_code == 422
    assert where in {fault["where"] for fault in answer.json["errors"]}


@pytest.mark.feature(51)
def test_an_event_is_told_with_everything_about_it_and_nobodys_telephone(desk: Desk) -> None:
    number = desk.report().json["number"]
    answer = desk["chen"].get(f"{EVENTS}/{number}")
    told = answer.json
    assert told["region"].startswith("445102")
    assert told["reasons"]["region"]
    assert told["clock"]["steps"]
    assert {move["action"] for move in told["moves"]} >= {"accept", "refuse"}
    assert told["reporter"] == {"name": "张*", "phone": "138****8000", "address": None}
    assert "13800138000" not in answer.get_data(as_text=True)
    assert "13800138000" not in desk["chen"].get(EVENTS).get_data(as_text=True)
    assert desk["wall"].get(f"{EVENTS}/{number}").json["reporter"] == {"name": None, "phone": None, "address": None}
    assert desk["chen"].get(f"{EVENTS}/{told['id']}").json["number"] == number


def test_one_of_the_centre_another_centre_and_one_without_the_right(desk: Desk) -> None:
    number = desk.report().json["number"]
    absent = desk["stranger"].get(f"{EVENTS}/CZ-20261122-9999")
    foreign = desk["stranger"].get(f"{EVENTS}/{number}")
    assert (foreign.status_code, foreign.json["detail"]) == (404, absent.json["detail"])
    assert desk["stranger"].get(EVENTS).json["items"] == []
    assert desk["stranger"].get(f"{EVENTS}/{number}/ledger").status_code == 404
    assert desk.move("stranger", number, "accept", 1).status_code == 404
    assert desk["leader"].get(EVENTS).status_code == 403
    assert desk.move("reader", number, "accept", 1).status_code == 403
    assert desk.report(by="reader").status_code == 403
    assert client_of(desk.server, "").get(EVENTS).status_code == 401


def test_what_another_centre_reported_is_not_told_by_guessing_its_number(desk: Desk) -> None:
    number = desk.report().json["number"]
    answer = desk.report(by="stranger", region="445122", lon=None, lat=None)
    assert answer.status_code == 422
    assert number not in answer.get_data(as_text=True)


@pytest.mark.feature(57)
def test_a_move_is_done_once_and_the_slower_officer_is_told(any_desk: Desk) -> None:
    number = any_desk.report().json["number"]
    done = any_desk.move("chen", number, "accept", 1, key="m1")
    assert (done.status_code, done.json["version"], done.json["state"]) == (200, 2, "accepted")
    again = any_desk.move("chen", number, "accept", 1, key="m1")
    assert (again.status_code, again.json["version"]) == (200, 2)
    slower = any_desk.move("lin", number, "refuse", 1, note="不属本市")
    assert (slower.status_code, slower.json["version"]) == (409, 2)
    assert any_desk.move("chen", number, "confirm", 2, key="m1", note="属实").status_code == 422
    rows = any_desk["chen"].get(f"{EVENTS}/{number}/ledger").json
    assert [row["action"] for row in rows["items"]] == ["open", "accept"]
    assert rows["version"] == 2


def test_an_illegal_move_is_told_with_the_legal_ones(desk: Desk) -> None:
    number = desk.report().json["number"]
    answer = desk.move("chen", number, "close", 1)
    assert answer.status_code == 422
    assert {"accept", "refuse"} <= set(answer.json["legal"])
    assert desk.move("chen", number, "dance", 1).json["legal"]
    missing = desk.move("chen", number, "refuse", 1)
    assert (missing.status_code, missing.json["errors"][0]["where"]) == (422, "note")


def test_an_event_walks_to_its_end_over_the_interface(desk: Desk) -> None:
    number = desk.report().json["number"]
    steps = [
        ("chen", "accept", {}), ("chen", "confirm", {"note": "属实"}), ("chen", "register", {}),
        ("chen", "dispatch", {"department": "water_bureau"}), ("water", "sign", {}), ("water", "handle", {}),
        ("water", "report", {"note": "已抽干"}), ("lin", "check", {}), ("lin", "verify", {}), ("xu", "close", {}),
        ("xu", "evaluate", {"score": 5}),
    ]  # fmt: skip
    for version, (by, action, given) in enumerate(steps, 1):
        answer = desk.move(by, number, action, version, **given)
        assert answer.status_code == 200, (action, answer.json)
    assert answer.json["state"] == "evaluated"
    told = desk["chen"].get(f"{EVENTS}/{number}").json
    assert {one["department"] for one in told["assignments"]} == {"water_bureau"}
    assert told["deliveries"]
    assert desk["water"].get(EVENTS).json["items"][0]["number"] == number


def test_lists_are_filtered_and_turned_page_by_page(desk: Desk) -> None:
    for at in range(5):
        answer = desk.report(origin_id=f"L-{at}", reported_at=f"2026-11-22T14:0{at}:00+08:00")
        assert answer.status_code == 201
    seen, cursor = [], ""
    while True:
        page = desk["chen"].get(f"{EVENTS}?limit=2{cursor}").json
        seen += [one["origin_id"] for one in page["items"]]
        if not page["next"]:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [f"L-{at}" for at in (4, 3, 2, 1, 0)]

    def count(query: str) -> int:
        return len(desk["chen"].get(f"{EVENTS}?{query}").json["items"])

    assert count("since=2026-11-22T14:03:00%2B08:00") == 2
    assert (count("state=open"), count("state=reported,accepted"), count("state=closed")) == (5, 5, 0)
    assert (count("region=445102"), count("region=445122"), count("department=water_bureau")) == (5, 0, 0)
    assert count("world=demo") == 0
    assert count("changed_since=2030-01-01T00:00:00Z") == 0
    for query in ("state=nowhere", "since=yesterday"):
        assert desk["chen"].get(f"{EVENTS}?{query}").status_code == 422
    assert desk["chen"].get(f"{EVENTS}?cursor=abc").status_code == 400
    assert desk["chen"].get(f"{EVENTS}?region=999999").status_code == 404


@pytest.mark.feature(64)
def test_a_photo_is_kept_by_what_it_is_and_given_back_as_it_came(desk: Desk, made: Cockpit) -> None:
    number = desk.report().json["number"]
    url = f"{EVENTS}/{number}/attachments"
    sent = desk["chen"].post(f"{url}?kind=before&name=../../a.jpg&lon=116.64&lat=23.75", data=JPEG)
    assert sent.status_code == 201, sent.json
    assert (sent.json["mime"], sent.json["kind"], sent.json["is_elsewhere"]) == ("image/jpeg", "before", True)
    assert "/" not in sent.json["name"]
    form = {"file": (BytesIO(b"%PDF-1.4 x"), "处置报告.pdf")}
    assert desk["chen"].post(f"{url}?kind=after", data=form).json["name"] == "处置报告.pdf"
    assert [one["kind"] for one in desk["reader"].get(url).json["items"]] == ["before", "after"]
    given = desk["reader"].get(f"{url}/{sent.json['sha256']}")
    assert (given.data, given.mimetype) == (JPEG, "image/jpeg")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert desk["stranger"].get(f"{url}/{sent.json['sha256']}").status_code == 404
    assert desk["reader"].get(f"{url}/{'0' * 64}").status_code == 404


def test_no_other_kind_of_file_and_none_too_large(desk: Desk) -> None:
    url = f"{EVENTS}/{desk.report().json['number']}/attachments"
    for content in (b"<svg onload=alert(1)>", b"MZ\x90", b"", b"<html>"):
        assert desk["chen"].post(url, data=content, content_type="image/jpeg").status_code == 422
    large = desk["chen"].post(url, data=JPEG + bytes(11 * 2**20), content_type="image/jpeg")
    assert large.status_code == 413
    assert desk["chen"].get(url).json["items"] == []


@pytest.mark.feature(52)
def test_the_same_thing_again_is_hinted_at_while_typing(desk: Desk) -> None:
    number = desk.report().json["number"]
    query = {"title": "锡美村涵洞又积水了", "lon": 116.641, "lat": 23.6996, "category": "S0403"}
    (hint,) = desk["chen"].get(f"{EVENTS}/similar", query_string=query).json["items"]
    assert (hint["number"], hint["is_likely"]) == (number, True)
    assert "米" in hint["reason"]
    assert desk["stranger"].get(f"{EVENTS}/similar", query_string=query).json["items"] == []
