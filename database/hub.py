"""Knows the newest version of every topic and tells the screens: one thread per process reads, many clients listen.

The versions are read from their source (the topics table, or Redis in the live program) every quarter of a second;
an announcement through Redis makes it look at once. When the source is down the last known versions stay and
`is_blind` says so.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

import orjson

from database.frames import Snapshot
from database.listeners import Change, Listener, Listeners
from database.tally import Gate
from database.workers import Workers, within

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from database.redis_link import RedisLink  # the program is only loaded where there is Redis

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25
READ_DEADLINE = 1.0
BLIND_AFTER = 2.0
NOTICE_SECONDS = 0.2
"""What changes within so long after a notice is told in one more: the first change of a calm hour goes out at once."""
VERSIONS_KEY = "cockpit:versions"


class Hub:
    """`read` gives the versions of all topics; it may raise or hang."""

    def __init__(
        self,
        read: Callable[[], Mapping[str, int]],
        *,
        link: RedisLink | None = None,
        poll_seconds: float = POLL_SECONDS,
        capacity: int = 40,
        forward: Callable[[Mapping[str, int]], None] | None = None,
        meanwhile: Callable[[], object] | None = None,
    ) -> None:
        self._read = read
        self._link = link
        self._poll_seconds = poll_seconds
        self._forward = forward
        self._meanwhile = meanwhile
        self._workers = Workers(4, "hub-reader")
        self._lock = threading.Lock()
        self._polling = threading.Lock()
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._process: int | None = None
        self._gate = Gate(60.0)
        self._known: Mapping[str, int] = {}
        self._seen_at = 0
        self._heard: float | None = None
        self._read_at = 0.0
        self._untold: set[str] = set()
        self._told_at = -NOTICE_SECONDS
        self.listeners = Listeners(capacity)

    @property
    def versions(self) -> Mapping[str, int]:
        """The last known version of every topic."""
        self.start()
        return self._known

    @property
    def version(self) -> int:
        """One number for all versions together, equal in every process; only good for comparing with `!=`."""
        return number_of(self.versions)

    @property
    def is_blind(self) -> bool:
        """True if changes cannot be heard at present (the database is down or frozen)."""
        return self._heard is None or time.monotonic() - self._heard > BLIND_AFTER

    @property
    def silent_seconds(self) -> float | None:
        """Seconds since the versions were last read; None if never."""
        return None if self._heard is None else time.monotonic() - self._heard

    def snapshot(self, topics: Collection[str]) -> Snapshot:
        """The versions of `topics` and when they were read; a topic nobody has bumped yet has version 0."""
        self.start()
        known = self._known
        return Snapshot({topic: known.get(topic, 0) for topic in topics}, self._seen_at)

    def start(self) -> None:
        """Read once now, then keep reading on a thread. Again after a fork, which threads do not survive."""
        if self._process == os.getpid():
            return
        with self._lock:
            if self._process == os.getpid():
                return
            self._polling = threading.Lock()
            self.refresh()
            threading.Thread(target=self._poll, name="hub", daemon=True).start()
            if self._link:
                self._link.listen(self._wake.set)
            self._process = os.getpid()

    def stop(self) -> None:
        """End the thread and every stream."""
        self._ended.set()
        self._wake.set()
        self.listeners.close()

    def refresh(self) -> None:
        """Read the versions now, as after own writing; if that fails or hangs, the last known ones stay.

        Of many who wrote at the same time one reads for all: what began after our asking knows what we wrote.
        """
        asked = time.monotonic()
        if not self._polling.acquire(timeout=READ_DEADLINE):
            return
        try:
            if self._read_at > asked:
                return
            started, begun = time.time(), time.monotonic()
            try:
                versions = within(READ_DEADLINE, self._read, self._workers)
            except Exception as problem:  # any failure of the source means the same here: nothing heard
                if self._gate.opens("read"):
                    log.warning("change notices: %s: %s", type(problem).__name__, problem)
                return
            self._heard, self._read_at = time.monotonic(), begun
            self._take(dict(versions), round(started * 1000))
        finally:
            self._polling.release()

    def subscribe(self) -> Listener:
        """A place in the audience; raises Full."""
        self.start()
        return self.listeners.admit()

    def _take(self, versions: Mapping[str, int], seen_at: int) -> None:
        before, self._known, self._seen_at = self._known, versions, seen_at
        topics = {topic for topic in {*before, *versions} if before.get(topic) != versions.get(topic)}
        if self._forward:
            self._forward(versions)
        self._untold |= topics
        self._tell()
        if topics:
            self._announce()

    def _tell(self) -> None:
        """One notice about all that moved since the last one; what comes too soon after it waits for the next look."""
        now = time.monotonic()
        if not self.listeners:
            self._untold.clear()  # whoever comes is told how things stand
        if not self._untold or now - self._told_at < NOTICE_SECONDS:
            return
        told, self._untold, self._told_at = tuple(sorted(self._untold)), set(), now
        self.listeners.tell(Change(told, number_of(self._known)))

    def _announce(self) -> None:
        """Whoever hears first from the database has the other processes look."""
        if self._forward and self._link:
            self._link.announce()

    def _poll(self) -> None:
        while not self._ended.is_set():
            self._wake.wait(self._poll_seconds)
            self._wake.clear()
            self._look_elsewhere()
            self.refresh()

    def _look_elsewhere(self) -> None:
        """What else this process should notice, such as a changed catalogue: before its change notice goes out."""
        if self._meanwhile is None:
            return
        try:
            self._meanwhile()
        except Exception:  # whatever it is, the notices go on
            if self._gate.opens("meanwhile"):
                log.exception("noticing changes")


def number_of(versions: Mapping[str, int]) -> int:
    """A 48-bit number of all versions; exact in JavaScript too."""
    told = orjson.dumps(dict(versions), option=orjson.OPT_SORT_KEYS)
    return int.from_bytes(hashlib.sha256(told).digest()[:6])


def open_hub(engine: Engine, link: RedisLink | None, *, meanwhile: Callable[[], object] | None = None) -> Hub:
    """The hub of a process that has the database; it hands the versions on to the live program through Redis.

    `meanwhile` is called at every look, before the versions are read.
    """
    from database.changes import versions
    from database.engine import reading

    def read() -> Mapping[str, int]:
        with reading(engine) as connection:
            return versions(connection)

    def forward(known: Mapping[str, int]) -> None:
        if link:
            told = orjson.dumps({"topics": dict(known)})
            link.call(lambda: link.client.set(VERSIONS_KEY, told, ex=10))

    return Hub(read, link=link, forward=forward, meanwhile=meanwhile)
