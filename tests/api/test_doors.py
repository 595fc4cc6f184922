"""The door itself: signing in and out, the word against forgery, rates, safe ways on, malformed callbacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from dash.exceptions import DependencyException
from flask import Flask
from flask.testing import FlaskClient
from served import client_of, serve

from access.gateway import Front, networks
from access.limits import Limits
from access.password_profile import DENGBAO3
from access.policy import hears, lens
from access.session import install
from api import callbacks, headers, limits, refusals
from api.entrance import open_entrance
from api.permit import Permit
from people import EVERYTHING, People

ROOT = Path(__file__).resolve().parents[2]
WORD = re.compile(r'value="([0-9a-f]{40})"')


@pytest.fixture
def server(small_cockpit) -> Flask:
    """The interface with real accounts in its database."""
    made = serve(small_cockpit)
    small_cockpit.hub.start()
    entrance = open_entrance(
        small_cockpit, ROOT, passwords=DENGBAO3, limits=Limits(), ask_second_factor=True, secure=False,
        front=Front((), networks(["10.0.0.7"]), "X-Remote-User"),
    )  # fmt: skip
    install(made, entrance)
    return made


@pytest.fixture
def people(server: Flask, small_cockpit) -> Iterator[People]:
    """Whoever is needed; their sessions begin at the clock of the tests."""
    yield People(small_cockpit.engine, server.extensions["entrance"].reception.rules, small_cockpit.now)


def inside(server: Flask, people: People, role: str, region: str = "") -> FlaskClient:
    client = server.test_client()
    client.set_cookie("cockpit_session", people.session(role, region))
    return client


def word_of(client: FlaskClient) -> str:
    found = WORD.search(client.get("/account").text)
    assert found
    return found[1]


@pytest.mark.feature(97)
def test_a_screens_token_opens_the_wall_and_nothing_that_acts(server, people) -> None:
    token = people.token("445102", kind="screen")
    client = server.test_client()
    opened = client.post("/sign-in/screen", data={"token": token})
    assert (opened.status_code, opened.headers["Location"]) == (303, "/wall")
    kept = opened.headers["Set-Cookie"]
    assert "HttpOnly" in kept and "SameSite" in kept and "Expires" in kept
    assert client.get("/live/version").status_code == 200
    assert client.get("/api/v1/entries").status_code in {200, 403}
    assert client.get("/admin/accounts").status_code == 404
    assert client.post("/api/v1/readings", json={}).status_code == 403
    assert client.post("/sign-in/screen", data={"token": token + "x"}).status_code == 401


def test_an_api_token_is_no_screen(server, people) -> None:
    assert server.test_client().post("/sign-in/screen", data={"token": people.token()}).status_code == 401


def test_a_form_without_the_word_of_the_session_changes_nothing(server, people) -> None:
    client = inside(server, people, "city_officer")
    word = word_of(client)
    other = word_of(inside(server, people, "city_officer"))
    for data in ({}, {"csrf": ""}, {"csrf": other}, {"csrf": word[:-1] + "x"}):
        assert client.post("/account/sessions", data=data).status_code == 403
    assert client.post("/account/sessions", data={"csrf": word}).status_code == 200
    assert client.post("/api/v1/entries", json={}).status_code == 403
    assert client.post("/api/v1/entries", json={}, headers={"X-CSRFToken": word}).get_json()["type"] != "csrf"


def test_after_signing_out_the_cookie_opens_nothing(server, people) -> None:
    client = inside(server, people, "city_officer")
    stolen = client.get_cookie("cockpit_session").value  # type: ignore[union-attr]
    assert client.post("/sign-out", data={"csrf": word_of(client)}).status_code == 303
    client.set_cookie("cockpit_session", stolen)
    assert client.get("/live/version").status_code == 401


def test_a_gateway_is_believed_from_its_address_alone(server, people) -> None:
    from access.account import account_named
    from access.actor import LOOPBACK
    from access.identities import link
    from database.engine import writing

    people.session("city_officer")
    with writing(people.engine) as connection:
        account = account_named(connection, "tester-city-officer-445100")
        assert account
        link(connection, people.rules, account.id, "gateway", "z3", by=LOOPBACK, now=people.now())
    asked = {"headers": {"X-Remote-User": "z3"}}
    gateway = {"environ_base": {"REMOTE_ADDR": "10.0.0.7"}}
    assert server.test_client().get("/live/version", **asked).status_code == 401
    assert server.test_client().get("/live/version", **asked, **gateway).status_code == 200
    forged = {"headers": {"X-Remote-User": "z3", "X-Forwarded-For": "10.0.0.7"}}
    assert server.test_client().get("/live/version", **forged).status_code == 401


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/%0d%0aSet-Cookie:x", "javascript:alert(1)",
     "/a\nb", "/sign-in?next=/", "", "x", "/" + "a" * 600],
)  # fmt: skip
def test_nobody_is_led_elsewhere(wanted: str) -> None:
    assert refusals.own_path(wanted) in {"/", "/%0d%0aSet-Cookie:x"}


def test_a_way_on_within_the_product_is_kept() -> None:
    assert refusals.own_path("/theme/water_affairs?world=demo") == "/theme/water_affairs?world=demo"


def test_a_crowd_of_attempts_from_one_address_is_slowed(server) -> None:
    client = server.test_client()
    told = [client.post("/sign-in", data={"name": "x", "password": "y"}).status_code for _ in range(34)]
    assert told[0] == 401 and 429 in told


def test_a_bucket_fills_with_time() -> None:
    clock = [0.0]
    limiter, rate = limits.Limiter(lambda: clock[0]), limits.Rate(per_second=1, burst=2)
    assert [limiter.wait("a", rate) for _ in range(3)] == [0, 0, 1]
    assert limiter.wait("b", rate) == 0
    clock[0] = 1.0
    assert limiter.wait("a", rate) == 0


BAD = [
    b"", b"{}", b"[]", b'"x"', b"null", b"{", b"[" * 5000, b'{"output":[]}', b'{"output":"nothing.here"}',
    b'{"output":"page.children","inputs":{}}', b'{"output":"page.children","inputs":[1]}',
    b'{"output":"page.children","inputs":[{"id":"way","property":"other","value":"x"}]}',
    b'{"output":"page.children","inputs":[{"id":"way","property":"path","value":{"a":1}}]}',
    b'{"output":"page.children","inputs":[{"id":"way","property":"path","value":"x"}],"changedPropIds":["secret.x"]}',
    b'{"output":"page.children","inputs":[{"id":"way","property":"path","value":"x"}],"outputs":{"id":"o","property":"p"}}',
]  # fmt: skip


def _no_such_script(path: str) -> str:
    raise DependencyException(f"{path} is not registered")


@pytest.fixture
def shielded() -> FlaskClient:
    """A server whose one callback fails if it is ever reached with nonsense."""
    server = Flask("shielded")
    headers.apply(server, policy=headers.page_policy)
    server.add_url_rule(callbacks.ADDRESS, callbacks.ADDRESS, lambda: 1 / 0, methods=["POST"])
    server.add_url_rule("/_dash-component-suites/dash/<path>", "suites", _no_such_script)
    inputs = [{"id": "way", "property": "path"}]
    callbacks.shield(server, lambda: {"page.children": {"callback": print, "inputs": inputs, "state": []}})
    return server.test_client()


@pytest.mark.parametrize("body", BAD)
def test_a_malformed_callback_is_refused_in_one_line(shielded, caplog, body: bytes) -> None:
    answer = shielded.post(callbacks.ADDRESS, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert "Traceback" not in answer.text and len(caplog.records) == 1 and not caplog.records[0].exc_info


def test_a_script_that_no_library_has_is_not_there_and_no_fault(shielded, caplog) -> None:
    answer = shielded.get("/_dash-component-suites/dash/none.js")
    assert answer.status_code == 404 and "Traceback" not in answer.text and not caplog.records


def test_a_callback_that_fails_tells_nothing_of_it(shielded) -> None:
    body = {
        "output": "page.children", "outputs": {"id": "page", "property": "children"}, "changedPropIds": [],
        "inputs": [{"id": "way", "property": "path", "value": "/"}],
    }  # fmt: skip
    answer = shielded.post(callbacks.ADDRESS, json=body)
    assert (answer.status_code, "ZeroDivision" in answer.text) == (500, False)
    assert shielded.post(callbacks.ADDRESS, data="x", content_type="text/plain").status_code == 400


def test_the_switches_of_dash_keep_the_product_from_starting() -> None:
    from settings import SettingsRefused, from_environment

    for name in ("DASH_DEBUG", "DASH_MCP_ENABLED", "DASH_HOT_RELOAD"):
        with pytest.raises(SettingsRefused, match=name):
            from_environment({name: "true"})


def test_with_https_browsers_are_told_to_keep_to_it() -> None:
    server = Flask("secure")
    headers.apply(server, policy=headers.page_policy, is_secure=True)
    assert "max-age" in server.test_client().get("/x").headers["Strict-Transport-Security"]


@pytest.mark.feature(110)
def test_a_topic_of_a_region_is_told_to_those_who_may_see_it(people) -> None:
    visit = people.actor("county_officer", "445102")
    assert hears(visit, "events:demo:445102") and hears(visit, "readings:demo") and hears(visit, "access")
    assert not hears(visit, "events:demo:445103") and not hears(visit, "events:demo:4451-FQH")
    assert not hears(visit, "audit") and not hears(visit, "something:new")


def test_a_permit_travels_whole_and_two_lenses_share_nothing(people) -> None:
    one, other = people.actor("county_officer", "445102"), people.actor("county_officer", "445103")
    assert Permit.read(Permit(one).told()).key == Permit(one).key
    assert len({lens(one), lens(other), lens(people.actor("county_leader", "445102")), lens(EVERYTHING)}) == 4


def test_a_program_that_writes_too_often_waits(small_cockpit, monkeypatch) -> None:
    monkeypatch.setitem(limits.WRITES, "program", limits.Rate(per_second=0.1, burst=2))
    client = client_of(serve(small_cockpit))
    told = [client.post("/api/v1/readings", json={}) for _ in range(3)]
    assert [one.status_code for one in told] == [422, 422, 429]
    assert int(told[2].headers["Retry-After"]) >= 1


def test_people_of_the_tests_stand_at_the_clock_of_the_tests(people, now: datetime) -> None:
    assert people.now() == now
