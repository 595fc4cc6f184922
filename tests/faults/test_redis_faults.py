"""Redis killed, frozen, emptied, damaged, full or refusing: the answers stay right and quick."""

from __future__ import annotations

import random
import time

import pytest
import redis as redis_py
from query_cache_parts import Build, World, ask, together

from database.query_cache import BUILDERS
from database.redis_link import TIMEOUT, RedisLink
from servers import wait_until

pytestmark = [pytest.mark.redis, pytest.mark.feature(39)]

FIRST_CALLS = 0.2
LATER_CALLS = 0.005


def seconds_of(work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def test_a_killed_redis_costs_nearly_nothing_and_comes_back(world: World, redis_up) -> None:
    link = world.link(redis_up.url)
    cache = world.cache(link=link)
    ask(cache, Build())
    redis_up.kill()
    first = [seconds_of(lambda i=i: ask(cache, Build(b"x"), f"new {i}")) for i in range(3)]
    later = sorted(seconds_of(lambda i=i: ask(cache, Build(b"x"), f"later {i}")) for i in range(20))
    assert max(first) < FIRST_CALLS
    assert later[10] < LATER_CALLS
    redis_up.start()
    wait_until(lambda: not link.breaker.is_open, 10, "the breaker closing again")


def test_a_frozen_redis_adds_at_most_a_fifth_of_a_second_once(world: World, redis_up) -> None:
    """redis-py's defaults waited 58 s here."""
    link = world.link(redis_up.url)
    cache = world.cache(link=link)
    ask(cache, Build())
    redis_up.freeze()
    first = [seconds_of(lambda i=i: ask(cache, Build(b"x"), f"new {i}")) for i in range(3)]
    later = sorted(seconds_of(lambda i=i: ask(cache, Build(b"x"), f"later {i}")) for i in range(20))
    assert max(first) < FIRST_CALLS + 0.05  # of which 0.15 s is the one wait; the rest is this machine's
    assert later[10] < LATER_CALLS
    redis_up.thaw()
    wait_until(lambda: not link.breaker.is_open, 10, "the breaker closing again")
    assert ask(cache, Build(b"x"), "after").body == b"x"


def test_fifty_callers_of_a_frozen_redis_wait_together_not_in_a_queue(world: World, redis_up) -> None:
    cache = world.cache(link=world.link(redis_up.url))
    usual = seconds_of(lambda: together(50, lambda: ask(cache, Build(), "before").body))
    redis_up.freeze()
    build = Build()
    queued = 50 / BUILDERS * TIMEOUT  # what even a queue behind all builders would add
    assert seconds_of(lambda: together(50, lambda: ask(cache, build).body)) < usual + 0.7 * queued
    assert build.runs == 1


def test_an_emptied_redis_causes_no_stampede(world: World, redis_up) -> None:
    caches = [world.cache(link=world.link(redis_up.url)) for _ in range(2)]
    build = Build()
    for cache in caches:
        ask(cache, build)
    caches[0].link.client.flushall()
    for cache in caches:
        assert together(25, lambda cache=cache: ask(cache, build).body) == [b"one"] * 25
    assert build.runs == 1


def test_damaged_entries_are_missed_counted_and_made_anew(world: World, redis_up) -> None:
    link = world.link(redis_up.url)
    ask(world.cache(link=link), Build())
    (name,) = link.client.keys("cockpit:frame:*")
    whole = link.client.get(name)
    assert isinstance(whole, bytes)
    chance = random.Random(3)
    for _ in range(50):
        at = chance.randrange(len(whole))
        link.client.set(name, whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        cache = world.cache(link=link)
        assert ask(cache, Build(b"anew")).body == b"anew"
        assert cache.tally.counts["corrupt"] >= 1
    link.client.set(name, b"!" + b"cos\nsystem\n(S'false'\ntR.")
    assert ask(world.cache(link=link), Build(b"anew")).body == b"anew"


def test_an_entry_moved_to_another_name_is_not_taken(world: World, redis_up) -> None:
    """Whoever can write to Redis must not show one county's figures to another."""
    link = world.link(redis_up.url)
    cache = world.cache(link=link)
    ask(cache, Build(b"of 445102"), scope="445102")
    (first,) = link.client.keys("cockpit:frame:*")
    ask(cache, Build(b"of 445103"), scope="445103")
    (second,) = (name for name in link.client.keys("cockpit:frame:*") if name != first)
    link.client.set(second, link.client.get(first))
    assert ask(world.cache(link=link), Build(b"made anew"), scope="445103").body == b"made anew"


@pytest.mark.parametrize("trouble", ["misconf", "oom"])
def test_a_redis_that_refuses_writes_still_serves_and_the_answers_are_right(
    world: World, redis_up, trouble: str
) -> None:
    link = world.link(redis_up.url)
    kept = world.cache(link=link)
    ask(kept, Build())
    refuse_writes(redis_up, trouble)
    cache = world.cache(link=link)
    assert ask(cache, Build(b"never")).body == b"one"
    assert ask(cache, Build(b"two"), "k2").body == b"two"
    assert link.tally.counts["refused"] >= 1
    assert not link.breaker.is_open


def refuse_writes(redis_up, trouble: str) -> None:
    admin = redis_py.Redis.from_url(redis_up.url)
    if trouble == "oom":
        admin.config_set("maxmemory-policy", "noeviction")
        admin.config_set("maxmemory", "1")
        return
    (redis_up.folder / "dump.rdb" / "in the way").mkdir(parents=True)
    admin.config_set("save", "1 1")
    admin.set("x", "1")
    admin.bgsave()
    wait_until(lambda: admin.info("persistence")["rdb_last_bgsave_status"] != "ok", 5, "a failed save")


def test_too_many_clients_is_survived(world: World, redis_up) -> None:
    admin = redis_py.Redis.from_url(redis_up.url)
    admin.config_set("maxclients", "1")
    cache = world.cache(link=world.link(redis_up.url))
    assert ask(cache, Build()).body == b"one"


def test_two_processes_compute_once(world: World, redis_up) -> None:
    """Two caches with nothing in common but Redis, as two processes are."""
    caches = [world.cache(link=world.link(redis_up.url)) for _ in range(2)]
    build = Build()
    build.gate.clear()
    turn = iter(range(50))
    import threading

    results: list[object] = []
    runner = threading.Thread(
        target=lambda: results.extend(together(50, lambda: ask(caches[next(turn) % 2], build).body))
    )
    runner.start()
    assert build.begun.wait(5)
    wait_until(lambda: len(caches[0].link.client.keys("cockpit:building:*")) == 1, 5, "the lock")
    build.gate.set()
    runner.join(20)
    assert results == [b"one"] * 50
    assert build.runs == 1
    wait_until(lambda: not caches[0].link.client.keys("cockpit:building:*"), 5, "the lock given back")


def test_a_builder_that_died_blocks_nobody_for_long(world: World, redis_up) -> None:
    cache = world.cache(link=world.link(redis_up.url))
    ask(cache, Build(), "find the name of the lock")
    (name,) = cache.link.client.keys("cockpit:frame:*")
    cache.link.client.set(name.replace(b"frame", b"building"), "dead", px=60_000)
    world.change()
    assert seconds_of(lambda: ask(cache, Build(b"two"), "find the name of the lock")) < 2.0


def test_an_idle_listener_stays_and_is_woken(world: World, redis_up) -> None:
    """redis-py 8's listener died every few seconds of silence when its socket timeout was short."""
    link = world.link(redis_up.url)
    nudges: list[float] = []
    link.listen(lambda: nudges.append(time.monotonic()))
    wait_until(lambda: nudges, 5, "the subscription")
    admin = redis_py.Redis.from_url(redis_up.url)
    first = admin.client_list(_type="pubsub")[0]["id"]
    wait_until(lambda: int(admin.client_list(_type="pubsub")[0]["idle"]) >= 7, 15, "seven seconds of silence")
    assert admin.client_list(_type="pubsub")[0]["id"] == first
    told = len(nudges)
    link.announce()
    wait_until(lambda: len(nudges) > told, 2, "the announcement")


def test_the_listener_comes_back_after_redis_was_killed(world: World, redis_up) -> None:
    link = world.link(redis_up.url)
    nudges: list[int] = []
    link.listen(lambda: nudges.append(1))
    wait_until(lambda: nudges, 5, "the subscription")
    redis_up.kill()
    told = len(nudges)
    redis_up.start()
    wait_until(lambda: len(nudges) > told, 10, "subscribed again")


def test_a_redis_open_to_strangers_is_noticed(redis_up) -> None:
    admin = redis_py.Redis.from_url(redis_up.url)
    link = RedisLink(redis_up.url)
    assert not link.open_to_strangers()
    admin.config_set("protected-mode", "no")
    assert not link.open_to_strangers()  # bound to loopback
    admin.config_set("bind", "* -::*")
    assert link.open_to_strangers()
    admin.config_set("requirepass", "secret")
    assert not RedisLink(redis_up.url.replace("://", "://:secret@")).open_to_strangers()
    link.end()
