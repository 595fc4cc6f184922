"""A personal field in full: only with the right, in one's own region, for a reason, and never without its row."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Column, Integer, String, Table, insert, text

from access.actor import Denied, OutOfScope, Scope
from access.audit import record
from access.audit_rows import Wanted, audit_rows
from access.reveal import RevealRefused, reveal
from audit_people import AUDITOR, OFFICER
from database.engine import reading, writing
from database.schema import metadata
from database.sealed import Sealed

pytestmark = pytest.mark.feature(139)
REASON = "回访核实诉求"


@pytest.fixture
def citizens(engine, ring):
    """A table of the test's own among those of the product."""
    table = Table(
        "citizens_of_the_test", metadata,
        Column("id", Integer, primary_key=True),
        Column("number", String(20)),
        Column("region", String(16)),
        Column("phone", Sealed("citizens.phone"), info={"personal": "phone"}),
        Column("mood", String(20)),
        info={"object": "citizen", "key": "number", "region": "region"},
    )  # fmt: skip
    with writing(engine) as connection:
        table.create(connection)
        told = {"number": "C-1", "region": "445102", "phone": "13800138000", "mood": "calm"}
        connection.execute(insert(table).values(told))
    yield table
    with writing(engine) as connection:
        table.drop(connection)
    metadata.remove(table)


def shown(engine, now, by=OFFICER, what="citizen C-1", field="phone", reason=REASON) -> str:
    with writing(engine) as connection:
        return reveal(connection, by, what, field, reason, now)


def rows(engine):
    with reading(engine) as connection:
        return audit_rows(connection, AUDITOR, Wanted(action="personal."))


def test_the_field_is_shown_and_the_row_says_who_what_and_why(engine, citizens, now):
    assert shown(engine, now) == "13800138000"
    (row,) = rows(engine)
    assert (row.actor, row.object, row.region) == ("李明", "citizen C-1", "445102")
    assert row.detail == {"field": "phone", "reason": REASON}


def test_without_the_right_nothing_is_shown(engine, citizens, now):
    with pytest.raises(Denied):
        shown(engine, now, by=replace(OFFICER, rights=frozenset({"events.view"})))
    assert rows(engine) == []


@pytest.mark.parametrize("reason", ["", "   ", "看看", "\u200b\u200b\u200b\u200b"])
def test_a_reason_must_be_given(engine, citizens, now, reason):
    with pytest.raises(RevealRefused, match="理由"):
        shown(engine, now, reason=reason)


def test_anothers_object_an_absent_one_and_a_field_that_is_none_are_answered_alike(engine, citizens, now):
    stranger = replace(OFFICER, scope=Scope(frozenset({"445122"})))
    said = set()
    for more in (
        {"by": stranger},
        {"what": "citizen C-2"},
        {"what": "user liming"},
        {"field": "mood"},
        {"field": "password"},
    ):
        with pytest.raises(OutOfScope) as refused:
            shown(engine, now, **more)
        said.add(str(refused.value))
    assert len(said) == 1
    assert rows(engine) == []


def test_when_it_cannot_be_recorded_it_is_not_shown(engine, citizens, now):
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO audit_away"))
    with pytest.raises(Exception, match="audit"):
        shown(engine, now)


def test_what_a_citizen_wrote_does_not_reach_the_record_in_the_clear(engine, now):
    detail = {"note": "打13800138000", "more": ["身份证 11010119900307001X", {"phone": "138 0013 8000"}]}
    with writing(engine) as connection:
        record(connection, by=OFFICER, action="personal.x", object="o", detail=detail, now=now)
    (row,) = rows(engine)
    assert "13800138000" not in str(row.detail)
    assert "138 0013 8000" not in str(row.detail)
