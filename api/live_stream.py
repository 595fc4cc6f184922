"""The stream of one listener: where things stand, each change he may know of, heartbeats; and its end.

Whoever is listening is looked up again every few seconds and whenever accounts, sessions or tokens changed anywhere:
a stream does not outlive its session. While the database is down nobody can be looked up and the stream goes on:
nothing new can be told through it either.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from access.actor import Actor
from access.policy import hears, lens
from database.hub import number_of
from database.listeners import HEARTBEAT_SECONDS, Change, Listener, event

LOOK_AGAIN_SECONDS = 2.5
ACCESS = "access"
"""The topic of accounts, sessions and tokens (`database.changes.ACCESS`; the live program loads no database)."""
LookUp = Callable[[], Actor | None]
"""Who is listening now; None after the end of the session; raises while that cannot be known."""


@dataclass(frozen=True)
class Audience:
    """Whoever listens on one stream."""

    actor: Actor
    look_up: LookUp
    versions: Callable[[], Mapping[str, int]]

    def is_still_there(self) -> bool:
        """False once the session is over or its rights are others; a browser that may comes back by itself."""
        try:
            found = self.look_up()
        except Exception:  # whatever keeps us from looking: nothing was revoked as far as we know
            return True
        return found is not None and lens(found) == lens(self.actor)

    def heard(self, topics: Iterable[str]) -> tuple[str, ...]:
        """The topics of these that may be told."""
        return tuple(topic for topic in topics if hears(self.actor, topic))

    @property
    def version(self) -> int:
        """One number for all that may be told."""
        return number_of(audible(self.versions(), self.actor))

    def first(self, last_heard: int | None) -> Change:
        """Where things stand for somebody who last heard version `last_heard`: everything, if something was missed."""
        known, version = audible(self.versions(), self.actor), self.version
        is_new = last_heard is None or last_heard == version
        return Change(() if is_new else tuple(sorted(known)), version)


def audible(versions: Mapping[str, int], actor: Actor) -> dict[str, int]:
    """The versions of all topics the actor may know of."""
    return {topic: version for topic, version in versions.items() if hears(actor, topic)}


def told(
    listener: Listener, audience: Audience, first: Change, heartbeat: float = HEARTBEAT_SECONDS
) -> Iterator[bytes]:
    """Server-sent events until the listener leaves or may no longer listen."""
    yield b"retry: 1000\n" + _changed(first)
    beaten = looked = time.monotonic()
    while not listener.is_dropped:
        change = listener.hear(min(LOOK_AGAIN_SECONDS, heartbeat))
        now = time.monotonic()
        if _is_due(change) or now - looked >= LOOK_AGAIN_SECONDS:
            looked = now
            if not audience.is_still_there():
                yield event("ended", {"at": round(time.time() * 1000)}, None)
                return
        topics = audience.heard(change.topics) if change else ()
        if topics:
            yield _changed(Change(topics, audience.version))
        if topics or now - beaten < heartbeat - 0.05:
            beaten = now if topics else beaten
        elif not listener.is_dropped:
            beaten = now
            yield event("heartbeat", {"version": audience.version, "at": round(time.time() * 1000)}, None)


def _is_due(change: Change | None) -> bool:
    return change is not None and ACCESS in change.topics


def _changed(change: Change) -> bytes:
    return event("changed", {"topics": change.topics, "version": change.version}, change.version)
