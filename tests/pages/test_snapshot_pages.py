"""Freezing a page, reading it again, and pages as of an earlier moment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from access import sealing
from access.actor import EVERYWHERE, Actor, Scope
from access.rights import ALL_RIGHTS
from database.engine import writing
from database.snapshot_tables import snapshots
from pages import panels, snapshot_door
from pages.freeze import GROUND, OWN
from pages.panels import NO_PAST, PANELS
from people import known_to

MOMENT = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
"""The now of these tests' cockpit."""
LIN = Actor("林敏<b>", "tester", EVERYWHERE, ALL_RIGHTS, user="lin", role_name="市值班员", home="445100")
RAOPING = replace(LIN, name="rao", user="rao", scope=Scope(frozenset({"445122"})), home="445122")
WEAK = replace(LIN, user="weak", rights=ALL_RIGHTS - {"exports.make"})
THEME = "/theme/environment?world=demo"
AGO = (MOMENT + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M")
"""An hour before the tests' now, in city time."""


@pytest.fixture
def doors(app, cockpit) -> Iterator[FlaskClient]:
    """Panels and frozen pages, for three people by their tokens."""
    server = Flask("snapshots_under_test")
    server.extensions["cockpit"] = cockpit
    known_to(server, {"lin": LIN, "rao": RAOPING, "weak": WEAK})
    panels.mount(server, cockpit)
    snapshot_door.mount(server, cockpit, 30)
    before = sealing.keyring()
    sealing.use(sealing.Keyring(sealing.INTL, ("a secret of the tests, long enough to be one",)))
    yield server.test_client()
    sealing.forget()
    if before is not None:
        sealing.use(before)


def as_(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {name}"}


def freeze(doors: FlaskClient, path: str, name: str = "lin", **more: str):
    return doors.post("/snapshot", json={"path": path, **more}, headers=as_(name))


@pytest.mark.feature(121)
def test_a_frozen_page_says_what_it_is_and_stays_when_the_figures_move(doors, arrive) -> None:
    arrive("ENV-01", "2026-11-22T13", 50.0)
    made = freeze(doors, THEME, scheme="light").get_json()
    arrive("ENV-01", "2026-11-22T14", 77.0)
    shown = doors.get(made["address"], headers=as_("lin"))
    text = shown.get_data(as_text=True)
    assert "不是现在" in text and "历史快照 截至 2026-11-22 14:32" in text and made["sha256"][:16] in text
    assert re.search(r">\s*50\s*<", text) and not re.search(r">\s*77\s*<", text)
    assert 'data-scheme="light" data-page="theme"' in text and "林敏&lt;b&gt;" in text and "林敏<b>" not in text
    assert "connect-src 'none'" in shown.headers["Content-Security-Policy"] and "60-panels" not in text
    again = doors.get(made["address"], headers=as_("lin") | {"If-None-Match": shown.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.feature(121)
def test_a_frozen_page_is_for_whoever_may_see_all_of_it(doors) -> None:
    city, own = (freeze(doors, "/wall?world=demo", name).get_json()["address"] for name in ("lin", "rao"))
    assert [doors.get(city, headers=as_(name)).status_code for name in ("lin", "rao")] == [200, 404]
    assert [doors.get(own, headers=as_(name)).status_code for name in ("lin", "rao")] == [200, 200]
    lost = [doors.get(path, headers=as_("rao")).get_json() for path in (city, "/snapshot/none")]
    assert lost[0] == lost[1], "another's is answered like none"


def test_what_is_ones_own_and_what_only_a_browser_draws_stays_out_with_its_reason(doors) -> None:
    made = freeze(doors, "/map?world=demo").get_json()
    assert {"panel": "map-areas", "reason": OWN} in made["missing"]
    assert {"panel": "map-frame", "reason": GROUND} in made["missing"]
    text = doors.get(made["address"], headers=as_("lin")).get_data(as_text=True)
    assert OWN in text and GROUND in text and "data-frame" not in text and "保存为关注区域" not in text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere", 422), ("https://evil.example/", 422), ("//evil.example/wall", 422), ("wall", 422), ("", 422),
     ("/snapshots", 422), ("/wall?region=999999", 422), ("/wall?as_of=tomorrow", 422), ("/wall?as_of=2031-01-01", 422),
     ("/wall?x=" + "x" * 500, 422)],
)  # fmt: skip
def test_what_is_no_page_is_not_frozen(doors, path: str, status: int) -> None:
    refused = freeze(doors, path)
    assert refused.status_code == status and any("\u4e00" <= one <= "\u9fff" for one in refused.get_json()["detail"])


def test_freezing_asks_for_the_right_to_take_data_out(doors) -> None:
    assert freeze(doors, THEME, "weak").status_code == 403
    assert doors.post("/snapshot", data="no json", headers=as_("lin")).status_code == 422


def test_changed_bytes_are_not_shown(doors, cockpit) -> None:
    address = freeze(doors, THEME).get_json()["address"]
    with writing(cockpit.engine) as connection:
        connection.execute(update(snapshots).values(body="<p>forged</p>"))
    shown = doors.get(address, headers=as_("lin"))
    assert shown.status_code == 500 and b"forged" not in shown.data


@pytest.mark.feature(121)
def test_every_panel_of_an_earlier_moment_shows_that_moment_or_says_it_cannot(doors, arrive) -> None:
    """None of them ever shows a figure that was learned later."""
    arrive("ENV-01", "2026-11-22T13", 50.0)
    asked = {"world": "demo", "as_of": AGO, "id": "environment"}
    for name, found in PANELS.items():
        given = asked | ({"id": "ENV-01"} if name.startswith("indicator") else {})
        answer = doors.get(f"/panel/{name}", query_string=given, headers=as_("lin"))
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200, (name, text)
        assert found.past or NO_PAST in text, name
        assert not re.search(r">\s*50\s*<", text), name
        assert answer.headers["X-Topics"] == "catalogue", "the past does not change"


@pytest.mark.feature(121)
def test_an_earlier_moment_has_its_own_answer_and_its_links_keep_it(doors, arrive) -> None:
    arrive("ENV-01", "2026-11-22T13", 50.0)
    now = doors.get("/panel/theme-tiles?world=demo&id=environment", headers=as_("lin")).get_data(as_text=True)
    then = doors.get(
        f"/panel/theme-tiles?world=demo&id=environment&as_of={AGO}", headers=as_("lin")
    ).get_data(as_text=True)  # fmt: skip
    assert re.search(r">\s*50\s*<", now) and "as_of" not in now
    assert not re.search(r">\s*50\s*<", then) and "as_of=2026-11-22T13" in then
    made = freeze(doors, THEME, as_of=AGO).get_json()
    assert made["shown_at"].startswith("2026-11-22T05:32")


@pytest.mark.parametrize("moment", ["abc", "2031-01-01", "2026-13-01T00:00", "9" * 90])
def test_what_is_no_moment_is_refused(doors, moment: str) -> None:
    refused = doors.get(f"/panel/theme-tiles?id=environment&as_of={moment}", headers=as_("lin"))
    assert refused.status_code == 400
