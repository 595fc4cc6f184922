"""Trial accounts of a machine: one per role and place, without password, entered by one-time links made there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, update

from access import once
from access.account import Account, account_named, account_of
from access.accounts import NewAccount, Place, add, grant
from access.actor import LOOPBACK
from access.audit import record
from access.names import folded
from access.rules import Rules
from access.secret_token import SecretToken
from database.changes import ACCESS, bump
from database.people_tables import users

ORIGIN = "machine"


def usual_place(rules: Rules, role: str, department: str = "") -> Place:
    """Where a role is tried if no place is named: the first region of its highest level. KeyError for no such role."""
    level = rules.roles.roles[role].levels[0]
    territory = rules.territory
    region = next(code for code in territory.kinds if territory.level(code) == level)
    return Place(role, region, department if rules.roles.roles[role].of_department else "")


def link(connection: Connection, rules: Rules, place: Place, *, now: datetime) -> SecretToken:
    """A link that signs in once as holder of that role, made by whoever works on the machine. AccountRefused."""
    account = _account(connection, rules, place, now)
    if not account.is_open:
        connection.execute(update(users).where(users.c.id == account.id).values(disabled_at=None))
        bump(connection, [ACCESS])
    grant(connection, rules, account.id, place, by=LOOPBACK, now=now)
    record(
        connection, by=LOOPBACK, action="user.trial_link", object=f"user {account.name}", region=account.home, now=now
    )
    return once.make(connection, account.id, "enter", by=LOOPBACK.name, now=now)


def _account(connection: Connection, rules: Rules, place: Place, now: datetime) -> Account:
    name = folded(f"try-{place.department or place.role}-{place.region}")[:48]
    known = account_named(connection, name)
    if known is not None:
        return known
    shown = f"{rules.roles.roles[place.role].name}（试用）"
    new = NewAccount(name, shown, place.region, place.department, ORIGIN)
    number = add(connection, rules, new, by=LOOPBACK, now=now)
    made = account_of(connection, number)
    if made is None:
        raise KeyError(number)
    return made
