"""One scheduler acts at a time, and one that was overtaken while it slept cannot write."""

from __future__ import annotations

from datetime import timedelta

import pytest

from database.engine import writing
from database.lease import LeaseLost, acquire, fence, release, renew

MINUTE = timedelta(minutes=1)


def test_a_second_scheduler_waits_until_the_first_is_gone(engine, now):
    first = acquire(engine, "timetable", "a", lasting=MINUTE, now=now)
    assert first and first.token == 1
    assert acquire(engine, "timetable", "b", lasting=MINUTE, now=now + MINUTE / 2) is None
    second = acquire(engine, "timetable", "b", lasting=MINUTE, now=now + MINUTE)
    assert second and second.token == 2


def test_the_holder_that_slept_for_a_minute_cannot_write_any_more(engine, now):
    slept = acquire(engine, "timetable", "a", lasting=MINUTE, now=now)
    taken = acquire(engine, "timetable", "b", lasting=MINUTE, now=now + 2 * MINUTE)
    assert slept and taken
    with pytest.raises(LeaseLost), writing(engine) as connection:
        fence(connection, slept)
    with pytest.raises(LeaseLost):
        renew(engine, slept, lasting=MINUTE, now=now + 2 * MINUTE)
    with writing(engine) as connection:
        fence(connection, taken)


def test_renewing_keeps_the_token_and_prolongs(engine, now):
    held = acquire(engine, "timetable", "a", lasting=MINUTE, now=now)
    assert held
    renewed = renew(engine, held, lasting=MINUTE, now=now + MINUTE / 2)
    assert (renewed.token, renewed.until) == (held.token, now + MINUTE * 1.5)
    assert acquire(engine, "timetable", "b", lasting=MINUTE, now=now + MINUTE) is None


def test_a_released_lease_is_free_at_once(engine, now):
    held = acquire(engine, "timetable", "a", lasting=MINUTE, now=now)
    assert held
    release(engine, held, now=now)
    assert acquire(engine, "timetable", "b", lasting=MINUTE, now=now)


def test_a_restarted_holder_of_the_same_name_locks_out_its_own_past(engine, now):
    before = acquire(engine, "timetable", "a", lasting=MINUTE, now=now)
    after = acquire(engine, "timetable", "a", lasting=MINUTE, now=now)
    assert before and after and after.token == before.token + 1
    with pytest.raises(LeaseLost), writing(engine) as connection:
        fence(connection, before)
