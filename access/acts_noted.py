"""When people last did something: noted beside their requests, many in one transaction, so that nobody waits for it."""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from sqlalchemy import Engine

from access.sessions import touch
from database.engine import writing
from database.workers import Workers

log = logging.getLogger(__name__)


class ActsNoted:
    """One per server process. What cannot be noted now is not tried again: the person's next act is."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._worker = Workers(1, "acts")
        self._due: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def note(self, digest: str, now: datetime) -> None:
        """Note an act of the session with this digest, soon."""
        with self._lock:
            self._due[digest] = now
            is_first = len(self._due) == 1
        if is_first:
            self._worker.submit(self._write)

    def _write(self) -> None:
        """Those that came while others were writing go along."""
        try:
            with writing(self._engine) as connection:
                for digest, at in self._taken().items():
                    touch(connection, digest, at)
        except Exception:  # the act counted even if it cannot be noted; nothing may end the one thread that notes
            log.info("acts of people could not be noted", exc_info=True)
            self._taken()

    def _taken(self) -> dict[str, datetime]:
        with self._lock:
            due, self._due = self._due, {}
        return due
