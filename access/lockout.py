"""Failed sign-ins counted by account and by address, in the database: no restart and no other worker forgets them.

An attempt is counted before the password is looked at and given back when it was right; so of many guesses at the same
moment no more are looked at than of guesses one after another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, select, text

from access.names import folded
from database.engine import reading, writing
from database.moments import from_ms, to_ms
from database.people_tables import failures


@dataclass(frozen=True)
class LockRule:
    """So many failures within `window`, and the door stays shut for `closed`.

    Behind one address there may be a whole office: it gets more than a single account (GB/T 22239-2019 8.1.4.1 b).
    """

    of_account: int = 5
    of_address: int = 20
    window: timedelta = timedelta(minutes=15)
    closed: timedelta = timedelta(minutes=15)


LOCK = LockRule()


class LockedOut(Exception):
    """Too many failures. `until` is when the next attempt will be looked at."""

    def __init__(self, until: datetime, now: datetime) -> None:
        self.until = until
        self.minutes = max(1, -((now - until) // timedelta(minutes=1)))
        super().__init__(f"尝试次数过多，已暂停登录，请约 {self.minutes} 分钟后再试。")


_COUNT = text(
    "INSERT INTO failures (subject, count, since, locked_until) VALUES (:subject, 1, :now, NULL) "
    "ON CONFLICT (subject) DO UPDATE SET "
    "count = CASE WHEN failures.since <= :stale OR failures.locked_until <= :now THEN 1 ELSE failures.count + 1 END, "
    "since = CASE WHEN failures.since <= :stale OR failures.locked_until <= :now THEN :now ELSE failures.since END, "
    "locked_until = CASE WHEN failures.locked_until <= :now THEN NULL ELSE failures.locked_until END "
    "RETURNING count, locked_until"
)
_LOCK = text("UPDATE failures SET locked_until = :until WHERE subject = :subject")
_GIVE_BACK = text(
    "UPDATE failures SET count = count - 1, locked_until = CASE WHEN count - 1 < :most THEN NULL ELSE locked_until END "
    "WHERE subject = :subject AND count > 0"
)


def subject_of_account(name: str) -> str:
    """How the failures of an account are counted, however its name is typed."""
    return f"account:{folded(name)}"


def subject_of_address(address: str) -> str:
    """How the failures from an address are counted; of IPv6 the network of 64 bits, which one household holds."""
    return f"address:{_network(address)}"[:160]


def begin(engine: Engine, name: str, address: str, now: datetime, rule: LockRule = LOCK) -> None:
    """Count an attempt as failed, for account and address; LockedOut if it will not even be looked at."""
    with writing(engine) as connection:
        # Always in one order, so that two attempts on PostgreSQL never wait for each other in a circle.
        locked = [
            _count(connection, subject_of_account(name), rule.of_account, now, rule),
            _count(connection, subject_of_address(address), rule.of_address, now, rule),
        ]
    until = max((one for one in locked if one is not None), default=None)
    if until is not None:
        raise LockedOut(until, now)


def give_back(connection: Connection, name: str, address: str, rule: LockRule = LOCK) -> None:
    """The attempt was none of guessing: take it off the account and off the address."""
    counted = ((subject_of_account(name), rule.of_account), (subject_of_address(address), rule.of_address))
    for subject, most in counted:
        connection.execute(_GIVE_BACK, {"subject": subject, "most": most})


def clear(connection: Connection, name: str) -> None:
    """Forget the failures of an account: after a complete sign-in, or by an administrator."""
    connection.execute(delete(failures).where(failures.c.subject == subject_of_account(name)))


def locked_accounts(engine: Engine, now: datetime) -> set[str]:
    """Folded names that are locked at present."""
    with reading(engine) as connection:
        found = connection.execute(select(failures.c.subject).where(failures.c.locked_until > now)).scalars()
        return {subject.removeprefix("account:") for subject in found if subject.startswith("account:")}


def sweep(connection: Connection, now: datetime, rule: LockRule = LOCK) -> None:
    """Forget what no longer counts."""
    is_free = failures.c.locked_until.is_(None) | (failures.c.locked_until <= now)
    connection.execute(delete(failures).where(failures.c.since <= now - rule.window, is_free))


def _count(connection: Connection, subject: str, most: int, now: datetime, rule: LockRule) -> datetime | None:
    """One failure more; until when the subject is locked, None if this attempt may be looked at."""
    moments = {"now": to_ms(now), "stale": to_ms(now - rule.window)}
    count, locked = connection.execute(_COUNT, {"subject": subject, **moments}).one()
    if locked is None and count >= most:  # this one is looked at still; whoever comes after it is not
        connection.execute(_LOCK, {"subject": subject, "until": to_ms(now + rule.closed)})
    return None if locked is None else from_ms(locked)


def _network(address: str) -> str:
    from ipaddress import IPv6Address, ip_address, ip_network

    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address) and known.ipv4_mapped is None:
        return str(ip_network((known, 64), strict=False))
    return str(known.ipv4_mapped if isinstance(known, IPv6Address) else known)
