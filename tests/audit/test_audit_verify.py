"""Whoever owns the database changes the record past every trigger: the chain, the head or the anchor shows it."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy import select, text

from access import sealing
from access.anchor import Anchor, AnchorFile, Damage, anchor, reviews
from access.audit import record
from access.audit_chain import FIELDS
from access.audit_verify import GUARDS, verify
from access.sealing import GM, INTL, Keyring
from audit_people import OFFICER, with_both
from database.audit_tables import audit, audit_heads
from database.engine import reading, writing

NUMBERS = {"id", "lane", "seq", "at"}
pytestmark = pytest.mark.feature(143)


@pytest.fixture
def ten(engine, ring, written):
    """Ten rows of one chain; their numbers."""
    written(10)
    with reading(engine) as connection:
        lanes = {lane for (lane,) in connection.execute(select(audit.c.lane))}
        assert len(lanes) == 1
        return [number for (number,) in connection.execute(select(audit.c.id).order_by(audit.c.seq))]


@with_both
def test_an_untouched_record_is_sound(engine, ring, anchors, ten):
    report = verify(engine, ring, anchors)
    assert (report.rows, report.findings) == (10, [])


def test_an_edited_text_names_its_row(engine, ring, anchors, ten, tampering):
    for column in FIELDS:
        if column in NUMBERS:
            continue
        with reading(engine) as connection:
            before = connection.execute(select(audit.c[column]).where(audit.c.id == ten[4])).scalar_one()
        tampering(f"UPDATE audit SET {column} = 'x' WHERE id = {ten[4]}")
        report = verify(engine, ring, anchors)
        assert report.first_bad_row == ten[4], column
        assert "不符" in report.findings[0].message
        tampering(f"UPDATE audit SET {column} = '{before}' WHERE id = {ten[4]}")
    assert verify(engine, ring, anchors).is_sound


def test_a_moment_moved_by_a_millisecond_names_its_row(engine, ring, anchors, ten, tampering):
    tampering(f"UPDATE audit SET at = at + 1 WHERE id = {ten[0]}")
    assert verify(engine, ring, anchors).first_bad_row == ten[0]


def test_a_deleted_row_names_the_next_one(engine, ring, anchors, ten, tampering):
    tampering(f"DELETE FROM audit WHERE id IN ({ten[3]}, {ten[4]})")
    report = verify(engine, ring, anchors)
    assert report.first_bad_row == ten[5]
    assert "缺第 4 至 5 条" in report.findings[0].message


def test_the_first_rows_deleted(engine, ring, anchors, ten, tampering):
    tampering(f"DELETE FROM audit WHERE id = {ten[0]}")
    assert verify(engine, ring, anchors).first_bad_row == ten[1]


def test_two_rows_swapped(engine, ring, anchors, ten, tampering):
    a, b = ten[2], ten[6]
    tampering(
        f"UPDATE audit SET seq = -1 WHERE id = {a}",
        f"UPDATE audit SET seq = 3 WHERE id = {b}",
        f"UPDATE audit SET seq = 7 WHERE id = {a}",
    )
    assert verify(engine, ring, anchors).first_bad_row == a


def test_the_tail_cut_shows_at_the_head(engine, ring, anchors, ten, tampering):
    tampering(f"DELETE FROM audit WHERE id >= {ten[8]}")
    report = verify(engine, ring, anchors)
    assert [finding.row for finding in report.findings] == [None]
    assert "链尾" in report.findings[0].message


def test_the_tail_cut_and_the_head_moved_back_shows_at_the_seal(engine, ring, anchors, ten, tampering):
    tampering(
        f"DELETE FROM audit WHERE id > {ten[7]}",
        f"UPDATE audit_heads SET seq = 8, hash = (SELECT hash FROM audit WHERE id = {ten[7]}) WHERE seq > 0",
    )
    report = verify(engine, ring, anchors)
    assert ["封印不符" in finding.message for finding in report.findings] == [True]


def test_a_whole_earlier_state_put_back_shows_at_the_anchor(engine, ring, anchors, written, tampering, now):
    written(5)
    with reading(engine) as connection:
        head = connection.execute(select(audit_heads).where(audit_heads.c.seq > 0)).one()
    written(5)
    anchor(engine, anchors, ring, now)
    tampering(
        "DELETE FROM audit WHERE seq > 5",
        f"UPDATE audit_heads SET seq = 5, hash = '{head.hash}', seal = '{head.seal}' WHERE seq > 0",
    )
    report = verify(engine, ring, anchors)
    assert ["曾锚定到第 10 条" in finding.message for finding in report.findings] == [True]


def test_a_chain_recomputed_after_an_edit_shows_at_the_seal_and_at_the_anchor(engine, ring, anchors, ten, now):
    from audit_forger import rewrite

    anchor(engine, anchors, ring, now)
    rewrite(engine, ten[2], actor="somebody else")
    report = verify(engine, ring, anchors)
    assert report.first_bad_row == ten[9]
    assert {"封印不符" in finding.message for finding in report.findings} == {True, False}


def test_an_emptied_record_is_not_a_new_one(engine, ring, anchors, ten, tampering, now):
    anchor(engine, anchors, ring, now)
    tampering("DELETE FROM audit", "UPDATE audit_heads SET seq = 0, hash = '', seal = ''")
    assert not verify(engine, ring, anchors).is_sound


def test_a_trigger_taken_away_is_named(engine, ring, anchors, ten):
    with writing(engine) as connection:
        where = " ON audit" if engine.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER audit_no_update{where}"))
    assert ["audit_no_update" in finding.message for finding in verify(engine, ring, anchors).findings] == [True]
    assert "audit_no_update" in GUARDS


def test_another_installations_key_proves_nothing(engine, ring, anchors, ten):
    other = Keyring(ring.provider, ("another secret of forty characters, or so",))
    assert not verify(engine, other, anchors).is_sound


def test_a_new_key_still_knows_the_old_one(engine, ring, anchors, ten, written, now):
    anchor(engine, anchors, ring, now)
    newer = Keyring(ring.provider, ("a newer secret of forty characters, or so", *ring.secrets))
    sealing.use(newer)
    written(2)
    anchor(engine, anchors, newer, now)
    assert verify(engine, newer, anchors).findings == []


@with_both
def test_the_algorithms_are_switched_and_the_chain_goes_on(engine, ring, anchors, ten, written):
    other = Keyring(GM if ring.provider is INTL else INTL, ring.secrets)
    sealing.use(other)
    written(3)
    report = verify(engine, other, anchors)
    assert (report.rows, report.findings) == (13, [])


def test_an_anchor_says_only_what_moved_and_says_when_it_looked(engine, ring, anchors, written, now):
    assert anchor(engine, anchors, ring, now) is None
    written(2)
    made = anchor(engine, anchors, ring, now)
    assert made is not None
    assert (made.rows, [head.seq for head in made.heads]) == (2, [2])
    assert anchor(engine, anchors, ring, now) is None
    assert anchors.last(ring) == made
    with reading(engine) as connection:
        assert (reviews(connection)["anchor"].at, reviews(connection)["anchor"].rows) == (now, 2)


@pytest.fixture
def three_anchors(engine, ring, anchors, written, now) -> AnchorFile:
    for _ in range(3):
        written(1)
        anchor(engine, anchors, ring, now)
    return anchors


def test_a_line_of_the_anchor_file_is_taken_out(ring, three_anchors):
    lines = three_anchors.path.read_bytes().splitlines(keepends=True)
    three_anchors.path.write_bytes(lines[0] + lines[2])
    assert [type(one) for one in three_anchors.read(ring)] == [Anchor, Damage]


def test_a_line_of_the_anchor_file_is_edited(ring, three_anchors):
    lines = [orjson.loads(line) for line in three_anchors.path.read_bytes().splitlines()]
    lines[1]["rows"] = 999
    three_anchors.path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    assert [type(one) for one in three_anchors.read(ring)] == [Anchor, Damage, Damage]


def test_half_a_line_left_by_a_power_cut_is_passed_over(engine, ring, three_anchors, written, now):
    with three_anchors.path.open("ab") as opened:
        opened.write(b'{"at":"2026-11')
    written(1)
    anchor(engine, three_anchors, ring, now)
    assert [type(one) for one in three_anchors.read(ring)] == [Anchor] * 4
    assert verify(engine, ring, three_anchors).findings == []


def test_the_anchor_file_is_gone(engine, ring, three_anchors):
    three_anchors.path.unlink()
    assert ["锚定文件不见了" in one.message for one in verify(engine, ring, three_anchors).findings] == [True]


def test_rows_written_without_a_key_are_told_apart(engine, now, anchors):
    with writing(engine) as connection:
        record(connection, by=OFFICER, action="a", object="o", now=now)
    report = verify(engine, Keyring(INTL, ("a secret of forty characters, for the tests",)), anchors)
    assert ["未加封" in finding.message for finding in report.findings] == [True]
