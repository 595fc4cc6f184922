"""Many rows at once, by the fastest way of each database, and lookups of many keys by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Table, TextClause, text

Rows = Sequence[tuple[Any, ...]]


def insert(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    """Insert plain values (instants already in ms) into `columns` of `table`."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table.name, columns, rows)
    else:
        connection.exec_driver_sql(_insert(connection, table, columns), list(rows))


def upsert(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    """Insert, or overwrite the row with the same primary key. One key must not occur twice in `rows`."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in keys)
    statement = f"{_insert(connection, table, columns)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    connection.exec_driver_sql(statement, list(rows))


def fetch(connection: Connection, statement: TextClause, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows as the driver gives them: plain tuples, instants in ms."""
    result = connection.execute(statement, parameters)
    try:
        return [] if result.cursor is None else list(result.cursor.fetchall())
    finally:
        result.close()


def select(connection: Connection, statement: str, keys: Sequence[Any], **parameters: Any) -> list[tuple[Any, ...]]:
    """Rows for many keys: `statement` reads them `FROM {keys} CROSS JOIN …` by `{0}`, `{1}` … for the parts of a key.

    The keys travel as one JSON text, so that neither the number of parameters nor the statement grows with them.
    Parts are texts on PostgreSQL; cast where a number is meant.
    """
    if not keys:
        return []
    return fetch(connection, _with_keys(connection, statement), _named(keys, parameters))


def execute(connection: Connection, statement: str, keys: Sequence[Any], **parameters: Any) -> None:
    """Like `select`, for statements that write."""
    if keys:
        connection.execute(_with_keys(connection, statement), _named(keys, parameters))


_KEYS = {
    "sqlite": ("json_each(:keys) k", "json_extract(k.value, '$[{part}]')"),
    "postgresql": ("jsonb_array_elements(CAST(:keys AS jsonb)) k", "(k.value ->> {part})"),
}
_LONGEST_KEY = 4


def _with_keys(connection: Connection, statement: str) -> TextClause:
    keys, part_of = _KEYS[connection.dialect.name]
    return text(statement.format(*(part_of.format(part=part) for part in range(_LONGEST_KEY)), keys=keys))


def _named(keys: Sequence[Any], parameters: dict[str, Any]) -> dict[str, Any]:
    return {"keys": orjson.dumps(keys).decode(), **parameters}


def _insert(connection: Connection, table: Table, columns: Sequence[str]) -> str:
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    places = ", ".join([mark] * len(columns))
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 -- names from tables.py


def _copy(connection: Connection, table: str, columns: Sequence[str], rows: Rows) -> None:
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
