"""What an answer from the query cache costs, and what fifty callers at once cost, against Flask-Caching's memoize."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
from flask import Flask
from flask_caching import Cache

from bench.figure import Figure, cpu_ms
from database.hub import Hub
from database.query_cache import QueryCache, open_cache

CALLERS = 50
WORK_SECONDS = 0.05


def measure() -> Iterator[Figure]:
    """Two figures: CPU of a hit on a panel of 37 kB, and computations for fifty cold callers."""
    body = orjson.dumps({"tiles": [{"code": f"T{n}", "history": list(range(24))} for n in range(300)]})
    with tempfile.TemporaryDirectory() as folder:
        cache = _cache(Path(folder))
        ours = cpu_ms(lambda: _ask(cache, "panel", lambda: body), 5000)
        plain_app, memoized = _memoized(lambda: orjson.loads(body))
        with plain_app.app_context():
            plain = cpu_ms(lambda: orjson.dumps(memoized()), 500)
        yield Figure(
            "cached panel bytes", ours, "ms CPU per answer", plain, "Flask-Caching memoize, then serialise", "<= 0.2",
            note=f"{len(body)} bytes",
        )  # fmt: skip
        yield Figure(
            "50 cold callers", _computations(lambda work: _ask(cache, "cold", work)), "computations",
            _plain_computations(), "Flask-Caching memoize", "1",
        )  # fmt: skip


def _cache(folder: Path) -> QueryCache:
    hub = Hub(lambda: {"readings:demo": 1})
    hub.start()
    return open_cache(None, folder=folder, secret="benchmark" * 4, hub=hub, catalogue_version=lambda: "1")


def _ask(cache: QueryCache, key: str, build: Callable[[], bytes]) -> bytes:
    return cache.get(key, scope="*", topics=("readings:demo",), build=build, soft_seconds=60).body


def _memoized(work: Callable[[], object]) -> tuple[Flask, Callable[[], object]]:
    app = Flask("plain")
    cache = Cache(app, config={"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 300})

    @cache.memoize(300)
    def answer() -> object:
        return work()

    return app, answer


def _computations(ask: Callable[[Callable[[], bytes]], object]) -> int:
    """How often the work is done when CALLERS ask at the same moment for something nobody has."""
    done: list[int] = []

    def work() -> bytes:
        done.append(1)
        time.sleep(WORK_SECONDS)
        return b"{}"

    _together(lambda: ask(work))
    return len(done)


def _plain_computations() -> int:
    done: list[int] = []

    def work() -> object:
        done.append(1)
        time.sleep(WORK_SECONDS)
        return {}

    app, answer = _memoized(work)

    def ask() -> None:
        with app.app_context():
            answer()

    _together(ask)
    return len(done)


def _together(act: Callable[[], object]) -> None:
    gate = threading.Barrier(CALLERS)

    def caller() -> None:
        gate.wait()
        act()

    threads = [threading.Thread(target=caller) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
