"""Rows in quarantine, figures entered by hand, and the chain behind a number, through the doors people use."""

from __future__ import annotations

import pytest

from people import EVERYTHING, HUANG, LIN

GOOD = {
    "indicator": "IND-13",
    "region": "445102",
    "period": "2026-11-21",
    "numerator": 45,
    "denominator": 50,
    "value": 90,
}
HIGH = {**GOOD, "numerator": 225, "value": 450}
SOURCE = "enterprise_requests"
ENTRY = {"indicator": "IND-13", "region": "445102", "period": "2026-11-20", "value": 88, "note": "潮工信〔2026〕7号"}


def held_of(client, **query):
    return client.get("/api/v1/quarantine", query_string=query).get_json()["items"]


def decide(client, number: object, **body):
    return client.post(f"/api/v1/quarantine/{number}/decision", json=body)


@pytest.mark.feature(46)
def test_a_person_releases_a_row_and_it_becomes_a_reading(push, small_client) -> None:
    push(SOURCE, HIGH)
    (row,) = held_of(small_client)
    assert (row["world"], row["value"]) == ("real", 450.0)
    assert row["reasons"][0]["message"]
    told = decide(small_client, row["id"], decision="release", note="与企业核实属实").get_json()
    assert told == {"id": row["id"], "state": "released", "decided_by": EVERYTHING.name, "outcome": "taken"}
    assert held_of(small_client) == []
    (reading,) = small_client.get("/api/v1/indicators/IND-13/readings?region=445102&world=real").get_json()["items"]
    assert reading["value"] == 450.0
    assert "released" in reading["quality"]
    (chain,) = small_client.get("/api/v1/indicators/IND-13/proof?region=445102&world=real").get_json()["chains"]
    assert chain["released"]["decided_by"] == EVERYTHING.name
    assert chain["call"]["door"] == "release"


@pytest.mark.feature(46)
def test_a_row_is_decided_once(push, small_client) -> None:
    push(SOURCE, HIGH)
    (row,) = held_of(small_client)
    assert decide(small_client, row["id"], decision="reject", note="来源确认填错").status_code == 200
    again = decide(small_client, row["id"], decision="release", note="再来")
    assert (again.status_code, again.mimetype) == (409, "application/problem+json")
    assert [one["note"] for one in held_of(small_client, state="rejected")] == ["来源确认填错"]


def test_a_row_that_names_no_figure_cannot_be_released(push, small_client) -> None:
    push(SOURCE, {**GOOD, "indicator": "IND-99"})
    (row,) = held_of(small_client)
    assert decide(small_client, row["id"], decision="release", note="放行").status_code == 422
    assert len(held_of(small_client)) == 1


@pytest.mark.parametrize(
    ("number", "body", "status"),
    [
        (999, {"decision": "reject", "note": "x"}, 404),
        ("x", {"decision": "reject", "note": "x"}, 404),
        ("9" * 30, {"decision": "reject", "note": "x"}, 404),
        ("٣", {"decision": "reject", "note": "x"}, 404),
        (1, {"decision": "delete", "note": "x"}, 422),
        (1, {"decision": "reject"}, 422),
        (1, {"decision": "reject", "note": " "}, 422),
        (1, {"decision": "reject", "note": "x", "person": "张三"}, 422),
        (1, {"decision": "reject", "note": "x", "decided_by": "root"}, 422),
    ],
)
def test_a_decision_that_cannot_be_made_says_why(push, small_client, number: object, body, status: int) -> None:
    push(SOURCE, HIGH)
    response = decide(small_client, number, **body)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert len(held_of(small_client)) == 1


@pytest.mark.feature(47)
def test_a_figure_entered_by_one_person_counts_after_another_has_reviewed_it(small_client) -> None:
    made = small_client.post("/api/v1/entries", json=ENTRY, headers=LIN)
    assert made.status_code == 201
    number = made.get_json()["id"]
    url = f"/api/v1/entries/{number}/decision"
    assert small_client.get("/api/v1/indicators/IND-13/readings?region=445102&world=real").get_json()["items"] == []
    own = small_client.post(url, json={"decision": "accept"}, headers=LIN)
    assert own.status_code == 409
    told = small_client.post(url, json={"decision": "accept"}, headers=HUANG).get_json()
    assert (told["state"], told["outcome"]) == ("accepted", "taken")
    (reading,) = small_client.get("/api/v1/indicators/IND-13/readings?region=445102&world=real").get_json()["items"]
    assert reading["value"] == 88.0
    (chain,) = small_client.get("/api/v1/indicators/IND-13/proof?region=445102&world=real").get_json()["chains"]
    assert (chain["entered"]["entered_by"], chain["entered"]["reviewed_by"]) == ("林敏", "黄海")
    assert small_client.post(url, json={"decision": "refuse", "note": "晚了"}, headers=HUANG).status_code == 409


def test_an_entry_that_is_none_is_refused_and_every_fault_is_named(small_client) -> None:
    response = small_client.post("/api/v1/entries", json={**ENTRY, "region": "999999", "value": None})
    assert response.status_code == 422
    assert len(response.get_json()["errors"]) >= 2
    assert small_client.get("/api/v1/entries").get_json()["items"] == []


def test_an_entry_sent_back_needs_a_reason_and_never_counts(small_client) -> None:
    number = small_client.post("/api/v1/entries", json=ENTRY, headers=LIN).get_json()["id"]
    url = f"/api/v1/entries/{number}/decision"
    assert small_client.post(url, json={"decision": "refuse"}, headers=HUANG).status_code == 422
    assert small_client.post(url, json={"decision": "refuse", "note": "口径不符"}, headers=HUANG).status_code == 200
    (entry,) = small_client.get("/api/v1/entries?state=refused").get_json()["items"]
    assert entry["review_note"] == "口径不符"
    assert small_client.get("/api/v1/indicators/IND-13/readings?region=445102&world=real").get_json()["items"] == []


@pytest.mark.feature(163)
def test_the_chain_leads_from_the_value_to_the_delivered_line(push, small_client) -> None:
    push(SOURCE, GOOD)
    push(SOURCE, {**GOOD, "numerator": 44, "value": 88})
    (chain,) = small_client.get("/api/v1/indicators/IND-13/proof?region=445102&world=real").get_json()["chains"]
    assert chain["reading"]["value"] == 88.0
    assert "44" in chain["calculation"]
    assert chain["call"]["door"] == "push"
    assert chain["call"]["actor"] == "loopback"
    assert '"numerator":44' in chain["raw"].replace(" ", "")
    assert [vintage["value"] for vintage in chain["vintages"]] == [90.0, 88.0]


@pytest.mark.feature(163)
def test_a_city_total_is_proved_by_its_counties(push, small_client) -> None:
    counties = ("445102", "445103", "445122", "445185")
    push(
        SOURCE,
        *[
            {**GOOD, "region": code, "numerator": 40 + n, "denominator": 50, "value": 80 + 2 * n}
            for n, code in enumerate(counties)
        ],
    )
    (chain,) = small_client.get("/api/v1/indicators/IND-13/proof?world=real").get_json()["chains"]
    assert chain["reading"]["value"] == 100 * (40 + 41 + 42 + 43) / 200
    assert sorted(part["region"] for part in chain["parts"]) == sorted(counties)


def test_where_there_is_no_number_there_is_no_chain(small_client) -> None:
    assert small_client.get("/api/v1/indicators/IND-13/proof?region=445122").get_json() == {"chains": []}
