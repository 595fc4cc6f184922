"""A warning becomes an event with its evidence: two clicks are one event, rules open by themselves, quiet ones not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from access import sealing
from access.actor import ALL_RIGHTS, EVERYWHERE, TIMETABLE, Actor, Denied, OutOfScope, Scope
from database.dispatch_tables import events
from database.engine import reading, writing
from decisions.warning_acts import to_event
from decisions.warning_event import open_due, opener
from decisions.warning_incidents import incidents
from decisions.warning_rules import load
from decisions.warnings import steps, warning
from dispatch.rulebook import rulebook
from raised_warnings import raise_warning
from small_city import NOW

CHIEF = Actor("陈立", "city_commander", EVERYWHERE, ALL_RIGHTS, user="chief")
ELSEWHERE = Actor("饶平值班员", "county_officer", Scope(frozenset({"445122"})), ALL_RIGHTS, user="rp")
VIEWER = Actor("来访", "viewer", EVERYWHERE, frozenset({"warnings.view"}), user="v")


@pytest.fixture(autouse=True)
def sealed():
    before = sealing.keyring()
    sealing.use(sealing.Keyring(sealing.INTL, ("a secret of the tests, long enough to be one",)))
    yield
    sealing.forget()
    if before is not None:
        sealing.use(before)


@pytest.fixture
def act(engine, catalogue):
    """`act(number, by)`: one click; the warning afterwards."""
    book, rules = rulebook(catalogue), load(Path(__file__).parents[2], catalogue)

    def click(number: int, by: Actor = CHIEF):
        with writing(engine) as connection:
            return to_event(connection, by, number, opened=opener(book, rules, by, NOW), now=NOW)

    click.book, click.rules = book, rules
    return click


def kept(engine):
    with reading(engine) as connection:
        return connection.execute(select(events)).all()


@pytest.mark.feature(80)
def test_one_click_opens_an_event_with_the_evidence_and_the_second_finds_it(engine, act):
    with writing(engine) as connection:
        number = raise_warning(connection)
    first, second = act(number), act(number)
    (event,) = kept(engine)
    assert first.event == second.event == event.number
    assert (event.origin, event.origin_id, event.category, event.level) == ("warning", str(number), "S0403", 2)
    assert event.title == "湘桥城区内涝点积水橙色预警" and event.world == "demo" and event.provenance == "simulated"
    for words in ("46 厘米", "界限 40 厘米", "提案：测试", "模拟", "14:10 20", "派泵车"):
        assert words in event.description, words
    with reading(engine) as connection:
        assert [one.act for one in steps(connection, number)] == ["raised", "event"]


@pytest.mark.parametrize(("by", "refusal"), [(ELSEWHERE, OutOfScope), (VIEWER, Denied)])
def test_who_may_not_see_it_or_not_report_opens_nothing(engine, act, by, refusal):
    with writing(engine) as connection:
        number = raise_warning(connection)
    with pytest.raises(refusal):
        act(number, by)
    assert kept(engine) == []


@pytest.mark.feature(80)
def test_a_rule_opens_by_itself_from_its_level_on_and_never_what_is_quiet_late_or_mild(engine, act):
    with writing(engine) as connection:
        loud = raise_warning(connection)
        raise_warning(connection, quiet="由“水位偏高”引起")
        raise_warning(connection, is_late=True)
        raise_warning(connection, level=3)
        raise_warning(connection, rule="rain_hour")
        assert open_due(connection, act.book, act.rules, "demo", NOW) == 1
        assert open_due(connection, act.book, act.rules, "demo", NOW) == 0
        assert warning(connection, TIMETABLE, loud).event is not None
    assert [event.origin_id for event in kept(engine)] == [str(loud)]


def test_an_event_the_intake_refuses_does_not_stop_the_others(engine, act):
    with writing(engine) as connection:
        raise_warning(connection, region="999999")
        good = raise_warning(connection)
        assert open_due(connection, act.book, act.rules, "demo", NOW) == 1
    assert [event.origin_id for event in kept(engine)] == [str(good)]


@pytest.mark.feature(81)
def test_an_event_made_from_a_warning_does_not_prove_the_warning(engine, act):
    with writing(engine) as connection:
        number = raise_warning(connection)
    act(number)
    span = {"since": NOW - timedelta(days=1), "until": NOW + timedelta(days=1)}
    with reading(engine) as connection:
        found = incidents(connection, CHIEF, act.rules.rules, world="demo", city="445100", **span)
    assert found["waterlogging"] == [] and "rain_hour" not in found
