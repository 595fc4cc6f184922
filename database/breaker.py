"""Stops asking a service that does not answer, and finds out in the background when it is back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Closed: calls pass. Open after one failure: nobody waits, a thread tries `probe` until it succeeds."""

    def __init__(
        self, probe: Callable[[], object], *, failures: tuple[type[Exception], ...], seconds: float = 3.0
    ) -> None:
        self._probe = probe
        self._seconds = seconds
        self._failures = failures
        self._lock = threading.Lock()
        self._opened_at: float | None = None
        self._ended = threading.Event()

    @property
    def is_open(self) -> bool:
        return self._opened_at is not None

    @property
    def open_seconds(self) -> float:
        """For how long nobody has got an answer; 0 while closed."""
        opened_at = self._opened_at
        return 0.0 if opened_at is None else time.monotonic() - opened_at

    def trip(self) -> None:
        """Open it; a second failure while open changes nothing."""
        with self._lock:
            if self._opened_at is not None:
                return
            self._opened_at = time.monotonic()
        threading.Thread(target=self._heal, name="breaker", daemon=True).start()

    def close(self) -> None:
        """Let calls pass again."""
        self._opened_at = None

    def end(self) -> None:
        """Stop trying; for the end of the process and of tests."""
        self._ended.set()

    def _heal(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                self._probe()
            except self._failures:
                continue
            self.close()
            return
