"""Shows one personal field in full, to one person, for a reason, and leaves that on record.

A table offers its rows by `Table.info`: `object` is the kind ("event"), `key` the column of the number people know,
`region` the column that says whose it is. Its personal columns are marked as in `access/personal.py`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Table, select

from access.actor import Actor, OutOfScope
from access.audit import record
from access.personal import personal_fields
from access.visible_text import one_line
from database.schema import metadata

RIGHT = "personal.reveal"
SHORTEST_REASON, LONGEST_REASON = 4, 200


class RevealRefused(Exception):
    """The reason is missing or too short; the message is for the person."""


def reveal(connection: Connection, by: Actor, object: str, field: str, reason: str, now: datetime) -> str:
    """The full text of `field` of `object` ("event CZ-20261122-0007"), written down in this very transaction.

    Denied without `personal.reveal`; OutOfScope for another's object, for one that is none and for a field that is none
    alike; RevealRefused without a reason.
    """
    by.require(RIGHT)
    said = one_line(reason, LONGEST_REASON).strip()
    if len(said) < SHORTEST_REASON:
        raise RevealRefused(f"请写明查看理由（不少于 {SHORTEST_REASON} 个字），理由将记入审计")
    kind, _, key = object.partition(" ")
    table = _table_of(kind)
    if table is None or field not in personal_fields(table):
        raise OutOfScope(right=RIGHT)
    region, value = _found(connection, table, key, field)
    by.require(RIGHT, region)
    told = {"field": field, "reason": said}
    record(connection, by=by, action=RIGHT, object=object, region=region, detail=told, now=now)
    return value


def _table_of(kind: str) -> Table | None:
    return next((table for table in metadata.tables.values() if table.info.get("object") == kind), None)


def _found(connection: Connection, table: Table, key: str, field: str) -> tuple[str, str]:
    """Region and full text; OutOfScope if there is no such row or nothing in it."""
    named, whose = table.c[table.info["key"]], table.c[table.info["region"]]
    row = connection.execute(select(whose, table.c[field]).where(named == key)).first()
    if row is None:
        raise OutOfScope(right=RIGHT)
    return str(row[0]), str(row[1] or "")
