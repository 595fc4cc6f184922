"""How long an answer rests after it was made, while changes pour in: all of them together get a share of the time.

An answer whose data move twenty times a second is not made twenty times a second. The first change after a quiet time
is never held up; then each answer rests the longer, the longer it takes to make and the more others are being made.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

SHARE = 0.4
"""Of the time, for making anew what moved, all answers together. By the clock: a crowded machine makes less."""
LONGEST = 1.5
"""Seconds an answer rests at most."""
RECENT = 2.0
"""Seconds for which an answer made lately counts as being made again and again."""
_DROPPED_AT = 2000


class Rests:
    """Who rests until when. Safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._made: dict[str, float] = {}
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def made(self, name: str, cost: float) -> None:
        """The answer `name` was made in `cost` seconds because its data had moved."""
        now = self._clock()
        with self._lock:
            if len(self._made) > _DROPPED_AT:
                self._drop(now)
            self._made[name] = now
            others = sum(now - at < RECENT for at in self._made.values())
            self._until[name] = now + min(LONGEST, cost * others / SHARE)

    def left(self, name: str) -> float:
        """Seconds for which `name` still rests."""
        return max(0.0, self._until.get(name, 0.0) - self._clock())

    def is_recent(self, name: str) -> bool:
        """True if it was made so lately that it may be shown a little longer."""
        return self._clock() - self._made.get(name, -RECENT) < RECENT

    def _drop(self, now: float) -> None:
        for name in [name for name, at in self._made.items() if now - at >= RECENT]:
            del self._made[name], self._until[name]
