"""Opens the database, embedded or PostgreSQL, and hands out reading and writing transactions with firm time limits."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

from database.turns import Turns

_SQLITE_PRAGMAS = (
    "PRAGMA busy_timeout=5000",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-4000",
    "PRAGMA temp_store=MEMORY",
)
_POOL = {"pool_use_lifo": True, "pool_size": 8, "max_overflow": 24, "pool_timeout": 2}
"""The connection used last is used next: the others stay small, each keeps up to 4 MB of pages of its own."""
_ALIVE = {"pool_pre_ping": True}
"""Asked before each use of a connection that a network or a server may have ended; a file ends none."""
READING_SECONDS = 2.0
"""PostgreSQL ends a reading statement after this; the client gives up half a second later."""
WRITING_SECONDS = 120.0
"""The same for writing: a file of 100,000 rows is one transaction."""
PATIENCE_SECONDS = 30.0
"""How long a writer waits for other writers before it fails."""
LONGEST_GAP = 0.1
"""Seconds: as far apart as waiting writers knock at an embedded database at last."""


class _Queue:
    """The writers of one process at one embedded database."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.gives_way = False


_QUEUES: WeakKeyDictionary[Engine, _Queue] = WeakKeyDictionary()


def open_engine(url: str) -> Engine:
    """An engine for an SQLAlchemy `url`. Nothing is connected yet; the folder of an embedded database is made."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(url, address.database)
    return _open_postgres(url)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database. Whatever is written inside is lost."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            _limit(connection, READING_SECONDS, read_only=True)
        try:
            yield connection
        finally:
            _end(connection)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: committed when the block ends, rolled back when it raises. Writers wait for each other."""
    with _turn(engine), engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            _limit(connection, WRITING_SECONDS, read_only=False)
        else:
            _begin_immediate(connection)
        try:
            yield connection
            connection.commit()
        except BaseException:
            _end(connection)
            raise


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Threads of one process that write to an embedded database come one after another, as they asked. The database
    itself lets them all knock, longer and longer apart, and whoever knocks at the right moment is in: some waited for
    seconds."""
    queue = _QUEUES.get(engine)
    if queue is None:
        yield
        return
    has_turn, began = queue.turns.take(PATIENCE_SECONDS), time.monotonic()
    try:
        yield
    finally:
        if queue.gives_way:
            time.sleep(min(LONGEST_GAP, time.monotonic() - began))
        if has_turn:
            queue.turns.give_back()


def give_way(engine: Engine) -> None:
    """Leave the embedded database free after each write through `engine` for as long as the write took: for programs
    that write one thing after another while people wait to write in another process."""
    if engine in _QUEUES:
        _QUEUES[engine].gives_way = True


def _end(connection: Connection) -> None:
    """Roll back, unless the connection broke on the way: then there is nothing left to roll back."""
    if not connection.invalidated:
        connection.rollback()


# Embedded


def _is_file(database: str | None) -> bool:
    return bool(database) and database != ":memory:" and not str(database).startswith("file:")


def _open_sqlite(url: str, database: str | None) -> Engine:
    if database and _is_file(database):
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, json_serializer=_json, json_deserializer=orjson.loads, **_POOL)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    _QUEUES[engine] = _Queue()
    return engine


def _prepare_sqlite(raw: Any, _: object) -> None:
    raw.isolation_level = None  # the driver must not begin transactions on its own: its BEGIN is deferred
    for pragma in _SQLITE_PRAGMAS:
        raw.execute(pragma).close()
    _keep_log_ahead(raw)


def _keep_log_ahead(raw: Any) -> None:
    """WAL mode. While another process switches it too, SQLite refuses at once, whatever busy_timeout says."""
    deadline = time.monotonic() + 5.0
    while True:
        try:
            raw.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as refused:
            if "locked" not in str(refused) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: a deferred BEGIN fails without waiting as soon as another writer was faster."""
    connection.execution_options(sqlite_begin="IMMEDIATE")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            connection.begin()
        except OperationalError as refused:
            if "locked" not in str(refused.orig) or time.monotonic() > deadline:
                raise
        else:
            return


# PostgreSQL


def glancing(engine: Engine) -> Engine:
    """An engine on the same database for single statements that only read, one exchange with the server each.

    No transaction, no question beforehand whether the connection still lives: who uses it tries once more when it does
    not. On a database in memory it is `engine` itself.
    """
    if engine.dialect.name == "postgresql":
        return _open_postgres(engine.url, isolation_level="AUTOCOMMIT", pool_pre_ping=False)
    return _glancing_at_file(engine) if _is_file(engine.url.database) else engine


def _glancing_at_file(engine: Engine) -> Engine:
    """Beginning and ending a transaction around one statement cost as much processor again as the statement."""
    found = create_engine(engine.url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, **_POOL)
    event.listen(found, "connect", _prepare_sqlite)
    return found


def _open_postgres(url: str | URL, **more: Any) -> Engine:
    from database.bounded_connection import BoundedConnection

    engine = create_engine(
        url,
        json_serializer=_json,
        json_deserializer=orjson.loads,
        connect_args={
            "connect_timeout": 2,
            "application_name": "cockpit",
            "options": f"-c lock_timeout=2000 -c statement_timeout={int(READING_SECONDS * 1000)} -c timezone=UTC",
        },
        **{**_POOL, **_ALIVE, **more},
    )
    event.listen(engine, "do_connect", lambda _, __, args, options: BoundedConnection.connect(*args, **options))
    event.listen(engine, "checkin", _forget_limit)
    return engine


def _limit(connection: Connection, seconds: float, *, read_only: bool) -> None:
    """Set the limits of the coming transaction; for reading that needs no exchange with the server."""
    from psycopg import IsolationLevel

    raw: Any = connection.connection.dbapi_connection
    raw.patience = seconds + 0.5
    raw.read_only = read_only
    raw.isolation_level = IsolationLevel.REPEATABLE_READ if read_only else IsolationLevel.READ_COMMITTED
    if not read_only:
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")


def _forget_limit(raw: Any, _: object) -> None:
    if raw is not None and not raw.closed:
        raw.patience = READING_SECONDS + 0.5


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
