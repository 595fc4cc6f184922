"""The audience of the change notices: one bounded queue per client, and the text of the stream it gets."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from queue import Empty, Full, Queue

import orjson
from prometheus_client import Gauge

HEARTBEAT_SECONDS = 5.0
QUEUE_LENGTH = 32

_CLIENTS = Gauge("cockpit_live_clients", "Open change streams", multiprocess_mode="livesum")


class AudienceFull(Exception):
    """No place left: the client polls /live/version instead."""


@dataclass(frozen=True, slots=True)
class Change:
    """Topics that moved, and the number of all versions after it."""

    topics: tuple[str, ...]
    version: int


class Listener:
    """One client. A client that reads too slowly is dropped; it comes back and is told everything it missed."""

    def __init__(self) -> None:
        self._queue: Queue[Change | None] = Queue(QUEUE_LENGTH)
        self.is_dropped = False

    def tell(self, change: Change) -> None:
        try:
            self._queue.put_nowait(change)
        except Full:
            self.is_dropped = True

    def drop(self) -> None:
        """End the stream at once."""
        self.is_dropped = True
        try:
            self._queue.put_nowait(None)
        except Full:
            return  # it wakes up anyway

    def hear(self, seconds: float) -> Change | None:
        """The changes waiting, joined into one; None if nothing came within `seconds`."""
        try:
            heard = [self._queue.get(timeout=seconds)]
            while not self._queue.empty():
                heard.append(self._queue.get_nowait())
        except Empty:
            return None
        changes = [change for change in heard if change]
        if not changes:
            return None
        return Change(tuple(sorted({topic for change in changes for topic in change.topics})), changes[-1].version)


class Listeners:
    """At most `capacity` clients at a time: each holds a thread of the server."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._all: set[Listener] = set()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._all)

    def admit(self) -> Listener:
        with self._lock:
            if len(self._all) >= self.capacity:
                raise AudienceFull(f"{self.capacity} change streams are open")
            listener = Listener()
            self._all.add(listener)
        _CLIENTS.inc()
        return listener

    def leave(self, listener: Listener) -> None:
        """Give the place back; a second time changes nothing."""
        with self._lock:
            if listener not in self._all:
                return
            self._all.discard(listener)
        _CLIENTS.dec()

    def tell(self, change: Change) -> None:
        """Give everybody the news; whoever has not taken the earlier ones loses its place."""
        for listener in self._each():
            listener.tell(change)
            if listener.is_dropped:
                self.leave(listener)

    def close(self) -> None:
        """Send everybody home."""
        for listener in self._each():
            listener.drop()
            self.leave(listener)

    def _each(self) -> list[Listener]:
        with self._lock:
            return list(self._all)


def event(kind: str, data: Mapping[str, object], number: int | None) -> bytes:
    """One server-sent event; `number` is what the browser says when it comes back."""
    mark = b"" if number is None else b"id: %d\n" % number
    return mark + b"event: %s\ndata: %s\n\n" % (kind.encode(), orjson.dumps(dict(data)))
