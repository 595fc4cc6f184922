"""Writing the record: in the change's own transaction or not at all, by many at once, and never again touched."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from access import request_facts
from access.actor import Denied
from access.audit import AuditError, record
from access.audit_rows import Wanted, audit_rows, count, every
from access.audit_verify import verify
from access.request_facts import RequestFacts, facts_of
from audit_people import AUDITOR, COUNTY_AUDITOR, OFFICER
from database.audit_tables import audit
from database.engine import reading, writing
from database.tables import dead_letters

pytestmark = pytest.mark.feature(137)
on_postgres = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def letters(engine, now):
    def write(connection) -> None:
        connection.execute(insert(dead_letters).values(topic="t", payload="p", error="e", tries=1, received_at=now))

    return write


def test_a_row_says_who_what_where_when_and_from_which_request(engine, now, ring):
    facts = RequestFacts("10.1.2.3", "req-00000001")
    with writing(engine) as connection:
        number = record(
            connection, by=OFFICER, action="entries.review", object="entry 7", region="445102",
            detail={"state": "accepted"}, request=facts, now=now,
        )  # fmt: skip
    with reading(engine) as connection:
        row = audit_rows(connection, AUDITOR, Wanted())[0]
    assert (row.id, row.at, row.actor, row.account, row.role) == (number, now, "李明", "liming", "city_officer")
    assert (row.address, row.request_id, row.region, row.result) == ("10.1.2.3", "req-00000001", "445102", "ok")
    assert (row.action, row.object, row.detail) == ("entries.review", "entry 7", {"state": "accepted"})


def test_the_present_request_is_noted_without_being_handed_down(engine, now):
    before = request_facts.present()
    with request_facts.working_for(facts_of("10.9.9.9", "abcdef-123")), writing(engine) as connection:
        record(connection, by=OFFICER, action="a", object="o", now=now)
    with reading(engine) as connection:
        assert audit_rows(connection, AUDITOR, Wanted())[0].address == "10.9.9.9"
    assert request_facts.present() == before


def test_a_request_id_that_would_break_a_log_line_is_replaced():
    assert facts_of("::1", "x\n2026 INFO login ok").request_id.isalnum()
    assert facts_of("::1", "good-id_01").request_id == "good-id_01"
    assert facts_of("::1").request_id != facts_of("::1").request_id


def test_the_action_fails_and_its_row_goes_with_it(engine, now, written):
    written(1)
    with pytest.raises(RuntimeError), writing(engine) as connection:
        record(connection, by=OFFICER, action="a", object="o", now=now)
        raise RuntimeError("the change failed")
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(audit)).scalar_one() == 1


@pytest.mark.parametrize(
    "trouble", ["DROP TABLE audit", "ALTER TABLE audit RENAME COLUMN actor TO somebody", "DROP TABLE audit_heads"]
)
def test_the_row_cannot_be_written_and_the_action_does_not_happen(engine, now, letters, trouble):
    with writing(engine) as connection:
        connection.execute(text(trouble))
    with pytest.raises((DBAPIError, AuditError)), writing(engine) as connection:
        letters(connection)
        record(connection, by=OFFICER, action="a", object="o", now=now)
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(dead_letters)).scalar_one() == 0


def test_a_chain_whose_head_is_gone_takes_no_row(engine, now, tampering):
    tampering("DELETE FROM audit_heads")
    with pytest.raises(AuditError, match="heads"), writing(engine) as connection:
        record(connection, by=OFFICER, action="a", object="o", now=now)


def test_a_row_inside_a_reading_transaction_is_refused_not_lost(engine, now):
    with pytest.raises((AuditError, DBAPIError)), reading(engine) as connection:
        record(connection, by=OFFICER, action="a", object="o", now=now)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'somebody else'",
        "DELETE FROM audit",
        "DELETE FROM audit_heads",
        "UPDATE audit_heads SET seq = seq - 1",
        "UPDATE audit_heads SET seq = 0, hash = ''",
    ],
)
def test_the_product_itself_cannot_change_or_delete_a_row(engine, written, statement):
    written(2)
    with pytest.raises(DBAPIError), writing(engine) as connection:
        connection.execute(text(statement))


@on_postgres
def test_nobody_truncates_the_record(engine, written):
    written(1)
    with pytest.raises(DBAPIError, match="never changed"), writing(engine) as connection:
        connection.execute(text("TRUNCATE audit"))


def test_eight_write_at_once_and_every_chain_holds(engine, now, ring, anchors):
    def write(number: int) -> None:
        with writing(engine) as connection:
            for part in range(3):
                record(connection, by=OFFICER, action="a", object=f"o {number} {part}", now=now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    report = verify(engine, ring, anchors)
    assert report.rows == 120
    assert report.findings == []


@on_postgres
def test_a_writer_does_not_wait_for_another_that_has_not_committed(engine, now):
    with writing(engine) as one, writing(engine) as other:
        record(one, by=OFFICER, action="a", object="one", now=now)
        record(other, by=OFFICER, action="a", object="other", now=now)
        record(one, by=OFFICER, action="a", object="one again", now=now)
    with reading(engine) as connection:
        lanes = dict(connection.execute(select(audit.c.object, audit.c.lane)).all())
    assert lanes["one"] == lanes["one again"] != lanes["other"]


def test_what_would_break_a_line_or_turn_the_text_does_not_get_in(engine, now):
    forged = replace(OFFICER, name="李明\n2026-11-22 INFO login ok\x1b[31m\u202eekaf")
    with writing(engine) as connection:
        record(connection, by=forged, action="a", object="o" * 900, detail={"note": "一\n二\u200b"}, now=now)
    with reading(engine) as connection:
        row = audit_rows(connection, AUDITOR, Wanted())[0]
    assert row.actor == "李明 2026-11-22 INFO login ok [31m ekaf"
    assert len(row.object) == 160
    assert "\u200b" not in row.detail["note"]


def test_a_result_that_is_none_is_refused(engine, now):
    with pytest.raises(AuditError, match="result"), writing(engine) as connection:
        record(connection, by=OFFICER, action="a", object="o", result="maybe", now=now)


def test_the_auditor_narrows_by_each_of_his_questions(engine, now, written):
    written(3)
    written(2, action="entries.review", region="445122", result="refused", now=now + timedelta(hours=1))
    with reading(engine) as connection:
        for wanted, expected in (
            (Wanted(), 5),
            (Wanted(actor="李"), 5),
            (Wanted(actor="liming"), 5),
            (Wanted(actor="%"), 0),
            (Wanted(action="entries."), 5),
            (Wanted(action="entries.review"), 2),
            (Wanted(object="entry 1"), 2),
            (Wanted(region="445122"), 2),
            (Wanted(result="refused"), 2),
            (Wanted(since=now + timedelta(minutes=1)), 2),
            (Wanted(until=now + timedelta(minutes=1)), 3),
        ):
            assert len(audit_rows(connection, AUDITOR, wanted)) == expected, wanted
            assert count(connection, AUDITOR, wanted, at_most=100) == expected, wanted
        assert [row.id for row in every(connection, AUDITOR, Wanted(), most=4)] == sorted(
            (row.id for row in every(connection, AUDITOR, Wanted())), reverse=True
        )[:4]


def test_the_record_is_the_auditors_and_a_county_sees_its_own(engine, written):
    written(1)
    written(1, region="445102")
    written(1, region="445122")
    with reading(engine) as connection:
        assert [row.region for row in audit_rows(connection, COUNTY_AUDITOR, Wanted())] == ["445102"]
        assert audit_rows(connection, COUNTY_AUDITOR, Wanted(region="445122")) == []
        with pytest.raises(Denied):
            audit_rows(connection, OFFICER, Wanted())
