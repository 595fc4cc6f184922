"""The record over the API, as the auditor, a county's auditor and somebody else ask for it; refusals; reveal."""

from __future__ import annotations

import csv
import io
import threading
from datetime import UTC, datetime

import pytest
from served import client_of, serve
from sqlalchemy import insert

from access import sealing
from access.audit import record
from access.audit_rows import Wanted, audit_rows
from access.refusals import Refusals
from access.sealing import INTL, Keyring
from audit_people import AUDITOR, COUNTY_AUDITOR, OFFICER
from database.dispatch_tables import events
from database.engine import reading, writing

ACTORS = {"auditor": AUDITOR, "county": COUNTY_AUDITOR, "officer": OFFICER}
URL = "/api/v1/audit"


@pytest.fixture
def ask(small_cockpit, small_engine, now):
    """A client by name, with three rows on record."""
    with writing(small_engine) as connection:
        for region in ("", "445102", "445122"):
            record(connection, by=OFFICER, action="entries.write", object="=1+1", region=region, now=now)
    server = serve(small_cockpit, ACTORS)
    return lambda name: client_of(server, name)


@pytest.mark.feature(137)
def test_the_auditor_reads_pages_and_narrows(ask):
    client = ask("auditor")
    first = client.get(URL + "?limit=2").get_json()
    assert [row["region"] for row in first["items"]] == ["445122", "445102"]
    rest = client.get(f"{URL}?limit=2&cursor={first['next']}").get_json()
    assert [row["region"] for row in rest["items"]] == [""]
    assert rest["next"] is None
    assert first["rows_so_far"] == 3
    assert client.get(URL + "?region=445102").get_json()["items"][0]["actor"] == "李明"
    assert client.get(URL + "?from=2027-01-01T00:00:00%2B08:00").get_json()["items"] == []
    assert client.get(URL + "?leave_out=entries.write").get_json()["items"] == []


@pytest.mark.feature(137)
def test_a_county_reads_its_own_and_an_officer_nothing(ask):
    assert [row["region"] for row in ask("county").get(URL).get_json()["items"]] == ["445102"]
    refused = ask("officer").get(URL)
    assert refused.status_code == 403
    assert "entries" not in refused.text


@pytest.mark.feature(137)
def test_the_record_as_a_file_is_stamped_recorded_and_no_formula(ask, small_engine):
    lines = list(csv.reader(io.StringIO(ask("auditor").get(URL + "?format=csv").data.decode("utf-8-sig"))))
    assert lines[0][:3] == ["编号", "时间", "操作人"]
    assert {line[8] for line in lines[1:-1]} == {"'=1+1"}
    assert lines[1][1].endswith("+08:00")
    assert lines[-1][0].startswith("导出水印：陈静 jing 2026-11-22")
    with reading(small_engine) as connection:
        assert audit_rows(connection, AUDITOR, Wanted(action="exports."))[0].object == "file audit"


def test_a_county_takes_a_file_of_its_own_rows_and_an_officer_none(ask):
    lines = ask("county").get(URL + "?format=csv").data.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert ",445102," in lines[1]
    assert ask("officer").get(URL + "?format=csv").status_code == 403


@pytest.mark.feature(137)
def test_a_refusal_is_recorded_once_a_minute_however_often_one_knocks(ask, small_engine):
    for _ in range(20):
        assert ask("officer").get(URL).status_code == 403
    wait_for(lambda: refusals(small_engine))
    (row,) = refusals(small_engine)
    assert (row.actor, row.object, row.result, row.detail["right"]) == (
        "李明",
        "GET /api/v1/audit",
        "refused",
        "audit.view",
    )


def refusals(engine):
    with reading(engine) as connection:
        return audit_rows(connection, AUDITOR, Wanted(action="access."))


def wait_for(found) -> None:
    waiting = threading.Event()
    for _ in range(200):
        if found():
            return
        waiting.wait(0.02)


def test_attempts_that_were_not_written_are_counted_in_the_next_row():
    seen = Refusals()
    moments = [datetime(2026, 11, 22, 6, minute, tzinfo=UTC) for minute in (0, 0, 0, 2, 2)]
    assert [seen.is_due(OFFICER, "GET /x", moment) for moment in moments] == [1, 0, 0, 3, 0]
    assert seen.is_due(AUDITOR, "GET /x", moments[0]) == 1


@pytest.fixture
def event(small_engine, now):
    """An event somebody reported by telephone."""
    sealing.use(Keyring(INTL, ("a secret of forty characters, for the tests",)))
    told = {
        "world": "real", "number": "CZ-20261122-0001", "version": 1, "state": "received", "title": "井盖破损",
        "description": "", "region": "445102", "county": "445102", "holder": "445102", "placed": "county", "level": 0,
        "impact": 4, "urgency": 4, "reasons": {}, "origin": "phone", "origin_id": "1", "provenance": "manual",
        "must_check": True, "reported_at": now, "received_at": now, "moved_at": now, "supervised": False,
        "reporter_phone": "13800138000",
    }  # fmt: skip
    with writing(small_engine) as connection:
        connection.execute(insert(events).values(told))
    yield "event CZ-20261122-0001"
    sealing.forget()


@pytest.mark.feature(139)
def test_a_phone_is_revealed_for_a_reason_and_recorded(ask, event, small_engine):
    wish = {"object": event, "field": "reporter_phone", "reason": "回访核实诉求"}
    answer = ask("officer").post("/api/v1/personal/reveal", json=wish)
    assert answer.get_json()["value"] == "13800138000"
    assert answer.headers["Cache-Control"] == "no-store"
    with reading(small_engine) as connection:
        (row,) = audit_rows(connection, AUDITOR, Wanted(action="personal."))
    assert (row.actor, row.object, row.region) == ("李明", event, "445102")


@pytest.mark.feature(139)
def test_without_right_reason_or_object_nothing_is_revealed(ask, event):
    wish = {"object": event, "field": "reporter_phone", "reason": "回访核实诉求"}
    address = "/api/v1/personal/reveal"
    answers = [
        ask("auditor").post(address, json=wish),
        ask("officer").post(address, json={**wish, "reason": "看"}),
        ask("officer").post(address, json={**wish, "object": "event CZ-20261122-0002"}),
        ask("officer").post(address, json={**wish, "field": "title"}),
    ]
    assert [answer.status_code for answer in answers] == [403, 422, 404, 404]
    assert answers[2].get_json()["detail"] == answers[3].get_json()["detail"]
    assert not any("138" in answer.text for answer in answers)
