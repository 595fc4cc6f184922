"""Signing in, step by step: password or link, code of the second factor, new password, second factor of one's own.

Each step ends the session it found and opens another under a new token. Whatever is wrong, the stranger hears one
sentence, and waits equally long for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, update

from access import lockout, once, passwords
from access.account import Account, account_named, account_of
from access.actor import Actor
from access.audit import OK, REFUSED, record
from access.credentials import Credentials, credentials_named, credentials_of, use_step
from access.directory import Directory, arrive, proven
from access.names import folded
from access.oidc import NotKnown
from access.rules import Rules
from access.sessions import Means, Opened, Opening, Pending, Session, open_session, renewed
from database.engine import reading, writing
from database.people_tables import users


class Refused(Exception):
    """No. The same words for a wrong password, an unknown name and a disabled account."""

    def __init__(self, message: str = "账号或口令不正确，或账号已停用。") -> None:
        super().__init__(message)


@dataclass(frozen=True)
class Attempt:
    """From where and when a step is tried."""

    address: str
    now: datetime


def by_password(
    engine: Engine, rules: Rules, name: str, password: str, at: Attempt, directory: Directory | None = None
) -> Opened:
    """Open a session; `pending` says what comes next. Raises Refused or lockout.LockedOut.

    `directory` is asked about names without a password here; it may raise directory.Silent.
    """
    key = folded(name)
    found = _counted(engine, key, at)
    if directory is not None and (found is None or found.password_hash is None):
        return _by_directory(engine, rules, directory, (name, password), at)
    is_right = found is not None and _is_password(found, password)
    if found is None:
        passwords.spend_time(password)
    if found is None or not is_right or found.disabled_at is not None:
        raise _refused(engine, key, "session.open", at)
    renewal = passwords.hashed(password) if passwords.is_outdated(found.password_hash or "") else None
    with writing(engine) as connection:
        account = _still_open(connection, found.id)
        if renewal:
            connection.execute(update(users).where(users.c.id == found.id).values(password_hash=renewal))
        lockout.give_back(connection, key, at.address)
        return _open(connection, rules, account, "password", _after_password(account, rules, at.now), at)


def by_link(engine: Engine, rules: Rules, text: str, at: Attempt) -> Opened:
    """Open a session by a one-time link. Raises Refused; the link is used up only if it opens."""
    with writing(engine) as connection:
        found = once.use(connection, text, at.now)
        account = account_of(connection, found[0]) if found else None
        if found is None or account is None or not account.is_open:
            raise Refused("这个一次性链接无效、已用过或已过期，请联系管理员重新生成。")
        pending: Pending = "password" if found[1] == "password" else ""
        return _open(connection, rules, account, "once", pending, at)


def by_provider(connection: Connection, rules: Rules, account: Account, at: Attempt) -> Opened:
    """Open a session for someone whom the unified sign-in vouched for; a second factor is its own matter."""
    if not account.is_open:
        raise Refused("账号已停用，请联系本单位管理员。")
    return _open(connection, rules, account, "oidc", "", at)


def _by_directory(engine: Engine, rules: Rules, directory: Directory, typed: tuple[str, str], at: Attempt) -> Opened:
    """As the directory vouches; the attempt was counted."""
    key = folded(typed[0])
    claims = proven(directory, *typed)
    if claims is None:
        raise _refused(engine, key, "session.ldap", at)
    try:
        with writing(engine) as connection:
            account = arrive(connection, rules, claims, key, at)
            if account.is_open:
                pending: Pending = "code" if account.has_second_factor else after_new_password(account, rules)
                return _open(connection, rules, account, "ldap", pending, at)
    except NotKnown as unknown:
        raise _refused(engine, key, "session.ldap", at, str(unknown)) from None
    raise _refused(engine, key, "session.ldap", at)


def by_code(engine: Engine, rules: Rules, session: Session, code: str, at: Attempt) -> Opened:
    """The second step: the code of the second factor. Wrong ones count like wrong passwords."""
    with reading(engine) as connection:
        found = credentials_of(connection, session.user_id)
    key = folded(found.name)
    _begin(engine, key, at)
    step = found.step(code, at.now)
    with writing(engine) as connection:
        account = _still_open(connection, found.id)
        if step is not None and use_step(connection, found.id, step):
            lockout.give_back(connection, key, at.address)
            _let_in(connection, account, at)
            tell(connection, account, "session.open", at, step="code")
            is_outside = session.means == "ldap"  # the password is the directory's matter
            pending = after_new_password(account, rules) if is_outside else after_code(account, rules, at.now)
            return renewed(connection, session, pending, rules.limits, at.now)
    raise _refused(engine, key, "session.code", at, "验证码不正确，或已经用过。请等下一个验证码再试。")


def after_code(account: Account, rules: Rules, now: datetime) -> Pending:
    """What is left to do once it is certain who it is."""
    if account.must_change or passwords.is_expired(rules.passwords, account.password_set_at, now):
        return "password"
    return after_new_password(account, rules)


def after_new_password(account: Account, rules: Rules) -> Pending:
    """What is left to do once the password is in order."""
    is_missing = account.needs_second_factor(rules.roles) and not account.has_second_factor
    return "second_factor" if is_missing and rules.ask_second_factor else ""


def _after_password(account: Account, rules: Rules, now: datetime) -> Pending:
    return "code" if account.has_second_factor else after_code(account, rules, now)


def _counted(engine: Engine, key: str, at: Attempt) -> Credentials | None:
    """The account of that folded name, after the attempt was counted."""
    _begin(engine, key, at)
    with reading(engine) as connection:
        return credentials_named(connection, key)


def _begin(engine: Engine, key: str, at: Attempt) -> None:
    try:
        lockout.begin(engine, key, at.address, at.now)
    except lockout.LockedOut:
        _tell_refused(engine, key, "session.locked", at)
        raise


def _is_password(found: Credentials, password: str) -> bool:
    if found.password_hash is None:
        passwords.spend_time(password)
        return False
    return passwords.matches(found.password_hash, password)


def _still_open(connection: Connection, user_id: int) -> Account:
    """The account, read again inside the transaction: it may have been disabled while the password was looked at."""
    account = account_of(connection, user_id)
    if account is None or not account.is_open:
        raise Refused
    return account


def _open(
    connection: Connection, rules: Rules, account: Account, means: Means, pending: Pending, at: Attempt
) -> Opened:
    hats = account.hats(rules.roles)
    role, department = (hats[0].role, hats[0].department) if hats else ("", "")
    if pending != "code":
        _let_in(connection, account, at)
    tell(connection, account, "session.open", at, step=pending or "done", means=means)
    opening = Opening(account.id, role, department, pending, means, at.address)
    return open_session(connection, opening, rules.limits, at.now)


def _let_in(connection: Connection, account: Account, at: Attempt) -> None:
    """It is certain who it is: earlier failures are forgotten."""
    lockout.clear(connection, account.name)
    lockout.sweep(connection, at.now)
    connection.execute(update(users).where(users.c.id == account.id).values(signed_in_at=at.now))


# The record


def person(account: Account) -> Actor:
    """The account as the one who did something to itself."""
    return Actor(account.shown, "", user=account.name, home=account.home)


def tell(
    connection: Connection, account: Account, action: str, at: Attempt, result: str = OK, **detail: object
) -> None:
    """Record what an account did to itself."""
    record(
        connection,
        by=person(account),
        action=action,
        object=f"user {account.name}",
        result=result,
        region=account.home,
        detail=detail,
        now=at.now,
    )


def _refused(engine: Engine, key: str, action: str, at: Attempt, message: str = "") -> Refused:
    """The refusal to raise, after it was recorded."""
    _tell_refused(engine, key, action, at)
    return Refused(message) if message else Refused()


def _tell_refused(engine: Engine, key: str, action: str, at: Attempt) -> None:
    """Record a refusal. A name that is none is not written down: people type their passwords there."""
    with writing(engine) as connection:
        account = account_named(connection, key)
        if account is not None:
            tell(connection, account, action, at, REFUSED)
        else:
            stranger = Actor("（没有这个账号）", "")
            record(connection, by=stranger, action=action, object="user ?", result=REFUSED, now=at.now)
