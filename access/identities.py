"""Names of outside sign-ins that open an account: linked and taken off by administrators, each on the record.

Whoever holds the outside name acts as the account from then on; so a name that opens one account is never moved to
another without being taken off first, and its owner sees it on the page of the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from access.account import Account
from access.accounts import AccountRefused, managed
from access.actor import Actor
from access.audit import record
from access.oidc import OUTSIDE
from access.rules import Rules
from access.sessions import end_all
from access.visible_text import one_line
from database.changes import ACCESS, bump
from database.people_tables import grants, identities

LONGEST = 200
"""Characters of an issuer or a subject."""


@dataclass(frozen=True)
class Identity:
    """One name of an outside sign-in. `issuer`: address of the provider, 'gateway', or the LDAP directory."""

    issuer: str
    subject: str
    user_id: int
    linked_at: datetime


def linked(connection: Connection, user_ids: list[int]) -> dict[int, list[Identity]]:
    """What opens each of these accounts from outside."""
    found: dict[int, list[Identity]] = {}
    query = select(identities).where(identities.c.user_id.in_(user_ids)).order_by(identities.c.linked_at)
    for row in connection.execute(query):
        found.setdefault(row.user_id, []).append(Identity(row.issuer, row.subject, row.user_id, row.linked_at))
    return found


def link(
    connection: Connection, rules: Rules, user_id: int, issuer: str, subject: str, *, by: Actor, now: datetime
) -> None:
    """Let this name of an outside sign-in open the account. AccountRefused, Denied or OutOfScope."""
    account, subject = managed(connection, rules, user_id, by=by), subject.strip()
    if not issuer or len(issuer) > LONGEST or not subject or one_line(subject, LONGEST) != subject:
        raise AccountRefused("请写统一认证给出的标识（sub），至多 200 个字符")
    held = _holder(connection, issuer, subject)
    if held == account.id:
        return
    if held is not None:
        raise AccountRefused("这个统一认证标识已关联另一个账号，先在那里解除")
    values = {"issuer": issuer, "subject": subject, "user_id": account.id, "linked_at": now}
    connection.execute(insert(identities).values(values))
    bump(connection, [ACCESS])
    _tell(connection, "user.link", account, issuer, subject, by, now)


def unlink(
    connection: Connection, rules: Rules, user_id: int, issuer: str, subject: str, *, by: Actor, now: datetime
) -> int:
    """Take the name off: it opens nothing any more, every session ends; without any name left the roles that came by
    groups go as well. How many sessions ended. AccountRefused, Denied or OutOfScope."""
    account = managed(connection, rules, user_id, by=by)
    is_it = (identities.c.issuer == issuer, identities.c.subject == subject, identities.c.user_id == account.id)
    if not connection.execute(delete(identities).where(*is_it)).rowcount:
        raise AccountRefused("这个账号没有关联这个统一认证标识")
    if not linked(connection, [account.id]):
        connection.execute(delete(grants).where(grants.c.user_id == account.id, grants.c.origin == OUTSIDE))
    ended = end_all(connection, account.id)
    _tell(connection, "user.unlink", account, issuer, subject, by, now, sessions=ended)
    return ended


def _holder(connection: Connection, issuer: str, subject: str) -> int | None:
    query = select(identities.c.user_id).where(identities.c.issuer == issuer, identities.c.subject == subject)
    found: int | None = connection.execute(query).scalar()
    return found


def _tell(
    connection: Connection, action: str, account: Account, issuer: str, subject: str, by: Actor, now: datetime,
    **more: object,
) -> None:  # fmt: skip
    detail = {"issuer": issuer, "subject": subject, **more}
    record(connection, by=by, action=action, object=f"user {account.name}", region=account.home, detail=detail, now=now)
