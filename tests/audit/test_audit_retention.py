"""Old rows may go, never young ones, and what is left still proves itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from access.anchor import anchor
from access.audit_retention import TooShort, let_go
from access.audit_verify import verify
from audit_people import AUDITOR
from database.audit_tables import audit, audit_checkpoints
from database.engine import reading, writing

pytestmark = pytest.mark.feature(143)
KEEP = timedelta(days=200)
NOW = datetime.now(UTC)  # the database asks its own clock


@pytest.fixture
def old_and_young(ring, written):
    written(6, now=NOW - timedelta(days=400))
    written(4, now=NOW)


def test_fewer_than_180_days_are_refused(engine, ring, old_and_young):
    with pytest.raises(TooShort, match="180"):
        let_go(engine, ring, keep=timedelta(days=179), by=AUDITOR, now=NOW)


def test_the_old_go_behind_a_checkpoint_and_the_rest_verifies(engine, ring, anchors, old_and_young):
    anchor(engine, anchors, ring, NOW)
    assert let_go(engine, ring, keep=KEEP, by=AUDITOR, now=NOW) == 6
    report = verify(engine, ring, anchors)
    assert (report.rows, report.findings) == (5, [])
    with reading(engine) as connection:
        last = connection.execute(select(audit.c.action, audit.c.detail).order_by(audit.c.id.desc())).first()
    assert tuple(last) == ("audit.let_go", '{"keep_days":200,"rows":6}')


def test_letting_go_twice_and_later_again(engine, ring, anchors, old_and_young, written):
    let_go(engine, ring, keep=KEEP, by=AUDITOR, now=NOW)
    assert let_go(engine, ring, keep=KEEP, by=AUDITOR, now=NOW) == 0
    written(2)
    assert verify(engine, ring, anchors).findings == []


def test_a_young_row_stays_even_behind_a_forged_checkpoint(engine, ring, old_and_young):
    with writing(engine) as connection:
        connection.execute(
            text(
                "INSERT INTO audit_checkpoints (lane, seq, hash, up_to, made_at, seal) "
                "SELECT lane, max(seq), 'x', 0, 0, 'x' FROM audit GROUP BY lane"
            )
        )
    with pytest.raises(DBAPIError, match="180 days"), writing(engine) as connection:
        connection.execute(text("DELETE FROM audit WHERE at > 0"))


def test_an_old_row_without_a_checkpoint_stays(engine, ring, old_and_young):
    with pytest.raises(DBAPIError), writing(engine) as connection:
        connection.execute(text("DELETE FROM audit WHERE id = (SELECT min(id) FROM audit)"))


def test_a_forged_checkpoint_is_found(engine, ring, anchors, old_and_young, tampering):
    tampering(
        "INSERT INTO audit_checkpoints (lane, seq, hash, up_to, made_at, seal) "
        "SELECT lane, seq, hash, 0, 0, 'intl.00000000.00' FROM audit WHERE seq = 8",
        "DELETE FROM audit WHERE seq <= 8",
    )
    assert any("清理封印不符" in finding.message for finding in verify(engine, ring, anchors).findings)


def test_a_checkpoint_is_never_changed(engine, ring, old_and_young):
    let_go(engine, ring, keep=KEEP, by=AUDITOR, now=NOW)
    with pytest.raises(DBAPIError), writing(engine) as connection:
        connection.execute(audit_checkpoints.delete())
