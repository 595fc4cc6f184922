"""What the page of an event asks of the interface beside moves: splitting once, suggestions while typing, drills."""

from __future__ import annotations

import pytest
from test_events import EVENTS, Desk, desk, made  # noqa: F401 -- the desk of the events' own tests


def registered(desk: Desk) -> str:  # noqa: F811
    number = desk.report().get_json()["number"]
    for version, (action, more) in enumerate((("accept", {}), ("confirm", {"note": "属实"}), ("register", {})), 1):
        assert desk.move("chen", number, action, version, **more).status_code == 200
    return number


def split(desk: Desk, number: str, version: int, *, by: str = "chen", key: str = "one", **more: object):  # noqa: F811
    body = {"version": version, "title": "涵洞旁路灯不亮", **more}
    return desk[by].post(f"{EVENTS}/{number}/split", json=body, headers={"Idempotency-Key": key})


@pytest.mark.feature(53)
def test_a_split_sent_twice_makes_one_event_linked_both_ways(desk: Desk) -> None:  # noqa: F811
    number = registered(desk)
    first = split(desk, number, 4)
    assert first.status_code == 200, first.text
    again = split(desk, number, 4)
    assert again.get_json()["made"] == first.get_json()["made"]
    made_number = first.get_json()["made"]
    told = desk["chen"].get(f"{EVENTS}/{made_number}").get_json()
    assert {"kind": "split_from", "number": number} in told["links"]
    assert told["title"] == "涵洞旁路灯不亮"
    whole = desk["chen"].get(f"{EVENTS}/{number}").get_json()
    assert {"kind": "split_into", "number": made_number} in whole["links"]


def test_a_split_from_an_old_version_makes_nothing(desk: Desk) -> None:  # noqa: F811
    number = registered(desk)
    before = len(desk["chen"].get(EVENTS).get_json()["items"])
    answer = split(desk, number, 2)
    assert answer.status_code == 409
    assert answer.get_json()["version"] == 4
    assert len(desk["chen"].get(EVENTS).get_json()["items"]) == before


def test_a_stranger_splits_nothing_and_a_reader_may_not(desk: Desk) -> None:  # noqa: F811
    number = registered(desk)
    assert split(desk, number, 4, by="stranger").status_code == 404
    assert split(desk, number, 4, by="reader").status_code == 403
    assert split(desk, number, 4, key="").status_code == 400


@pytest.mark.feature(54)
def test_words_suggest_category_and_level_with_reasons(desk: Desk) -> None:  # noqa: F811
    told = desk["chen"].get(f"{EVENTS}/suggest", query_string={"title": "路边积水有老人被困"}).get_json()
    assert told["categories"][0]["code"] == "S0403"
    assert "积水" in told["categories"][0]["reason"]
    assert "紧急加一" in told["level_reason"]
    assert desk["chen"].get(f"{EVENTS}/suggest").get_json()["categories"] == []
    assert desk["reader"].get(f"{EVENTS}/suggest").status_code == 403


def test_a_drill_is_kept_apart_and_marked(desk: Desk) -> None:  # noqa: F811
    answer = desk.report(origin_id="drill", world="demo").get_json()
    assert answer["number"].startswith("MN-")
    told = desk["chen"].get(f"{EVENTS}/{answer['number']}").get_json()
    assert told["mark"]
    assert told["provenance"] == "simulated"
    assert answer["number"] not in desk["chen"].get(EVENTS).text


def test_a_team_is_one_of_the_departments_that_go(desk: Desk) -> None:  # noqa: F811
    number = registered(desk)
    answer = desk.move("chen", number, "dispatch", 4, department="water_bureau", team="别人的队伍")
    assert answer.status_code == 422 and answer.get_json()["errors"][0]["where"] == "team"
    assert desk.move("chen", number, "dispatch", 4, department="water_bureau").status_code == 200
