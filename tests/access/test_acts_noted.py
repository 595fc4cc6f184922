"""Acts of many people are few writes, nobody waits for them, and trouble with one lot does not end the next."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from sqlalchemy import select

from access import acts_noted
from access.accounts import Place
from access.acts_noted import ActsNoted
from database.engine import reading, writing
from database.people_tables import sessions
from small_people import XIANGQIAO


def seen(people):
    with reading(people.engine) as connection:
        return list(connection.execute(select(sessions.c.seen_at)).scalars())


def until(is_so, seconds=10.0):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)


def opened(people, count):
    people.add("wangfang", Place("county_officer", XIANGQIAO))
    return [people.sign_in("wangfang").token.digest for _ in range(count)]


def test_who_acts_while_another_writes_does_not_wait_and_all_are_noted_in_one_transaction(people, monkeypatch):
    digests, later = opened(people, 5), people.now + timedelta(minutes=5)
    transactions, let_go = [], threading.Event()

    def held_up(engine):
        transactions.append(1)
        assert let_go.wait(10)
        return writing(engine)

    monkeypatch.setattr(acts_noted, "writing", held_up)
    acts = ActsNoted(people.engine)
    for digest in digests:
        acts.note(digest, later)
    assert not any(at == later for at in seen(people)), "nobody else has written yet, so nobody waited"
    let_go.set()
    until(lambda: seen(people) == [later] * 5)
    assert len(transactions) == 1


def test_what_could_not_be_noted_stops_nothing_after_it(people, monkeypatch):
    (digest,), later = opened(people, 1), people.now + timedelta(minutes=5)
    acts, failed = ActsNoted(people.engine), threading.Event()

    def broken(_):
        failed.set()
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(acts_noted, "writing", broken)
    acts.note(digest, later)
    assert failed.wait(5)
    monkeypatch.undo()
    until(lambda: not acts._due)
    acts.note(digest, later)
    until(lambda: seen(people) == [later])
