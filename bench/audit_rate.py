"""Rows of the audit record per second, by one writer and by eight at once; against one chain all writers wait for."""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text

from access import sealing
from access.actor import LOOPBACK
from access.anchor import AnchorFile
from access.audit import record
from access.audit_verify import verify
from access.sealing import INTL, Keyring
from bench.figure import Figure
from database.engine import open_engine, writing
from database.migrate import migrate

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SECONDS = 3.0
WORK_SECONDS = 0.005
"""What a transaction does besides its row: an event's move takes about as long."""


def measure() -> Iterator[Figure]:
    """Rows per second on both databases; then how fast the whole record is followed."""
    folder = Path(tempfile.mkdtemp(prefix="cockpit-bench-"))
    ring = Keyring(INTL, ("a secret of forty characters, for the bench",))
    sealing.use(ring)
    try:
        yield from _figures("SQLite", open_engine(f"sqlite:///{folder / 'bench.db'}"), ring, folder)
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
        from servers import postgres_server

        with postgres_server() as server:
            yield from _figures("PostgreSQL", open_engine(server.url), ring, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _figures(database: str, engine: Engine, ring: Keyring, folder: Path) -> Iterator[Figure]:
    migrate(engine)
    yield Figure(f"audit rows, one writer, {database}", _rate(engine, 1, _alone), "rows/s")
    many = _rate(engine, 8, _with_work)
    if database == "PostgreSQL":
        plain = _rate(engine, 8, _one_chain)
        yield Figure(
            f"audit rows, eight writers with 5 ms of other work, {database}", many, "rows/s",
            plain=plain, plain_way="one chain, its head locked until the commit", goal=">= 2 times the plain way",
        )  # fmt: skip
    else:
        yield Figure(f"audit rows, eight writers with 5 ms of other work, {database}", many, "rows/s")
    begun = time.perf_counter()
    report = verify(engine, ring, AnchorFile(folder / f"{database}.jsonl"))
    assert report.is_sound, report.findings
    yield Figure(f"audit rows verified, {database}", round(report.rows / (time.perf_counter() - begun)), "rows/s")
    engine.dispose()


def _alone(engine: Engine) -> None:
    with writing(engine) as connection:
        record(connection, by=LOOPBACK, action="bench.row", object="row", now=NOW)


def _with_work(engine: Engine) -> None:
    with writing(engine) as connection:
        record(connection, by=LOOPBACK, action="bench.row", object="row", now=NOW)
        time.sleep(WORK_SECONDS)


def _one_chain(engine: Engine) -> None:
    """The plain way: the same row, behind a lock on a single head."""
    with writing(engine) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(1)"))
        record(connection, by=LOOPBACK, action="bench.row", object="row", now=NOW)
        time.sleep(WORK_SECONDS)


def _rate(engine: Engine, writers: int, write: Callable[[Engine], None]) -> float:
    """Rows per second, all writers together."""
    done = [0] * writers
    until = time.perf_counter() + SECONDS

    def work(number: int) -> None:
        while time.perf_counter() < until:
            write(engine)
            done[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round(sum(done) / SECONDS, 1)
