"""Parts the cache tests put together: a hub whose versions the test sets, and caches on a shelf of choice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from database.frames import Sealer
from database.hub import Hub
from database.query_cache import QueryCache
from database.redis_link import RedisLink
from database.shelves import RedisShelf, Shelf, Shelves
from database.tally import Tally

SECRET = "a secret of the tests only, long enough"


class World:
    """What the versions and the clock are at the moment; `down` makes the versions unreadable."""

    def __init__(self) -> None:
        self.topics = {"readings:demo": 1}
        self.down = False
        self.time = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
        self.hubs: list[Hub] = []
        self.links: list[RedisLink] = []

    def read(self) -> dict[str, int]:
        if self.down:
            raise ConnectionError("the database is down")
        return dict(self.topics)

    def hub(self) -> Hub:
        """A hub that only looks when told to."""
        made = Hub(self.read, poll_seconds=3600)
        self.hubs.append(made)
        made.start()
        return made

    def change(self) -> None:
        """New data: every hub hears of it."""
        self.topics["readings:demo"] += 1
        for hub in self.hubs:
            hub.refresh()

    def pass_time(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def cache(self, outer: Shelf | None = None, *, link: RedisLink | None = None, catalogue: str = "c1") -> QueryCache:
        """A cache as a process of its own would have it."""
        tally = Tally("cache")
        shelf = RedisShelf(link) if link else outer
        shelves = Shelves(shelf, Sealer(SECRET), tally)
        return QueryCache(
            shelves, self.hub(), tally=tally, link=link, catalogue_version=lambda: catalogue, now=lambda: self.time
        )

    def link(self, url: str) -> RedisLink:
        made = RedisLink(url)
        self.links.append(made)
        return made

    def end(self) -> None:
        for hub in self.hubs:
            hub.stop()
        for link in self.links:
            link.end()


class Build:
    """A build that counts how often it runs, may wait for a gate, and may fail."""

    def __init__(self, body: bytes = b"one") -> None:
        self.body = body
        self.runs = 0
        self.error: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Event()
        self._lock = threading.Lock()

    def __call__(self) -> bytes:
        with self._lock:
            self.runs += 1
        self.begun.set()
        body, error = self.body, self.error
        assert self.gate.wait(20)
        if error:
            raise error
        return body


def ask(cache: QueryCache, build: Callable[[], bytes], key: str = "k", *, scope: str = "*", soft: float = 60.0):
    return cache.get(key, scope=scope, topics=["readings:demo"], build=build, soft_seconds=soft)


def together(count: int, work: Callable[[], object]) -> list[object]:
    """Run `work` in `count` threads that start at the same moment; their results, exceptions included."""
    start = threading.Barrier(count)
    results: list[object] = []

    def run() -> None:
        start.wait()
        try:
            results.append(work())
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results
