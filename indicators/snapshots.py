"""Frozen pages as kept: made, listed and opened by rights and scope, let go when their time is over."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select

from access.actor import TIMETABLE, Actor, Denied, OutOfScope, Scope
from access.audit import record
from database import changes
from database.engine import writing
from database.snapshot_tables import snapshots
from database.storable import storable
from indicators.snapshot import MAKE, Draft, Part, Snapshot, SnapshotRefused, seeing

TOPIC = "snapshots"
LARGEST = 8_000_000
"""Bytes of one page."""
MOST = 300
"""Kept at once by one person."""
LISTED = 500
_HEAD = [column for column in snapshots.c if column.name != "body"]


class Damaged(Exception):
    """The kept bytes are not those that were frozen."""


def keep(connection: Connection, by: Actor, draft: Draft, *, days: int, now: datetime) -> Snapshot:
    """Keep a page for so many days. Denied, SnapshotRefused."""
    by.require(MAKE)
    if by.kind == "screen" or not by.user:
        raise Denied("快照属于登录的人员，大屏不能保存。", right=MAKE)
    body = draft.body.encode()
    if len(body) > LARGEST:
        raise SnapshotRefused("页面内容过大，不能存为快照")
    _require_room(connection, by, now)
    key, until, digest = secrets.token_hex(8), now + timedelta(days=days), sha256(body).hexdigest()
    row = {
        "id": key, "world": draft.world, "title": storable(draft.title, 120), "path": draft.path,
        "look": draft.look, "body": draft.body, "parts": [asdict(part) for part in draft.parts],
        "sha256": digest, "size": len(body), "made_at": now, "as_of": draft.as_of,
        "account": by.user, "made_by": by.name, "role_name": by.role_name, "regions": _listed(by.scope.regions),
        "departments": _listed(by.scope.departments), "rights": sorted(seeing(by)), "release": draft.release,
        "keep_until": until,
    }  # fmt: skip
    connection.execute(insert(snapshots).values(row))
    detail = {"path": draft.path, "sha256": digest, "keep_until": until.isoformat()}
    _told(connection, by, "snapshots.make", key, detail, now)
    return _found(connection, key)


def listed(connection: Connection, by: Actor, *, world: str, now: datetime) -> list[Snapshot]:
    """Those the actor may open, newest first."""
    asked = select(*_HEAD).where(snapshots.c.world == world, snapshots.c.keep_until > now)
    rows = connection.execute(asked.order_by(snapshots.c.made_at.desc()).limit(LISTED)).mappings()
    return [one for one in map(_snapshot, rows) if one.is_for(by)]


def opened(connection: Connection, by: Actor, key: str, *, now: datetime) -> tuple[Snapshot, str] | None:
    """One with its body; None if there is none, it is over, or another's. Damaged if its bytes were changed."""
    row = connection.execute(
        select(snapshots).where(snapshots.c.id == key, snapshots.c.keep_until > now)
    ).mappings().first()  # fmt: skip
    found = _snapshot(row) if row else None
    if row is None or found is None or not found.is_for(by):
        return None
    if sha256(str(row["body"]).encode()).hexdigest() != found.sha256:
        raise Damaged(key)
    return found, str(row["body"])


def let_go(connection: Connection, by: Actor, key: str, *, now: datetime) -> None:
    """Remove one before its time: its maker alone. OutOfScope for everybody else."""
    by.require(MAKE)
    mine = (snapshots.c.id == key, snapshots.c.account == by.user)
    if not by.user or connection.execute(delete(snapshots).where(*mine)).rowcount != 1:
        raise OutOfScope(right=MAKE)
    _told(connection, by, "snapshots.let_go", key, {}, now)


def forget(engine: Engine, now: datetime) -> int:
    """Let go of those whose time is over; how many."""
    with writing(engine) as connection:
        gone = connection.execute(delete(snapshots).where(snapshots.c.keep_until <= now)).rowcount
        if gone:
            _told(connection, TIMETABLE, "snapshots.forget", f"{gone} kept", {"count": gone}, now)
    return int(gone)


def _require_room(connection: Connection, by: Actor, now: datetime) -> None:
    mine = select(func.count()).where(snapshots.c.account == by.user, snapshots.c.keep_until > now)
    if connection.execute(mine).scalar_one() >= MOST:
        raise SnapshotRefused(f"一个人最多保存 {MOST} 份快照，请先删除不再需要的")


def _found(connection: Connection, key: str) -> Snapshot:
    return _snapshot(connection.execute(select(*_HEAD).where(snapshots.c.id == key)).mappings().one())


def _snapshot(row: RowMapping) -> Snapshot:
    told: dict[str, Any] = {name: row[name] for name in Snapshot.__dataclass_fields__ if name in row}
    scope = Scope(_set(row["regions"]), _set(row["departments"]))
    parts = tuple(Part(**part) for part in row["parts"])
    return Snapshot(**(told | {"scope": scope, "rights": frozenset(row["rights"]), "parts": parts}))


def _listed(codes: frozenset[str] | None) -> list[str] | None:
    return None if codes is None else sorted(codes)


def _set(codes: list[str] | None) -> frozenset[str] | None:
    return None if codes is None else frozenset(codes)


def _told(
    connection: Connection, by: Actor, action: str, key: str, detail: Mapping[str, object], now: datetime
) -> None:  # fmt: skip
    record(connection, by=by, action=action, object=f"snapshot {key}", region=by.home, detail=detail, now=now)
    changes.bump(connection, [TOPIC])
