"""Columns that are encrypted where they lie: in the file, its log, every copy and backup.

Keys belong to the layer above, so the sealer is handed in from there (`access/sealing.py`, `use`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from sqlalchemy import Column, ColumnElement, Connection, Dialect, MetaData, Table, Text, select, tuple_, type_coerce
from sqlalchemy import update as update_of
from sqlalchemy.types import TypeDecorator

_AT_ONCE = 500


class Sealer(Protocol):
    """What encrypts and opens; `about` binds a text to its place."""

    def seal(self, plain: str, about: str) -> str: ...

    def open(self, sealed: str, about: str) -> str: ...

    def is_present(self, sealed: str) -> bool: ...


class NoSealer(Exception):
    """A sealed column is used before the program said with what: nothing may be stored in the clear."""


_in_use: list[Sealer] = []


def use(sealer: Sealer | None) -> None:
    """What seals and opens in this process from now on."""
    _in_use[:] = [] if sealer is None else [sealer]


def sealer() -> Sealer:
    """What seals in this process; NoSealer before `use`."""
    if not _in_use:
        raise NoSealer("sealing.use(settings.keyring()) comes before the first sealed column")
    return _in_use[0]


class Sealed(TypeDecorator[str]):
    """Text that is stored sealed. It cannot be compared, sorted or searched: keep a keyed proof beside it for that.

    `about` names the place, "events.reporter_phone": a text moved to another column does not open.
    """

    impl = Text
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else sealer().seal(value, self.about)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else sealer().open(value, self.about)


def sealed_columns(metadata: MetaData) -> Iterator[Column[Any]]:
    """Every column of the product that is sealed."""
    for table in metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, Sealed))


def reseal(
    connection: Connection, column: Column[Any], after: tuple[Any, ...] | None
) -> tuple[int, tuple[Any, ...] | None]:
    """Seal some hundred values anew where the key or the algorithm in use is another.

    How many were, and the key of the last row looked at: the next call goes on `after` it; None at the end.
    """
    table: Table = column.table
    keys = list(table.primary_key)
    raw = type_coerce(column, Text)
    query = select(*keys, raw.label("sealed")).order_by(*keys).limit(_AT_ONCE)
    found = connection.execute(query if after is None else query.where(_beyond(keys, after))).all()
    old = [row for row in found if row.sealed is not None and not sealer().is_present(row.sealed)]
    about = column.type.about  # type: ignore[attr-defined]
    for row in old:
        plain = sealer().open(row.sealed, about)
        mine = [key == value for key, value in zip(keys, row[:-1], strict=True)]
        connection.execute(update_of(table).where(*mine, raw == row.sealed).values({column.name: plain}))
    return len(old), tuple(found[-1][:-1]) if len(found) == _AT_ONCE else None


def _beyond(keys: list[Column[Any]], after: tuple[Any, ...]) -> ColumnElement[bool]:
    return tuple_(*keys) > tuple_(*after)
