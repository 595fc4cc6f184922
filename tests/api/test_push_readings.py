"""Pushing readings: every row answered for, nothing stored twice, bad rows alone in quarantine, bad bodies named."""

from __future__ import annotations

import pytest

GOOD = {
    "indicator": "IND-13",
    "region": "445102",
    "period": "2026-11-21",
    "numerator": 45,
    "denominator": 50,
    "value": 90,
}
SOURCE = "enterprise_requests"


@pytest.mark.feature(49)
def test_each_row_is_told_what_became_of_it(push) -> None:
    wrong = {**GOOD, "region": "445103", "value": 450, "numerator": 225}
    lost = {**GOOD, "indicator": "IND-99"}
    unread = {**GOOD, "value": "九十"}
    answer = push(SOURCE, GOOD, wrong, lost, unread).get_json()
    assert [row["outcome"] for row in answer["results"]] == ["taken", "quarantined", "quarantined", "quarantined"]
    assert [row["row"] for row in answer["results"]] == [1, 2, 3, 4]
    assert all(row["reasons"][0]["message"] for row in answer["results"][1:])
    assert answer["rows"] == answer["taken"] + answer["unchanged"] + answer["quarantined"] == 4


def test_the_same_push_again_changes_nothing(push) -> None:
    push(SOURCE, GOOD)
    answer = push(SOURCE, GOOD).get_json()
    assert [row["outcome"] for row in answer["results"]] == ["unchanged"]
    assert (answer["taken"], answer["unchanged"]) == (0, 1)


def test_what_was_pushed_is_read_at_once(push, small_client) -> None:
    before = small_client.get("/api/v1/indicators/IND-13/readings?region=445102&world=real").get_json()
    push(SOURCE, GOOD)
    after = small_client.get("/api/v1/indicators/IND-13/readings?region=445102&world=real").get_json()
    assert before["items"] == []
    assert before["missing"][0]["reason"]
    (row,) = after["items"]
    assert (row["value"], row["numerator"], row["unit"], row["source"]) == (90.0, 45.0, "%", SOURCE)
    assert row["provenance"] == "live"
    assert row["mark"] is None
    assert row["owner_name"]


@pytest.mark.feature(48)
def test_a_simulated_source_stays_simulated_whatever_the_sender_says(push, small_client) -> None:
    answer = push("demo_" + SOURCE, {**GOOD, "provenance": "live"})
    assert answer.get_json()["results"][0]["outcome"] == "quarantined"
    push("demo_" + SOURCE, GOOD)
    rows = small_client.get("/api/v1/indicators/IND-13/readings?region=445102").get_json()["items"]
    assert [(row["world"], row["provenance"], row["mark"]) for row in rows] == [("demo", "simulated", "模拟")]


def test_the_worlds_are_listed_side_by_side_never_joined(push, small_client) -> None:
    push(SOURCE, GOOD)
    push("demo_" + SOURCE, {**GOOD, "value": 60, "numerator": 30})
    rows = small_client.get("/api/v1/indicators/IND-13/readings?region=445102").get_json()["items"]
    assert [(row["world"], row["value"]) for row in rows] == [("demo", 60.0), ("real", 90.0)]


def test_an_unknown_source_is_answered_with_the_nearest(push) -> None:
    answer = push("enterprise_request", GOOD)
    assert answer.status_code == 404
    assert "您是否想填 enterprise_requests？" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        (b"", 400, "JSON"),
        (b"{", 400, "第 1 行"),
        (b"[]", 422, "请求内容"),
        (b'{"source": "enterprise_requests"}', 422, "readings"),
        (b'{"source": "enterprise_requests", "readings": {}}', 422, "readings"),
        (b'{"source": "enterprise_requests", "readings": []}', 422, "readings"),
        (b'{"source": 7, "readings": [1]}', 422, "source"),
        (b'{"source": "enterprise_requests", "readings": [], "actor": "root"}', 422, "actor"),
        (b'{"source": "x", "readings": [NaN]}', 400, "JSON"),
        ('{"source": "公", "readings": [1]}'.encode("gbk"), 400, "UTF-8"),
    ],
)
def test_a_body_that_is_no_push_is_refused_and_says_where(small_client, body: bytes, status: int, named: str) -> None:
    answer = small_client.post("/api/v1/readings", data=body, content_type="application/json")
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert named in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "row", [None, 1, "text", [], {}, {"indicator": None}, {**GOOD, "value": [1]}, {**GOOD, "x": 1}]
)
def test_a_row_that_is_no_reading_waits_alone(push, row: object) -> None:
    answer = push(SOURCE, row, GOOD).get_json()
    assert [one["outcome"] for one in answer["results"]] == ["quarantined", "taken"]


def test_a_body_or_a_batch_that_is_too_large_is_refused(push, small_client) -> None:
    assert push(SOURCE, *[GOOD] * 5001).status_code == 422
    huge = b'{"source": "' + b"x" * 2_100_000 + b'"}'
    answer = small_client.post("/api/v1/readings", data=huge, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


def test_a_form_or_plain_text_is_no_push(small_client) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = small_client.post("/api/v1/readings", data=b'{"source": "x"}', content_type=kind)
        assert answer.status_code == 415


@pytest.mark.feature(34)
def test_what_was_known_on_an_earlier_day_is_still_told(small_engine, make_cockpit, catalogue, now) -> None:
    from dataclasses import replace
    from datetime import timedelta

    from served import client_of, serve

    today = make_cockpit(small_engine)
    yesterday = replace(today, now=lambda: now - timedelta(days=1))
    early = {**GOOD, "period": "2026-11-19"}
    for cockpit, value in ((yesterday, 90), (today, 88)):
        row = {**early, "value": value, "numerator": value / 2}
        answer = client_of(serve(cockpit)).post("/api/v1/readings", json={"source": SOURCE, "readings": [row]})
        assert answer.get_json()["taken"] == 1
    client = client_of(serve(today))
    url = "/api/v1/indicators/IND-13/readings?region=445102&world=real"
    then = (now - timedelta(hours=12)).isoformat().replace("+", "%2B")
    assert [row["value"] for row in client.get(url).get_json()["items"]] == [88.0]
    assert [row["value"] for row in client.get(f"{url}&known_at={then}").get_json()["items"]] == [90.0]
