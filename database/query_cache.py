"""Answers kept as bytes: made once for all who ask, renewed when data changed, the last good one when all else fails.

Two ways of growing old. If a topic's version moved, the answer is wrong: a new one is made and everybody waits for it
(at most PATIENCE). If only time passed, it is merely due: everybody gets it at once while it is renewed behind them.
Where changes pour in, answers that `may_rest` are made anew a few times a second and not at every change; what is given
in between says when it was made and when to ask again (decision 068).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from database.flights import Flights, sole_builder
from database.frames import Frame, Sealer, Snapshot, etag_of, frame_name
from database.hub import Hub
from database.rests import Rests
from database.shelves import FolderShelf, RedisShelf, Shelves
from database.tally import Gate, Tally
from database.workers import Outcome, TooSlow, Workers

if TYPE_CHECKING:
    from database.redis_link import RedisLink  # the program is only loaded where there is Redis

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds to wait for a new answer while an older one is at hand."""
DEADLINE = 2.0
"""Seconds to wait when there is nothing else to give."""
BUILDERS = 8
PAUSE_AFTER_FAILURE = 1.0
SOON = 0.15
"""Seconds after which to ask again for an answer that is being made."""
OUTAGES = (SQLAlchemyError, OSError, TooSlow)
"""Errors that mean the database does not answer; any other is the builder's own."""
ANY = ""
"""Stands for all answers where failures are remembered."""


class Unavailable(Exception):
    """No answer can be made now and none was kept. `retry_after` is in seconds."""

    retry_after = 3


@dataclass(frozen=True, slots=True)
class Cached:
    """An answer. `degraded`: it may be outdated, since a newer one cannot be made or changes cannot be heard.

    `again`: seconds after which a newer one can be had; None unless something changed since this one was made.
    """

    body: bytes
    etag: str
    built_at: datetime
    degraded: bool
    again: float | None = None

    def headers(self) -> dict[str, str]:
        """What a response made of it carries. The body's age travels with it even when only 304 is answered."""
        headers = {"ETag": f'"{self.etag}"', "X-Frame-At": self.built_at.isoformat(timespec="milliseconds")}
        if self.again is not None:
            headers["X-Again"] = str(round(self.again * 1000))
        return headers | ({"X-Degraded": "1"} if self.degraded else {})


