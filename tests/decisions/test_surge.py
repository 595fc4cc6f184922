"""Surges: what is usual comes from the past alone, chance makes few of them, and nobody is told of another's."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from message_city import NOW, RAOPING, MessageCity, person

from access.actor import Scope
from database.engine import reading
from decisions.surge import HOURS, WEEK, Call, at_least, expectation, surges
from decisions.surge_places import surges_now

CITY = "445100"


def trickle(seed: int, per_day: float, places: int, days: int = 63) -> list[Call]:
    """Reports at random places and times; twice as many on every Wednesday morning."""
    chance, made = random.Random(seed), []
    for _ in range(int(per_day * days)):
        at = NOW - timedelta(days=days * chance.random())
        made.append(Call(len(made), at, (f"place {chance.randrange(places)}",)))
    return made


def burst(place: str, size: int, hours: float = 3, first: int = 900_000) -> list[Call]:
    return [Call(first + n, NOW - timedelta(hours=hours * n / size), (place,)) for n in range(size)]


@pytest.mark.feature(92)
def test_a_burst_is_found_with_its_window_and_what_is_usual() -> None:
    found = surges([*trickle(1, 40, 30), *burst("place 3", 14)], NOW)
    assert [one.place for one in found] == ["place 3"]
    assert found[0].hours == 3 and found[0].count in range(14, 17)
    assert found[0].expected < 1 and found[0].chance < 1e-6
    assert found[0].usual == "通常不到 1 件"


def test_what_happens_every_wednesday_morning_is_no_surge() -> None:
    weekly = [call for week in range(9) for call in burst("market", 12, first=1000 * week)]
    calls = [Call(call.id, call.at - (call.id // 1000) * WEEK, call.places) for call in weekly]
    assert surges([*trickle(2, 20, 40), *calls], NOW) == []
    assert surges([*trickle(2, 20, 40), *calls[:12]], NOW), "the same burst without a past is one"


def test_chance_alone_makes_few_surges() -> None:
    """One per cent of looks may be wrong; of 60 that is less than one on average."""
    assert sum(bool(surges(trickle(seed, 60, 25), NOW)) for seed in range(60)) <= 3


@given(st.lists(st.floats(0.01, 400), max_size=30), st.integers(0, 5))
def test_nothing_after_now_is_looked_at(ahead: list[float], seed: int) -> None:
    calls = [*trickle(seed, 10, 5), *burst("place 1", 9)]
    future = [Call(5000 + n, NOW + timedelta(hours=hours), ("place 1",)) for n, hours in enumerate(ahead)]
    assert surges([*calls, *future], NOW) == surges(calls, NOW)


@given(st.lists(st.floats(0.001, 23.9), min_size=5, max_size=40), st.sampled_from(HOURS))
def test_the_window_itself_is_not_part_of_what_is_usual(inside: list[float], hours: int) -> None:
    calls = trickle(7, 10, 3)
    extra = [Call(7000 + n, NOW - timedelta(hours=h), ("place 0",)) for n, h in enumerate(inside)]

    def usual(known: list[Call]) -> dict[tuple[str, int], float]:
        return {(one.place, one.hours): one.expected for one in surges(known, NOW, (hours, 24))}

    few, many = usual([*calls, *burst("place 0", 30, hours)]), usual([*calls, *extra, *burst("place 0", 30, hours)])
    assert all(many[key] == few[key] for key in few.keys() & many.keys())


@given(st.integers(0, 60), st.floats(0.01, 30), st.floats(0.5, 20))
def test_the_tail_is_a_probability_that_falls(count: int, shape: float, rate: float) -> None:
    assert 0 <= at_least(count + 1, shape, rate) <= at_least(count, shape, rate) <= 1


def test_the_mean_is_the_mean_of_the_same_hours_where_the_past_is_long() -> None:
    here = sorted((NOW - week * WEEK - timedelta(minutes=m)).timestamp() for week in range(1, 9) for m in range(60))
    shape, rate = expectation(here, here, NOW - timedelta(hours=1), NOW, 8)
    assert shape / rate == pytest.approx(60, rel=0.1)


def test_less_than_a_week_of_past_tells_nothing() -> None:
    assert surges(burst("place 1", 20), NOW) == []


@pytest.mark.feature(92)
@pytest.mark.feature(160)
def test_a_road_in_the_store_is_named_and_kept_from_others(messages: MessageCity) -> None:
    for day in range(1, 15):
        messages.report("城西路灯不亮", reported_at=NOW - timedelta(days=day), place="城西")
    for minute in range(7):
        at = NOW - timedelta(minutes=10 * minute)
        messages.report("锡美村中山路污水冒溢", place="锡美村中山路", reported_at=at, category="S0103")
    everyone, xiangqiao = person("all"), person("xq", Scope(messages.rules.within("445102")), home="445102")
    with reading(messages.engine) as connection:

        def seen(by, region: str):
            return surges_now(connection, messages.rules, by, world="real", region=region, now=NOW)

        found = seen(everyone, CITY)
        assert len(found) == 1 and "中山路" in found[0].name
        assert found[0].sentence.endswith("件，通常不到 1 件") and len(found[0].members) == 7
        assert [one.name for one in seen(xiangqiao, "445102")] == [found[0].name]
        assert seen(RAOPING, "445122") == [] == seen(RAOPING, CITY) == seen(everyone, "445122")
