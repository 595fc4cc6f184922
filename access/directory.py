"""Sign-in by the organisation's directory (LDAP), domain half: a name and a password it vouches for become an account.

Asked only for names that have no password here. What the person may do comes from the same link or groups as with the
unified sign-in; a second factor is asked for as with a password. The half that speaks LDAP is `api/ldap.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from access import lockout, oidc, passwords
from access.account import Account
from access.oidc import Claims

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from access.rules import Rules
    from access.sign_in import Attempt

ORIGIN = EXTENSION = "ldap"
"""Where an account is from; where the web side keeps the directory."""
LONGEST = 200
"""Characters of a name or a password that are looked at."""


class Silent(Exception):
    """The directory does not answer, or not as it should. The reason goes to the log."""

    def __init__(self, message: str = "单位目录暂时没有应答，请稍后再试。") -> None:
        super().__init__(message)


class Directory(Protocol):
    """One directory."""

    def prove(self, name: str, password: str) -> Claims | None:
        """Who that is, if the password is theirs; None if not. Raises Silent."""
        ...


def proven(directory: Directory, name: str, password: str) -> Claims | None:
    """As the directory says. An empty password proves nothing: LDAP takes it for a visit without a name
    (RFC 4513 5.1.2)."""
    if not name.strip() or not password or max(len(name), len(password)) > LONGEST or "\0" in name + password:
        passwords.spend_time(password)
        return None
    claims = directory.prove(name.strip(), password)
    if claims is None:
        passwords.spend_time(password)
    return claims


def arrive(connection: Connection, rules: Rules, claims: Claims, key: str, at: Attempt) -> Account:
    """The account of that person, roles in line with the groups; the attempt is no failure. oidc.NotKnown."""
    account = oidc.arrive(connection, rules, claims, now=at.now)
    lockout.clear(connection, key)
    lockout.give_back(connection, key, at.address)
    return account
