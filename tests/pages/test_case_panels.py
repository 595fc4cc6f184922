"""The panels of one event: whose they are, what is masked, what each person is offered, what is told of deliveries."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from access import sealing
from access.actor import EVERYWHERE, Actor, Scope
from access.rights import ALL_RIGHTS
from database import changes
from database.dispatch_tables import outbox
from database.engine import writing
from dispatch.report import Reporter
from dispatch.rulebook import rulebook
from pages import panels
from people import known_to

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "dispatch"))

from desk_people import CHEN, LIN, NOW, WATER, Desk, report

RING = sealing.Keyring(sealing.INTL, ("a secret of the tests, long enough to be one",))
PANELS = ("head", "main", "match", "acts")
STRANGER = Actor("stranger", "tester", Scope(frozenset({"445122"})), ALL_RIGHTS, user="stranger")
WALL = Actor("wall", "screen", EVERYWHERE, frozenset({"events.view", "indicators.view"}), user="wall", kind="screen")
CALLER = Reporter("陈小明", "13800138000", "潮州市湘桥区城新西路12号")


@pytest.fixture(autouse=True)
def sealed() -> Iterator[None]:
    before = sealing.keyring()
    sealing.use(RING)
    yield
    sealing.forget()
    if before is not None:
        sealing.use(before)


@pytest.fixture
def desk(cockpit) -> Desk:
    return Desk(cockpit.engine, rulebook(cockpit.live_catalogue.current), now=NOW)


@pytest.fixture
def look(app, cockpit):
    """Asks for one panel as one person: `look(CHEN, "head", number)` gives status and words."""
    server = Flask("case_under_test")
    known_to(server, {one.name: one for one in (CHEN, LIN, WATER, STRANGER, WALL)})
    panels.mount(server, cockpit)
    client = server.test_client()

    def asked(by: Actor, name: str, number: str, param: str = "event") -> tuple[int, str]:
        cockpit.hub.refresh()
        address = f"/panel/case-{name}?{param}={number}"
        answer = client.get(address, headers={"Authorization": f"Bearer {by.name}"})
        return answer.status_code, answer.text

    return asked


def words(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.mark.parametrize("name", PANELS)
def test_the_event_of_another_county_and_one_that_is_none_are_the_same(desk: Desk, look, name: str) -> None:
    number = desk.registered()
    assert look(CHEN, name, number)[0] == 200
    assert look(STRANGER, name, number) == look(STRANGER, name, "CZ-20261118-9999")
    assert look(STRANGER, name, number)[0] == 404


def test_a_department_sees_what_it_was_given_and_nothing_before(desk: Desk, look) -> None:
    given = desk.handling(report("given"))
    assert look(WATER, "head", given)[0] == 200
    assert look(WATER, "head", desk.registered())[0] == 404


def test_what_callers_said_is_masked_and_the_wall_is_told_nothing_of_them(desk: Desk, look) -> None:
    number = desk.registered(report("1", description="市民陈小明来电13800138000，水漫到膝盖", reporter=CALLER))
    for by in (CHEN, WALL):
        text = "".join(look(by, name, number)[1] for name in PANELS if look(by, name, number)[0] == 200)
        for secret in ("13800138000", "陈小明", "城新西路12号"):
            assert secret not in text, (by.name, secret)
    assert "138****8000" in words(look(CHEN, "main", number)[1])
    assert "诉求人 陈**" in words(look(CHEN, "main", number)[1])
    assert "诉求人不显示" in words(look(WALL, "main", number)[1])


def test_two_people_with_the_same_rights_are_offered_what_each_may_do(desk: Desk, look) -> None:
    """Who asked may not grant: the kept bytes of one must never reach the other."""
    number = desk.receive().event.number
    desk.do(number, "ask_void", note="测试数据")
    assert 'data-action="grant_void"' not in look(CHEN, "acts", number)[1]
    assert 'data-action="grant_void"' in look(LIN, "acts", number)[1]


def test_the_number_is_taken_from_the_path_and_from_the_desk_alike(desk: Desk, look) -> None:
    number = desk.registered()
    assert words(look(CHEN, "head", number, "id")[1]) == words(look(CHEN, "head", number)[1])
    assert "未选择事件" in words(look(CHEN, "head", "")[1])


@pytest.mark.feature(58)
def test_the_clock_is_explained_step_by_step_and_a_pause_says_why(desk: Desk, look) -> None:
    number = desk.handling()
    text = words(look(CHEN, "head", number)[1])
    assert "处置时限怎么算的" in text
    assert "处置中" in text
    desk.do(number, "ask_suspension", by=WATER, note="等汛期过", reason="season")
    desk.do(number, "grant_suspension", by=LIN)
    text = words(look(CHEN, "head", number)[1])
    assert "挂账" in text
    assert "受天气、季节限制不能施工" in text


@pytest.mark.feature(62)
def test_the_course_tells_every_move_and_deliveries_that_failed(desk: Desk, look, cockpit) -> None:
    number = desk.handling()
    with writing(cockpit.engine) as connection:
        connection.execute(
            update(outbox).where(outbox.c.department == "water_bureau")
            .values(state="waiting", tries=3, channel="webhook", error="连接被拒绝")
        )  # fmt: skip
    with writing(cockpit.engine) as connection:
        changes.bump(connection, ["events:real"])
    text = words(look(CHEN, "main", number)[1])
    for said in ("受理", "立案", "签收", "→ 处置中", "未送达，正在重试 水务局（接口推送），已试 3 次"):
        assert said in text, said


@pytest.mark.feature(57)
def test_returns_are_shown_at_the_stage_they_went_back_to(desk: Desk, look) -> None:
    number = desk.handling()
    desk.do(number, "ask_return", by=WATER, note="不属本单位")
    desk.do(number, "grant_return", by=LIN)
    text = look(CHEN, "head", number)[1]
    assert "↩ 1" in words(text)
    assert "退回 1" in words(text)


@pytest.mark.feature(53)
def test_the_parent_counts_callers_and_links_to_what_was_merged(desk: Desk, look) -> None:
    parent = desk.registered(report("parent"))
    child = desk.receive(report("child", title="锡美涵洞水很深")).event.number
    desk.do(child, "merge", other=parent)
    text = look(CHEN, "main", parent)[1]
    assert f"/event/{child}" in text
    assert "共 2 人上报" in words(text)
    assert "并入" in words(look(CHEN, "main", child)[1])


@pytest.mark.feature(55)
def test_the_power_list_names_lead_and_joint_and_few_cases_have_no_rate(desk: Desk, look) -> None:
    number = desk.registered()
    text = look(CHEN, "match", number)[1]
    assert re.search(r'<input[^>]*checked[^>]*name="lead"', text)
    assert "近 90 天无件" in words(text)
    desk.do(number, "dispatch", department="water_bureau")
    assert "<input" not in look(CHEN, "match", number)[1], "what is decided is read, not chosen"


@pytest.mark.feature(51)
def test_the_report_form_offers_what_the_person_may_report(app, cockpit) -> None:
    server = Flask("report_under_test")
    town = frozenset({"445102100"})
    people = {"town": Actor("town", "t", Scope(town), frozenset({"events.report", "events.view"}), home="445102100")}
    known_to(server, people)
    panels.mount(server, cockpit)
    text = server.test_client().get("/panel/report-form?world=real", headers={"Authorization": "Bearer town"}).text
    assert 'value="445102100"' in text
    assert 'value="445122100"' not in text
    assert "data-merge" not in text
    assert 'capture="environment"' in text


@pytest.mark.feature(66)
def test_an_appeal_is_offered_to_who_led_and_decided_by_another(desk: Desk, look, cockpit) -> None:
    from dispatch.appeals import appeal

    number = desk.closed()
    assert f"/api/v1/events/{number}/appeals" in look(WATER, "main", number)[1]
    with writing(cockpit.engine) as connection:
        made = appeal(connection, desk.rules, number, "rework_rate", "照片系统故障", by=WATER, now=desk.now)
        changes.bump(connection, ["events:real"])
    text = look(LIN, "main", number)[1]
    assert f"/api/v1/appeals/{made}" in text
    assert "不计入返工率" in words(text)
    assert f"/api/v1/appeals/{made}" not in look(WATER, "main", number)[1]
