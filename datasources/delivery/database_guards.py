"""How a foreign database is made to refuse everything but reading, and how a query on it is ended from outside."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, suppress
from os import dup
from pathlib import Path
from socket import SHUT_RDWR, socket
from time import monotonic
from typing import Protocol

from psycopg import Connection as PsycopgConnection
from psycopg import Error as PsycopgError
from psycopg.errors import UndefinedColumn
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from datasources.delivery.fields import NoSuchField
from datasources.delivery.observation import SourceFailed

CONNECT_SECONDS = 5
LOCK_SECONDS = 2
LONGEST_VALUE = 1_000_000
"""Characters or bytes of one SQLite value; a query that makes longer ones is refused."""


class Guard(Protocol):
    """One conversation with one kind of database."""

    engine: Engine

    def restrict(self, connection: Connection) -> None:
        """From here on the database refuses to write; SourceFailed if the account is too powerful."""

    def give_up(self) -> None:
        """End a running query, from another thread."""

    def explain(self, error: DBAPIError) -> SourceFailed:
        """What the database's refusal means for the people who run the source."""


class SqliteGuard:
    """The file is opened read-only; an authorizer lets only reading through; a handler ends long queries."""

    _ALLOWED = frozenset(
        {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
    )
    _PASSING = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_INTERRUPT", "SQLITE_CANTOPEN", "SQLITE_IOERR"})

    def __init__(self, url: URL, seconds: float) -> None:
        self._address = f"{Path(url.database or '').resolve().as_uri()}?mode=ro"
        self._seconds = seconds
        self._file: sqlite3.Connection | None = None
        self.engine = create_engine("sqlite://", creator=self._open, poolclass=NullPool)

    def restrict(self, connection: Connection) -> None:
        """Query only, values of bounded size, an end in time; last the authorizer, which would refuse these too."""
        assert self._file is not None  # noqa: S101 -- the engine has just opened it
        file = self._file
        until = monotonic() + self._seconds
        file.execute("PRAGMA query_only=ON")
        file.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        file.set_progress_handler(lambda: monotonic() > until, 5000)
        file.set_authorizer(self._decide)

    def give_up(self) -> None:
        """Interrupt the statement."""
        if self._file is not None:
            self._file.interrupt()

    def explain(self, error: DBAPIError) -> SourceFailed:
        """A missing column is named with its nearest neighbour."""
        words = str(error.orig)
        _, said, column = words.partition("no such column: ")
        if said:
            return SourceFailed(f"数据库中{NoSuchField(column.split('.')[-1], self._columns())}", permanent=True)
        passing = getattr(error.orig, "sqlite_errorname", "") in self._PASSING
        return SourceFailed(f"数据库拒绝了查询：{words[:300]}", permanent=not passing)

    def _open(self) -> sqlite3.Connection:
        self._file = sqlite3.connect(self._address, uri=True, timeout=LOCK_SECONDS, check_same_thread=False)
        return self._file

    def _decide(self, action: int, first: str | None, second: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_FUNCTION and second == "load_extension":
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK if action in self._ALLOWED else sqlite3.SQLITE_DENY

    def _columns(self) -> list[str]:
        with closing(sqlite3.connect(self._address, uri=True, timeout=LOCK_SECONDS)) as file:
            found = file.execute("SELECT DISTINCT c.name FROM sqlite_master t, pragma_table_info(t.name) c")
            return [str(name) for (name,) in found]


class PostgresGuard:
    """A read-only transaction with time limits; the query runs as a cursor, so it can only be one SELECT."""

    _LIMITS = (
        "SET TRANSACTION READ ONLY",
        "SET default_transaction_read_only = on",
        "SET LOCAL statement_timeout = {statement}",
        "SET LOCAL lock_timeout = {lock}",
        "SET LOCAL idle_in_transaction_session_timeout = {statement}",
    )
    _POWERS = """
        SELECT bool_or(rolsuper OR pg_has_role(rolname, 'pg_execute_server_program', 'USAGE')
            OR pg_has_role(rolname, 'pg_read_server_files', 'USAGE')
            OR pg_has_role(rolname, 'pg_write_server_files', 'USAGE'))
        FROM pg_roles WHERE rolname IN (current_user, session_user)
    """

    _COLUMNS = """
        SELECT DISTINCT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
            AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        ORDER BY 1 LIMIT 500
    """

    def __init__(self, url: URL, seconds: float) -> None:
        self._seconds = seconds
        self._link: PsycopgConnection | None = None
        self._password = url.password
        self.engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            connect_args={"connect_timeout": CONNECT_SECONDS},
        )
        event.listen(self.engine, "connect", self._remember)

    def restrict(self, connection: Connection) -> None:
        """Limits first; then an account that could leave the database is sent away."""
        for line in self._LIMITS:
            words = line.format(statement=int(self._seconds * 1000), lock=LOCK_SECONDS * 1000)
            connection.exec_driver_sql(words)
        if connection.exec_driver_sql(self._POWERS).scalar():
            raise SourceFailed(
                "数据库账号是超级用户或能读写服务器文件、运行程序；请改用只有查询权限的账号", permanent=True
            )

    def give_up(self) -> None:
        """Cut the line: a frozen server would answer neither the query nor a request to cancel it."""
        with suppress(OSError, PsycopgError):
            if self._link is not None:
                with socket(fileno=dup(self._link.pgconn.socket)) as line:
                    line.shutdown(SHUT_RDWR)

    def explain(self, error: DBAPIError) -> SourceFailed:
        """The server's own words with its hint; only a lost connection or a time limit may pass by itself."""
        words = " ".join(str(error.orig).split())[:400]
        if self._password:
            words = words.replace(self._password, "***")
        column = re.search(r'(?:column|字段) "?([^"\s]+)', words)
        if isinstance(error.orig, UndefinedColumn) and column:
            return SourceFailed(f"数据库中{NoSuchField(column[1].split('.')[-1], self._columns())}", permanent=True)
        kind = "没有连通或没有按时答复" if _is_passing(error) else "拒绝了查询"
        return SourceFailed(f"数据库{kind}：{words}", permanent=not _is_passing(error))

    def _columns(self) -> list[str]:
        with self.engine.connect() as connection:
            return [str(name) for name in connection.exec_driver_sql(self._COLUMNS).scalars()]

    def _remember(self, link: PsycopgConnection, _: object) -> None:
        self._link = link


class OtherGuard:
    """Any other database: the account was declared read-only, the time limit is ours alone."""

    def __init__(self, url: URL, seconds: float) -> None:
        self.engine = create_engine(url, poolclass=NullPool)
        self._password = url.password

    def restrict(self, connection: Connection) -> None:
        """Nothing that all databases would understand."""

    def give_up(self) -> None:
        """The thread ends when the driver's own time limit does."""

    def explain(self, error: DBAPIError) -> SourceFailed:
        """The driver's words without the password."""
        words = " ".join(str(error.orig).split())[:400].replace(self._password or "\0", "***")
        return SourceFailed(f"数据库拒绝了查询：{words}", permanent=not _is_passing(error))


GUARDS: dict[str, type[SqliteGuard] | type[PostgresGuard]] = {"sqlite": SqliteGuard, "postgresql": PostgresGuard}


def _is_passing(error: DBAPIError) -> bool:
    return type(error).__name__ in {"OperationalError", "InterfaceError"}
