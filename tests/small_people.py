"""A few people with accounts, for tests of sign-in and rights: an officer, colleagues elsewhere, the three keepers."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from time import monotonic, sleep
from unittest import mock

from sqlalchemy import Engine, select, update

from access import accounts, passwords, sealing, totp
from access.account import Account, account_of, actor_of
from access.accounts import NewAccount, Place
from access.actor import LOOPBACK, Actor
from access.names import folded
from access.reception import Reception
from access.rules import Rules
from access.sealing import INTL, Keyring
from access.sessions import Opened
from access.sign_in import Attempt, by_password
from access.territory import Territory
from database.audit_tables import audit
from database.engine import reading, writing
from database.people_tables import sessions, users
from indicators.catalogue import load
from indicators.roles_file import load as load_roles

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
CITY, XIANGQIAO, RAOPING = "445100", "445102", "445122"
QIAODONG = "445102007"
GOOD = "韩江-plum7-Riverside"
BETTER = "凤凰-Pear8-Mountain"
HOME = "10.1.2.3"


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The shipped roles and regions."""
    territory = Territory.of(load(ROOT))
    return Rules(load_roles(ROOT, territory), territory)


def use_keys() -> None:
    """A keyring for this process, as every program of the product takes one at its start."""
    sealing.use(Keyring(INTL, ("a secret of the tests, long enough for all of them",)))


@dataclass
class People:
    """Accounts in one database, seen from one server process."""

    engine: Engine
    rules: Rules
    now: datetime = NOW

    def noted(self, opened: Opened) -> None:
        """Wait until the person's act of this moment stands in the database: it is noted beside the request."""
        mine, end = select(sessions.c.seen_at).where(sessions.c.token_hash == opened.token.digest), monotonic() + 10
        while True:
            with reading(self.engine) as connection:
                if connection.execute(mine).scalar() == self.now:
                    return
            assert monotonic() < end, "the act was never noted"
            sleep(0.005)

    def later(self, **span: float) -> None:
        """Let time go by."""
        self.now += timedelta(**span)

    def add(self, name: str, *places: Place, home: str = "", password: str | None = GOOD) -> Account:
        """An account with these roles and, unless None, a password."""
        home = home or (places[0].region if places else CITY)
        with writing(self.engine) as connection:
            number = accounts.add(connection, self.rules, NewAccount(name, name, home), by=LOOPBACK, now=self.now)
            for place in places:
                accounts.grant(connection, self.rules, number, place, by=LOOPBACK, now=self.now)
            if password is not None:
                values = {"password_hash": _hashed(password), "password_set_at": self.now, "must_change": False}
                connection.execute(update(users).where(users.c.id == number).values(values))
        return self.account(number)

    def account(self, number: int) -> Account:
        with reading(self.engine) as connection:
            found = account_of(connection, number)
        assert found
        return found

    def actor(self, account: Account) -> Actor:
        """The account acting in its first role."""
        hats = account.hats(self.rules.roles)
        return actor_of(account, hats[0] if hats else None, self.rules.roles, self.rules.territory)

    def sign_in(self, name: str, password: str = GOOD, address: str = HOME) -> Opened:
        return by_password(self.engine, self.rules, name, password, Attempt(address, self.now))

    def reception(self, **more: object) -> Reception:
        """As one more worker has it."""
        return Reception(self.engine, lambda: self.rules, now=lambda: self.now, **more)  # type: ignore[arg-type]

    def told(self) -> list[tuple[str, str, str, str]]:
        """The record: who, what, about what, with which result."""
        with reading(self.engine) as connection:
            found = connection.execute(select(audit.c.account, audit.c.action, audit.c.object, audit.c.result))
            return [tuple(row) for row in found]  # type: ignore[misc]


def without_second_factor(people: People) -> People:
    """The same people where nobody is asked for a second factor."""
    return replace(people, rules=replace(people.rules, ask_second_factor=False))


def code_of(secret: str, now: datetime) -> str:
    """What the telephone shows."""
    return totp.code_at(secret, totp.step_of(now))


@contextmanager
def hashing_counted():
    """Counts how many passwords were looked at."""
    with mock.patch.object(passwords, "matches", wraps=passwords.matches) as counted:
        yield counted


@lru_cache(maxsize=8)
def _hashed(password: str) -> str:
    return passwords.hashed(password)


def is_found(people: People, name: str) -> bool:
    """True if an account of that name exists."""
    with reading(people.engine) as connection:
        return connection.execute(select(users.c.id).where(users.c.name_key == folded(name))).first() is not None
