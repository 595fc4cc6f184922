"""Frozen pages as kept: whose they are, that they are whole, when they go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from access.actor import EVERYWHERE, Actor, Denied, OutOfScope, Scope
from database.audit_tables import audit
from database.engine import reading, writing
from database.snapshot_tables import snapshots
from indicators.snapshot import Draft, Part, SnapshotRefused
from indicators.snapshots import LARGEST, Damaged, forget, keep, let_go, listed, opened
from small_city import NOW, new_database

SEES = frozenset({"indicators.view", "events.view", "exports.make"})
LIN = Actor("林敏", "city_officer", EVERYWHERE, SEES, user="lin", role_name="市值班员", home="445100")
HUANG = replace(LIN, name="黄海", user="huang")
RAOPING = replace(LIN, name="饶平值班", user="rao", scope=Scope(frozenset({"445122", "445122100"})), home="445122")
DRAFT = Draft("demo", "生态环境 · 潮州市", "/theme/environment", 'data-page="theme"', "<p>51</p>",
              (Part("theme-tiles", "0" * 64), Part("map-frame", None, "不进快照")), None, "r1")  # fmt: skip


@pytest.fixture
def engine(tmp_path):
    made = new_database(tmp_path / "cockpit.db")
    yield made
    made.dispose()


def freeze(engine, by=LIN, draft=DRAFT, **more):
    with writing(engine) as connection:
        return keep(connection, by, draft, days=more.get("days", 30), now=NOW)


def seen(engine, by, key, now=NOW):
    with reading(engine) as connection:
        found = opened(connection, by, key, now=now)
        assert (key in [one.id for one in listed(connection, by, world="demo", now=now)]) is (found is not None)
    return found


@pytest.mark.feature(121)
def test_what_was_frozen_is_read_byte_for_byte_with_who_when_and_what_is_missing(engine) -> None:
    made = freeze(engine)
    found, body = seen(engine, HUANG, made.id)
    assert body == "<p>51</p>" and found == made
    assert (made.made_by, made.shown_at, [part.reason for part in made.missing]) == ("林敏", NOW, ["不进快照"])


@pytest.mark.feature(121)
def test_three_people_and_a_frozen_page(engine) -> None:
    city, own = freeze(engine), freeze(engine, RAOPING)
    assert seen(engine, HUANG, city.id) and seen(engine, HUANG, own.id), "the city sees what a county saw"
    assert seen(engine, RAOPING, city.id) is None and seen(engine, RAOPING, own.id)
    assert seen(engine, replace(RAOPING, scope=Scope(frozenset({"445102"}))), own.id) is None
    assert seen(engine, replace(HUANG, rights=frozenset({"indicators.view"})), city.id) is None, "fewer rights to see"
    handler = replace(HUANG, scope=Scope(None, frozenset({"water_bureau"})))
    assert seen(engine, handler, city.id) is None, "one department does not see all departments"


def test_a_changed_byte_is_no_evidence(engine) -> None:
    made = freeze(engine)
    with writing(engine) as connection:
        connection.execute(update(snapshots).values(body="<p>52</p>"))
    with pytest.raises(Damaged), reading(engine) as connection:
        opened(connection, LIN, made.id, now=NOW)


@pytest.mark.feature(121)
def test_it_goes_when_its_time_is_over(engine) -> None:
    made, later = freeze(engine, days=1), NOW + timedelta(days=1)
    assert seen(engine, LIN, made.id) and seen(engine, LIN, made.id, later) is None
    assert (forget(engine, NOW), forget(engine, later), forget(engine, later)) == (0, 1, 0)


def test_its_maker_alone_removes_it_before(engine) -> None:
    made = freeze(engine)
    with pytest.raises(OutOfScope), writing(engine) as connection:
        let_go(connection, HUANG, made.id, now=NOW)
    with writing(engine) as connection:
        let_go(connection, LIN, made.id, now=NOW)
    assert seen(engine, LIN, made.id) is None
    with reading(engine) as connection:
        acts = list(connection.execute(select(audit.c.action).order_by(audit.c.id)).scalars())
    assert acts == ["snapshots.make", "snapshots.let_go"]


def test_who_may_not_take_data_out_freezes_nothing(engine) -> None:
    for by in (replace(LIN, rights=SEES - {"exports.make"}), replace(LIN, kind="screen"), replace(LIN, user="")):
        with pytest.raises(Denied):
            freeze(engine, by)
    with pytest.raises(SnapshotRefused):
        freeze(engine, draft=replace(DRAFT, body="x" * (LARGEST + 1)))
