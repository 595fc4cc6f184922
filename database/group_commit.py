"""Writes that wait at the same time share one transaction: one commit, one wait for the disk, each its own outcome.

Whoever is answered was committed. A write that is refused takes nothing with it: it stands behind a savepoint of its
own. When the transaction as a whole fails, each write is done again alone, so it must be one that may be repeated.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

T = TypeVar("T")
Work = Callable[[Connection], T]
MOST = 32
"""Writes in one transaction: the first of them waits for the last."""
TURN_SECONDS = 1.0
"""A write waits so long for its turn behind a transaction that hangs; then it goes alone, on another connection."""


class _Write(Generic[T]):
    """One write: what it does, and what came of it."""

    def __init__(self, work: Work[T]) -> None:
        self.work = work
        self.ended = threading.Event()
        self.is_spoiled = False
        """True if the transaction failed through no fault of this write."""
        self._value: list[T] = []
        self._error: Exception | None = None

    def attempt(self, connection: Connection) -> None:
        """Do it; what it refuses by itself is its own outcome, what the database refuses is everybody's trouble."""
        try:
            with connection.begin_nested():
                self._value = [self.work(connection)]
        except SQLAlchemyError:
            raise
        except Exception as refused:
            self._error = refused

    def outcome(self) -> T:
        """Its value; raises its own error."""
        if self._error is not None:
            raise self._error
        return self._value[0]


class GroupCommit(Generic[T]):
    """See the module. `transaction` opens one that commits when its block ends."""

    def __init__(self, transaction: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._transaction = transaction
        self._waiting: list[_Write[T]] = []
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def do(self, work: Work[T]) -> T:
        """What `work` gives, committed; raises what it raises, and then nothing of it is stored."""
        ours = _Write(work)
        with self._lock:
            self._waiting.append(ours)
        if self._turn.acquire(timeout=TURN_SECONDS):
            try:
                while not ours.ended.is_set():
                    self._commit(self._next())
            finally:
                self._turn.release()
        elif self._withdraw(ours):
            return self._alone(work)
        ours.ended.wait()
        return self._alone(work) if ours.is_spoiled else ours.outcome()

    def _next(self) -> Sequence[_Write[T]]:
        with self._lock:
            taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        return taken

    def _withdraw(self, ours: _Write[T]) -> bool:
        """False if somebody has taken it along already: then its fate is theirs."""
        with self._lock:
            is_waiting = ours in self._waiting
            if is_waiting:
                self._waiting.remove(ours)
        return is_waiting

    def _commit(self, writes: Sequence[_Write[T]]) -> None:
        try:
            with self._transaction() as connection:
                for one in writes:
                    one.attempt(connection)
        except BaseException as trouble:
            for one in writes:
                one.is_spoiled = True
            if not isinstance(trouble, Exception):
                raise
        finally:
            for one in writes:
                one.ended.set()

    def _alone(self, work: Work[T]) -> T:
        with self._transaction() as connection:
            return work(connection)
