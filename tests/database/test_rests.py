"""A storm of changes: answers rest between two makings, say so, and a calm hour's change is never held up."""

from __future__ import annotations

from query_cache_parts import Build, World

from database import rests
from database.query_cache import Cached, QueryCache
from database.rests import LONGEST, RECENT, SHARE, Rests
from servers import wait_until


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_an_answer_rests_by_what_it_costs_and_by_how_many_are_being_made() -> None:
    clock = Clock()
    kept = Rests(clock)
    assert not kept.left("a")
    assert not kept.is_recent("a")
    kept.made("a", 0.02)
    assert abs(kept.left("a") - 0.02 / SHARE) < 1e-9
    kept.made("b", 0.02)
    assert abs(kept.left("b") - 2 * 0.02 / SHARE) < 1e-9
    kept.made("c", 9.0)
    assert kept.left("c") == LONGEST
    clock.now += RECENT
    assert not kept.left("c")
    assert not kept.is_recent("c")
    kept.made("a", 0.02)
    assert abs(kept.left("a") - 0.02 / SHARE) < 1e-9


def test_who_is_forgotten_neither_rests_nor_is_recent(monkeypatch) -> None:
    monkeypatch.setattr(rests, "_DROPPED_AT", 3)
    clock = Clock()
    kept = Rests(clock)
    for name in "abcd":
        kept.made(name, 0.1)
    clock.now += RECENT
    kept.made("e", 0.1)
    assert set(kept._made) == set(kept._until) == {"e"}


def ask(cache: QueryCache, build: Build, *, may_rest: bool = True) -> Cached:
    return cache.get("k", scope="*", topics=["readings:demo"], build=build, soft_seconds=60.0, may_rest=may_rest)


def stormy(world: World, monkeypatch) -> tuple[QueryCache, Build]:
    """A cache whose answer was just made anew after a change, and rests for long."""
    monkeypatch.setattr(rests, "SHARE", 1e-9)
    monkeypatch.setattr(rests, "LONGEST", 30.0)
    monkeypatch.setattr(rests, "RECENT", 60.0)
    cache, build = world.cache(), Build(b"one")
    ask(cache, build)
    world.change()
    build.body = b"two"
    assert ask(cache, build).body == b"two"  # the first change of a calm hour
    world.change()
    build.body = b"three"
    return cache, build


def test_while_changes_pour_in_the_last_answer_is_given_with_its_age_and_when_to_ask_again(world, monkeypatch) -> None:
    cache, build = stormy(world, monkeypatch)
    found = ask(cache, build)
    assert found.body == b"two"
    assert found.again
    assert found.headers()["X-Again"] == str(round(found.again * 1000))
    assert "X-Degraded" not in found.headers()
    assert build.runs == 2


def test_who_just_wrote_and_every_program_gets_the_newest_answer(world, monkeypatch) -> None:
    cache, build = stormy(world, monkeypatch)
    found = ask(cache, build, may_rest=False)
    assert found.body == b"three"
    assert found.again is None
    assert "X-Again" not in found.headers()


def test_after_its_rest_an_answer_is_made_anew_by_itself(world, monkeypatch) -> None:
    cache, build = stormy(world, monkeypatch)
    cache._rests._until.clear()
    first = ask(cache, build)
    assert (first.body, first.again is not None) == (b"two", True)
    wait_until(lambda: ask(cache, build).body == b"three", 5, "the answer made behind")
    assert ask(cache, build).again is None


def test_an_answer_that_cannot_be_made_is_not_shown_as_resting(world, monkeypatch) -> None:
    cache, build = stormy(world, monkeypatch)
    cache._rests._until.clear()
    build.error = ValueError("broken")
    ask(cache, build)
    wait_until(lambda: cache.tally.counts["build_failed"] > 0, 5, "the failure")
    found = ask(cache, build)
    assert found.degraded
    assert found.again is None
