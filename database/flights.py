"""Single flight: however many ask for the same thing at once, it is made once, also between processes."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from database.workers import Outcome, Workers

if TYPE_CHECKING:
    from database.redis_link import RedisLink  # the program is only loaded where there is Redis

T = TypeVar("T")

_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


class Flights(Generic[T]):
    """Work under way by name, done by a few threads of its own."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._aloft: dict[str, Outcome[T]] = {}
        self._lock = threading.Lock()

    def join(self, name: str, work: Callable[[], T]) -> Outcome[T]:
        """The outcome of the work of that name under way; starts it if there is none."""
        with self._lock:
            outcome = self._aloft.get(name)
            if outcome is not None:
                return outcome
            outcome = self._aloft[name] = Outcome()
        self._workers.submit(lambda: self._fly(name, work, outcome))
        return outcome

    def _fly(self, name: str, work: Callable[[], T], outcome: Outcome[T]) -> None:
        try:
            outcome.settle(work)
        finally:
            with self._lock:
                del self._aloft[name]


@contextmanager
def sole_builder(link: RedisLink | None, name: str, *, seconds: float = 3.0) -> Iterator[bool]:
    """True for one process at a time; True too where Redis does not answer: building twice beats not building."""
    if link is None:
        yield True
        return
    key, token = f"cockpit:building:{name}", secrets.token_hex(8)
    taken = link.call(lambda: (link.client.set(key, token, nx=True, px=round(seconds * 1000)),))
    is_sole = taken is None or bool(taken[0])
    try:
        yield is_sole
    finally:
        if taken and taken[0]:
            link.call(lambda: link.client.eval(_RELEASE, 1, key, token))
