"""What the audit record lets go: rows older than asked, never younger than 180 days, behind a sealed checkpoint.

网络安全法 and GB/T 22239-2019 8.1.5.4 ask for six months at least. The database itself refuses anything else
(migration 0003); the chain goes on from the checkpoint, so that it still verifies.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, insert, select

from access.actor import Actor
from access.audit import AuditError, record
from access.audit_chain import CHECKPOINT, Head
from access.sealing import Keyring
from database.audit_tables import LANES, audit, audit_checkpoints, audit_heads
from database.engine import writing

SHORTEST = timedelta(days=180)
AT_ONCE = 5_000
"""Rows deleted in one transaction, so that no writer waits long."""


class TooShort(AuditError):
    """Fewer than 180 days."""


def let_go(engine: Engine, ring: Keyring, *, keep: timedelta, by: Actor, now: datetime) -> int:
    """Delete rows older than `keep`; how many went. TooShort under 180 days. The last row of a chain always stays."""
    if keep < SHORTEST:
        raise TooShort(f"审计记录至少保存 {SHORTEST.days} 天，不能按 {keep.days} 天清理")
    gone = sum(_shorten(engine, ring, lane, now - keep, now) for lane in range(1, LANES + 1))
    if gone:
        with writing(engine) as connection:
            told = {"rows": gone, "keep_days": keep.days}
            record(connection, by=by, action="audit.let_go", object="audit", detail=told, now=now)
    return gone


def _shorten(engine: Engine, ring: Keyring, lane: int, before: datetime, now: datetime) -> int:
    with writing(engine) as connection:
        point = _last_old(connection, lane, before)
        if point is None:
            return 0
        _seal(connection, ring, point, before, now)
    gone = 0
    while deleted := _delete_some(engine, point):
        gone += deleted
    return gone


def _last_old(connection: Connection, lane: int, before: datetime) -> Head | None:
    """The last row of the chain's beginning that is old throughout; None if there is none."""
    young = select(func.min(audit.c.seq)).where(audit.c.lane == lane, audit.c.at >= before)
    head = select(audit_heads.c.seq).where(audit_heads.c.lane == lane)
    limit = connection.execute(young).scalar_one() or connection.execute(head).scalar_one()
    query = select(audit.c.seq, audit.c.hash).where(audit.c.lane == lane, audit.c.seq < limit)
    found = connection.execute(query.order_by(audit.c.seq.desc()).limit(1)).first()
    return None if found is None else Head(lane, found.seq, found.hash)


def _seal(connection: Connection, ring: Keyring, point: Head, before: datetime, now: datetime) -> None:
    known = audit_checkpoints.c.lane == point.lane, audit_checkpoints.c.seq == point.seq
    if connection.execute(select(audit_checkpoints.c.seq).where(*known)).first() is None:
        told = {"lane": point.lane, "seq": point.seq, "hash": point.hash, "up_to": before, "made_at": now}
        connection.execute(insert(audit_checkpoints).values(**told, seal=ring.prove(point.said(), CHECKPOINT)))


def _delete_some(engine: Engine, point: Head) -> int:
    old = audit.c.lane == point.lane, audit.c.seq <= point.seq
    some = select(audit.c.id).where(*old).order_by(audit.c.seq).limit(AT_ONCE)
    with writing(engine) as connection:
        return int(connection.execute(delete(audit).where(audit.c.id.in_(some))).rowcount)
