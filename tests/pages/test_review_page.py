"""The page of a review by its panels: whose it is, what it drafts, which forms each person gets, older versions."""

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
from access.actor import Actor, Scope
from access.rights import ALL_RIGHTS
from database.dispatch_tables import outbox
from database.engine import writing
from dispatch.reviews import Written, begin, save
from dispatch.rulebook import rulebook
from pages import panels
from people import known_to

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "dispatch"))

from desk_people import CHEN, LIN, NOW, WATER, Desk, report

pytestmark = pytest.mark.feature(70)
PANELS = ("head", "course", "facts", "lines", "words")
STRANGER = Actor("stranger", "tester", Scope(frozenset({"445122"})), ALL_RIGHTS, user="stranger")


@pytest.fixture(autouse=True)
def sealed() -> Iterator[None]:
    before = sealing.keyring()
    sealing.use(sealing.Keyring(sealing.INTL, ("a secret of the tests, long enough to be one",)))
    yield
    sealing.forget()
    if before is not None:
        sealing.use(before)


@pytest.fixture
def desk(cockpit) -> Desk:
    return Desk(cockpit.engine, rulebook(cockpit.live_catalogue.current), now=NOW)


@pytest.fixture
def look(app, cockpit):
    """Asks for one panel as one person: status and words."""
    server = Flask("review_under_test")
    known_to(server, {one.name: one for one in (CHEN, LIN, WATER, STRANGER)})
    panels.mount(server, cockpit)
    client = server.test_client()

    def asked(by: Actor, name: str, number: str, more: str = "") -> tuple[int, str]:
        cockpit.hub.refresh()
        panel = name if "-" in name else f"review-{name}"
        answer = client.get(f"/panel/{panel}?id={number}{more}", headers={"Authorization": f"Bearer {by.name}"})
        return answer.status_code, re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))

    return asked


def reviewed(desk: Desk) -> str:
    """A closed red event whose caller named himself, with a review begun by chen; its number."""
    number = desk.closed(report("1", title="锡美村涵洞积水，电话13800138000", impact=4, urgency=4))
    with writing(desk.engine) as connection:
        made = begin(connection, number, by=CHEN, now=desk.now)
        save(connection, number, Written(made.newest.version, "先到场", "通知慢"), by=CHEN, now=desk.now)
    return number


@pytest.mark.parametrize("name", PANELS)
def test_every_part_answers_and_the_event_of_another_county_is_none(desk: Desk, look, name: str) -> None:
    number = desk.closed(report("1", impact=4, urgency=4))
    assert look(CHEN, name, number)[0] == 200
    assert look(STRANGER, name, number) == look(STRANGER, name, "CZ-20261118-9999")
    assert look(STRANGER, name, number)[0] == 404


def test_it_drafts_itself_without_anybodys_telephone(desk: Desk, look) -> None:
    number = reviewed(desk)
    course, lines = look(CHEN, "course", number)[1], look(CHEN, "lines", number)[1]
    assert "水务局参与处置" in course and "复盘依据：红色、橙色事件" in course
    assert "四个第一时间" in look(CHEN, "facts", number)[1]
    assert "上报" in lines and "结案" in lines
    for name in PANELS:
        assert "13800138000" not in look(CHEN, name, number)[1]


def test_who_wrote_is_not_offered_to_sign_and_the_department_only_reads(desk: Desk, look) -> None:
    number = reviewed(desk)
    assert "起草人不能签发" in look(CHEN, "words", number)[1]
    assert "签发意见" in look(LIN, "words", number)[1]
    theirs = look(WATER, "words", number)[1]
    assert "先到场" in theirs and "保存" not in theirs.replace("保存 chen", "") and "签发意见" not in theirs


def test_an_older_version_is_read_as_it_was(desk: Desk, look) -> None:
    number = reviewed(desk)
    assert "尚未填写" in look(CHEN, "words", number, "&v=1")[1]
    assert "第 1 版" in look(CHEN, "words", number, "&v=1")[1]
    assert look(CHEN, "words", number, "&v=99")[0] == 400


def test_the_event_leads_to_its_review_and_the_evaluation_lists_it(desk: Desk, look) -> None:
    waiting, number = desk.closed(report("2", title="砚峰路积水", impact=4, urgency=4)), reviewed(desk)
    assert "写复盘" in look(CHEN, "event-review", waiting)[1]
    assert "看复盘" in look(CHEN, "event-review", number)[1]
    told = look(CHEN, "evaluation-reviews", "", "&world=real")[1]
    assert "砚峰路积水" in told.partition("未完成的改进措施")[0] and "起草中" in told


def test_sending_again_is_offered_to_the_centre_alone(desk: Desk, look) -> None:
    number = desk.handling()
    with writing(desk.engine) as connection:
        connection.execute(update(outbox).values(state="failed", tries=12, error="接口没有应答"))
    assert "重发" in look(CHEN, "event-told", number)[1]
    theirs = look(WATER, "event-told", number)[1]
    assert "失败" in theirs and "重发" not in theirs


def test_what_an_event_may_reach_is_told_for_the_radii_offered(desk: Desk, look) -> None:
    number = desk.registered(report("1", world="demo"))
    near, far = (look(CHEN, "event-reach", number, f"&reach={one}")[1] for one in (300, 2000))
    assert "村居" in near and "学校" in near and near != far
    assert look(CHEN, "event-reach", number, "&reach=7")[0] == 400
