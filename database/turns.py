"""Turns in the order of asking: a plain lock lets whoever just gave it back take it again before those who wait."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """One at a time, first come, first served. Threads of one process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        """One lock per waiting thread, held until its turn comes."""
        self._is_taken = False

    def take(self, seconds: float) -> bool:
        """Wait for the turn. False if it did not come within `seconds`: then nothing is taken."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
            return True  # it came while we were giving up

    def give_back(self) -> None:
        """End the turn of the calling thread; the next one's begins."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
