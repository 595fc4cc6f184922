"""The evaluation over the interface: definition beside the numbers, files with units, appeals by two people."""

from __future__ import annotations

import csv
import io

import pytest
from served import client_of, serve
from test_events import CROWD, REPORT

from indicators.cockpit import Cockpit

EVALUATION = "/api/v1/evaluation?from=2026-11-20&to=2026-11-22"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def ask(small_cockpit: Cockpit):
    """Clients by name."""
    server = serve(small_cockpit, CROWD)
    return lambda name: client_of(server, name)


def closed(ask) -> str:
    """An event handled on the spot and closed by others; its number."""
    found = ask("chen").post("/api/v1/events", json=REPORT, headers={"Idempotency-Key": "e1"}).json
    number, version = found["number"], found["version"]
    steps = [
        ("chen", {"action": "accept"}), ("chen", {"action": "confirm", "note": "属实"}),
        ("chen", {"action": "register"}), ("chen", {"action": "dispatch", "department": "water_bureau"}),
        ("water", {"action": "sign"}), ("water", {"action": "handle"}), ("water", {"action": "report", "note": "好了"}),
        ("lin", {"action": "verify"}), ("xu", {"action": "close"}),
    ]  # fmt: skip
    for who, step in steps:
        done = ask(who).post(f"/api/v1/events/{number}/moves", json={"version": version, **step})
        assert done.status_code == 200, (step, done.json)
        version = done.json["version"]
    return number


@pytest.mark.feature(162)
def test_every_rate_names_its_events_and_the_definition_stands_beside(ask) -> None:
    number = closed(ask)
    found = ask("chen").get(f"{EVALUATION}&by=department").json
    assert found["definition"].startswith("应结案数＝")
    (row,) = found["items"]
    rates = {one["measure"]: one for one in row["rates"]}
    assert rates["closed_on_time_rate"]["numbers"] == rates["closed_on_time_rate"]["good"] == [number]
    assert (row["score"], row["rank"]) == (None, None), "one case is not ranked"
    assert rates["closed_on_time_rate"]["low"] < 100


def test_a_stranger_counts_only_what_is_his(ask) -> None:
    closed(ask)
    found = ask("stranger").get(f"{EVALUATION}&by=all").json
    assert {one["denominator"] for one in found["items"][0]["rates"]} == {0}
    assert ask("leader").get(EVALUATION).status_code == 403


def test_days_that_make_no_period_are_refused(ask) -> None:
    for wrong in ("from=2026-11-22&to=2026-11-20", "from=2024-01-01", "as_of=2099-01-01", "from=yesterday"):
        assert ask("chen").get(f"/api/v1/evaluation?{wrong}").status_code == 422, wrong


@pytest.mark.feature(162)
def test_the_file_says_units_and_as_of_when(ask) -> None:
    closed(ask)
    told = ask("chen").get(f"{EVALUATION}&by=county&format=csv")
    rows = list(csv.DictReader(io.StringIO(told.data.decode("utf-8-sig"))))
    rate = next(row for row in rows if row["指标"] == "按期结案率")
    assert (rate["单位"], rate["分子"], rate["分母"], rate["起日"], rate["止日"]) == (
        "百分比", "1", "1", "2026-11-20", "2026-11-22",
    )  # fmt: skip
    assert rate["截至"].startswith("2026-11-22 14:32") and rate["数值"] == "" and rate["95%区间下限"]
    assert ask("chen").get(f"{EVALUATION}&format=xlsx").data[:2] == b"PK"
    assert ask("reader").get(f"{EVALUATION}&format=csv").status_code == 403


@pytest.mark.feature(66)
def test_an_appeal_is_asked_by_the_department_and_decided_by_another(ask) -> None:
    number = closed(ask)
    body = {"measure": "closed_on_time_rate", "note": "台风停工"}
    assert ask("stranger").post(f"/api/v1/events/{number}/appeals", json=body).status_code == 404
    made = ask("water").post(f"/api/v1/events/{number}/appeals", json=body)
    assert made.status_code == 201, made.json
    again = ask("water").post(f"/api/v1/events/{number}/appeals", json=body)
    assert again.status_code == 422
    decision = {"decision": "grant", "note": "属实"}
    assert ask("water").post(f"/api/v1/appeals/{made.json['id']}", json=decision).status_code == 422
    assert ask("xu").post(f"/api/v1/appeals/{made.json['id']}", json=decision).json["outcome"] == "granted"
    found = ask("chen").get(EVALUATION).json
    assert found["excluded"] == [{"number": number, "measure": "closed_on_time_rate"}]
