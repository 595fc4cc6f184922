"""The record of who did what: one row per change, written in the change's own transaction, linked by hashes.

If the row cannot be written the change is not made either (GB/T 22239-2019 8.1.4.3). Rows stand in several chains side
by side; a transaction takes one that nobody else holds, so that concurrent writers never wait for each other and never
link to the same row. `access/audit_chain.py` says what a link is, `access/audit_verify.py` follows the chains.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, insert, text, update

from access.actor import Actor
from access.audit_chain import Head, Row, columns_of, proof_of_head
from access.personal import mask_text
from access.request_facts import RequestFacts, present
from access.sealing import INTL, keyring
from access.visible_text import one_line
from database.audit_tables import LANES, audit, audit_heads

OK, REFUSED, FAILED = "ok", "refused", "failed"
RESULTS = (OK, REFUSED, FAILED)
_LONGEST_DETAIL = 8_000
_LANE = "audit_lane"


class AuditError(Exception):
    """The record cannot be written, so the action must not happen."""


def record(
    connection: Connection,
    *,
    by: Actor,
    action: str,
    object: str,
    result: str = OK,
    region: str = "",
    detail: Mapping[str, object] | None = None,
    request: RequestFacts | None = None,
    now: datetime,
) -> int:
    """Write one row inside the caller's write transaction; its number. AuditError or a database error undo the change.

    `object`: kind and key, "entry 12". `region`: whose it is, '' for the whole city. `detail`: plain values for the
    auditor; personal data in it is masked. Address and request id are those of the present request unless given.
    """
    if result not in RESULTS:
        raise AuditError(f"no result '{result}', should be one of {', '.join(RESULTS)}")
    head, number = _claim(connection)
    facts = present() if request is None else request
    row = Row(
        id=number, lane=head.lane, seq=head.seq + 1, at=now, previous=head.hash, algorithm=_hash_name(), result=result,
        actor=one_line(by.name, 120), account=one_line(by.user, 64), role=one_line(by.role, 40),
        region=one_line(region, 16), address=one_line(facts.address, 45), action=one_line(action, 64),
        object=one_line(object, 160), request_id=one_line(facts.request_id, 64), detail=_told(detail or {}),
    )  # fmt: skip
    _append(connection, row)
    return number


_ROW = insert(audit)
_HEAD = update(audit_heads).where(
    audit_heads.c.lane == bindparam("of_lane"), audit_heads.c.seq == bindparam("after")
)  # fmt: skip


def _append(connection: Connection, row: Row) -> None:
    digest = row.digest()
    connection.execute(_ROW, {**columns_of(row), "hash": digest})
    head = Head(row.lane, row.seq, digest)
    ring = keyring()
    seal = proof_of_head(ring, head) if ring else ""
    place = {"of_lane": row.lane, "after": row.seq - 1}
    moved = connection.execute(_HEAD, {**place, "seq": head.seq, "hash": head.hash, "seal": seal})
    if moved.rowcount != 1:
        raise AuditError(f"chain {row.lane} of the audit record moved while it was held")


def _hash_name() -> str:
    ring = keyring()
    return (ring.provider if ring else INTL).hash_name


def _told(detail: Mapping[str, object]) -> str:
    """As JSON. Should a caller hand in what a citizen wrote, phones and ID numbers in it are masked all the same."""
    told = orjson.dumps(_masked(detail), option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str).decode()
    told = one_line(told, _LONGEST_DETAIL + 1)
    return told if len(told) <= _LONGEST_DETAIL else orjson.dumps({"too_long": told[:200]}).decode()


def _masked(value: object) -> object:
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {key: _masked(part) for key, part in value.items()}
    return [_masked(part) for part in value] if isinstance(value, list | tuple) else value


# The chain of this transaction

_ON_SQLITE = text(
    "SELECT lane, seq, hash, (SELECT COALESCE(MAX(id), 0) + 1 FROM audit) AS number FROM audit_heads WHERE lane = 1"
)
_FREE = text(
    "WITH head AS (SELECT lane, seq, hash FROM audit_heads ORDER BY lane LIMIT 1 FOR UPDATE SKIP LOCKED) "
    "SELECT lane, seq, hash, nextval('audit_id_seq') AS number FROM head"
)
_NAMED = text(
    "WITH head AS (SELECT lane, seq, hash FROM audit_heads WHERE lane = :lane FOR UPDATE) "
    "SELECT lane, seq, hash, nextval('audit_id_seq') AS number FROM head"
)


def _claim(connection: Connection) -> tuple[Head, int]:
    """A chain held by this transaction until it ends, and the number of the row to come."""
    found = _of_sqlite(connection) if connection.dialect.name == "sqlite" else _of_postgres(connection)
    if found is None:
        raise AuditError("the heads of the audit record are missing")
    return Head(found.lane, found.seq, found.hash), found.number


def _of_sqlite(connection: Connection) -> Any:
    """SQLite has one writer at a time, so one chain is enough; but a reading transaction would lose the row."""
    if connection.get_execution_options().get("sqlite_begin") != "IMMEDIATE":
        raise AuditError("audit rows are written inside `writing`; here the row would be lost")
    return connection.execute(_ON_SQLITE).first()


def _of_postgres(connection: Connection) -> Any:
    """The chain this transaction holds already, else a free one; if all are held, one to wait for."""
    turn = connection.get_transaction()
    held, lane = connection.info.get(_LANE, (None, 0))
    if turn is not None and held is turn:
        return connection.execute(_NAMED, {"lane": lane}).first()
    found = (
        connection.execute(_FREE).first() or connection.execute(_NAMED, {"lane": id(connection) % LANES + 1}).first()
    )
    if found is not None:
        connection.info[_LANE] = (turn, found.lane)
    return found
