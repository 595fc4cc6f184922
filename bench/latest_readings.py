"""Latest value and 24 months of 300 indicators in one region, out of ten million observations, on both databases."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from access.actor import LOOPBACK
from bench import large_store
from bench.figure import Figure, median_ms
from database.engine import open_engine, reading
from indicators.catalogue import Catalogue, load
from indicators.readings import latest

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
PLAIN = text(
    "SELECT s.indicator, o.period, o.value FROM series s JOIN observations o ON o.series_id = s.id "
    "WHERE s.world = 'demo' AND s.region = :region AND s.dim = '' ORDER BY s.indicator, o.period"
)
"""The plain way: read the observations by the index that suits the question best."""


def measure() -> Iterator[Figure]:
    """One figure per database."""
    catalogue = load(ROOT)
    folder = Path(tempfile.mkdtemp(prefix="cockpit-bench-"))
    try:
        yield _figure("SQLite", open_engine(f"sqlite:///{folder / 'bench.db'}"), catalogue, "<= 1")
        with _postgres() as server:
            if server:
                yield _figure("PostgreSQL", open_engine(server.url), catalogue, "<= 3")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _figure(name: str, engine: Engine, catalogue: Catalogue, goal: str) -> Figure:
    codes = list(catalogue.indicators)[: large_store.INDICATORS]
    count = large_store.build(engine, codes)
    with reading(engine) as connection:
        ours = median_ms(lambda: _ours(connection, catalogue, codes))
        plain = median_ms(lambda: connection.execute(PLAIN, {"region": large_store.REGION}).all(), 50)
    engine.dispose()
    return Figure(
        f"latest and 24 months of {len(codes)} indicators, {name}", ours, "ms p50", plain,
        "the observations by their key, newest last", goal, note=f"{count:,} observations",
    )  # fmt: skip


def _ours(connection: Connection, catalogue: Catalogue, codes: list[str]) -> None:
    found = latest(connection, catalogue, LOOPBACK, world="demo", region=large_store.REGION, codes=codes, now=NOW)
    if len(found) != len(codes):
        raise AssertionError("the benchmark's store is not what it should be")


def _postgres():
    sys.path.insert(0, str(ROOT / "tests"))
    import servers

    is_here = any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return servers.postgres_server() if is_here else nullcontext(None)
