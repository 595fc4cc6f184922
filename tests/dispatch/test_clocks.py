"""Clocks: sums of the ledger; pauses, extensions, rework, each joint department by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_people import CHEN, LIN, POLICE, WATER, XU, Desk, report
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from database.dispatch_tables import escalations, inbox
from database.engine import reading
from dispatch.clocks import case_clock, current_clock, explained, joint_clock, stage_clock
from dispatch.deciding import timed
from dispatch.escalation import Escalator, climb
from dispatch.event import Case
from dispatch.events import detail
from dispatch.first_times import first_times
from dispatch.stage import Stage

HOUR = 3600


def case_of(desk: Desk, number: str) -> Case:
    with reading(desk.engine) as connection:
        return detail(connection, CHEN, desk.rules, number, now=desk.now).case


@pytest.mark.feature(58)
def test_each_stage_has_its_own_clock(desk: Desk) -> None:
    number = desk.receive().event.number
    first = current_clock(case_of(desk, number), desk.rules)
    assert first is not None and first.name == "受理"
    desk.do(number, "accept")
    desk.do(number, "confirm", note="属实")
    clock = current_clock(case_of(desk, number), desk.rules)
    assert clock is not None and clock.name == "立案" and clock.used(desk.now) == 0
    assert stage_clock(case_of(desk, number), Stage.ACCEPT, desk.rules).used(desk.now) == 10 * 60  # type: ignore[union-attr]


@pytest.mark.feature(58)
def test_the_handling_clock_stands_still_while_suspended(desk: Desk) -> None:
    number = desk.handling()
    desk.do(number, "ask_suspension", by=WATER, note="等立项", reason="funding")
    used = current_clock(case_of(desk, number), desk.rules)
    desk.do(number, "grant_suspension", by=XU)
    paused = case_of(desk, number)
    assert paused.event.stage_due_at is None and paused.event.case_due_at is None
    desk.do(number, "resume", by=XU, minutes=6 * 24 * 60, note="已立项")
    after = current_clock(case_of(desk, number), desk.rules)
    assert used is not None and after is not None
    assert after.used(desk.now) == used.used(desk.now - timedelta(days=6))
    assert [line.words for line in explained(after, desk.now)] == ["待签收", "待处置", "处置中", "处置中"]


@pytest.mark.feature(58)
def test_an_extension_moves_the_deadline_by_what_was_granted(desk: Desk) -> None:
    number = desk.handling()
    before = case_of(desk, number).event
    desk.do(number, "ask_extension", by=WATER, note="泵车故障", amount=1.0)
    assert case_of(desk, number).event.stage_due_at == before.stage_due_at
    after = desk.do(number, "grant_extension", by=XU).event
    assert before.stage_due_at and after.stage_due_at and before.case_due_at and after.case_due_at
    assert after.stage_due_at - before.stage_due_at == timedelta(hours=1)
    assert after.case_due_at - before.case_due_at == timedelta(hours=1)


def test_rework_starts_the_handling_clock_anew_but_not_that_of_the_case(desk: Desk) -> None:
    number = desk.handling()
    whole = case_of(desk, number).event.case_due_at
    desk.do(number, "report", by=WATER, note="好了", minutes=30)
    case = desk.do(number, "rework", by=LIN, note="没好")
    clock = current_clock(case, desk.rules)
    assert clock is not None and clock.used(desk.now) == 0
    assert case.event.case_due_at == whole
    assert case.event.reworks == 1


@pytest.mark.feature(56)
def test_a_joint_department_stops_its_own_clock_only(desk: Desk) -> None:
    number = desk.handling(joint=("public_security_bureau",))
    case = desk.do(number, "joint_report", by=POLICE, note="已管制")
    joint = next(one for one in case.assignments if one.part == "joint")
    clock = joint_clock(case, joint, desk.rules)
    assert not clock.is_running
    assert clock.used(desk.now + timedelta(days=9)) == 15 * 60
    lead = current_clock(case, desk.rules)
    assert lead is not None and lead.is_running


def test_a_transfer_gives_the_new_department_the_whole_limit(desk: Desk) -> None:
    number = desk.handling()
    desk.do(number, "ask_transfer", by=WATER, note="属道路", department="transport_bureau", minutes=60)
    case = desk.do(number, "grant_transfer", by=XU)
    clock = current_clock(case, desk.rules)
    assert case.event.lead == "transport_bureau"
    assert clock is not None and clock.used(desk.now) == 0


def test_the_ledger_never_runs_backwards_when_the_clock_does(desk: Desk) -> None:
    number = desk.registered()
    case = desk.do(number, "dispatch", minutes=-90, department="water_bureau")
    assert case.ledger[-1].at == case.ledger[-2].at


@given(cuts=st.lists(st.integers(1, 600), min_size=1, max_size=6))
def test_a_clock_is_the_sum_of_its_lines_wherever_it_is_cut(cuts: list[int], rules) -> None:
    """The same ledger asked at any later moment gives the sum of what it gave for its parts."""
    from dispatch.intake import drafted

    case = drafted(report(), rules, by=CHEN, now=report().reported_at, number="CZ-20261118-0001")
    clock = current_clock(case, rules)
    assert clock is not None
    now, total = case.event.received_at, 0.0
    for minutes in cuts:
        later = now + timedelta(minutes=minutes)
        total += clock.meter.between(now, later)
        now = later
    assert clock.used(now) == total == sum(line.seconds for line in clock.lines(now))


def test_deadlines_kept_for_sorting_follow_from_the_ledger(desk: Desk) -> None:
    number = desk.handling()
    case = case_of(desk, number)
    assert timed(case, desk.rules) == case
    clock = case_clock(case, desk.rules)
    assert clock is not None and clock.due_at == case.event.case_due_at


@pytest.mark.feature(153)
def test_the_four_first_times_are_told_per_event(desk: Desk) -> None:
    began = report().reported_at - timedelta(minutes=12)
    number = desk.closed(report(occurred_at=began))
    times = first_times(case_of(desk, number))
    assert times.discover == 12 * 60
    assert times.respond == 26 * 60 - 0 * HOUR
    assert times.handle is not None and times.feedback is not None


# The ladder


def rungs(desk: Desk) -> list[tuple[str, str]]:
    with reading(desk.engine) as connection:
        found = connection.execute(select(escalations.c.rung, escalations.c.told).order_by(escalations.c.at))
        return sorted((row.rung, row.told) for row in found)


@pytest.mark.feature(61)
def test_the_ladder_is_climbed_rung_by_rung_and_once(any_desk: Desk) -> None:
    any_desk.handling(report(impact=3, urgency=4))
    clock_starts = any_desk.now
    for minutes, expected in ((10, 0), (90, 1), (120, 2), (170, 3), (400, 4), (9000, 4)):
        for _ in range(2):
            climb(any_desk.engine, any_desk.rules, clock_starts + timedelta(minutes=minutes))
        assert len(rungs(any_desk)) == expected
    assert [told for _, told in rungs(any_desk)] == [
        "centre:445100", "leader:445100", "water_bureau", "centre:445100",
    ]  # fmt: skip
    with reading(any_desk.engine) as connection:
        titles = connection.execute(select(inbox.c.title).where(inbox.c.title.like("超期一倍%"))).scalars().all()
    assert len(titles) == 1


def test_two_schedulers_climb_at_once(any_desk: Desk) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for number in range(4):
        any_desk.handling(report(str(number)))
    late = any_desk.now + timedelta(days=3)
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda _: climb(any_desk.engine, any_desk.rules, late), range(2)))
    assert sum(told) == len(rungs(any_desk)) == 16


def test_a_new_round_may_be_told_again(desk: Desk) -> None:
    number = desk.handling()
    climb(desk.engine, desk.rules, desk.now + timedelta(days=3))
    desk.do(number, "report", by=WATER, note="好了", minutes=60 * 24 * 3)
    desk.do(number, "rework", by=LIN, note="没好")
    climb(desk.engine, desk.rules, desk.now + timedelta(days=3))
    assert {rung.split("/")[1] for rung, _ in rungs(desk) if rung.startswith("handle")} == {"1", "2"}


def test_a_clock_that_jumps_tells_nobody_until_it_has_run_evenly(desk: Desk) -> None:
    desk.handling()
    real = [0.0]
    ladder = Escalator(desk.engine, lambda: desk.rules, lambda: real[0])
    now = desk.now
    assert ladder.tick(now) == 0
    real[0] += 15
    assert ladder.tick(now + timedelta(days=2)) == 0
    real[0] += 15
    assert ladder.tick(now + timedelta(seconds=30)) == 0
    assert rungs(desk) == []
    for _ in range(45):
        real[0] += 15
        ladder.tick(now + timedelta(seconds=real[0]))
    assert rungs(desk) == []


def test_a_jump_that_was_right_is_believed_after_ten_minutes(desk: Desk) -> None:
    desk.handling()
    real = [0.0]
    ladder = Escalator(desk.engine, lambda: desk.rules, lambda: real[0])
    ladder.tick(desk.now)
    for _ in range(42):
        real[0] += 15
        ladder.tick(desk.now + timedelta(days=2, seconds=real[0]))
    assert len(rungs(desk)) == 4
