"""Visits that another site leads here: the strict cookie stays behind, and the visitor still arrives."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from served import serve

from access.session import install
from people import known_to

ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
OURSELVES = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def server(small_cockpit) -> Flask:
    made = serve(small_cockpit)
    known_to(made, None, engine=small_cockpit.engine, now=small_cockpit.now)
    install(made, replace(made.extensions["entrance"], tells_whence=True))
    return made


@pytest.mark.parametrize("path", ["/account", "/sign-in", "/sign-in?next=/map"])
def test_a_stranger_from_another_site_is_sent_through_our_own_door_once(server, path) -> None:
    client = server.test_client()
    first = client.get(path, headers=ELSEWHERE)
    assert first.status_code == 401 and f'content="0;url={path}"' in first.text
    second = client.get(path, headers=OURSELVES)
    assert "http-equiv" not in second.text and second.status_code in {200, 303}


def test_the_way_through_leads_nowhere_else(server) -> None:
    for path in ("/sign-in?next=//evil.invalid", "/account?%22%3E%3Cscript%3E"):
        told = server.test_client().get(path, headers=ELSEWHERE).text
        assert "<script" not in told and "url=/" in told and "url=//" not in told


def test_programs_and_fetches_of_other_sites_are_simply_refused(server) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    told = server.test_client().get("/api/v1/themes", headers=ELSEWHERE | headers)
    assert told.status_code == 401 and "refresh" not in told.text


def test_on_plain_http_nothing_is_repeated(server) -> None:
    install(server, replace(server.extensions["entrance"], tells_whence=False))
    assert server.test_client().get("/account", headers=ELSEWHERE).status_code == 303


def test_who_is_known_goes_straight_in(server) -> None:
    told = server.test_client().get("/sign-in", headers=ELSEWHERE | {"Authorization": "Bearer token-of-the-tests"})
    assert (told.status_code, told.headers["Location"]) == (303, "/")
