"""Writes behind busy writers wait their turn while the line moves, and are refused when it stands still."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from flask import Flask

from api import answering
from api.answering import WRITERS, Desk
from database.workers import TooSlow
from servers import wait_until


class Line:
    """A desk whose writes wait for `gate`; what became of each of its callers."""

    def __init__(self) -> None:
        self.desk = Desk(SimpleNamespace(hub=SimpleNamespace(is_blind=False)))  # type: ignore[arg-type]
        self.gate, self.server = threading.Event(), Flask("line")
        self.outcomes: list[object] = []

    def write(self, number: int) -> None:
        def work() -> int:
            assert self.gate.wait(20)
            return number

        with self.server.test_request_context("/", method="POST"):
            try:
                self.outcomes.append(self.desk._done(work))
            except TooSlow as refused:
                self.outcomes.append(refused)

    def callers(self, count: int) -> list[threading.Thread]:
        threads = [threading.Thread(target=self.write, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        return threads


@pytest.fixture
def line() -> Line:
    return Line()


def test_a_burst_waits_in_line_and_nobody_is_refused(line: Line) -> None:
    threads = line.callers(5 * WRITERS)
    wait_until(lambda: line.desk._writers._unfinished == 5 * WRITERS, 10, "everybody in line")
    line.gate.set()
    for thread in threads:
        thread.join(20)
    assert sorted(line.outcomes) == list(range(5 * WRITERS))  # type: ignore[type-var]


def test_while_no_write_succeeds_those_who_wait_and_those_who_come_are_refused(line: Line, monkeypatch) -> None:
    monkeypatch.setattr(answering, "WRITE_SECONDS", 0.3)
    threads = line.callers(WRITERS)
    for thread in threads:
        thread.join(20)
    assert [type(one) for one in line.outcomes] == [TooSlow] * WRITERS
    line.write(99)
    assert "every writer" in str(line.outcomes[-1])
    line.gate.set()
    wait_until(lambda: line.desk._writers.are_idle, 10, "the database back")
    line.write(100)
    assert line.outcomes[-1] == 100
