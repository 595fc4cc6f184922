"""Who listens is looked up again: a stream ends with its session and with each change of what its listener may know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from access.actor import Actor, Scope
from api.live_stream import Audience, told
from database.listeners import Change, Listener

HERE, THERE = "445102", "445103"
OFFICER = Actor(
    "林敏", "county_officer", Scope(frozenset({HERE})), frozenset({"events.view", "warnings.view"}), user="lin"
)
VERSIONS = {"access": 3, f"events:demo:{HERE}": 5, f"events:demo:{THERE}": 7, "audit": 9}


def streamed(found: Actor | None, *changes: tuple[str, ...]) -> str:
    """What is sent to the officer when `found` is who is listening by then."""
    listener = Listener()
    for topics in changes:
        listener.tell(Change(topics, 1))
    stream = told(listener, Audience(OFFICER, lambda: found, lambda: VERSIONS), Change((), 0))
    next(stream)
    heard = next(stream).decode()
    listener.drop()
    return heard


@pytest.mark.feature(110)
@pytest.mark.parametrize(
    "found",
    [
        None,
        replace(OFFICER, scope=Scope(frozenset({THERE}))),
        replace(OFFICER, rights=frozenset({"events.view"})),
    ],
)
def test_a_stream_ends_when_its_listener_is_gone_or_another_by_rights(found: Actor | None) -> None:
    assert "event: ended" in streamed(found, ("access",))


@pytest.mark.feature(110)
def test_a_stream_of_somebody_who_stayed_the_same_goes_on_and_tells_what_is_his() -> None:
    heard = streamed(OFFICER, ("access", f"events:demo:{HERE}", f"events:demo:{THERE}", "audit"))
    assert "ended" not in heard and f"events:demo:{HERE}" in heard
    assert THERE not in heard and "audit" not in heard
