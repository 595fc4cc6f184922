"""One-time sign-ins: a link that opens a session once, for a first password or a look around on one's own machine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, insert, select, update

from access.secret_token import SecretToken, digest_of, new_token
from database.people_tables import once

Purpose = Literal["enter", "password"]
LASTS = {"enter": timedelta(hours=24), "password": timedelta(days=3)}
"""By purpose: how long a link waits to be used."""


def make(connection: Connection, user_id: int, purpose: Purpose, *, by: str, now: datetime) -> SecretToken:
    """A new link for the account; earlier ones for the same purpose open nothing any more. The caller records it."""
    connection.execute(delete(once).where(once.c.user_id == user_id, once.c.purpose == purpose))
    connection.execute(delete(once).where(once.c.ends_at <= now))
    token = new_token()
    values = {"token_hash": token.digest, "user_id": user_id, "purpose": purpose, "made_by": by, "made_at": now}
    connection.execute(insert(once).values(values | {"ends_at": now + LASTS[purpose]}))
    return token


def is_waiting(connection: Connection, text: str, now: datetime) -> bool:
    """True if the link can still be used; looking does not use it up."""
    query = select(once.c.user_id).where(
        once.c.token_hash == digest_of(text), once.c.used_at.is_(None), once.c.ends_at > now
    )
    return connection.execute(query).first() is not None


def use(connection: Connection, text: str, now: datetime) -> tuple[int, Purpose] | None:
    """The account and purpose of a link, used up by this very call; None if there is none, or it was used or is old."""
    is_this = once.c.token_hash == digest_of(text)
    used = connection.execute(
        update(once).where(is_this, once.c.used_at.is_(None), once.c.ends_at > now).values(used_at=now)
    )
    if used.rowcount != 1:
        return None
    row = connection.execute(select(once.c.user_id, once.c.purpose).where(is_this)).one()
    return row.user_id, row.purpose
