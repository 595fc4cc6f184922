"""What people do with their own account: a new password, a second factor, another of their roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select, update

from access import lockout, passwords, totp
from access.account import Account, account_of
from access.actor import Denied
from access.credentials import credentials_of, set_second_factor
from access.names import folded
from access.rules import Rules
from access.sessions import Opened, Pending, Session, act_as, end_all, renewed
from access.sign_in import Attempt, Refused, after_new_password, tell
from database.changes import ACCESS, bump
from database.engine import reading, writing
from database.people_tables import old_passwords, users


@dataclass(frozen=True)
class SecondFactor:
    """What the person puts into an authenticator program: by QR code or by typing the secret."""

    secret: str
    address: str


def change_password(engine: Engine, rules: Rules, session: Session, current: str, new: str, at: Attempt) -> Opened:
    """Set a new password; every other session of the account ends, this one goes on under a new token.

    The current one is not asked after a one-time link for this purpose. Raises Refused, LockedOut or
    passwords.PasswordRefused.
    """
    with reading(engine) as connection:
        account, found = _account(connection, session), credentials_of(connection, session.user_id)
        earlier = _earlier(connection, account.id, rules.passwords.remembered - 1)
    if not (session.means == "once" and session.pending == "password"):
        _confirm(engine, found.name, found.password_hash, current, at)
    used = [kept for kept in (found.password_hash, *earlier) if kept]
    passwords.check(rules.passwords, new, name=account.name, shown=account.shown, earlier=used)
    kept = passwords.hashed(new)
    with writing(engine) as connection:
        is_unchanged = users.c.password_hash.is_not_distinct_from(found.password_hash)
        values = {"password_hash": kept, "password_set_at": at.now, "must_change": False}
        if connection.execute(update(users).where(users.c.id == account.id, is_unchanged).values(values)).rowcount != 1:
            raise Refused("口令刚刚已被更改，请重新登录。")
        if found.password_hash:
            _remember(connection, account.id, found.password_hash, rules.passwords.remembered - 1, at.now)
        end_all(connection, account.id, beside=session.digest)
        tell(connection, account, "password.change", at)
        return renewed(connection, session, after_new_password(account, rules), rules.limits, at.now)


def begin_second_factor(engine: Engine, session: Session, at: Attempt) -> SecondFactor:
    """A new secret, to be confirmed by a code. Refused while one is in use: an administrator takes that away."""
    secret = totp.new_secret()
    with writing(engine) as connection:
        account = _account(connection, session)
        if account.has_second_factor:
            raise Refused("已经启用了动态验证码；要换手机请联系管理员重置。")
        set_second_factor(connection, account.id, secret)
    return SecondFactor(secret, totp.address_for(secret, account.name))


def confirm_second_factor(engine: Engine, rules: Rules, session: Session, code: str, at: Attempt) -> Opened:
    """The first right code turns the second factor on. Raises Refused."""
    with writing(engine) as connection:
        account, found = _account(connection, session), credentials_of(connection, session.user_id)
        step = None if account.has_second_factor else found.step(code, at.now)
        if step is None:
            raise Refused("验证码不正确。请核对手机时间是否准确，再输入最新的六位数字。")
        values = {"totp_since": at.now, "totp_step": step}
        connection.execute(update(users).where(users.c.id == account.id).values(values))
        tell(connection, account, "second_factor.set", at)
        pending: Pending = "" if session.pending == "second_factor" else session.pending
        return renewed(connection, session, pending, rules.limits, at.now)


def choose_role(
    connection: Connection, rules: Rules, session: Session, role: str, department: str, at: Attempt
) -> None:
    """Go on in another of one's roles. Denied if it is none of them."""
    account = _account(connection, session)
    if not any((hat.role, hat.department) == (role, department) for hat in account.hats(rules.roles)):
        raise Denied("没有这个身份。")
    act_as(connection, session, role, department)
    tell(connection, account, "session.role", at, role=role, department=department)


def _account(connection: Connection, session: Session) -> Account:
    """The account of a session past its second factor: with the password alone nothing here can be changed."""
    account = account_of(connection, session.user_id) if session.pending != "code" else None
    if account is None or not account.is_open:
        raise Refused
    return account


def _confirm(engine: Engine, name: str, kept: str | None, current: str, at: Attempt) -> None:
    """The current password once more: an open desk must not be enough to take an account over."""
    lockout.begin(engine, folded(name), at.address, at.now)
    if kept is None or not passwords.matches(kept, current):
        raise Refused("当前口令不正确。")
    with writing(engine) as connection:
        lockout.give_back(connection, folded(name), at.address)


def _earlier(connection: Connection, user_id: int, count: int) -> list[str]:
    query = select(old_passwords.c.password_hash).where(old_passwords.c.user_id == user_id)
    return list(connection.execute(query.order_by(old_passwords.c.id.desc()).limit(count)).scalars())


def _remember(connection: Connection, user_id: int, replaced: str, count: int, now: datetime) -> None:
    """Keep the hash of the password that was replaced, and no more of them than the profile asks for."""
    connection.execute(insert(old_passwords).values(user_id=user_id, password_hash=replaced, set_at=now))
    query = select(old_passwords.c.id).where(old_passwords.c.user_id == user_id)
    kept = list(connection.execute(query.order_by(old_passwords.c.id.desc()).limit(count)).scalars())
    connection.execute(delete(old_passwords).where(old_passwords.c.user_id == user_id, old_passwords.c.id.not_in(kept)))


def turn_off_second_factor(connection: Connection, user_id: int) -> None:
    """Take the second factor away, as an administrator does for a lost telephone. The caller records it."""
    connection.execute(
        update(users).where(users.c.id == user_id).values(totp_sealed=None, totp_since=None, totp_step=0)
    )
    bump(connection, [ACCESS])
