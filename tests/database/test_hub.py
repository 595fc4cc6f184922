"""The hub: hears every change once, keeps what it knows when the database is gone, drops who does not listen."""

from __future__ import annotations

import os
import threading
import time

import orjson
import pytest
from query_cache_parts import World

from api.live_stream import Audience, told
from database.changes import bump
from database.engine import writing
from database.hub import VERSIONS_KEY, Hub, number_of, open_hub
from database.listeners import QUEUE_LENGTH, AudienceFull, Change, Listeners
from database.redis_link import RedisLink
from people import EVERYTHING
from servers import wait_until


@pytest.mark.feature(40)
def test_a_committed_change_reaches_a_client_within_a_second(engine) -> None:
    hub = open_hub(engine, None)
    listener = hub.subscribe()
    try:
        with writing(engine) as connection:
            bump(connection, ["theme:demo:environment", "readings:demo"])
        heard = listener.hear(1.0)
        assert heard == Change(("readings:demo", "theme:demo:environment"), hub.version)
        assert hub.snapshot(["readings:demo", "sources"]).versions == {"readings:demo": 1, "sources": 0}
    finally:
        hub.stop()


def test_a_change_that_was_rolled_back_is_not_told(engine) -> None:
    hub = open_hub(engine, None)
    listener = hub.subscribe()
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        bump(connection, ["readings:demo"])
        raise ZeroDivisionError
    hub.refresh()
    hub.stop()
    assert listener.hear(0.01) is None


def test_own_writing_is_known_before_the_answer(world: World) -> None:
    hub = world.hub()
    world.topics["readings:demo"] += 1
    hub.refresh()
    assert hub.snapshot(["readings:demo"]).versions == {"readings:demo": 2}


def test_a_version_that_went_back_counts_as_changed(world: World) -> None:
    """A restored backup has smaller numbers."""
    world.topics["readings:demo"] = 900
    hub = world.hub()
    listener = hub.subscribe()
    world.topics["readings:demo"] = 3
    hub.refresh()
    heard = listener.hear(1.0)
    assert heard and heard.topics == ("readings:demo",)


def test_versions_stay_known_while_the_database_is_down(world: World, monkeypatch) -> None:
    hub = world.hub()
    monkeypatch.setattr("database.hub.BLIND_AFTER", 0.05)
    world.down = True
    hub.refresh()
    wait_until(lambda: hub.is_blind, 2, "the hub noticing")
    assert hub.versions == {"readings:demo": 1}
    world.down = False
    hub.refresh()
    assert not hub.is_blind


def test_a_frozen_database_does_not_hold_up_who_asks_for_versions(monkeypatch) -> None:
    monkeypatch.setattr("database.hub.READ_DEADLINE", 1.0)
    monkeypatch.setattr("database.hub.BLIND_AFTER", 0.05)
    gate = threading.Event()
    hub = Hub(lambda: {"a": int(gate.wait(30))}, poll_seconds=0.01)
    hub.start()
    started = time.perf_counter()
    assert hub.snapshot(["a"]).versions == {"a": 0}
    assert time.perf_counter() - started < 0.5  # neither for the read (30 s) nor for its deadline (1 s)
    wait_until(lambda: hub.is_blind, 5, "the hub noticing")
    gate.set()
    wait_until(lambda: hub.versions == {"a": 1}, 5, "the thawed answer")
    hub.stop()


def test_two_processes_give_the_same_number_for_the_same_versions() -> None:
    assert number_of({"a": 1, "b": 2}) == number_of({"b": 2, "a": 1}) != number_of({"a": 2, "b": 1})
    assert number_of({"a": 1}) < 2**53


def test_the_audience_is_bounded_and_a_place_given_back_is_free(world: World) -> None:
    listeners = Listeners(2)
    first, _ = listeners.admit(), listeners.admit()
    with pytest.raises(AudienceFull):
        listeners.admit()
    listeners.leave(first)
    listeners.leave(first)
    listeners.admit()
    assert len(listeners) == 2


def test_a_client_that_does_not_read_is_dropped_and_the_others_hear_all() -> None:
    listeners = Listeners(10)
    slow, quick = listeners.admit(), listeners.admit()
    heard = []
    for number in range(QUEUE_LENGTH + 1):
        listeners.tell(Change((f"t{number}",), number))
        heard.append(quick.hear(1.0))
    assert slow.is_dropped
    assert not quick.is_dropped
    assert len(listeners) == 1
    assert [change.version for change in heard if change] == list(range(QUEUE_LENGTH + 1))


