"""A few daemon threads for work that may hang for ever, so that whoever asked can stop waiting.

A frozen PostgreSQL backend ignores every timeout the server or the socket knows (measured: over 15 s in spite of
statement_timeout 1 s); only somebody who waits elsewhere can give up. Daemon, so that a stuck thread never holds up
the exit.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class TooSlow(Exception):
    """The work had not ended when the time was up. It goes on in its thread and may still succeed."""


class Workers:
    """At most `count` threads, started when needed and again after a fork."""

    def __init__(self, count: int, name: str) -> None:
        self._count = count
        self._name = name
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._process = os.getpid()
        self._queue: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._threads = 0
        self._unfinished = 0

    def submit(self, work: Callable[[], None]) -> None:
        """Have `work` done by some thread, at once if one is free. `work` handles its own exceptions."""
        with self._lock:
            if self._process != os.getpid():  # threads do not survive a fork
                self._forget()
            self._unfinished += 1
            is_short = self._unfinished > self._threads and self._threads < self._count
            self._threads += is_short
        self._queue.put(work)
        if is_short:
            threading.Thread(target=self._serve, args=(self._queue,), name=self._name, daemon=True).start()

    def _serve(self, queue: SimpleQueue[Callable[[], None]]) -> None:
        while True:
            work = queue.get()
            try:
                work()
            finally:
                with self._lock:
                    self._unfinished -= 1

    @property
    def are_idle(self) -> bool:
        """True if nothing is being done."""
        return self._process != os.getpid() or not self._unfinished

    @property
    def are_all_busy(self) -> bool:
        """True if new work would have to wait."""
        return self._process == os.getpid() and self._unfinished >= self._count


class Outcome(Generic[T]):
    """The result of one piece of work, to be waited for by any number of callers."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self.error: Exception | None = None
        self._value: list[T] = []

    def settle(self, work: Callable[[], T]) -> None:
        """Do the work and keep its value or its error."""
        try:
            self._value.append(work())
        except Exception as error:  # told to whoever waits
            self.error = error
        finally:
            self._ended.set()

    def wait(self, seconds: float) -> T:
        """The value; raises the work's own error, or TooSlow."""
        if not self._ended.wait(seconds):
            raise TooSlow(f"no answer within {seconds:g} s")
        if self.error is not None:
            raise self.error.with_traceback(None)  # several callers raise the same one
        return self._value[0]


def within(seconds: float, work: Callable[[], T], workers: Workers) -> T:
    """The value of `work`, or TooSlow after `seconds`; the work itself cannot be stopped."""
    if workers.are_all_busy:
        raise TooSlow("every thread is still waiting for an earlier answer")
    outcome: Outcome[T] = Outcome()
    workers.submit(lambda: outcome.settle(work))
    return outcome.wait(seconds)
