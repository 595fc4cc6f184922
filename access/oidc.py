"""The unified sign-in, domain half: from what a provider vouches for to an account with its roles.

A person is known by issuer and subject, which never change hands; a name that merely looks the same opens nothing.
Groups of the provider may stand for roles (`groups` in roles.yaml): those are renewed at every sign-in, and roles given
here stay untouched. The web half, which checks signatures, is `api/oidc.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from access.account import Account, Grant, account_named, account_of
from access.actor import TIMETABLE
from access.audit import record
from access.names import NameRefused, checked
from access.role import OutsideGroup
from access.rules import Rules
from database.changes import ACCESS, bump
from database.people_tables import grants, identities, users

OUTSIDE = "outside"


class NotKnown(Exception):
    """The provider vouches for the person, but nobody here gave them anything."""

    def __init__(self, message: str = "统一认证已通过，但您在本系统还没有开通。请联系本单位管理员。") -> None:
        super().__init__(message)


@dataclass(frozen=True)
class Claims:
    """What a provider says of a person, after its signature was checked."""

    issuer: str
    subject: str
    name: str = ""
    shown: str = ""
    groups: frozenset[str] = frozenset()
    origin: str = "oidc"
    """What vouched: oidc or ldap."""


def claims_of(told: Mapping[str, object], issuer: str, *, name_claim: str, groups_claim: str) -> Claims:
    """The claims of an ID token or of userinfo. NotKnown without a subject."""
    subject = told.get("sub")
    if not isinstance(subject, str) or not subject or len(subject) > 200:
        raise NotKnown("统一认证没有说明是谁（缺少 sub），无法登录。")
    groups = told.get(groups_claim)
    listed = groups if isinstance(groups, list) else [groups]
    return Claims(
        issuer,
        subject,
        _text(told.get(name_claim)),
        _text(told.get("name")) or _text(told.get(name_claim)),
        frozenset(group for group in listed if isinstance(group, str)),
    )


def arrive(connection: Connection, rules: Rules, claims: Claims, *, now: datetime) -> Account:
    """The account of that person, its roles brought in line with the groups. NotKnown without account and groups."""
    wanted = [group for group in rules.roles.groups if group.group in claims.groups]
    user_id = _linked(connection, claims)
    if user_id is None:
        if not wanted:
            raise NotKnown
        user_id = _enrol(connection, rules, claims, wanted[0], now)
    account = _account(connection, user_id)
    _follow_groups(connection, rules, account, wanted, now)
    return _account(connection, user_id)


def _linked(connection: Connection, claims: Claims) -> int | None:
    query = select(identities.c.user_id).where(
        identities.c.issuer == claims.issuer, identities.c.subject == claims.subject
    )
    found: int | None = connection.execute(query).scalar()
    return found


def _enrol(connection: Connection, rules: Rules, claims: Claims, first: OutsideGroup, now: datetime) -> int:
    """A new account for someone who has a role by group. An account of the same name here is not taken over."""
    try:
        key = checked(claims.name)
    except NameRefused as refused:
        raise NotKnown(f"统一认证给出的账号名不能用（{refused}）。请联系本单位管理员。") from None
    if account_named(connection, key) is not None:
        raise NotKnown(f"本系统已有账号“{key}”。请联系管理员把它与统一认证关联。")
    values = {
        "name": key,
        "name_key": key,
        "shown": claims.shown[:40] or key,
        "home": first.region,
        "department": first.department,
        "origin": claims.origin,
        "created_by": claims.origin,
        "created_at": now,
    }
    number: int = connection.execute(insert(users).values(values).returning(users.c.id)).scalar_one()
    linked = {"issuer": claims.issuer, "subject": claims.subject, "user_id": number, "linked_at": now}
    connection.execute(insert(identities).values(linked))
    detail = {"origin": claims.origin, "issuer": claims.issuer}
    record(
        connection, by=TIMETABLE, action="user.add", object=f"user {key}", region=first.region, detail=detail, now=now
    )
    return number


def _follow_groups(
    connection: Connection, rules: Rules, account: Account, wanted: Iterable[OutsideGroup], now: datetime
) -> None:
    """Give what the groups say, take what they say no longer. What must not meet in one person is not given."""
    own = [grant for grant in account.grants if grant.origin != OUTSIDE]
    allowed: list[Grant] = []
    for group in wanted:
        grant = Grant(group.role, group.region, group.department, OUTSIDE)
        if rules.roles.clash([grant.role, *(one.role for one in (*own, *allowed))]) is None:
            allowed.append(grant)
    held = {grant for grant in account.grants if grant.origin == OUTSIDE}
    places = {(grant.role, grant.region, grant.department) for grant in own}
    new = {grant for grant in allowed if (grant.role, grant.region, grant.department) not in places} - held
    gone = held - set(allowed)
    for grant in gone:
        _take(connection, account, grant)
    for grant in new:
        _give(connection, account, grant, now)
    if new or gone:
        bump(connection, [ACCESS])
        detail = {"given": sorted(map(_told, new)), "taken": sorted(map(_told, gone))}
        record(
            connection, by=TIMETABLE, action="user.follow_groups", object=f"user {account.name}", region=account.home,
            detail=detail, now=now,
        )  # fmt: skip


def _take(connection: Connection, account: Account, grant: Grant) -> None:
    is_it = (grants.c.user_id == account.id, grants.c.role == grant.role, grants.c.region == grant.region)
    connection.execute(delete(grants).where(*is_it, grants.c.department == grant.department))


def _give(connection: Connection, account: Account, grant: Grant, now: datetime) -> None:
    values = {
        "user_id": account.id,
        "role": grant.role,
        "region": grant.region,
        "department": grant.department,
        "origin": OUTSIDE,
        "given_by": "oidc",
        "given_at": now,
    }
    connection.execute(insert(grants).values(values))


def _account(connection: Connection, user_id: int) -> Account:
    account = account_of(connection, user_id)
    if account is None:
        raise NotKnown
    return account


def _told(grant: Grant) -> str:
    return f"{grant.role} {grant.region} {grant.department}".strip()


def _text(told: object) -> str:
    return told.strip()[:100] if isinstance(told, str) else ""
