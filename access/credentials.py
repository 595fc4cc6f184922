"""What an account proves itself with: hash of its password, sealed secret of its second factor."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from access import totp
from access.sealing import Keyring, keyring
from database.people_tables import users


class SealMissing(Exception):
    """No keyring is in use in this process, so nothing sealed can be read or written."""


@dataclass(frozen=True)
class Credentials:
    """Never leaves this folder, never printed."""

    id: int
    name: str
    password_hash: str | None = field(repr=False)
    disabled_at: datetime | None
    totp_sealed: str | None = field(repr=False)
    totp_step: int

    @property
    def second_factor(self) -> str:
        """The secret of the second factor in base32; '' without one."""
        return _ring().open(self.totp_sealed, _about(self.id)) if self.totp_sealed else ""

    def step(self, code: str, now: datetime) -> int | None:
        """The step of the second factor whose unused code this is; None for a wrong or used one."""
        secret = self.second_factor
        return totp.matching_step(secret, code, now, last_used=self.totp_step) if secret else None


def credentials_named(connection: Connection, name_key: str) -> Credentials | None:
    """Those of the account of that folded name."""
    return _credentials(connection, users.c.name_key == name_key)


def credentials_of(connection: Connection, user_id: int) -> Credentials:
    """Those of the account of that number, which exists."""
    found = _credentials(connection, users.c.id == user_id)
    if found is None:
        raise KeyError(user_id)
    return found


def set_second_factor(connection: Connection, user_id: int, secret: str) -> None:
    """Keep a new secret, sealed; it counts as soon as its owner has shown a code of it."""
    values = {"totp_sealed": _ring().seal(secret, _about(user_id)), "totp_since": None, "totp_step": 0}
    connection.execute(update(users).where(users.c.id == user_id).values(values))


def use_step(connection: Connection, user_id: int, step: int) -> bool:
    """Use up a code: True for the first who does, False for everybody after."""
    moved = connection.execute(
        update(users).where(users.c.id == user_id, users.c.totp_step < step).values(totp_step=step)
    )
    return moved.rowcount == 1


def _credentials(connection: Connection, where: ColumnElement[bool]) -> Credentials | None:
    row = connection.execute(
        select(
            users.c.id, users.c.name, users.c.password_hash, users.c.disabled_at, users.c.totp_sealed, users.c.totp_step
        ).where(where)
    ).first()
    return None if row is None else Credentials(*row)


def _about(user_id: int) -> str:
    """What the seal is bound to: copied to another account it does not open."""
    return f"users.totp.{user_id}"


def _ring() -> Keyring:
    ring = keyring()
    if ring is None:
        raise SealMissing("本进程没有启用密钥，无法读取第二因素")
    return ring
