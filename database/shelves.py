"""Where frames are kept: in this process, and beyond it in Redis or in a folder, by Flask-Caching's backends."""

from __future__ import annotations

import logging
import struct
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from cachelib.serializers import FileSystemSerializer, RedisSerializer
from flask_caching.backends.base import BaseCache
from flask_caching.backends.filesystemcache import FileSystemCache
from flask_caching.backends.rediscache import RedisCache

from database.frames import Frame, Sealer
from database.tally import Tally

if TYPE_CHECKING:
    from database.redis_link import RedisLink  # the program is only loaded where there is Redis

log = logging.getLogger(__name__)

KEPT_SECONDS = 7 * 86400
"""How long a last good frame is kept when nobody renews it."""
FRAMES_ON_DISK = 1000
BYTES_IN_PROCESS = 32 * 2**20


class PlainBytes(RedisSerializer, FileSystemSerializer):
    """Serializer of the backends: bytes as they are (Flask-Caching's own pickles, and unpickling runs code)."""

    def dumps(self, value: bytes, protocol: int = 0) -> bytes:
        return value

    def loads(self, value: bytes | None) -> bytes | None:
        return value

    def dump(self, value: bytes | int, f: IO[bytes], protocol: int = 0) -> None:
        f.write(b"i%d" % value if isinstance(value, int) else b"b" + value)

    def load(self, f: IO[bytes]) -> bytes | int | None:
        kind, rest = f.read(1), f.read()
        if kind == b"i":  # the folder's own count of its files
            return int(rest) if rest.isdigit() else 0
        return rest if kind == b"b" else None


class Shelf(Protocol):
    """Keeps sealed frames beyond this process. Neither method raises."""

    def get(self, name: str) -> bytes | None: ...

    def put(self, name: str, sealed: bytes) -> None: ...


class RedisShelf:
    """Shared by all processes."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link
        self._backend: BaseCache = RedisCache(host=link.client, key_prefix="cockpit:frame:")
        self._backend.serializer = PlainBytes()

    def get(self, name: str) -> bytes | None:
        return self._link.call(lambda: self._backend.get(name))

    def put(self, name: str, sealed: bytes) -> None:
        self._link.call(lambda: self._backend.set(name, sealed, timeout=KEPT_SECONDS))


class FolderShelf:
    """Files below COCKPIT_DATA/frames, at most FRAMES_ON_DISK, oldest dropped first; they survive a restart."""

    def __init__(self, folder: Path, tally: Tally) -> None:
        self._tally = tally
        self._lock = threading.Lock()
        FileSystemCache.serializer = PlainBytes()  # before the constructor reads the count of files
        self._backend: BaseCache = FileSystemCache(str(folder), threshold=FRAMES_ON_DISK, default_timeout=KEPT_SECONDS)

    def get(self, name: str) -> bytes | None:
        return self._safely(lambda: self._backend.get(name))

    def put(self, name: str, sealed: bytes) -> None:
        with self._lock:  # the backend's count of files loses updates when two threads write
            self._safely(lambda: self._backend.set(name, sealed))

    def _safely(self, work: Callable[[], object]) -> bytes | None:
        """A damaged or unwritable folder costs the frames, never the answer."""
        try:
            found = work()
        except (OSError, ValueError, TypeError, EOFError, struct.error) as damage:
            self._tally.count("shelf_error")
            log.warning("frames folder: %s", damage)
            return None
        return found if isinstance(found, bytes) else None


class Recent:
    """Frames used lately in this process, dropped by size, least recently used first."""

    def __init__(self, limit: int = BYTES_IN_PROCESS) -> None:
        self._limit = limit
        self._size = 0
        self._frames: OrderedDict[str, tuple[Frame, float]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str) -> tuple[Frame, float] | None:
        """The frame and for how many seconds nobody has looked on the outer shelf for a newer one."""
        with self._lock:
            found = self._frames.get(name)
            if found is None:
                return None
            self._frames.move_to_end(name)
        return found[0], time.monotonic() - found[1]

    def put(self, name: str, frame: Frame) -> None:
        with self._lock:
            old = self._frames.pop(name, None)
            self._size += len(frame.body) - (len(old[0].body) if old else 0)
            self._frames[name] = (frame, time.monotonic())
            while self._size > self._limit and len(self._frames) > 1:
                _, (dropped, _) = self._frames.popitem(last=False)
                self._size -= len(dropped.body)


class Shelves:
    """The inner shelf before the outer one. A frame whose seal is broken counts as missing."""

    LOOK_AGAIN = 1.0
    """Seconds after which the outer shelf is asked again."""

    def __init__(self, outer: Shelf | None, sealer: Sealer, tally: Tally) -> None:
        self._outer = outer
        self._sealer = sealer
        self._tally = tally
        self._recent = Recent()

    def find(self, name: str, is_good: Callable[[Frame], bool]) -> Frame | None:
        """The newest frame known. The outer shelf is asked if ours is not good any more or was not compared lately."""
        found = self._recent.get(name)
        if found and is_good(found[0]) and found[1] < self.LOOK_AGAIN:
            return found[0]
        ours = found[0] if found else None
        theirs = self._from_outside(name)
        known = [frame for frame in (ours, theirs) if frame]
        newest = max(known, key=lambda frame: (is_good(frame), frame.built_at), default=None)
        if newest:
            self._recent.put(name, newest)
        return newest

    def at_hand(self, name: str) -> Frame | None:
        """The frame this process used last, whatever lies elsewhere."""
        found = self._recent.get(name)
        return found[0] if found else None

    def put(self, name: str, frame: Frame) -> None:
        """Keep a frame on both shelves."""
        self._recent.put(name, frame)
        if self._outer:
            self._outer.put(name, self._sealer.seal(name, frame))

    def _from_outside(self, name: str) -> Frame | None:
        sealed = self._outer.get(name) if self._outer else None
        if sealed is None:
            return None
        frame = self._sealer.unseal(name, sealed)
        if frame is None:
            self._tally.count("corrupt")
        return frame
