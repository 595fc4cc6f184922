"""An account with what it was granted, and the roles it may act in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from access.actor import NOWHERE, Actor, Scope
from access.roles import Roles
from access.territory import Territory
from database.people_tables import grants, users


@dataclass(frozen=True)
class Grant:
    """A role held in a region with everything below it, for a department where the role asks for one."""

    role: str
    region: str
    department: str = ""
    origin: str = "local"


@dataclass(frozen=True)
class Hat:
    """A role to act in. A person wears one at a time: rights of one never meet the regions of another."""

    role: str
    department: str = ""
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Account:
    """An account as administrators see it: no password, no secret."""

    id: int
    name: str
    shown: str
    home: str
    department: str
    origin: str
    must_change: bool
    password_set_at: datetime | None
    disabled_at: datetime | None
    signed_in_at: datetime | None
    has_second_factor: bool
    grants: tuple[Grant, ...] = ()

    @property
    def is_open(self) -> bool:
        """True if it may be used."""
        return self.disabled_at is None

    def hats(self, roles: Roles) -> tuple[Hat, ...]:
        """The roles to choose from, in the order of the file: all regions of one role and department together."""
        worn: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for grant in self.grants:
            if grant.role in roles.roles:
                worn[grant.role, grant.department].append(grant.region)
        inorder = sorted(worn, key=lambda one: (roles.order[one[0]], one[1]))
        return tuple(Hat(role, department, tuple(sorted(worn[role, department]))) for role, department in inorder)

    def hat(self, roles: Roles, role: str, department: str) -> Hat | None:
        """The hat of that name if it is still theirs, else the first one; None for an account without roles."""
        worn = self.hats(roles)
        named = (hat for hat in worn if (hat.role, hat.department) == (role, department))
        return next(named, worn[0] if worn else None)

    def reach(self, territory: Territory) -> Scope:
        """Everything the account can reach with any of its roles, and its home."""
        return territory.scope([self.home, *(grant.region for grant in self.grants)])

    def needs_second_factor(self, roles: Roles) -> bool:
        """True if one of its roles is not to be had for a password alone."""
        return any(roles.roles[grant.role].second_factor for grant in self.grants if grant.role in roles.roles)


def actor_of(account: Account, hat: Hat | None, roles: Roles, territory: Territory) -> Actor:
    """The account acting in that role; without one nothing is seen and nothing allowed."""
    role = roles.roles.get(hat.role) if hat else None
    if hat is None or role is None:
        return Actor(account.shown, "", user=account.name, home=account.home)
    return Actor(
        account.shown,
        role.key,
        territory.scope(hat.regions, hat.department),
        frozenset(role.rights),
        user=account.name,
        role_name=role.name,
        kind=role.kind,
        department=hat.department,
        home=account.home,
    )


def powerless(actor: Actor) -> Actor:
    """The same person before sign-in is complete."""
    return Actor(actor.name, "", NOWHERE, user=actor.user, home=actor.home)


_COLUMNS = (
    users.c.id, users.c.name, users.c.shown, users.c.home, users.c.department, users.c.origin, users.c.must_change,
    users.c.password_set_at, users.c.disabled_at, users.c.signed_in_at, users.c.totp_since,
)  # fmt: skip


def account_of(connection: Connection, user_id: int) -> Account | None:
    """The account of that number."""
    return next(iter(_accounts(connection, users.c.id == user_id)), None)


def account_named(connection: Connection, name_key: str) -> Account | None:
    """The account of that folded name."""
    return next(iter(_accounts(connection, users.c.name_key == name_key)), None)


def all_accounts(connection: Connection) -> list[Account]:
    """Every account by name."""
    return _accounts(connection, users.c.id.is_not(None))


def _accounts(connection: Connection, where: ColumnElement[bool]) -> list[Account]:
    found = connection.execute(select(*_COLUMNS).where(where).order_by(users.c.name_key)).all()
    given = _grants(connection, [row.id for row in found])
    return [_account(row._mapping, given[row.id]) for row in found]


def _grants(connection: Connection, ids: Iterable[int]) -> defaultdict[int, list[Grant]]:
    given: defaultdict[int, list[Grant]] = defaultdict(list)
    for row in connection.execute(select(grants).where(grants.c.user_id.in_(list(ids))).order_by(grants.c.id)):
        given[row.user_id].append(Grant(row.role, row.region, row.department, row.origin))
    return given


def _account(row: Mapping[Any, Any], given: Iterable[Grant]) -> Account:
    known = dict(row)
    known["has_second_factor"] = known.pop("totp_since") is not None
    return Account(**known, grants=tuple(given))
