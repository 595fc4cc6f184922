"""Accounts of others: opened, closed and given roles by administrators, each within the regions and roles of their own.

Opening accounts and giving roles are two rights no one holds together (三员分立). Every change is recorded in its own
transaction and counts at the next request of the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from access import lockout, once
from access.account import Account, account_named, account_of, all_accounts
from access.actor import Actor, Denied, OutOfScope
from access.audit import record
from access.names import NameRefused, checked
from access.own_account import turn_off_second_factor
from access.role import Role
from access.roles import place_problems
from access.rules import Rules
from access.secret_token import SecretToken
from access.sessions import end_all
from access.territory import Level
from database.changes import ACCESS, bump
from database.people_tables import grants, users

KEEPERS = frozenset({"users.manage", "users.grant", "audit.view"})
"""Rights of the three administrators. Whoever resets the password of such an account could step into its place, so
only a colleague with the same right may, or whoever works on the machine itself."""


class AccountRefused(ValueError):
    """Not possible with this account; the message says why and what is possible."""


@dataclass(frozen=True)
class NewAccount:
    """What an administrator says of a new account."""

    name: str
    shown: str
    home: str
    department: str = ""
    origin: str = "local"


def add(connection: Connection, rules: Rules, new: NewAccount, *, by: Actor, now: datetime) -> int:
    """A new account without password and roles; its number. NameRefused, AccountRefused or Denied.

    A first password is set by its owner through the link of `invite`: there is no default one, and nobody else ever
    knows it.
    """
    by.require("users.manage", new.home)
    key, shown = checked(new.name), new.shown.strip()
    if not 1 <= len(shown) <= 40:
        raise AccountRefused("请写姓名，至多 40 个字")
    _check_place(rules, new)
    if account_named(connection, key) is not None:
        raise NameRefused(f"已有账号“{new.name.strip()}”")
    values = {
        "name": key,
        "name_key": key,
        "shown": shown,
        "home": new.home,
        "department": new.department,
        "origin": new.origin,
        "created_by": by.user or by.name,
        "created_at": now,
    }
    try:
        number: int = connection.execute(insert(users).values(values).returning(users.c.id)).scalar_one()
    except IntegrityError:  # someone was faster with the same name
        raise NameRefused(f"已有账号“{new.name.strip()}”") from None
    bump(connection, [ACCESS])
    _tell(connection, "user.add", key, new.home, by, now, origin=new.origin)
    return number


def invite(connection: Connection, rules: Rules, user_id: int, *, by: Actor, now: datetime) -> SecretToken:
    """A one-time link to set a new password; the present one stops working and all sessions end."""
    account = managed(connection, rules, user_id, by=by)
    values = {"password_hash": None, "must_change": True}
    connection.execute(update(users).where(users.c.id == account.id).values(values))
    end_all(connection, account.id)
    lockout.clear(connection, account.name)
    _tell(connection, "user.invite", account.name, account.home, by, now)
    return once.make(connection, account.id, "password", by=by.user or by.name, now=now)


def disable(connection: Connection, rules: Rules, user_id: int, *, by: Actor, now: datetime) -> int:
    """Close the account; its sessions end at once. How many there were."""
    account = managed(connection, rules, user_id, by=by)
    connection.execute(update(users).where(users.c.id == account.id).values(disabled_at=now))
    ended = end_all(connection, account.id)
    _tell(connection, "user.disable", account.name, account.home, by, now, sessions=ended)
    return ended


def enable(connection: Connection, rules: Rules, user_id: int, *, by: Actor, now: datetime) -> None:
    """Open a closed account again, with the roles it had. Its unused time begins anew."""
    account = managed(connection, rules, user_id, by=by)
    connection.execute(update(users).where(users.c.id == account.id).values(disabled_at=None, signed_in_at=now))
    bump(connection, [ACCESS])
    _tell(connection, "user.enable", account.name, account.home, by, now)


def end_sessions(connection: Connection, rules: Rules, user_id: int, *, by: Actor, now: datetime) -> int:
    """End every session of the account; how many there were."""
    account = managed(connection, rules, user_id, by=by)
    ended = end_all(connection, account.id)
    _tell(connection, "user.end_sessions", account.name, account.home, by, now, sessions=ended)
    return ended


def unlock(connection: Connection, rules: Rules, user_id: int, *, by: Actor, now: datetime) -> None:
    """Forget its failed sign-ins."""
    account = managed(connection, rules, user_id, by=by)
    lockout.clear(connection, account.name)
    _tell(connection, "user.unlock", account.name, account.home, by, now)


def reset_second_factor(connection: Connection, rules: Rules, user_id: int, *, by: Actor, now: datetime) -> None:
    """For a lost telephone: the second factor is gone and its sessions end."""
    account = managed(connection, rules, user_id, by=by)
    turn_off_second_factor(connection, account.id)
    end_all(connection, account.id)
    _tell(connection, "second_factor.reset", account.name, account.home, by, now)


def disable_unused(connection: Connection, rules: Rules, *, unused: timedelta, by: Actor, now: datetime) -> list[str]:
    """Close accounts nobody signed in to for so long; their names (GB/T 22239-2019 8.1.4.2 c)."""
    closed = []
    for account in all_accounts(connection):
        row = connection.execute(select(users.c.created_at).where(users.c.id == account.id)).one()
        if account.is_open and now - (account.signed_in_at or row.created_at) >= unused:
            disable(connection, rules, account.id, by=by, now=now)
            closed.append(account.name)
    return closed


def listed(connection: Connection, by: Actor) -> list[Account]:
    """The accounts at home in the actor's regions, by name. Denied without a right on accounts."""
    if not by.may_any("users.manage", "users.grant"):
        by.require("users.manage")
    return [account for account in all_accounts(connection) if by.scope.allows(account.home)]


