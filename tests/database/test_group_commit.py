"""Writes that share a commit: each has its own outcome, nobody is answered before the disk has it, nothing twice."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial

import pytest
from query_cache_parts import together
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from database import group_commit
from database.engine import reading, writing
from database.group_commit import GroupCommit
from servers import wait_until

BUMP = text("INSERT INTO topics (topic, version) VALUES (:topic, 1)")


class Refusal(Exception):
    """What a write refuses by itself."""


class Transactions:
    """Counts transactions; that of number `failing` fails at its commit; the first one waits for `gate`."""

    def __init__(self, engine, failing: int = 0) -> None:
        self.engine, self.failing, self.count = engine, failing, 0
        self.gate, self.is_open = threading.Event(), threading.Event()

    @contextmanager
    def __call__(self):
        self.count += 1
        first, breaks = self.count == 1, self.count == self.failing
        with writing(self.engine) as connection:
            if first:
                self.is_open.set()
                assert self.gate.wait(20)
            yield connection
            if breaks:
                raise OperationalError("COMMIT", {}, ConnectionError("cut"))


def kept(engine) -> set[str]:
    with reading(engine) as connection:
        return {row.topic for row in connection.execute(text("SELECT topic FROM topics WHERE topic LIKE 't%'"))}


def put(topic: str):
    def work(connection):
        connection.execute(BUMP, {"topic": topic})
        if topic.endswith("refused"):
            raise Refusal(topic)
        return topic

    return work


def crowd(line: GroupCommit, opening: Transactions, topics: list[str]) -> list[object]:
    """One write in its transaction, the others waiting behind it; then all go on. Their outcomes."""
    outcomes: list[object] = []

    def one(topic: str) -> None:
        try:
            outcomes.append(line.do(put(topic)))
        except Exception as error:
            outcomes.append(error)

    threads = [threading.Thread(target=one, args=(topic,)) for topic in topics]
    threads[0].start()
    assert opening.is_open.wait(10)
    for thread in threads[1:]:
        thread.start()
    wait_until(lambda: len(line._waiting) == len(topics) - 1, 10, "the others waiting")
    opening.gate.set()
    for thread in threads:
        thread.join(20)
    return outcomes


@pytest.fixture
def patient(monkeypatch) -> None:
    monkeypatch.setattr(group_commit, "TURN_SECONDS", 30.0)


@pytest.mark.postgres
def test_those_who_wait_share_one_transaction_and_a_refused_one_takes_nobody_with_it(engine, patient) -> None:
    opening = Transactions(engine)
    topics = ["t0", "t1", "t2-refused", "t3", "t4"]
    outcomes = crowd(GroupCommit(opening), opening, topics)
    assert opening.count == 2
    assert sorted(map(str, outcomes)) == sorted(topics)
    assert [type(one) for one in outcomes].count(Refusal) == 1
    assert kept(engine) == {"t0", "t1", "t3", "t4"}


def test_when_the_common_commit_fails_each_write_is_done_alone_and_once(engine, patient) -> None:
    opening = Transactions(engine, failing=2)
    outcomes = crowd(GroupCommit(opening), opening, ["t0", "t1", "t2", "t3-refused"])
    assert kept(engine) == {"t0", "t1", "t2"}
    assert sorted(map(str, outcomes)) == ["t0", "t1", "t2", "t3-refused"]


def test_behind_a_transaction_that_hangs_a_write_goes_alone(engine, monkeypatch) -> None:
    monkeypatch.setattr(group_commit, "TURN_SECONDS", 0.05)
    opening = Transactions(engine)
    made: list[str] = []

    @contextmanager
    def hanging():
        opening.is_open.set()
        assert opening.gate.wait(20)
        with writing(engine) as connection:
            yield connection

    ways = iter([hanging])

    def transaction():
        return next(ways, partial(writing, engine))()

    line: GroupCommit[str] = GroupCommit(transaction)
    first = threading.Thread(target=lambda: made.append(line.do(put("t-first"))))
    first.start()
    assert opening.is_open.wait(10)
    assert line.do(put("t-second")) == "t-second"
    assert kept(engine) == {"t-second"}
    opening.gate.set()
    first.join(20)
    assert made == ["t-first"]


def test_a_crowd_is_answered_each_with_its_own(engine) -> None:
    line: GroupCommit[str] = GroupCommit(lambda: writing(engine))
    counter = iter(range(40))
    outcomes = together(40, lambda: line.do(put(f"t{next(counter)}")))
    assert sorted(map(str, outcomes)) == sorted(kept(engine))
    assert len(outcomes) == 40
