"""In whose place another channel speaks: the first way failed for good, or nobody read an urgent message in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from database import changes
from database.dispatch_tables import inbox, outbox
from database.engine import reading, writing
from dispatch.channel_terms import URGENT, Terms
from dispatch.outbox import terms_in
from dispatch.rulebook import Rulebook

EVERY_SECONDS = 30.0
LOOKED_BACK = timedelta(hours=24)
"""Older deliveries are not told again by another way."""


@dataclass(frozen=True)
class Backup:
    """The second way of a department."""

    department: str
    kind: str
    terms: Terms


def backups(rules: Rulebook) -> list[Backup]:
    """All second ways, in the order of departments.yaml."""
    made = [Backup(one.department, one.kind, terms_in(one.kind, one.options)) for one in rules.rules.channels]
    return [one for one in made if one.terms.backup_of is not None]


def tell_again(engine: Engine, rules: Rulebook, *, now: datetime) -> int:
    """Put what did not arrive into the outbox of the next channel, once; how many."""
    wanted = backups(rules)
    if not wanted:
        return 0
    with reading(engine) as connection:
        rows = [row for one in wanted for row in _missed(connection, one, now)]
    made = 0
    for row in rows:
        with writing(engine) as connection:
            made += _put(connection, row)
    return made


def _missed(connection: Connection, one: Backup, now: datetime) -> Iterator[dict[str, Any]]:
    known = select(outbox.c.event_id, outbox.c.seq).where(
        outbox.c.department == one.department, outbox.c.channel == one.kind, outbox.c.made_at > now - LOOKED_BACK
    )
    already = {(row.event_id, row.seq) for row in connection.execute(known)}
    first = select(outbox).where(
        outbox.c.department == one.department, outbox.c.channel == one.terms.backup_of,
        outbox.c.made_at > now - LOOKED_BACK,
    )  # fmt: skip
    for row in connection.execute(first.order_by(outbox.c.id)).all():
        fits = row.payload["level"] in one.terms.levels and (row.event_id, row.seq) not in already
        if fits and _is_missed(connection, row, one, now):
            yield {
                "event_id": row.event_id, "seq": row.seq, "department": one.department, "channel": one.kind,
                "payload": row.payload, "state": "waiting", "tries": 0, "next_at": now, "made_at": now,
                "sent_at": None,
            }  # fmt: skip


def _is_missed(connection: Connection, row: Any, one: Backup, now: datetime) -> bool:
    """Given up; or, for red and orange, neither arrived nor read in the department's inbox after so many minutes."""
    if row.state == "failed":
        return True
    if row.payload["level"] not in URGENT or now - row.made_at < timedelta(minutes=one.terms.after):
        return False
    has_inbox = row.event_id > 0  # notices of warnings lie in no inbox
    return row.state != "sent" or (has_inbox and not _was_read(connection, row))


def _was_read(connection: Connection, row: Any) -> bool:
    own = select(outbox.c.id).where(
        outbox.c.event_id == row.event_id, outbox.c.seq == row.seq, outbox.c.department == row.department,
        outbox.c.channel == "inbox",
    )  # fmt: skip
    read = select(inbox.c.outbox_id).where(inbox.c.outbox_id.in_(own), inbox.c.read_at.is_not(None))
    return connection.execute(read).first() is not None


def _put(connection: Connection, row: dict[str, Any]) -> int:
    """1 if it is new; another process may have been faster."""
    same = select(outbox.c.id).where(
        *(outbox.c[name] == row[name] for name in ("event_id", "seq", "department", "channel"))
    )
    if connection.execute(same).first() is not None:
        return 0
    connection.execute(insert(outbox), row)
    changes.bump(connection, [f"events:{row['payload']['world']}"])
    return 1
