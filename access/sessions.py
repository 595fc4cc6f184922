"""Sessions kept on the server: opened at sign-in, ended at once for all workers, kept open by acts of the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, insert, select, update

from access.actor import Actor
from access.audit import record
from access.limits import Limits
from access.secret_token import SecretToken, new_token
from database.changes import ACCESS, bump
from database.people_tables import sessions, users

Pending = Literal["", "code", "password", "second_factor"]
"""What the person must do before anything else: type the code of the second factor, set a new password, set up a
second factor; '' for nothing."""
Means = Literal["password", "once", "oidc", "ldap"]
EXACT_TO = timedelta(minutes=1)
"""How exactly the last act is kept: a write a minute at most for each person at work."""


@dataclass(frozen=True)
class Session:
    """An open session, as it stands in the table."""

    digest: str
    user_id: int
    role: str
    department: str
    pending: Pending
    means: Means
    seen_at: datetime
    ends_at: datetime

    def is_over(self, now: datetime, limits: Limits) -> bool:
        """True if its time has run out, by the clock or by silence."""
        return now >= self.ends_at or now - self.seen_at >= limits.idle

    def is_due(self, now: datetime) -> bool:
        """True if an act of the person should be noted."""
        return now - self.seen_at >= EXACT_TO


@dataclass(frozen=True)
class Opening:
    """What a new session is about."""

    user_id: int
    role: str = ""
    department: str = ""
    pending: Pending = ""
    means: Means = "password"
    address: str = ""


@dataclass(frozen=True)
class Opened:
    """The token for the cookie, and when it ends at the latest."""

    token: SecretToken
    ends_at: datetime
    pending: Pending


def open_session(connection: Connection, opening: Opening, limits: Limits, now: datetime) -> Opened:
    """A new session with a new token, whatever the browser held before. Sessions that ran out are removed."""
    sweep(connection, limits, now)
    token = new_token()
    ends_at = now + (limits.code if opening.pending == "code" else limits.longest)
    values = {
        "token_hash": token.digest,
        "user_id": opening.user_id,
        "role": opening.role,
        "department": opening.department,
        "pending": opening.pending,
        "means": opening.means,
        "address": opening.address[:64],
        "opened_at": now,
        "seen_at": now,
        "ends_at": ends_at,
    }
    connection.execute(insert(sessions).values(values))
    return Opened(token, ends_at, opening.pending)


def renewed(connection: Connection, session: Session, pending: Pending, limits: Limits, now: datetime) -> Opened:
    """The session goes on under a new token: after each step of signing in, so that an earlier token opens nothing."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == session.digest))
    opening = Opening(session.user_id, session.role, session.department, pending, session.means)
    bump(connection, [ACCESS])
    return open_session(connection, opening, limits, now)


def touch(connection: Connection, digest: str, now: datetime) -> None:
    """Note an act of the person."""
    connection.execute(update(sessions).where(sessions.c.token_hash == digest).values(seen_at=now))


def act_as(connection: Connection, session: Session, role: str, department: str) -> None:
    """Go on in another of the person's roles; whether it is one of theirs, the caller has seen."""
    values = {"role": role, "department": department}
    connection.execute(update(sessions).where(sessions.c.token_hash == session.digest).values(values))
    bump(connection, [ACCESS])


def end(connection: Connection, digest: str, *, by: Actor, now: datetime) -> bool:
    """Sign out; its row is gone and its streams end. False if it was over already."""
    user = connection.execute(
        select(users.c.name, users.c.home)
        .join(sessions, sessions.c.user_id == users.c.id)
        .where(sessions.c.token_hash == digest)
    ).first()
    if user is None:
        return False
    connection.execute(delete(sessions).where(sessions.c.token_hash == digest))
    bump(connection, [ACCESS])
    record(connection, by=by, action="session.end", object=f"user {user.name}", region=user.home, now=now)
    return True


def end_all(connection: Connection, user_id: int, *, beside: str = "") -> int:
    """End every session of an account but the one of digest `beside`; how many. The caller records why."""
    ended = connection.execute(
        delete(sessions).where(sessions.c.user_id == user_id, sessions.c.token_hash != beside)
    ).rowcount
    bump(connection, [ACCESS])
    return ended


def sweep(connection: Connection, limits: Limits, now: datetime) -> None:
    """Remove the rows of sessions that ran out: nothing of them is kept."""
    connection.execute(delete(sessions).where((sessions.c.ends_at <= now) | (sessions.c.seen_at <= now - limits.idle)))
