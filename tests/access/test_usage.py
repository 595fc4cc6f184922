"""Usage figures: every page opened is counted once, nobody is named, nothing is lost when the database was away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from access import usage
from access.actor import EVERYWHERE, Actor, Denied
from access.usage import Counting, used
from database.engine import reading
from database.usage_tables import page_views

pytestmark = pytest.mark.feature(136)

KEEPER = Actor("系统管理员", "system_admin", EVERYWHERE, frozenset({"settings.manage"}), user="keeper")


@pytest.fixture
def asked() -> list[float]:
    return []


@pytest.fixture
def counting(engine, now, asked) -> Counting:
    return Counting(engine, lambda: now, lambda seconds, call: asked.append(seconds))


def seen(engine, now, days=30):
    with reading(engine) as connection:
        return [(one.page, one.views, dict(one.roles)) for one in used(connection, KEEPER, days=days, now=now)]


def test_views_add_up_by_page_and_role(engine, now, counting) -> None:
    for page, role in (("/map", "city_officer"), ("/", "screen"), ("/map", "county_officer"), ("/map", "city_officer")):
        counting.look(page, role)
    assert seen(engine, now) == [], "nothing is written while people wait"
    counting.write()
    counting.look("/map", "city_officer")
    counting.write()
    assert seen(engine, now) == [("/map", 4, {"city_officer": 3, "county_officer": 1}), ("/", 1, {"screen": 1})]


def test_one_writing_is_asked_for_however_many_look(counting, asked) -> None:
    for _ in range(50):
        counting.look("/", "screen")
    assert asked == [60.0]
    counting.write()
    counting.look("/", "screen")
    assert asked == [60.0, 60.0]


def test_two_processes_add_to_one_figure(engine, now, counting) -> None:
    other = Counting(engine, lambda: now, lambda *_: None)
    for one in (counting, other):
        one.look("/map", "city_officer")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: one.write(), (counting, other)))
    assert seen(engine, now) == [("/map", 2, {"city_officer": 2})]


def test_what_could_not_be_written_is_counted_on(engine, now, counting, monkeypatch) -> None:
    counting.look("/map", "city_officer")

    def away(*_) -> None:
        raise OperationalError("insert", {}, Exception("database is away"))

    with monkeypatch.context() as broken:
        broken.setattr(usage, "add", away)
        counting.write()
    assert seen(engine, now) == []
    counting.write()
    assert seen(engine, now) == [("/map", 1, {"city_officer": 1})]


def test_the_day_is_the_citys_and_old_days_fall_out(engine, now, counting) -> None:
    late = Counting(engine, lambda: now.replace(hour=16, minute=1), lambda *_: None)
    late.look("/", "screen")
    late.write()
    with reading(engine) as connection:
        assert connection.execute(page_views.select()).one().day == "2026-11-23", "00:01 in Chaozhou"
    assert seen(engine, now + timedelta(days=40)) == []


def test_nobody_is_named_and_only_the_keeper_reads_it(engine, now) -> None:
    assert [column.name for column in page_views.columns] == ["day", "page", "role", "views"]
    with reading(engine) as connection, pytest.raises(Denied):
        used(connection, Actor("值班员", "city_officer", EVERYWHERE), days=30, now=now)
