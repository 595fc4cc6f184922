"""How often one caller may knock: token buckets in the process, so that one program cannot crowd out all others."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_CALLERS = 10_000
"""Buckets kept; the one that was idle for longest makes room."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then `per_second`."""

    per_second: float
    burst: float


SIGN_IN = Rate(per_second=0.5, burst=30)
"""Attempts to sign in from one address, whatever the account; accounts are locked by themselves."""
WRITES = {"person": Rate(5, 60), "screen": Rate(0.2, 5), "program": Rate(200, 2000)}
"""Writing requests of one actor, by kind: people click, programs push."""


class Limiter:
    """One bucket per key. `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str, rate: Rate) -> int:
        """Take one from the bucket of `key`: 0 if there was one, else seconds until there is."""
        now = self._clock()
        with self._lock:
            left, since = self._left.pop(key, (rate.burst, now))
            left = min(rate.burst, left + (now - since) * rate.per_second)
            allowed = left >= 1
            self._left[key] = (left - 1 if allowed else left, now)
            if len(self._left) > MOST_CALLERS:
                self._left.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) / rate.per_second))
