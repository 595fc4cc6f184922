"""The door between requests and actors: cookies, bearer tokens, gateways; and what visitors write into headers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, Response

from access import accounts, identities, session, tokens
from access.accounts import Place
from access.actor import LOOPBACK
from access.gateway import AddressRefused, Front, networks
from access.session import SCREEN_COOKIE, SESSION_COOKIE, Entrance
from access.tokens import NewToken
from database.engine import writing
from small_people import CITY, XIANGQIAO

OFFICER = Place("county_officer", XIANGQIAO)
FRONT = Front(networks(["10.0.0.5"]), networks(["10.0.0.9"]), "X-Remote-User")


@pytest.fixture
def server(people):
    made = Flask("door")
    session.install(made, Entrance(people.reception(), FRONT, secure=False))
    return made


def who(server, headers=None, peer="192.0.2.1", method="GET"):
    """The account name behind a request; '' for a stranger."""
    with server.test_request_context("/", headers=headers or {}, method=method, environ_base={"REMOTE_ADDR": peer}):
        actor = session.actor_of_request()
        return actor.user if actor else ""


def cookie(name, text):
    return {"Cookie": f"{name}={text}"}


def token(people, kind):
    with writing(people.engine) as connection:
        new = NewToken(kind, "x", (CITY,), timedelta(days=1))
        return tokens.issue(connection, people.rules, new, by=LOOPBACK, now=people.now)[1].text


def test_a_session_cookie_a_bearer_token_and_a_screen_cookie_each_open_their_own_door(people, server):
    people.add("wangfang", OFFICER)
    opened, api, screen = people.sign_in("wangfang").token.text, token(people, "api"), token(people, "screen")
    assert who(server) == ""
    assert who(server, cookie(SESSION_COOKIE, opened)) == "wangfang"
    assert who(server, {"Authorization": f"Bearer {api}"}) == "token:1"
    assert who(server, cookie(SCREEN_COOKIE, screen)) == "token:2"
    assert who(server, cookie(SCREEN_COOKIE, api)) == "", "a program's token is not for browsers"
    assert who(server, cookie(SESSION_COOKIE, api)) == ""
    assert who(server, {"Authorization": f"Bearer {opened}"}) == ""


def test_a_bad_bearer_token_is_not_made_up_for_by_a_good_cookie(people, server):
    people.add("wangfang", OFFICER)
    good = cookie(SESSION_COOKIE, people.sign_in("wangfang").token.text)
    for bad in ("Bearer nonsense", "Bearer", "", "Basic d2FuZzpmYW5n"):
        assert who(server, {**good, "Authorization": bad}) == ""


@pytest.mark.feature(98)
def test_the_end_of_a_persons_session_leaves_the_wall_on(people, server):
    people.add("wangfang", OFFICER)
    opened, screen = people.sign_in("wangfang").token.text, token(people, "screen")
    both = {"Cookie": f"{SESSION_COOKIE}={opened}; {SCREEN_COOKIE}={screen}"}
    assert who(server, both) == "wangfang"
    people.later(hours=13)
    assert who(server, both) == "token:1"


def test_a_sign_in_that_is_not_complete_is_nobody_yet(people, server):
    people.add("laochen", Place("system_admin", CITY))
    opened = people.sign_in("laochen")
    assert opened.pending == "second_factor"
    assert who(server, cookie(SESSION_COOKIE, opened.token.text)) == ""
    with server.test_request_context("/", headers=cookie(SESSION_COOKIE, opened.token.text)):
        assert session.visit_of_request().pending == "second_factor"


def test_a_session_that_ended_in_the_same_request_is_forgotten(people, server):
    account = people.add("wangfang", OFFICER)
    opened = people.sign_in("wangfang").token.text
    with server.test_request_context("/", headers=cookie(SESSION_COOKIE, opened)):
        assert session.actor_of_request()
        with writing(people.engine) as connection:
            accounts.disable(connection, people.rules, account.id, by=LOOPBACK, now=people.now)
        session.forget_visit()
        assert session.actor_of_request() is None


def test_only_acts_of_a_person_keep_a_session_open(people, server):
    people.add("wangfang", OFFICER)
    opened = people.sign_in("wangfang")
    here = cookie(SESSION_COOKIE, opened.token.text)
    for headers, method in (({"Sec-Fetch-Mode": "navigate"}, "GET"), ({}, "POST"), ({session.ACT_HEADER: "1"}, "GET")):
        people.later(minutes=20)
        assert who(server, {**here, **headers}, method=method) == "wangfang"
        people.noted(opened)
    for _ in range(2):
        people.later(minutes=16)
        seen = who(server, here)
    assert seen == ""


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(people):
    for secure, tells_whence, same_site in ((False, False, "Lax"), (False, True, "Strict"), (True, True, "Strict")):
        made = Flask("door")
        session.install(made, Entrance(people.reception(), Front(), secure, tells_whence))
        with made.test_request_context("/"):
            response = Response()
            session.let_in(response, "secret-token", people.now)
            written = response.headers["Set-Cookie"]
        assert "HttpOnly" in written and "Path=/" in written and "Domain" not in written
        assert f"SameSite={same_site}" in written
        assert "Expires" not in written, "it ends with the browser"
        assert ("Secure" in written) == secure and written.startswith("__Host-") == secure
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.feature(128)
def test_the_gateways_word_counts_from_its_address_alone(people, server):
    account = people.add("wangfang", OFFICER)
    with writing(people.engine) as connection:
        identities.link(connection, people.rules, account.id, "gateway", "wang", by=LOOPBACK, now=people.now)
    named = {"X-Remote-User": "wang"}
    assert who(server, named, peer="10.0.0.9") == "wangfang"
    assert who(server, named, peer="192.0.2.1") == ""
    assert who(server, named, peer="10.0.0.5") == "", "a proxy is no gateway"
    assert who(server, {**named, "X-Forwarded-For": "10.0.0.9"}, peer="192.0.2.1") == ""
    assert who(server, {"X-Remote-User": "someone"}, peer="10.0.0.9") == ""


@pytest.mark.parametrize(
    ("peer", "forwarded", "visitor"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "10.9.9.9", "192.0.2.1"),
        ("10.0.0.5", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.5", "1.1.1.1, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.5", "1.1.1.1, 198.51.100.7, 10.0.0.9", "198.51.100.7"),
        ("10.0.0.5", "nonsense", "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("::ffff:10.0.0.5", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_nobody_forges_the_address_that_failures_are_counted_by(peer, forwarded, visitor):
    assert FRONT.visitor(peer, forwarded) == visitor


def test_an_address_that_is_none_is_named():
    assert networks(["10.1.0.0/16", " ::1 "])
    with pytest.raises(AddressRefused, match=r"gateway\.local"):
        networks(["gateway.local"])
