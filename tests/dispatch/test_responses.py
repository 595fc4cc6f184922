"""Response levels: who commands them, what holds where and when, two who command at once, two people where asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from desk_people import NOW, county, person
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from access.actor import EVERYWHERE, Actor, Denied, OutOfScope, Scope
from access.rights import ALL_RIGHTS
from database.audit_tables import audit
from database.changes import versions
from database.engine import reading, writing
from database.readiness_tables import response_steps
from dispatch.refusal import Incomplete, NotNow
from dispatch.response import Act, Basis, ChangedMeanwhile, Step, courses_of, ruling, typed_level
from dispatch.responses import Wish, command, confirm, courses
from dispatch.rulebook import Rulebook

CITY, XIANGQIAO, RAOPING = "445100", "445102", "445122"
CHIEF, DEPUTY = person("chief"), person("deputy")
OFFICER = replace(person("officer"), rights=ALL_RIGHTS - {"responses.command"})
WALL = Actor("wall", "screen", EVERYWHERE, frozenset({"events.view"}), user="wall", kind="screen")


def wish(level: int = 4, **given: Any) -> Wish:
    """Ⅳ级 of the flood plan for the city, resting on a paper."""
    typed = {0: "终止", 1: "Ⅰ级", 2: "Ⅱ级", 3: "Ⅲ级", 4: "Ⅳ级"}[level]
    usual = Wish("real", "flood", CITY, level, typed, "强降雨来临", "document", "潮汛〔2026〕1号", 0)
    return replace(usual, **given)


class Room:
    """Commands one after another."""

    def __init__(self, engine: Engine, rules: Rulebook) -> None:
        self.engine, self.rules = engine, rules

    def command(self, wished: Wish, by: Actor = CHIEF, now=NOW):
        with writing(self.engine) as connection:
            return command(connection, self.rules, wished, by=by, now=now)

    def seen(self, by: Actor = CHIEF, **more: Any):
        with reading(self.engine) as connection:
            return courses(connection, by, self.rules.catalogue, world="real", **more)

    def rows(self) -> int:
        with reading(self.engine) as connection:
            return connection.execute(select(func.count()).select_from(response_steps)).scalar_one()


@pytest.fixture
def room(engine: Engine, rules: Rulebook) -> Room:
    return Room(engine, rules)


@pytest.fixture
def small_room(embedded: Engine, rules: Rulebook) -> Room:
    return Room(embedded, rules)


@pytest.mark.feature(4)
def test_a_level_starts_rises_falls_and_ends_and_every_step_is_kept_and_audited(room: Room) -> None:
    moments = [NOW + timedelta(hours=n) for n in range(4)]
    for version, (level, at) in enumerate(zip((4, 2, 3, 0), moments, strict=True)):
        room.command(wish(level, version=version), now=at)
    (course,) = room.seen()
    assert [step.act for step in course.steps] == [Act.START, Act.RAISE, Act.LOWER, Act.END]
    assert (course.gravest, course.ended_at) == (2, moments[3])
    assert [course.level_at(at + timedelta(minutes=1)) for at in moments] == [4, 2, 3, 0]
    with reading(room.engine) as connection:
        told = connection.execute(select(audit.c.action).where(audit.c.action.like("responses.%"))).scalars().all()
        assert versions(connection)["responses:real"] == 4
    assert sorted(told) == ["responses.end", "responses.lower", "responses.raise", "responses.start"]


@pytest.mark.feature(4)
def test_only_who_holds_the_right_in_the_region_commands(small_room: Room, rules: Rulebook) -> None:
    water = person("water", Scope(None, frozenset({"water_bureau"})), department="water_bureau")
    program = replace(CHIEF, kind="program")
    for by, refusal in ((OFFICER, Denied), (county(rules, XIANGQIAO, "xq"), OutOfScope), (water, OutOfScope),
                        (program, OutOfScope), (WALL, Denied)):  # fmt: skip
        with pytest.raises(refusal):
            small_room.command(wish(), by=by)
    with pytest.raises(OutOfScope):
        small_room.command(wish(region=RAOPING), by=county(rules, XIANGQIAO, "xq"))
    assert small_room.rows() == 0


@pytest.mark.parametrize(
    ("spoilt", "refusal"),
    [
        (wish(typed="Ⅲ级"), Incomplete), (wish(typed="好"), Incomplete), (wish(reason="雨"), Incomplete),
        (wish(plan="nothing"), Incomplete), (wish(region="445102001"), Incomplete), (wish(region="x"), Incomplete),
        (wish(basis_kind="rumour"), Incomplete), (wish(basis_ref="  "), Incomplete), (wish(0), NotNow),
        (wish(basis_kind="warning", basis_ref="999"), Incomplete),
        (wish(basis_kind="warning", basis_ref="１"), Incomplete),
        (wish(basis_kind="event", basis_ref="CZ-20261118-0001"), Incomplete),
        (wish(at=NOW + timedelta(hours=1)), Incomplete), (wish(at=NOW - timedelta(days=2)), Incomplete),
        (wish(version=7), ChangedMeanwhile),
    ],
)  # fmt: skip
def test_what_is_not_said_properly_changes_nothing(small_room: Room, spoilt: Wish, refusal) -> None:
    with pytest.raises(refusal):
        small_room.command(spoilt)
    assert small_room.rows() == 0


def test_of_two_commanders_at_once_the_second_is_told_to_look_again(room: Room) -> None:
    room.command(wish())
    for late in (wish(3), wish(3, version=None), wish(0, version=None)):
        with pytest.raises(ChangedMeanwhile) as told:
            room.command(late, by=DEPUTY)
        assert told.value.version == 1
    with pytest.raises(NotNow):
        room.command(wish(4, version=1), by=DEPUTY)
    assert room.rows() == 1


def test_a_step_never_takes_effect_before_the_one_it_follows(small_room: Room) -> None:
    small_room.command(wish(at=NOW - timedelta(hours=2)))
    with pytest.raises(Incomplete):
        small_room.command(wish(3, version=1, at=NOW - timedelta(hours=3)))
    assert small_room.seen()[0].began_at == NOW - timedelta(hours=2)


@pytest.mark.feature(4)
def test_in_a_county_the_higher_of_its_own_and_the_citys_rules(small_room: Room, rules: Rulebook) -> None:
    small_room.command(wish(3))
    small_room.command(wish(2, region=XIANGQIAO))
    small_room.command(wish(4, region=RAOPING))
    found, catalogue = small_room.seen(), rules.catalogue
    levels = {
        code: [one.level for one in ruling(found, code, catalogue, NOW)]
        for code in (CITY, XIANGQIAO, RAOPING, "445122100", "445122100000")
    }
    assert levels[CITY] == [3] and levels[XIANGQIAO] == [2] and levels[RAOPING] == [3]


def test_a_county_sees_its_own_level_and_the_citys_and_no_neighbours(small_room: Room, rules: Rulebook) -> None:
    small_room.command(wish(3))
    small_room.command(wish(2, region=XIANGQIAO))
    own = small_room.seen(by=county(rules, RAOPING, "rp"))
    assert [one.region for one in own] == [CITY]
    assert {one.region for one in small_room.seen(by=county(rules, XIANGQIAO, "xq"))} == {CITY, XIANGQIAO}
    assert small_room.seen(by=Actor("nobody", "none")) == []


@pytest.mark.feature(4)
def test_a_past_moment_is_told_as_it_was_and_as_it_was_known(small_room: Room) -> None:
    small_room.command(wish(at=NOW - timedelta(hours=5)))
    small_room.command(wish(0, version=1), now=NOW + timedelta(days=1))
    before = small_room.seen(known_at=NOW + timedelta(hours=1))
    assert before[0].ended_at is None and before[0].level_at(NOW - timedelta(hours=4)) == 4
    assert small_room.seen(known_at=NOW - timedelta(hours=1)) == []


@pytest.mark.feature(4)
def test_where_two_people_are_asked_for_one_alone_sets_nothing_in_force(embedded: Engine, rules: Rulebook) -> None:
    double = rules.rules.model_copy(update={"responses_two_people": True})
    duties = replace(rules.catalogue.duties, rules=double)
    room = Room(embedded, replace(rules, catalogue=replace(rules.catalogue, duties=duties)))
    asked = room.command(wish())
    assert (asked.level, asked.asked and asked.asked.act) == (0, Act.ASK)
    with pytest.raises(NotNow):
        room.command(wish(3, version=1), by=DEPUTY)

    def confirmed(by: Actor, now=NOW):
        with writing(embedded) as connection:
            return confirm(connection, room.rules, world="real", plan="flood", region=CITY, version=1, by=by, now=now)

    with pytest.raises(NotNow):
        confirmed(CHIEF)
    with pytest.raises(Denied):
        confirmed(OFFICER)
    with pytest.raises(NotNow):
        confirmed(DEPUTY, NOW + timedelta(days=1))
    assert (confirmed(DEPUTY).level, room.rows()) == (4, 2)


def test_levels_are_confirmed_however_people_write_them() -> None:
    assert [typed_level(text) for text in ("Ⅳ级", "iv", " 4 ", "四级响应", "终止", "Ⅴ", "")] == [
        4,
        4,
        4,
        4,
        0,
        None,
        None,
    ]


@given(st.lists(st.integers(0, 4), max_size=12))
def test_whatever_is_commanded_the_ledger_tells_courses_that_do_not_overlap(wanted: list[int]) -> None:
    steps: list[Step] = []
    present = 0
    for level in wanted:
        if level == present:
            continue
        act = Act.START if not present else Act.END if not level else Act.RAISE if level < present else Act.LOWER
        at = NOW + timedelta(hours=len(steps))
        steps.append(
            Step(len(steps) + 1, len(steps) + 1, act, level, at, at, "x", Basis("document", "1", "1"), "a", "a", "r")
        )
        present = level
    told = courses_of("real", "flood", CITY, steps)
    assert sum(len(one.steps) for one in told) == len(steps)
    assert [one.level for one in told[:-1]] == [0] * len(told[:-1])
    assert sum(one.level_at(NOW + timedelta(days=9)) > 0 for one in told) == (present > 0)
