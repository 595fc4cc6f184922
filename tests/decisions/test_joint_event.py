"""Hot issues and the one click: found as planted, shown to who may see all of them, joined once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from message_city import CHEN, NOW, RAOPING, MessageCity, person

from access.actor import Actor, Denied, Scope
from database.engine import reading, writing
from decisions.issue_search import IssueSearch
from decisions.issues import hot_issues
from decisions.joint_event import NotTogether, joint_of, make_joint
from decisions.surge_places import members
from demo_city import SEED
from demo_city.event_plans import planned
from dispatch import records
from dispatch.state import State

CITY, TOWN = "445100", "445102100"
PHRASES = ("电梯又坏了", "电梯故障没人修", "物业不修电梯", "电梯困人", "电梯停运几天了", "电梯异响")


def lift(messages: MessageCity, size: int = 6) -> list[str]:
    """Calls about one lift within two hours, after three weeks of other calls; their numbers."""
    for day in range(2, 22):
        messages.report(
            f"第{day}村{('路灯不亮', '垃圾堆积', '污水冒溢', '路面破损')[day % 4]}",
            reported_at=NOW - timedelta(days=day),
        )
    return [
        messages.report(
            f"凤城花园小区{PHRASES[n % len(PHRASES)]}", place="凤城花园小区",
            reported_at=NOW - timedelta(minutes=15 * n), category="R0302",
        ).number
        for n in range(size)
    ]  # fmt: skip


def found(messages: MessageCity, by: Actor, region: str, days: int = 7):
    with reading(messages.engine) as connection:
        return hot_issues(
            connection, messages.rules, by, world="real", region=region, since=NOW - timedelta(days=days), until=NOW
        )  # fmt: skip


def search(messages: MessageCity) -> IssueSearch:
    made = IssueSearch(messages.engine, lambda: messages.rules, lambda: ["real"])
    made.tick(NOW)
    return made


def join(messages: MessageCity, numbers: list[str], by: Actor = CHEN):
    with writing(messages.engine) as connection:
        return make_joint(connection, messages.rules, numbers, "凤城花园小区电梯", by=by, now=messages.now)


@pytest.mark.feature(160)
def test_an_issue_has_place_people_period_heat_and_members(messages: MessageCity) -> None:
    numbers = lift(messages)
    assert search(messages).tick(NOW) == 0, "nothing new came in"
    (issue,) = found(messages, CHEN, CITY).found
    assert "凤城花园" in issue.place and issue.category == "R0302"
    assert {one.number for one in issue.members} == set(numbers)
    assert issue.people == 6 and issue.heat > 0 and issue.usual_week == 0 and issue.open == 6
    assert sum(issue.course) == 6 and issue.start < issue.end <= NOW
    assert found(messages, CHEN, CITY, days=1).found and not found(messages, CHEN, "445122").found


@pytest.mark.feature(110)
def test_an_issue_is_shown_only_to_who_may_see_all_of_it(messages: MessageCity) -> None:
    lift(messages)
    search(messages)
    rules = messages.rules
    town = person("town", Scope(frozenset({TOWN})), home=TOWN)
    elsewhere = person("other", Scope(frozenset({"445102111"})), home="445102111")
    assert len(found(messages, town, TOWN).found) == 1
    assert len(found(messages, person("xq", Scope(rules.within("445102")), home="445102"), "445102").found) == 1
    for by, region in ((RAOPING, "445122"), (RAOPING, CITY), (elsewhere, "445102111"), (elsewhere, TOWN)):
        told = found(messages, by, region)
        assert (told.found, told.looked_at) == ((), 0)


@pytest.mark.feature(110)
def test_one_member_out_of_sight_hides_the_issue(messages: MessageCity) -> None:
    numbers = lift(messages)
    beyond = messages.report(
        "凤城花园小区电梯又坏了", place="凤城花园小区", category="R0302", region="445102111", lon=None, lat=None
    )  # fmt: skip
    search(messages)
    (issue,) = found(messages, CHEN, CITY).found
    assert {one.number for one in issue.members} == {*numbers, beyond.number}
    assert found(messages, person("town", Scope(frozenset({TOWN})), home=TOWN), TOWN).found == ()


@pytest.mark.feature(160)
def test_the_issues_planted_in_the_demo_city_are_found(messages: MessageCity) -> None:
    """F1 over members of every issue planted in three weeks; the answers are the episodes of the plan."""
    plans = [
        one for one in planned(messages.rules.catalogue, SEED, NOW - timedelta(days=21), NOW)
        if one.origin in ("hotline", "wechat")
    ]  # fmt: skip
    answer = {
        messages.report(one.title, place=one.place, lon=one.lon, lat=one.lat, region=one.town, reported_at=one.at,
                        category=one.code).number: one.episode
        for one in plans
    }  # fmt: skip
    search(messages)
    wanted = Counter(name for name in answer.values() if name and name.startswith("message_issue"))
    whole = {name for name, count in wanted.items() if count >= 6}
    right = said = 0
    for issue in found(messages, CHEN, CITY, days=35).found:
        mine = Counter(answer[one.number] for one in issue.members)
        name, count = mine.most_common(1)[0]
        if name in whole:
            right, said = right + count, said + len(issue.members)
    total = sum(wanted[name] for name in whole)
    assert len(whole) >= 15 and 2 * right / (said + total) >= 0.95


@pytest.mark.feature(92)
def test_one_click_makes_one_joint_event_however_often(messages: MessageCity) -> None:
    numbers = lift(messages)
    made = join(messages, numbers)
    assert made.is_new and set(made.merged) == set(numbers) and not made.apart
    assert made.event.origin == "hotspot" and made.event.callers == 7 and made.event.category == "R0302"
    again = join(messages, numbers)
    assert (again.is_new, again.event.number, again.merged) == (False, made.event.number, ())
    late = messages.report("凤城花园小区电梯又停了", place="凤城花园小区").number
    more = join(messages, [*numbers[3:], late])
    assert (more.is_new, more.event.number, more.merged) == (False, made.event.number, (late,))
    with reading(messages.engine) as connection:
        child = records.load(connection, numbers[0], CHEN)
        assert child.event.state is State.MERGED and made.event.number in child.ledger[-1].note
        assert joint_of(connection, CHEN, members(connection, CHEN, [child.event.id])) == made.event.number


def test_what_is_closed_stays_apart_with_the_reason(messages: MessageCity) -> None:
    closed = messages.closed("凤城花园小区电梯坏了", category="R0302")
    numbers = [messages.report("凤城花园小区电梯困人").number, messages.report("凤城花园小区电梯异响").number]
    made = join(messages, [closed, *numbers])
    assert set(made.merged) == set(numbers) and made.apart[0][0] == closed and "已结案" in made.apart[0][1]


def test_who_may_not_dispatch_or_see_joins_nothing(messages: MessageCity) -> None:
    numbers = lift(messages, 3)
    clerk = Actor("clerk", "tester", Scope(None), frozenset({"events.view", "events.report"}))
    with pytest.raises(Denied):
        join(messages, numbers, clerk)
    with pytest.raises(NotTogether, match="无权查看"):
        join(messages, numbers, RAOPING)
    for wrong in (numbers[:1], [*numbers, "CZ-20990101-0001"]):
        with pytest.raises(NotTogether):
            join(messages, wrong)
    closed = [messages.closed("第一件"), messages.closed("第二件")]
    with pytest.raises(NotTogether, match="不能再合并"):
        join(messages, closed)
    with reading(messages.engine) as connection:
        assert not [one for one in members(connection, CHEN, range(1, 99)) if one.origin == "hotspot"]
