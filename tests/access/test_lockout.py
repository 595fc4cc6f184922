"""Guessing is stopped: by account and by address, across workers and restarts, whatever the spelling."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access import lockout
from access.accounts import Place
from access.lockout import LOCK, LockedOut
from access.sign_in import Refused
from database.engine import open_engine, writing
from database.migrate import migrate
from small_people import GOOD, HOME, NOW, XIANGQIAO, People, hashing_counted

OFFICER = Place("county_officer", XIANGQIAO)
NUMBERS = count()


def guesses(people: People, name: str, times: int, address: str = HOME) -> list[str]:
    """What each of so many wrong passwords was answered."""
    answers = []
    for _ in range(times):
        try:
            people.sign_in(name, "wrong-Guess-99", address)
        except (Refused, LockedOut) as no:
            answers.append(type(no).__name__)
    return answers


@pytest.mark.feature(142)
def test_five_failures_shut_the_account_for_fifteen_minutes_even_for_the_right_password(people):
    people.add("wangfang", OFFICER)
    assert guesses(people, "wangfang", 6) == ["Refused"] * 5 + ["LockedOut"]
    with pytest.raises(LockedOut, match="15 分钟"):
        people.sign_in("wangfang")
    people.later(minutes=14)
    with pytest.raises(LockedOut):
        people.sign_in("wangfang")
    people.later(minutes=2)
    assert people.sign_in("wangfang").pending == ""


def test_the_fifth_attempt_is_still_looked_at_and_success_forgets_the_failures(people):
    people.add("wangfang", OFFICER)
    for _ in range(3):
        assert guesses(people, "wangfang", 4) == ["Refused"] * 4
        people.sign_in("wangfang")


def test_variants_of_the_name_open_no_fresh_count(people):
    people.add("wangfang", OFFICER)
    spellings = ["wangfang", "WANGFANG", " wangfang", "ｗａｎｇｆａｎｇ", "Wang\u200bFang"]
    for spelling in spellings:
        assert guesses(people, spelling, 1) == ["Refused"]
    assert guesses(people, "wangfang", 1) == ["LockedOut"]


def test_names_that_do_not_exist_answer_and_lock_alike(people):
    assert guesses(people, "nobody", 6) == ["Refused"] * 5 + ["LockedOut"]


def test_an_address_that_tries_many_accounts_is_shut_out_too(people):
    people.add("wangfang", OFFICER)
    for number in range(LOCK.of_address):
        lockout.begin(people.engine, f"guess{number}", HOME, people.now)
    with pytest.raises(LockedOut):
        people.sign_in("wangfang")
    assert people.sign_in("wangfang", address="10.9.9.9").pending == ""


def test_success_of_ones_own_does_not_wipe_the_count_of_the_address(people):
    people.add("wangfang", OFFICER)
    for number in range(LOCK.of_address - 1):
        lockout.begin(people.engine, f"guess{number}", HOME, people.now)
    people.sign_in("wangfang")
    assert guesses(people, "guess-last", 1) == ["Refused"]
    assert guesses(people, "another", 1) == ["LockedOut"]


def test_all_addresses_of_one_ipv6_household_count_as_one():
    assert lockout.subject_of_address("2001:db8::1") == lockout.subject_of_address("2001:db8::ffff:1")
    assert lockout.subject_of_address("2001:db8::1") != lockout.subject_of_address("2001:db9::1")
    assert lockout.subject_of_address("::ffff:10.1.2.3") == lockout.subject_of_address("10.1.2.3")


def test_a_lock_survives_a_restart_and_holds_on_every_worker(people, database_url):
    people.add("wangfang", OFFICER)
    guesses(people, "wangfang", 5)
    restarted = open_engine(database_url)
    with pytest.raises(LockedOut):
        People(restarted, people.rules, people.now).sign_in("wangfang")
    restarted.dispose()


def test_forty_guesses_at_the_same_moment_are_not_more_than_five(people):
    people.add("wangfang", OFFICER)
    with hashing_counted() as looked, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: guesses(people, "wangfang", 5), range(8)))
    assert looked.call_count <= LOCK.of_account
    assert looked.call_count > 0


def test_an_administrator_opens_it_again(people):
    people.add("wangfang", OFFICER)
    guesses(people, "wangfang", 5)
    with writing(people.engine) as connection:
        lockout.clear(connection, "WangFang")
    assert people.sign_in("wangfang").pending == ""


def test_refusals_are_recorded_and_a_password_typed_as_name_is_not(people):
    people.add("wangfang", OFFICER)
    guesses(people, "wangfang", 6)
    guesses(people, GOOD, 1)
    told = [row for row in people.told() if row[3] == "refused"]
    assert [row[1] for row in told] == ["session.open"] * 5 + ["session.locked", "session.open"]
    assert not any("plum7" in part for row in people.told() for part in row)


MOVES = st.lists(st.tuples(st.sampled_from(["fail", "fail", "succeed", "wait"]), st.integers(1, 20)), max_size=25)


@settings(max_examples=40)
@given(MOVES)
def test_within_any_fifteen_minutes_no_more_than_five_wrong_passwords_are_looked_at(house, moves):
    """Against a model: the moments at which a guess was looked at since the last success."""
    name, now, looked = f"lin{next(NUMBERS)}", NOW, []
    for move, minutes in moves:
        if move == "wait":
            now += timedelta(minutes=minutes)
            continue
        try:
            lockout.begin(house, name, HOME, now, lockout.LockRule(of_address=1_000_000))
        except LockedOut as locked:
            assert locked.until > now
            continue
        looked = [moment for moment in looked if now - moment < LOCK.window]
        assert len(looked) < LOCK.of_account
        if move == "succeed":
            with writing(house) as connection:
                lockout.clear(connection, name)
            looked = []
        else:
            looked.append(now)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """One database for all the examples; each has a name of its own."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('locks') / 'a.db'}")
    migrate(engine)
    yield engine
    engine.dispose()