@dataclass(frozen=True, slots=True)
class _Wish:
    """One question: where its answer is kept, what it depends on and how to make it."""

    name: str
    key: str
    topics: Collection[str]
    build: Callable[[], bytes]
    soft_seconds: float


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why an answer could not be made, and when."""

    error: Exception
    at: float


class QueryCache:
    """See the module. Safe for threads and processes; raises only Unavailable or what `build` raised."""

    def __init__(
        self,
        shelves: Shelves,
        hub: Hub,
        *,
        tally: Tally,
        link: RedisLink | None = None,
        catalogue_version: Callable[[], str] = lambda: "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.tally = tally
        self.link = link
        self._shelves = shelves
        self._hub = hub
        self._catalogue_version = catalogue_version
        self._now = now
        self._flights: Flights[Frame] = Flights(Workers(BUILDERS, "cache-builder"))
        self._rests = Rests()
        self._failures: dict[str, _Failure] = {}
        self._log_gate = Gate(60.0)

    def get(
        self,
        key: str,
        *,
        scope: str,
        topics: Collection[str],
        build: Callable[[], bytes],
        soft_seconds: float,
        may_rest: bool = False,
    ) -> Cached:
        """The answer to `key` for those who may see `scope`. `build` runs on another thread, on its own connection.

        `may_rest`: whoever asks would rather have the answer of a moment ago at once, with its age, than wait.
        """
        name = frame_name(key, scope=scope, catalogue_version=self._catalogue_version())
        wish = _Wish(name, key, topics, build, soft_seconds)
        wanted = self._hub.snapshot(topics)
        if may_rest and (resting := self._resting(wish, wanted)):
            return resting
        frame = self._shelves.find(name, lambda kept: kept.is_of(wanted))
        if frame is None:
            return self._cold(wish, wanted)
        if not frame.is_of(wanted):
            return self._moved(wish, wanted, frame)
        if frame.is_ripe(self._now()):
            if not self._recent_failure(name):
                self._renew(wish)
            return self._cached(frame, "stale", degraded=name in self._failures)
        return self._cached(frame, "hit")

    def begin(
        self, key: str, *, scope: str, topics: Collection[str], build: Callable[[], bytes], soft_seconds: float
    ) -> Callable[[float], Cached | None]:
        """Have the answer to `key` made unless it is at hand. What it gives waits so many seconds for it; None if it is
        not there by then, outdated, or cannot be made: nobody who asks this way gets anything but the newest."""
        name = frame_name(key, scope=scope, catalogue_version=self._catalogue_version())
        wish, wanted = _Wish(name, key, topics, build, soft_seconds), self._hub.snapshot(topics)
        if self._hub.is_blind or self._recent_failure(name):
            return lambda _: None
        frame = self._shelves.find(name, lambda kept: kept.is_of(wanted))
        if frame is None or not frame.is_of(wanted):
            if self._rests.left(name):
                return lambda _: None
            outcome = self._renew(wish)
            return lambda seconds: self._soon(outcome, wanted, seconds)
        if frame.is_ripe(self._now()):
            self._renew(wish)
        return lambda _: self._cached(frame, "hit")

    def _soon(self, outcome: Outcome[Frame], wanted: Snapshot, seconds: float) -> Cached | None:
        try:
            frame = outcome.wait(seconds)
        except Exception:  # logged where it happened; whoever needs it asks again
            return None
        return self._cached(frame, "ahead") if frame.is_of(wanted) else None

    def _resting(self, wish: _Wish, wanted: Snapshot) -> Cached | None:
        """The answer of a moment ago, if its data moved since; the next one is begun as soon as it has rested."""
        if self._hub.is_blind or not self._rests.is_recent(wish.name) or self._recent_failure(wish.name):
            return None
        frame = self._shelves.at_hand(wish.name)
        if frame is None or frame.is_of(wanted):
            return None
        left = self._rests.left(wish.name)
        if not left:
            self._renew(wish)
        return self._cached(frame, "rested", again=max(left, SOON))

    def _cold(self, wish: _Wish, wanted: Snapshot) -> Cached:
        failure = self._recent_failure(wish.name) or (self._recent_failure(ANY) if self._hub.is_blind else None)
        try:
            if failure:
                raise failure.error.with_traceback(None)
            return self._cached(self._renewed(wish, wanted, DEADLINE), "miss")
        except OUTAGES as problem:
            self.tally.count("unavailable")
            raise Unavailable(wish.key) from problem

    def _moved(self, wish: _Wish, wanted: Snapshot, kept: Frame) -> Cached:
        if not self._hub.is_blind and not self._recent_failure(wish.name):
            try:
                return self._cached(self._renewed(wish, wanted, PATIENCE), "moved")
            except Exception:  # logged where it happened; an older answer with its age beats none
                log.debug("answering %s with the last good frame", wish.key)
        return self._cached(kept, "degraded", degraded=True)

    def _renewed(self, wish: _Wish, wanted: Snapshot, seconds: float) -> Frame:
        """A frame of at least `wanted`. Work found under way may have begun before the change: then once more."""
        until = time.monotonic() + seconds
        frame = self._renew(wish).wait(seconds)
        if not frame.is_of(wanted):
            frame = self._renew(wish).wait(max(0.0, until - time.monotonic()))
        return frame

    def _renew(self, wish: _Wish) -> Outcome[Frame]:
        return self._flights.join(wish.name, lambda: self._build(wish))

    def _build(self, wish: _Wish) -> Frame:
        try:
            with sole_builder(self.link, wish.name) as is_sole:
                frame = self._current(wish) or (None if is_sole else self._made_elsewhere(wish)) or self._make(wish)
        except Exception as error:
            self._remember_failure(wish, error)
            raise
        self._failures.pop(wish.name, None)
        return frame

    def _current(self, wish: _Wish) -> Frame | None:
        """A frame that somebody finished while we were getting ready."""
        wanted, now = self._hub.snapshot(wish.topics), self._now()

        def is_good(kept: Frame) -> bool:
            return kept.is_of(wanted) and not kept.is_ripe(now)

        frame = self._shelves.find(wish.name, is_good)
        return frame if frame and is_good(frame) else None

    def _made_elsewhere(self, wish: _Wish) -> Frame | None:
        """What another process is making now, if it ends within PATIENCE."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            time.sleep(0.02)
            if frame := self._current(wish):
                return frame
        return None

    def _make(self, wish: _Wish) -> Frame:
        seen = self._hub.snapshot(wish.topics)  # before the database is read: a later change must differ
        kept, begun = self._shelves.at_hand(wish.name), time.monotonic()
        body = wish.build()
        if kept and not kept.is_of(seen):
            self._rests.made(wish.name, time.monotonic() - begun)
        frame = Frame(body, etag_of(body), self._now(), wish.soft_seconds, seen)
        self._shelves.put(wish.name, frame)
        self.tally.count("built")
        return frame

    def _remember_failure(self, wish: _Wish, error: Exception) -> None:
        self.tally.count("build_failed")
        if len(self._failures) > 1000:
            self._failures.clear()
        failure = self._failures[wish.name] = _Failure(error, time.monotonic())
        if isinstance(error, OUTAGES):
            self._failures[ANY] = failure
        if self._log_gate.opens(wish.name):
            log.warning("cannot build %s: %s: %s", wish.key, type(error).__name__, error)

    def _recent_failure(self, name: str) -> _Failure | None:
        failure = self._failures.get(name)
        return failure if failure and time.monotonic() - failure.at < PAUSE_AFTER_FAILURE else None

    def _cached(self, frame: Frame, outcome: str, *, degraded: bool = False, again: float | None = None) -> Cached:
        self.tally.count(outcome)
        return Cached(frame.body, frame.etag, frame.built_at, degraded or self._hub.is_blind, again)


def open_cache(
    link: RedisLink | None,
    *,
    folder: Path,
    secret: str,
    hub: Hub,
    catalogue_version: Callable[[], str],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> QueryCache:
    """The cache of one server process: beyond it frames are kept in Redis, or in `folder` where there is none."""
    tally = Tally("cache")
    outer = RedisShelf(link) if link else FolderShelf(folder, tally)
    shelves = Shelves(outer, Sealer(secret), tally)
    return QueryCache(shelves, hub, tally=tally, link=link, catalogue_version=catalogue_version, now=now)
