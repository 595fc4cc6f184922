"""Latest value and 24 months of 300 indicators in one region, out of ten million observations, on both databases."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from access.actor import LOOPBACK
from bench import large_store
from bench.figure import Figure, median_ms
from database.engine import open_engine, reading
from indicators.catalogue import Catalogue, load
from indicators.readings import latest

REGION = "445102"
ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
PLAIN = text(
    "SELECT s.indicator, o.period, o.value FROM series s JOIN observations o ON o.series_id = s.id "
    "WHERE s.world = 'demo' AND s.region = :region AND s.dim = '' ORDER BY s.indicator, o.period"
)
"""The plain way: read the observations by the index that suits the question best."""


def measure() -> Iterator[Figure]:
    """Two figures per database: asked again, and asked for the first time."""
    catalogue = load(ROOT)
    folder = Path(tempfile.mkdtemp(prefix="cockpit-bench-"))
    try:
        yield from _figures("SQLite", open_engine(f"sqlite:///{folder / 'bench.db'}"), catalogue, "<= 1")
        with postgres() as server:
            if server:
                yield from _figures("PostgreSQL", open_engine(server.url), catalogue, "<= 3")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _figures(name: str, engine: Engine, catalogue: Catalogue, goal: str) -> Iterator[Figure]:
    codes, regions = list(catalogue.indicators)[: large_store.INDICATORS], list(catalogue.regions)
    count = large_store.build(engine, codes, regions)
    with reading(engine) as connection:
        firsts = [_seconds(partial(_ours, connection, catalogue, codes, region)) for region in regions]
        ours = median_ms(lambda: _ours(connection, catalogue, codes, REGION))
        plain = median_ms(lambda: connection.execute(PLAIN, {"region": REGION}).all(), 50)
    engine.dispose()
    what = f"latest and 24 months of {len(codes)} indicators, {name}"
    way, note = "the observations by their key, newest last", f"{count:,} observations"
    yield Figure(what, ours, "ms p50", plain, way, goal, note=note)
    first = round(statistics.median(firsts) * 1000, 4)
    yield Figure(f"{what}, first time for a region", first, "ms p50", plain, way, note=note)


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _ours(connection: Connection, catalogue: Catalogue, codes: list[str], region: str) -> None:
    found = latest(connection, catalogue, LOOPBACK, world="demo", region=region, codes=codes, now=NOW)
    if len(found) != len(codes):
        raise AssertionError("the benchmark's store is not what it should be")


def postgres():
    """A server of our own for the length of a block; None where PostgreSQL is not installed."""
    sys.path.insert(0, str(ROOT / "tests"))
    import servers

    is_here = any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return servers.postgres_server() if is_here else nullcontext(None)
