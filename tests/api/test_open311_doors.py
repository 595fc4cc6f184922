"""Every Open311 address is shut to strangers, whatever its ending, in the words of the standard."""

from __future__ import annotations

import pytest
from served import serve

from api.open311 import RULES


@pytest.mark.feature(140)
def test_a_stranger_gets_nothing_from_any_address(small_cockpit) -> None:
    client = serve(small_cockpit).test_client()
    for rule in RULES:
        path = rule.replace("<code>", "S0403").replace("<number>", "1").replace("<token>", "1")
        for ending in ("json", "xml", "js"):
            answer = client.get(path.replace("<ending>", ending))
            assert answer.status_code == 401, path
            assert answer.headers["WWW-Authenticate"]
        if "requests" in path and "1" not in path:
            assert client.post(path.replace("<ending>", "json"), data={"description": "x"}).status_code == 401


def test_a_browsers_session_is_asked_for_the_word_of_our_own_pages(small_cockpit) -> None:
    client = serve(small_cockpit).test_client()
    client.set_cookie("cockpit_session", "somebody")
    answer = client.post("/open311/v2/requests.json", data={"description": "x"})
    assert (answer.status_code, answer.is_json) == (403, True)