def test_changes_in_a_burst_are_joined_into_one() -> None:
    listeners = Listeners(1)
    listener = listeners.admit()
    listeners.tell(Change(("b",), 1))
    listeners.tell(Change(("a", "b"), 2))
    assert listener.hear(1.0) == Change(("a", "b"), 2)


def test_the_stream_tells_where_things_stand_then_changes_then_beats(world: World) -> None:
    listeners = Listeners(1)
    listener = listeners.admit()
    audience = Audience(EVERYTHING, lambda: EVERYTHING, lambda: {"sources": 8})
    events = told(listener, audience, Change((), 7), heartbeat=0.02)
    assert next(events) == b'retry: 1000\nid: 7\nevent: changed\ndata: {"topics":[],"version":7}\n\n'
    listener.tell(Change(("sources",), 8))
    number = audience.version
    assert next(events) == b'id: %d\nevent: changed\ndata: {"topics":["sources"],"version":%d}\n\n' % (number, number)
    beat = next(events)
    assert beat.startswith(b'event: heartbeat\ndata: {"version":%d,"at":' % number)
    listeners.close()
    assert list(events) == []


def test_a_forked_process_has_a_hub_of_its_own(world: World) -> None:
    """Threads do not survive a fork: a hub started before it must start again."""
    hub = world.hub()
    world.topics["readings:demo"] = 5
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, str(hub.versions["readings:demo"]).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 10) == b"5"


def test_a_changed_catalogue_is_taken_up_before_its_notice_goes_out() -> None:
    topics, noticed = {"catalogue": 1}, threading.Event()
    order: list[str] = []

    def read() -> dict[str, int]:
        order.append("read")
        return dict(topics)

    def look() -> None:
        order.append("look")
        noticed.set()
        raise OSError("a folder that cannot be read ends nothing")

    hub = Hub(read, poll_seconds=0.01, meanwhile=look)
    listener = hub.subscribe()
    assert noticed.wait(5)
    topics["catalogue"] = 2
    assert listener.hear(5)
    hub.stop()
    assert order[0] == "read"
    assert order[1:3] == ["look", "read"]


@pytest.mark.redis
def test_an_announcement_wakes_a_sleeping_hub(redis_up) -> None:
    topics = {"a": 1}
    ours, theirs = RedisLink(redis_up.url), RedisLink(redis_up.url)
    hub = Hub(lambda: dict(topics), link=theirs, poll_seconds=3600)
    listener = hub.subscribe()
    wait_until(lambda: ours.client.pubsub_numsub("cockpit:changes")[0][1] == 1, 5, "the subscription")
    topics["a"] = 2
    ours.announce()
    assert listener.hear(2.0)
    hub.stop()
    ours.end()
    theirs.end()


@pytest.mark.redis
def test_versions_are_handed_on_to_the_live_program(engine, redis_up) -> None:
    link = RedisLink(redis_up.url)
    hub = open_hub(engine, link)
    with writing(engine) as connection:
        bump(connection, ["sources"])
    hub.refresh()
    told = orjson.loads(link.client.get(VERSIONS_KEY))
    hub.stop()
    link.end()
    assert told == {"topics": {"sources": 1}}


def test_changes_that_follow_at_once_are_told_in_one_notice_and_none_is_lost(world: World, monkeypatch) -> None:
    hub = world.hub()
    listener = hub.subscribe()
    for topic in ("a", "b", "c"):
        world.topics[topic] = 1
        hub.refresh()
        assert hub.snapshot([topic]).versions == {topic: 1}  # known at once, told a little later
    assert listener.hear(1.0) == Change(("a",), number_of({"a": 1, "readings:demo": 1}))
    assert listener.hear(0.01) is None
    monkeypatch.setattr("database.hub.NOTICE_SECONDS", 0.0)
    hub.refresh()
    assert listener.hear(1.0) == Change(("b", "c"), hub.version)


def test_of_many_who_wrote_at_once_one_reads_for_all(world: World) -> None:
    reads, gate, reading_now = [], threading.Event(), threading.Event()

    def read() -> dict[str, int]:
        reads.append(1)
        reading_now.set()
        assert gate.wait(20)
        return {}

    gate.set()
    hub = Hub(read, poll_seconds=3600)
    hub.start()
    gate.clear()
    reading_now.clear()
    reads.clear()
    threads = [threading.Thread(target=hub.refresh) for _ in range(6)]
    threads[0].start()
    assert reading_now.wait(5)
    for thread in threads[1:]:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(10)
    hub.stop()
    assert len(reads) <= 2
