"""Reviews of big events: drafted from the ledger as known then, written, signed by another person, never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_people import CHEN, LIN, NOBODY, STRANGER, WATER, XU, Desk, county, report
from sqlalchemy import select

from access.actor import Denied
from database.audit_tables import audit
from database.engine import reading, writing
from decisions.review_draft import draft
from dispatch.refusal import Incomplete, MovedMeanwhile, NoSuchEvent, NotNow
from dispatch.review import Review, ReviewState, why_big
from dispatch.review_course import course
from dispatch.review_lists import listed, open_measures, without_review
from dispatch.reviews import (
    Written,
    add_measure,
    begin,
    drop_measure,
    finish_measure,
    reopen,
    review_of,
    save,
    sign,
)
from dispatch.rulebook import Rulebook
from dispatch.stage import Stage

pytestmark = pytest.mark.feature(70)
BIG = "public_security_bureau"


def flood(desk: Desk) -> str:
    """A closed event of two departments that the water bureau was late with and that was urged once; its number."""
    number = desk.handling(report("big", impact=4, urgency=4), joint=(BIG,))
    desk.do(number, "supervise", note="群众多次反映，请重点办理")
    desk.do(number, "report", by=WATER, note="已排除", minutes=60 * 9)
    desk.do(number, "check", by=LIN)
    desk.do(number, "verify", by=LIN)
    desk.do(number, "close", by=XU)
    return number


def written(desk: Desk, number: str, *, by=CHEN) -> Review:
    with writing(desk.engine) as connection:
        made = begin(connection, number, by=by, now=desk.now)
        return save(connection, number, Written(made.newest.version, "先到场后补手续", "通知慢"), by=by, now=desk.now)


def measured(desk: Desk, number: str, days: int = 10, department: str = "water_bureau") -> Review:
    with writing(desk.engine) as connection:
        due = desk.now.date() + timedelta(days=days)
        return add_measure(connection, desk.rules, number, "配备围挡", department, due, by=CHEN, now=desk.now)


def test_the_draft_tells_stages_lanes_orders_and_what_was_late(any_desk: Desk) -> None:
    number = flood(any_desk)
    with reading(any_desk.engine) as connection:
        case, found = review_of(connection, number, CHEN)
        told = draft(connection, any_desk.rules, case, by=CHEN, now=any_desk.now, as_of=any_desk.now)
    assert found is None
    assert {"红色、橙色事件", "2 个单位联合处置", "有批示或督办"} <= set(why_big(case))
    late = told.course.late
    assert [one.stage for one in late] == [Stage.HANDLE]
    assert late[0].due is not None and late[0].end is not None and late[0].due < late[0].end
    assert [lane.name for lane in told.course.lanes] == ["市中心", "水务局", "公安局"]
    (order,) = told.course.orders
    assert order.name == "督办" and order.answer is not None and order.answer.actor == "water"
    assert any("超时环节：处置" in sentence for sentence in told.summary)
    assert [one.name for one in told.course.times if one.is_over] == ["最快时间处置"]
    assert sum(len(lane.marks) for lane in told.course.lanes) == len(case.ledger)


def test_a_version_tells_the_event_as_it_was_known_then(desk: Desk) -> None:
    number = flood(desk)
    made = written(desk, number)
    then = desk.now
    desk.do(number, "call_back", by=XU, note="满意", satisfied=True, minutes=60)
    with reading(desk.engine) as connection:
        case, found = review_of(connection, number, CHEN)
    assert found is not None and found.as_of(made.newest.version, desk.now) == desk.now  # the newest goes on
    rows = course(case, (), desk.rules, found.as_of(1, desk.now)).case.ledger
    assert rows[-1].action == "close" and rows[-1].at <= then


def test_who_wrote_it_does_not_sign_it_and_signed_it_stands(any_desk: Desk) -> None:
    number = flood(any_desk)
    made = written(any_desk, number)
    with writing(any_desk.engine) as connection, pytest.raises(NotNow, match="起草人"):
        sign(connection, number, made.newest.version, "", by=CHEN, now=any_desk.now)
    with writing(any_desk.engine) as connection:
        signed = sign(connection, number, made.newest.version, "同意", by=LIN, now=any_desk.now)
    assert signed.state is ReviewState.SIGNED and signed.signed_by == "lin"
    for act in (lambda c: save(c, number, Written(signed.newest.version, "x", "y"), by=CHEN, now=any_desk.now),
                lambda c: drop_measure(c, number, 1, by=CHEN, now=any_desk.now)):  # fmt: skip
        with writing(any_desk.engine) as connection, pytest.raises(NotNow, match="已签发"):
            act(connection)
    with writing(any_desk.engine) as connection:
        again = reopen(connection, number, signed.newest.version, "补充原因", by=LIN, now=any_desk.now)
    assert again.state is ReviewState.DRAFT and again.signed_at is None
    assert [one.act for one in again.versions] == ["begin", "save", "sign", "reopen"]
    with reading(any_desk.engine) as connection:
        acts = connection.execute(select(audit.c.action).where(audit.c.action.like("reviews.%"))).scalars().all()
    assert sorted(acts) == ["reviews.begin", "reviews.reopen", "reviews.save", "reviews.sign"]


def test_two_write_at_once_and_the_second_is_told(desk: Desk) -> None:
    number = flood(desk)
    seen = written(desk, number).newest.version
    with writing(desk.engine) as connection:
        save(connection, number, Written(seen, "甲写的", "甲"), by=LIN, now=desk.now)
    with writing(desk.engine) as connection, pytest.raises(MovedMeanwhile):
        save(connection, number, Written(seen, "乙写的", "乙"), by=CHEN, now=desk.now)
    with reading(desk.engine) as connection:
        _, found = review_of(connection, number, CHEN)
    assert found is not None and found.newest.lessons == "甲写的"


def test_an_open_event_is_reviewed_but_not_signed(desk: Desk) -> None:
    number = desk.handling()
    made = written(desk, number)
    with writing(desk.engine) as connection, pytest.raises(NotNow, match="结案后"):
        sign(connection, number, made.newest.version, "", by=LIN, now=desk.now)


@pytest.mark.parametrize("text", ["联系人陈小明，电话13800138000", "家住潮州市湘桥区城新西路12号"])
def test_nobodys_telephone_or_home_gets_into_a_review(desk: Desk, text: str) -> None:
    number = flood(desk)
    seen = written(desk, number).newest.version
    with writing(desk.engine) as connection, pytest.raises(Incomplete, match="个人信息"):
        save(connection, number, Written(seen, text, "x"), by=CHEN, now=desk.now)


def test_a_measure_is_followed_until_its_department_reports_it_done(any_desk: Desk) -> None:
    number = flood(any_desk)
    written(any_desk, number)
    assert [one.position for one in measured(any_desk, number).now] == [1]
    measured(any_desk, number, department=BIG)
    with reading(any_desk.engine) as connection:
        due = open_measures(connection, CHEN, world="real")
    assert [(found, one.position) for found, one in due] == [(number, 1), (number, 2)]
    assert due[0][1].is_late(any_desk.now.date() + timedelta(days=11))
    police = replace(WATER, scope=replace(WATER.scope, departments=frozenset({BIG})), rights=frozenset({"events.view"}))
    for stranger in (police, NOBODY):
        with writing(any_desk.engine) as connection, pytest.raises(Denied):
            finish_measure(connection, number, 1, "好了", by=stranger, now=any_desk.now)
    with writing(any_desk.engine) as connection:
        finish_measure(connection, number, 1, "两处已配备", by=WATER, now=any_desk.now)
    with writing(any_desk.engine) as connection, pytest.raises(NotNow, match="已完成"):
        finish_measure(connection, number, 1, "又好了", by=WATER, now=any_desk.now)
    with reading(any_desk.engine) as connection:
        assert [one.position for _, one in open_measures(connection, CHEN, world="real")] == [2]
        assert open_measures(connection, STRANGER, world="real") == []


def test_a_measure_taken_out_stays_in_the_version_that_had_it(desk: Desk) -> None:
    number = flood(desk)
    written(desk, number)
    had = measured(desk, number)
    with writing(desk.engine) as connection:
        after = drop_measure(connection, number, 1, by=CHEN, now=desk.now)
    (one,) = after.measures
    assert after.now == () and one.is_in(had.newest.version) and not one.is_in(after.newest.version)


def test_only_the_centre_that_holds_the_event_writes(desk: Desk, rules: Rulebook) -> None:
    number = flood(desk)
    with writing(desk.engine) as connection:
        for by in (WATER, county(rules, "445102", "county")):
            with pytest.raises(Denied, match="承办本件的中心"):
                begin(connection, number, by=by, now=desk.now)
        with pytest.raises(NoSuchEvent):
            begin(connection, number, by=STRANGER, now=desk.now)


def test_big_events_wait_for_a_review_until_one_is_begun(desk: Desk) -> None:
    number, everyday = flood(desk), desk.closed(report("small", impact=1, urgency=1))
    with reading(desk.engine) as connection:
        waiting = [one.number for one in without_review(connection, CHEN, world="real", now=desk.now)]
        assert number in waiting and everyday not in waiting
        assert without_review(connection, STRANGER, world="real", now=desk.now) == []
    written(desk, number)
    with reading(desk.engine) as connection:
        assert without_review(connection, CHEN, world="real", now=desk.now) == []
        assert [one.number for one in listed(connection, CHEN, world="real")] == [number]
