"""Moves: only those of the table, by whoever may, each once, and what they mean for others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from desk_people import CHEN, LIN, NOBODY, POLICE, STRANGER, TRAFFIC, WATER, XU, Desk, county, report
from sqlalchemy import func, select

from access.actor import Denied
from database.audit_tables import audit
from database.dispatch_tables import event_links, events, ledger, outbox
from database.engine import reading, writing
from dispatch import lifecycle_picture
from dispatch.event import Step
from dispatch.events import Wanted, detail, queue
from dispatch.lifecycle import LIFECYCLE, IllegalMove
from dispatch.moves import move
from dispatch.refusal import Incomplete, MovedMeanwhile, NoSuchEvent, NotNow
from dispatch.state import Action, State
from dispatch.telling import TELLS
from dispatch.together import loads, split


@pytest.mark.feature(154)
def test_an_event_walks_from_report_to_evaluation(any_desk: Desk) -> None:
    number = any_desk.closed()
    any_desk.do(number, "call_back", by=XU, satisfied=True)
    case = any_desk.do(number, "evaluate", by=XU, score=5)
    assert case.event.state is State.EVALUATED
    with reading(any_desk.engine) as connection:
        told = detail(connection, CHEN, any_desk.rules, number, now=any_desk.now)
    assert [row.seq for row in told.case.ledger] == list(range(1, case.event.version + 1))
    assert [row.at for row in told.case.ledger] == sorted(row.at for row in told.case.ledger)
    assert told.case.event.satisfied is True


@pytest.mark.feature(62)
def test_ledger_audit_and_outbox_agree_row_by_row(any_desk: Desk) -> None:
    any_desk.closed()
    with reading(any_desk.engine) as connection:
        rows = connection.execute(select(ledger)).all()
        recorded = {row.id: row for row in connection.execute(select(audit))}
        sent = {tuple(row) for row in connection.execute(select(outbox.c.event_id, outbox.c.seq).distinct())}
    assert len(rows) == len({row.audit_id for row in rows}) == len(recorded)
    assert all(recorded[row.audit_id].action == f"events.{row.action}" for row in rows)
    telling = {(row.event_id, row.seq) for row in rows if row.seq == 1 or TELLS.get(Action(row.action))}
    assert sent == telling


def test_a_move_that_is_not_in_the_table_names_the_legal_ones(desk: Desk) -> None:
    number = desk.receive().event.number
    with pytest.raises(IllegalMove) as refused:
        desk.do(number, "close")
    assert Action.ACCEPT in refused.value.legal
    with pytest.raises(IllegalMove):
        desk.do(number, "no such thing")


@pytest.mark.feature(67)
def test_two_officers_act_at_once_and_one_is_told_what_changed(any_desk: Desk) -> None:
    number = any_desk.registered()

    def dispatch(department: str) -> str:
        with writing(any_desk.engine) as connection:
            step = Step("dispatch", 4, department=department)
            return move(connection, any_desk.rules, number, step, by=CHEN, now=any_desk.now).event.lead or ""

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(dispatch, one) for one in ("water_bureau", "transport_bureau")]
        outcomes = [future.exception() for future in futures]
    assert sorted(type(one).__name__ for one in outcomes) == ["MovedMeanwhile", "NoneType"]
    with pytest.raises(MovedMeanwhile) as late:
        any_desk.do(number, "dispatch", version=4, department="water_bureau")
    assert late.value.version == 5
    assert late.value.rows[0].action is Action.DISPATCH


def test_a_double_click_acts_once(any_desk: Desk) -> None:
    number = any_desk.registered()
    for _ in range(2):
        case = any_desk.do(number, "dispatch", version=4, department="water_bureau", key="click")
    assert case.event.version == 5


def test_who_may_and_who_may_not(desk: Desk) -> None:
    number = desk.registered()
    desk.do(number, "dispatch", department="water_bureau")
    for other in (TRAFFIC, STRANGER):
        with pytest.raises(NoSuchEvent):
            desk.do(number, "sign", by=other)
    with pytest.raises(Denied):
        desk.do(number, "sign", by=replace(NOBODY, scope=WATER.scope))
    with pytest.raises(Denied, match="中心办理"):
        desk.do(number, "ask_void", by=WATER, note="误报")
    assert desk.do(number, "sign", by=WATER).event.state is State.SIGNED


def test_every_right_of_the_table_is_asked_for(desk: Desk) -> None:
    number = desk.handling()
    with reading(desk.engine) as connection:
        case = detail(connection, CHEN, desk.rules, number, now=desk.now).case
    from dispatch.deciding import decide

    for (state, action), row in LIFECYCLE.items():
        powerless = replace(CHEN, rights=CHEN.rights - {row.right})
        at = replace(case, event=replace(case.event, state=state))
        with pytest.raises(Denied):
            decide(at, Step(action), powerless, desk.now, desk.rules)


def test_who_handles_never_verifies(desk: Desk) -> None:
    number = desk.handling()
    desk.do(number, "report", by=WATER, note="已抽干")
    desk.do(number, "check", by=LIN)
    with pytest.raises(NotNow, match="不能核查"):
        desk.do(number, "verify", by=replace(WATER, scope=CHEN.scope))
    colleague = replace(WATER, name="colleague", user="colleague")
    with pytest.raises((NotNow, Denied)):
        desk.do(number, "verify", by=colleague)
    assert desk.do(number, "verify", by=LIN).event.state is State.VERIFIED


@pytest.mark.feature(57)
def test_a_return_is_asked_by_one_and_granted_by_another_and_counted(desk: Desk) -> None:
    number = desk.registered()
    for time in (1, 2):
        desk.do(number, "dispatch", department="water_bureau")
        desk.do(number, "ask_return", by=WATER, note="属市政管网")
        with pytest.raises(NotNow, match="另一人"):
            desk.do(number, "grant_return", by=replace(CHEN, user="water", name="water"))
        case = desk.do(number, "grant_return", by=XU)
        assert (case.event.state, case.event.returns, case.event.lead) == (State.REGISTERED, time, None)
    with pytest.raises(Incomplete):
        desk.do(number, "dispatch", department="no_such_bureau")


def test_a_request_that_was_denied_changes_nothing_else(desk: Desk) -> None:
    number = desk.handling()
    desk.do(number, "ask_suspension", by=WATER, note="等立项", reason="funding")
    with pytest.raises(NotNow, match="还在审批"):
        desk.do(number, "report", by=WATER, note="已处置")
    case = desk.do(number, "deny_suspension", by=XU, note="可先临时排水")
    assert case.event.state is State.HANDLING
    assert case.requests[0].outcome == "denied"


def test_a_pause_needs_one_of_the_approved_reasons(desk: Desk) -> None:
    number = desk.handling()
    with pytest.raises(Incomplete, match="挂账原因"):
        desk.do(number, "ask_suspension", by=WATER, note="忙", reason="busy")


def test_an_extension_is_at_most_as_long_as_the_limit(desk: Desk) -> None:
    number = desk.handling()
    with pytest.raises(Incomplete, match="不超过原时限"):
        desk.do(number, "ask_extension", by=WATER, note="泵车", amount=1000.0)


@pytest.mark.feature(56)
def test_joint_departments_work_beside_the_lead(desk: Desk) -> None:
    number = desk.registered()
    due = desk.now + timedelta(minutes=30)
    desk.do(number, "dispatch", department="water_bureau", joint=("public_security_bureau",), due=due)
    desk.do(number, "joint_sign", by=POLICE)
    with pytest.raises(Denied):
        desk.do(number, "sign", by=POLICE)
    with pytest.raises(NoSuchEvent):
        desk.do(number, "joint_report", by=TRAFFIC, note="不是我的")
    case = desk.do(number, "joint_report", by=POLICE, note="已双向管制")
    joint = next(one for one in case.assignments if one.part == "joint")
    assert (joint.ended, joint.due_at) == ("done", due)
    with reading(desk.engine) as connection:
        told = detail(connection, CHEN, desk.rules, number, now=desk.now + timedelta(days=1))
    assert len(told.joint_clocks) == 1
    assert not told.joint_clocks[0][1].is_overdue(desk.now + timedelta(days=1))


@pytest.mark.feature(113)
def test_city_refers_to_county_which_confirms_or_gives_back(desk: Desk) -> None:
    xiangqiao, raoping = county(desk.rules, "445102", "xq"), county(desk.rules, "445122", "rp")
    number = desk.receive().event.number
    desk.do(number, "refer", region="445102", note="属地办理")
    with pytest.raises(NoSuchEvent):
        desk.do(number, "receive", by=raoping)
    back = desk.do(number, "give_back", by=xiangqiao, note="市管河道")
    assert (back.event.holder, back.event.returns) == ("445100", 1)
    desk.do(number, "refer", region="445102", note="请再核")
    case = desk.do(number, "receive", by=xiangqiao)
    assert (case.event.holder, case.event.referred_from) == ("445102", None)
    up = desk.do(number, "escalate", by=xiangqiao, note="需市级协调")
    assert up.event.holder == "445100"
    with pytest.raises(Denied, match="市中心办理"):
        desk.do(number, "accept", by=xiangqiao)


@pytest.mark.feature(53)
def test_merging_counts_callers_and_can_be_undone(any_desk: Desk) -> None:
    parent, child = any_desk.registered(), any_desk.receive(report("2")).event.number
    with pytest.raises(NotNow, match="自己"):
        any_desk.do(child, "merge", other=child)
    case = any_desk.do(child, "merge", other=parent)
    assert case.event.state is State.MERGED
    with reading(any_desk.engine) as connection:
        seen = detail(connection, CHEN, any_desk.rules, parent, now=any_desk.now)
        back = detail(connection, CHEN, any_desk.rules, child, now=any_desk.now)
    assert seen.case.event.callers == 2
    assert [(kind, one.number) for kind, one in seen.links] == [("holds", child)]
    assert [(kind, one.number) for kind, one in back.links] == [("merged_into", parent)]
    again = any_desk.do(child, "unmerge", note="不是同一处")
    assert (again.event.state, again.event.parent_id) == (State.REPORTED, None)
    with reading(any_desk.engine) as connection:
        assert connection.execute(select(events.c.callers).where(events.c.number == parent)).scalar_one() == 1
        assert connection.execute(select(func.count()).where(event_links.c.ended_at.is_(None))).scalar_one() == 0


@pytest.mark.feature(53)
def test_splitting_links_both_ways(desk: Desk) -> None:
    number = desk.registered()
    with writing(desk.engine) as connection:
        after, receipt = split(
            connection, desk.rules, number, report(title="同处路灯不亮", category="B0105"), version=None, by=CHEN,
            now=desk.now,
        )  # fmt: skip
    assert after.ledger[-1].data["other"] == receipt.event.number
    with reading(desk.engine) as connection:
        links = detail(connection, CHEN, desk.rules, receipt.event.number, now=desk.now).links
    assert [(kind, one.number) for kind, one in links] == [("split_from", number)]


@pytest.mark.feature(60)
def test_urging_is_counted_and_capped(desk: Desk) -> None:
    number = desk.handling()
    assert desk.do(number, "urge", by=XU).event.urged == 1
    with pytest.raises(NotNow, match="至多催办一次"):
        desk.do(number, "urge", by=XU)
    assert desk.do(number, "urge", by=XU, minutes=40).event.urged == 2
    assert desk.do(number, "supervise", by=XU, note="请主要负责人过问").event.supervised


@pytest.mark.feature(63)
def test_a_plan_is_attached_by_kind_and_level(desk: Desk) -> None:
    number = desk.registered(report(impact=3, urgency=4))
    case = desk.do(number, "dispatch", department="water_bureau")
    assert [one.plan for one in case.steps] == ["城市内涝处置步骤"] * 4
    case = desk.do(number, "plan_step", by=WATER, plan_step=2)
    assert case.steps[1].done_by == "water"
    with pytest.raises(NotNow, match="已经完成"):
        desk.do(number, "plan_step", by=WATER, plan_step=2)


@pytest.mark.feature(65)
def test_a_caller_who_is_not_satisfied_has_it_reopened(desk: Desk) -> None:
    number = desk.closed()
    desk.do(number, "call_back", by=XU, satisfied=False, note="又积水了")
    case = desk.do(number, "reopen", by=XU, note="复发")
    assert (case.event.state, case.event.reopenings, case.event.satisfied) == (State.REGISTERED, 1, None)


def test_the_centre_handles_on_the_spot_but_another_verifies(desk: Desk) -> None:
    number = desk.receive(report(origin="grid")).event.number
    desk.do(number, "accept")
    assert desk.do(number, "self_handle", by=LIN, note="已清理").event.state is State.ANSWERED
    with pytest.raises(NotNow):
        desk.do(number, "verify", by=LIN)
    assert desk.do(number, "verify", by=CHEN).event.state is State.VERIFIED


def test_public_reports_are_verified_before_registration_and_collectors_are_not(desk: Desk) -> None:
    public = desk.receive(report("1")).event.number
    desk.do(public, "accept")
    with pytest.raises(NotNow, match="先核实"):
        desk.do(public, "register")
    grid = desk.receive(report("2", origin="grid")).event.number
    desk.do(grid, "accept")
    assert desk.do(grid, "register").event.state is State.REGISTERED


def test_a_request_nobody_can_decide_any_more_lapses(desk: Desk) -> None:
    number = desk.receive(report(origin="grid")).event.number
    desk.do(number, "accept")
    desk.do(number, "ask_void", note="疑似测试")
    case = desk.do(number, "self_handle", by=LIN, note="已处置")
    assert case.requests[0].outcome == "lapsed"


def test_buttons_that_cannot_be_pressed_say_why(desk: Desk) -> None:
    number = desk.handling()
    desk.do(number, "report", by=WATER, note="好了")
    with reading(desk.engine) as connection:
        city = detail(connection, CHEN, desk.rules, number, now=desk.now).choices
        water = detail(connection, WATER, desk.rules, number, now=desk.now).choices
    assert {one.action for one in city if not one.why_not} >= {Action.CHECK, Action.VERIFY, Action.REWORK}
    assert all(one.why_not for one in water if one.action in (Action.CHECK, Action.VERIFY))


def test_the_queue_is_grouped_by_the_clock(desk: Desk) -> None:
    late, soon, calm = (desk.registered(report(str(n))) for n in range(3))
    with writing(desk.engine) as connection:
        for number, minutes in ((late, -5), (soon, 20), (calm, 600)):
            connection.execute(
                events.update()
                .where(events.c.number == number)
                .values(stage_due_at=desk.now + timedelta(minutes=minutes))
            )
    with reading(desk.engine) as connection:
        found = queue(connection, CHEN, desk.rules, Wanted(), now=desk.now)
        nothing = queue(connection, STRANGER, desk.rules, Wanted(), now=desk.now)
    groups = [[one.number for one in group] for group in (found.overdue, found.due_soon, found.in_time)]
    assert groups == [[late], [soon], [calm]]
    assert nothing.overdue == nothing.in_time == ()


def test_loads_count_what_is_in_hand(desk: Desk) -> None:
    desk.handling(report("1"))
    desk.handling(report("2"), joint=("public_security_bureau",))
    with reading(desk.engine) as connection:
        found = loads(connection, CHEN, world="real", now=desk.now)
    assert (found["water_bureau"].open, found["public_security_bureau"].open) == (2, 1)


def test_the_picture_is_drawn_from_the_table() -> None:
    assert lifecycle_picture.main(["--check"]) == 0
