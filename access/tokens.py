"""Tokens for programs and screens: named, limited to rights and regions, with an end, taken back at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from access.actor import Actor, OutOfScope
from access.audit import record
from access.roles import place_problems
from access.rules import Rules
from access.secret_token import SecretToken, new_token
from access.token import PREFIX, ROLE, Token, TokenKind, token_columns, token_of
from database.changes import ACCESS, bump
from database.people_tables import tokens

RIGHT = {"api": "tokens.manage", "screen": "screens.manage"}
LONGEST = {"api": timedelta(days=366), "screen": timedelta(days=366 * 2)}
"""No token is for ever: a forgotten one ends by itself."""


class TokenRefused(ValueError):
    """Such a token cannot be made; the message says why."""


@dataclass(frozen=True)
class NewToken:
    """What is asked for. `rights` empty: all of the role for tokens of this kind."""

    kind: TokenKind
    name: str
    regions: tuple[str, ...]
    lasts: timedelta
    rights: frozenset[str] = frozenset()


def issue(connection: Connection, rules: Rules, new: NewToken, *, by: Actor, now: datetime) -> tuple[int, SecretToken]:
    """A new token and its number. The secret is shown this once. Denied, OutOfScope or TokenRefused."""
    for region in new.regions:
        by.require(RIGHT[new.kind], region)
    by.require(RIGHT[new.kind])
    _check(rules, new)
    token = new_token(PREFIX[new.kind])
    values = {
        "kind": new.kind,
        "name": new.name.strip(),
        "token_hash": token.digest,
        "tail": token.tail,
        "role": ROLE[new.kind],
        "rights": " ".join(sorted(new.rights or rules.roles.rights_of([ROLE[new.kind]]))),
        "regions": " ".join(sorted(new.regions)),
        "created_by": by.user or by.name,
        "created_at": now,
        "expires_at": now + new.lasts,
    }
    number: int = connection.execute(insert(tokens).values(values).returning(tokens.c.id)).scalar_one()
    detail = {"kind": new.kind, "name": new.name, "regions": values["regions"], "rights": values["rights"]}
    record(connection, by=by, action="token.issue", object=f"token {number}", detail=detail, now=now)
    return number, token


def revoke(connection: Connection, rules: Rules, number: int, *, by: Actor, now: datetime) -> Token:
    """Take a token back; its next request is a stranger's and its streams end."""
    by_number = connection.execute(select(*token_columns).where(tokens.c.id == number)).first()
    token = None if by_number is None else token_of(by_number)
    if token is None or not by.scope.holds(rules.territory.scope(token.regions)):
        raise OutOfScope("没有这个令牌，或无权管理。")
    by.require(RIGHT[token.kind])
    if token.is_valid:
        values = {"revoked_at": now, "revoked_by": by.user or by.name}
        connection.execute(update(tokens).where(tokens.c.id == number).values(values))
        bump(connection, [ACCESS])
        record(connection, by=by, action="token.revoke", object=f"token {number}", now=now)
    return token


def listed(connection: Connection, rules: Rules, kinds: Iterable[TokenKind], *, by: Actor) -> list[Token]:
    """The tokens of these kinds inside the actor's regions, newest first. Denied without the right."""
    wanted = tuple(kinds)
    for kind in wanted:
        by.require(RIGHT[kind])
    query = select(*token_columns).where(tokens.c.kind.in_(wanted)).order_by(tokens.c.id.desc())
    found = [token_of(row) for row in connection.execute(query)]
    return [token for token in found if by.scope.holds(rules.territory.scope(token.regions))]


def _check(rules: Rules, new: NewToken) -> None:
    role = rules.roles.roles.get(ROLE[new.kind])
    if role is None:
        raise TokenRefused(f"roles.yaml 没有 {ROLE[new.kind]} 这个角色")
    if not 1 <= len(new.name.strip()) <= 40:
        raise TokenRefused("请写明令牌给谁、放在哪里用，至多 40 个字")
    if not new.regions:
        raise TokenRefused("请至少选一个区域")
    for region in new.regions:
        for _, message in place_problems(role, region, "", rules.territory):
            raise TokenRefused(message)
    beyond = new.rights - frozenset(role.rights)
    if beyond:
        raise TokenRefused(f"“{role.name}”没有这些权限：{'、'.join(sorted(beyond))}")
    if not timedelta(0) < new.lasts <= LONGEST[new.kind]:
        raise TokenRefused(f"有效期至多 {LONGEST[new.kind].days} 天")