# Roles


@dataclass(frozen=True)
class Place:
    """A role, and where it is held."""

    role: str
    region: str
    department: str = ""


def grant(connection: Connection, rules: Rules, user_id: int, place: Place, *, by: Actor, now: datetime) -> None:
    """Give a role. Denied or OutOfScope by rights, AccountRefused by sense or by what must not meet in one person."""
    role, account = _granted(connection, rules, user_id, place, by)
    wrong = [message for _, message in place_problems(role, place.region, place.department, rules.territory)]
    if wrong:
        raise AccountRefused("；".join(wrong))
    law = rules.roles.clash([place.role, *(grant.role for grant in account.grants)])
    if law is not None:
        raise AccountRefused(f"不能授予“{role.name}”：{law.words}")
    if any((g.role, g.region, g.department) == (place.role, place.region, place.department) for g in account.grants):
        return
    values = {
        "user_id": account.id,
        "role": place.role,
        "region": place.region,
        "department": place.department,
        "given_by": by.user or by.name,
        "given_at": now,
    }
    connection.execute(insert(grants).values(values))
    bump(connection, [ACCESS])
    _tell_grant(connection, "user.grant", account, place, by, now)


def revoke(connection: Connection, rules: Rules, user_id: int, place: Place, *, by: Actor, now: datetime) -> None:
    """Take a role away; it is gone at the account's next request."""
    _, account = _granted(connection, rules, user_id, place, by)
    is_it = (grants.c.user_id == account.id, grants.c.role == place.role, grants.c.region == place.region)
    gone = connection.execute(delete(grants).where(*is_it, grants.c.department == place.department)).rowcount
    if not gone:
        raise AccountRefused("这个账号没有这项授权")
    bump(connection, [ACCESS])
    _tell_grant(connection, "user.revoke", account, place, by, now)


def givable(rules: Rules, by: Actor) -> list[Role]:
    """The roles the actor may give somewhere, in the order of the file."""
    if not by.may("users.grant"):
        return []
    given = rules.roles.gives(by.role, _level(rules, by))
    return [role for key, role in rules.roles.roles.items() if key in given and role.kind == "person"]


# Who may


def managed(connection: Connection, rules: Rules, user_id: int, *, by: Actor) -> Account:
    """The account, if the actor may manage it; held until the transaction ends. OutOfScope or Denied."""
    account = _held(connection, rules, user_id, "users.manage", by)
    kept = (rules.roles.rights_of(grant.role for grant in account.grants) & KEEPERS) - by.rights
    if kept:
        raise Denied("三员账号互不代管：这个账号只能由同类管理员处理，或在服务器本机处理。", right="users.manage")
    return account


def _granted(connection: Connection, rules: Rules, user_id: int, place: Place, by: Actor) -> tuple[Role, Account]:
    account = _held(connection, rules, user_id, "users.grant", by)
    by.require("users.grant", place.region)
    role = rules.roles.roles.get(place.role)
    if role is None or role.kind != "person" or place.role not in rules.roles.gives(by.role, _level(rules, by)):
        raise Denied("不能授予或收回这个角色。", right="users.grant")
    return role, account


def _held(connection: Connection, rules: Rules, user_id: int, right: str, by: Actor) -> Account:
    """The account inside the actor's scope with everything it reaches. Two who change it at once do so one by one."""
    by.require(right)
    connection.execute(select(users.c.id).where(users.c.id == user_id).with_for_update())
    account = account_of(connection, user_id)
    if account is None or not by.scope.allows(account.home):
        raise OutOfScope("没有这个账号，或无权管理。", right=right)
    if not by.scope.holds(account.reach(rules.territory)):
        raise Denied("这个账号在您的区域之外还有角色，请由上级管理员处理。", right=right)
    if account.name == by.user:
        raise Denied("不能处理自己的账号，请由另一位管理员处理。", right=right)
    return account


def _level(rules: Rules, by: Actor) -> Level:
    """The highest level the actor's regions reach."""
    if by.scope.regions is None:
        return Level.CITY
    levels = {rules.territory.level(code) for code in by.scope.regions if code in rules.territory.kinds}
    return Level.COUNTY if Level.COUNTY in levels else Level.TOWN


def _check_place(rules: Rules, new: NewAccount) -> None:
    if new.home not in rules.territory.kinds:
        raise AccountRefused(f"没有区域代码“{new.home}”")
    if new.department and new.department not in rules.territory.departments:
        raise AccountRefused(f"没有名为“{new.department}”的单位")


# The record


def _tell(
    connection: Connection, action: str, name: str, home: str, by: Actor, now: datetime, **detail: object
) -> None:
    record(connection, by=by, action=action, object=f"user {name}", region=home, detail=detail, now=now)


def _tell_grant(connection: Connection, action: str, account: Account, place: Place, by: Actor, now: datetime) -> None:
    detail = {"role": place.role, "region": place.region, "department": place.department}
    _tell(connection, action, account.name, account.home, by, now, **detail)
