"""The desk over the wire: presence in scope, and a handover that is drafted, taken item by item, by another."""

from __future__ import annotations

from pathlib import Path

import pytest
from served import client_of, serve
from test_events import CROWD, REPORT, Desk

CITY = "445100"


@pytest.fixture
def desk(make_cockpit, small_engine, tmp_path: Path) -> Desk:
    return Desk(serve(make_cockpit(small_engine, attachments=tmp_path / "attachments"), CROWD))


def look(desk: Desk, by: str, number: str, leaving: bool = False):
    return desk[by].post("/api/v1/presence", json={"event": number, "leaving": leaving})


@pytest.mark.feature(67)
def test_two_who_have_the_same_event_open_know_of_each_other(desk: Desk) -> None:
    number = desk.report().json["number"]
    assert look(desk, "chen", number).json == {"event": number, "items": []}
    assert [one["name"] for one in look(desk, "lin", number).json["items"]] == ["chen"]
    assert [one["name"] for one in look(desk, "chen", number).json["items"]] == ["lin"]
    look(desk, "lin", number, leaving=True)
    assert look(desk, "chen", number).json["items"] == []


def test_nobody_is_present_at_what_is_not_theirs(desk: Desk) -> None:
    number = desk.report().json["number"]
    look(desk, "chen", number)
    for by, status in (("stranger", 404), ("wall", 404), ("leader", 403), ("water", 404)):
        assert look(desk, by, number).status_code == status, by
    assert look(desk, "chen", number).json["items"] == []


def draft(desk: Desk, by: str = "chen"):
    return desk[by].get(f"/api/v1/handovers/draft?region={CITY}")


def hand_over(desk: Desk, by: str = "chen", **more: object):
    return desk[by].post("/api/v1/handovers", json={"region": CITY, **more})


def tick(desk: Desk, by: str, number: int, position: int):
    return desk[by].post(f"/api/v1/handovers/{number}/items/{position}")


@pytest.mark.feature(68)
def test_a_shift_is_drafted_left_behind_and_taken_item_by_item(desk: Desk) -> None:
    urgent = desk.report(impact=4, urgency=4, level=1).json["number"]
    calm = desk.report(title="树枝遮挡信号灯", origin_id="B").json["number"]
    drafted = draft(desk).json["items"]
    assert urgent in {one["ref"] for one in drafted if one["kind"] == "event"}
    made = hand_over(desk, note="泵车到位后改三十分一报")
    assert made.status_code == 201
    items, number = made.json["items"], made.json["id"]
    assert [one["words"] for one in items if one["kind"] == "note"] == ["泵车到位后改三十分一报"]
    assert tick(desk, "chen", number, 1).status_code == 422, "who leaves does not take over"
    for one in items:
        assert made.json["taken_at"] is None
        taken = tick(desk, "lin", number, one["position"])
        assert taken.status_code == 200
    assert taken.json["to_actor"] == "lin"
    assert taken.json["taken_at"]
    assert all(one["seen_by"] == "lin" for one in taken.json["items"])
    assert tick(desk, "xu", number, 1).json["items"][0]["seen_by"] == "lin", "the first who saw it stays"
    assert calm


def test_what_is_left_out_is_not_handed_over(desk: Desk) -> None:
    urgent = desk.report(impact=4, urgency=4, level=1).json["number"]
    made = hand_over(desk, left_out=[{"kind": "event", "ref": urgent}]).json
    assert urgent not in {one["ref"] for one in made["items"]}


def test_only_a_centre_hands_over_and_only_its_own(desk: Desk) -> None:
    assert hand_over(desk, "stranger").status_code == 404
    assert hand_over(desk, "reader").status_code in {403, 404}
    assert draft(desk, "reader").status_code in {403, 404}
    assert desk["stranger"].get(f"/api/v1/handovers/newest?region={CITY}").status_code == 404
    assert desk["chen"].get("/api/v1/handovers/newest?region=445103").status_code == 404, "none yet"
    hand_over(desk, region=CITY)
    assert desk["reader"].get(f"/api/v1/handovers/newest?region={CITY}").status_code == 200


def test_the_words_of_a_handover_are_masked(desk: Desk) -> None:
    hand_over(desk, note="张伟 13800138000 待回访")
    told = client_of(desk.server, "lin").get(f"/api/v1/handovers/newest?region={CITY}").text
    assert "13800138000" not in told
    assert REPORT["title"]
