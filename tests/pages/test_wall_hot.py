"""The wall's panel of what people call about: from their own reports until the hotline sorts its calls."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from access import sealing
from access.actor import LOOPBACK, Actor
from access.territory import Territory
from database.engine import writing
from decisions import findings
from decisions.issues import MODEL
from dispatch.intake import receive
from dispatch.report import Report
from dispatch.rulebook import rulebook
from pages import panels
from people import known_to

SEES = frozenset({"indicators.view", "events.view"})
LINE = re.compile(r'<b title="([^"]+)">[^<]*</b>.*?<span class="n">(\d+)</span>', re.DOTALL)


@pytest.fixture
def found(cockpit):
    """Issues of one place and matter in two parts, and one of another place; all members in 湘桥."""
    before = sealing.keyring()
    sealing.use(sealing.Keyring(sealing.INTL, ("a secret of the tests, long enough to be one",)))
    rules = rulebook(cockpit.live_catalogue.current)
    with writing(cockpit.engine) as connection:
        ids = [_reported(connection, cockpit, rules, at) for at in range(6)]
        issue = {"topics": "电梯", "people": 2, "heat": 3.0, "usual_week": 0.0}
        parts = (("凤城花园", ids[:3]), ("凤城花园", ids[3:4]), ("枫春路13800138000", ids[4:]))
        body = {"messages": 6, "issues": [issue | {"place": place, "members": some} for place, some in parts]}
        findings.put(
            connection, world="real", model=MODEL, region="445100", period="", body=body, now=cockpit.now()
        )  # fmt: skip
    cockpit.hub.refresh()
    yield
    sealing.forget()
    if before is not None:
        sealing.use(before)


def _reported(connection, cockpit, rules, at: int) -> int:
    what = Report(
        "电梯又坏了", "hotline", f"hot-{at}", cockpit.now() - timedelta(minutes=9),
        lon=116.6405, lat=23.6995, category="R0302",
    )  # fmt: skip
    return receive(connection, rules, what, by=LOOPBACK, now=cockpit.now()).event.id


def hot(cockpit, rights=SEES, region: str = "445100") -> str:
    scope = Territory.of(cockpit.live_catalogue.current).scope([region])
    server = Flask(f"wall {region} {len(rights)}")
    known_to(server, {"one": Actor("大屏", "screen", scope, rights, user="one", home=region, kind="screen")})
    panels.mount(server, cockpit)
    answer = server.test_client().get("/panel/wall-hot?world=real", headers={"Authorization": "Bearer one"})
    assert answer.status_code == 200
    return answer.text


def test_what_is_called_about_is_counted_by_place_and_matter_and_names_no_telephone(app, cockpit, found) -> None:
    text = hot(cockpit)
    (first, most), (_, least) = LINE.findall(text)
    assert first.startswith("凤城花园 ")
    assert (most, least) == ("4", "2")
    assert "13800138000" not in text
    assert "近 7 天" in text


def test_whoever_may_see_no_events_or_none_of_these_is_told_nothing_of_them(app, cockpit, found) -> None:
    for text in (hot(cockpit, frozenset({"indicators.view"})), hot(cockpit, region="445122")):
        assert not LINE.findall(text)
        assert "未接入" in text


def test_without_any_search_the_panel_says_what_is_missing_and_who_owes_it(app, cockpit) -> None:
    assert "责任" in hot(cockpit)
