"""A PostgreSQL connection that gives up by itself: a frozen server answers neither statement_timeout nor a cancel."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import psycopg

_LOOK_EVERY = 0.1
"""Seconds between two looks at the clock while the server is silent."""


class BoundedConnection(psycopg.Connection[Any]):
    """Waits `patience` seconds for each answer, then closes itself and raises OperationalError.

    Everything a connection does passes here: statements, commit, rollback and the pool's ping.
    """

    patience: float = 2.5

    def wait(self, gen: Any, interval: float = _LOOK_EVERY, *args: Any, **options: Any) -> Any:
        """Drive one exchange with the server to its end, for at most `patience` seconds."""
        return super().wait(self._bounded(gen), interval, *args, **options)

    def _bounded(self, exchange: Any) -> Generator[Any, Any, Any]:
        deadline = time.monotonic() + self.patience
        wanted = next_of(exchange)
        while not isinstance(wanted, StopIteration):
            ready = yield wanted
            if not ready and time.monotonic() > deadline:
                self.pgconn.finish()
                raise psycopg.OperationalError(f"the database did not answer within {self.patience:g} s")
            wanted = next_of(exchange, ready)
        return wanted.value


def next_of(exchange: Any, ready: Any = None) -> Any:
    """What the exchange waits for next, or the StopIteration that carries its result."""
    try:
        return exchange.send(ready)
    except StopIteration as done:
        return done
