"""Warnings over the interface: seen by scope, acted on by one of two, silenced with an end, rules changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from served import client_of, serve

from access import sealing
from access.actor import ALL_RIGHTS, EVERYWHERE, Actor, Scope
from database.engine import writing
from decisions.forecast_ledger import Step, issue, score
from raised_warnings import raise_warning
from small_city import NOW

BASE = "/api/v1"
PEOPLE = {
    "chief": Actor("陈立", "city_commander", EVERYWHERE, ALL_RIGHTS, user="chief"),
    "county": Actor("湘桥", "county_officer", Scope(frozenset({"445102"})), ALL_RIGHTS, user="xq"),
    "viewer": Actor("来访", "viewer", EVERYWHERE, frozenset({"warnings.view"}), user="v"),
    "blind": Actor("外人", "nobody", EVERYWHERE, frozenset({"indicators.view"}), user="n"),
}


@pytest.fixture(autouse=True)
def sealed() -> Iterator[None]:
    before = sealing.keyring()
    sealing.use(sealing.Keyring(sealing.INTL, ("a secret of the tests, long enough to be one",)))
    yield
    sealing.forget()
    if before is not None:
        sealing.use(before)


@pytest.fixture
def doors(small_cockpit):
    """One client for each person."""
    server = serve(small_cockpit, PEOPLE)
    return {name: client_of(server, name) for name in PEOPLE} | {"stranger": client_of(server, "")}


@pytest.fixture
def two(small_engine) -> tuple[int, int]:
    """A warning in 湘桥 and one in 饶平."""
    with writing(small_engine) as connection:
        return raise_warning(connection), raise_warning(connection, region="445122", level=4, peak_level=4, rule="pool")


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.get_json()["items"]]


@pytest.mark.feature(77)
def test_everybody_sees_the_warnings_of_his_own_territory(doors, two):
    mine, other = two
    url = f"{BASE}/warnings?world=demo"
    assert ids(doors["chief"].get(url)) == [other, mine] and ids(doors["county"].get(url)) == [mine]
    assert doors["blind"].get(url).status_code == 403 and doors["stranger"].get(url).status_code == 401
    assert doors["county"].get(f"{BASE}/warnings/{other}").status_code == 404
    assert doors["county"].get(f"{BASE}/warnings/{other}/steps").status_code == 404
    assert doors["county"].post(f"{BASE}/warnings/{other}/acts", json={"act": "to_event"}).status_code == 404
    one = doors["county"].get(f"{BASE}/warnings/{mine}").get_json()
    assert (one["level"], one["mark"], one["evidence"]["bounds"]["橙"]) == (2, "模拟", 40)


def test_filters_and_pages(doors, two):
    mine, other = two
    get = doors["chief"].get
    for query, wanted in (("level=4", [other]), ("region=445102", [mine]), ("rule=pool", [other]), ("theme=none", []),
                          ("state=past", []), ("since=2026-11-23T00:00:00Z", [])):  # fmt: skip
        assert ids(get(f"{BASE}/warnings?world=demo&{query}")) == wanted, query
    assert get(f"{BASE}/warnings?since=2026-11-23T00:00:00").status_code == 422
    first = get(f"{BASE}/warnings?world=demo&state=all&limit=1").get_json()
    assert [one["id"] for one in first["items"]] == [other]
    assert ids(get(f"{BASE}/warnings?world=demo&state=all&limit=1&cursor={first['next']}")) == [mine]
    assert ids(get(f"{BASE}/warnings?world=real")) == []


@pytest.mark.feature(74)
@pytest.mark.feature(94)
def test_of_two_officers_one_takes_it_up_and_the_other_is_told_who(doors, two):
    url = f"{BASE}/warnings/{two[0]}/acts"
    wish = {"act": "acknowledge", "comment": "已派泵车", "version": "1"}
    taken = doors["county"].post(url, json=wish)
    assert taken.status_code == 200 and taken.get_json()["acknowledged_by"] == "湘桥"
    late = doors["chief"].post(url, json=wish)
    assert late.status_code == 409
    told = {one["where"]: one["message"] for one in late.get_json()["errors"]}
    assert told["version"] == "2" and told["acknowledged_by"] == "湘桥：已派泵车"
    assert doors["viewer"].post(url, json={"act": "acknowledge", "comment": "我来"}).status_code == 403
    assert doors["chief"].post(url, json={"act": "acknowledge", "comment": ""}).status_code == 422
    judged = doors["chief"].post(url, json={"act": "judge", "decision": "false", "note": "传感器被遮挡"})
    assert judged.get_json()["verdict"] == "false"
    steps = doors["chief"].get(f"{BASE}/warnings/{two[0]}/steps").get_json()["items"]
    assert [one["act"] for one in steps] == ["raised", "acknowledged", "judged"]


@pytest.mark.feature(80)
def test_one_click_to_an_event_twice_is_one_event(doors, two):
    url = f"{BASE}/warnings/{two[0]}/acts"
    first, second = (doors["chief"].post(url, json={"act": "to_event"}).get_json()["event"] for _ in range(2))
    assert first == second and first.startswith("MN-")


@pytest.mark.feature(73)
def test_a_silence_has_a_reason_and_an_end_and_belongs_to_a_territory(doors):
    wish = {"world": "demo", "rule": "waterlogging", "region": "445102", "reason": "泵站检修", "hours": "4"}
    url = f"{BASE}/warning-silences"
    assert doors["county"].post(url, json=wish | {"region": "445122"}).status_code == 404
    assert doors["county"].post(url, json={**wish, "region": None}).status_code == 404
    assert doors["county"].post(url, json={k: v for k, v in wish.items() if k != "hours"}).status_code == 422
    assert doors["viewer"].post(url, json=wish).status_code == 403
    made = doors["county"].post(url, json=wish)
    assert made.status_code == 201
    (listed,) = doors["chief"].get(f"{url}?world=demo").get_json()["items"]
    assert (listed["by"], listed["reason"]) == ("湘桥", "泵站检修")
    assert doors["county"].post(f"{url}/{listed['id']}/end", json={}).status_code == 200
    assert doors["chief"].get(f"{url}?world=demo").get_json()["items"] == []


@pytest.mark.feature(71)
def test_a_rule_is_changed_with_a_reason_exported_and_restored(doors):
    url = f"{BASE}/warning-rules"

    def rule() -> dict:
        return next(one for one in doors["chief"].get(url).get_json()["items"] if one["key"] == "rain_hour")

    before = rule()
    assert (before["blue"], before["edited"]) == (20, False)
    edits = f"{url}/rain_hour/edits"
    assert doors["viewer"].post(edits, json={"blue": 15, "reason": "汛期"}).status_code == 403
    assert doors["county"].post(edits, json={"blue": 15, "reason": "汛期"}).status_code == 404
    assert doors["chief"].post(edits, json={"blue": 35, "reason": "乱填"}).status_code == 422
    assert doors["chief"].post(edits, json={"blue": "15", "red": "80", "note": "汛期收紧"}).get_json()["blue"] == 15
    assert (rule()["blue"], rule()["edited"]) == (15, True)
    file = doors["chief"].get(f"{url}?format=yaml")
    written = {one["key"]: one for one in yaml.safe_load(file.data)["warnings"]}
    assert written["rain_hour"]["blue"] == 15 and b"\xe6\xb0\xb4\xe5\x8d\xb0" in file.data
    assert doors["chief"].post(edits, json={"reason": "汛期结束"}).get_json()["edited"] is False
    assert rule() == before


@pytest.mark.feature(86)
@pytest.mark.feature(87)
def test_a_forecast_is_told_with_its_baseline_and_its_record(doors, small_engine):
    series = ("demo", "ECO-08", "445100")
    with writing(small_engine) as connection:
        steps = [Step("2026-11", 3.0, 2.0, 4.0, 1.0, 5.0, 2.5), Step("2026-12", 3.5, 2.0, 5.0, 1.0, 6.0, 2.5)]
        issue(connection, series, origin="2026-10", model="ensemble", reason=None, steps=steps, now=NOW)
        score(connection, series, {"2026-11": 3.2}, now=NOW)
    told = doors["chief"].get(f"{BASE}/indicators/ECO-08/forecasts?world=demo").get_json()
    assert told["mark"] == "预测 · 模拟" and told["newest"]["steps"][0]["naive"] == 2.5
    (record,) = told["scores"]
    assert record["error"] == pytest.approx(0.2) and record["naive_error"] == pytest.approx(0.7)
    assert record["skill"] == pytest.approx(1 - 0.2 / 0.7) and record["inside80"] == 1
    assert doors["county"].get(f"{BASE}/indicators/ECO-08/forecasts?region=445122").status_code == 404
    assert doors["chief"].get(f"{BASE}/findings/astrology").status_code == 404


@pytest.mark.feature(89)
def test_a_scenario_is_saved_over_the_interface_with_its_mark(doors):
    url = f"{BASE}/scenarios"
    made = doors["chief"].post(url, json={"world": "demo", "name": "用电回升", "ENG-03": "2"})
    assert made.status_code == 201 and made.get_json()["mark"] == "情景测算，非因果"
    assert doors["chief"].post(url, json={"world": "demo", "name": "空", "ENG-03": "很多"}).status_code == 422
    assert [one["supposed"] for one in doors["viewer"].get(f"{url}?world=demo").get_json()["items"]] == [{"ENG-03": 2}]
    assert doors["viewer"].post(url, json={"world": "demo", "name": "我的", "ENG-03": 1}).status_code == 403
    number = made.get_json()["id"]
    assert doors["chief"].post(f"{url}/{number}/forget", json={}).status_code == 200
    assert doors["chief"].get(f"{url}?world=demo").get_json()["items"] == []
