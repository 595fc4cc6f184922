"""Recognises who comes: by session, token or gateway, with one indexed look into the database for each request.

The look tells whether the session or token still stands, and the version of everything about accounts; what was read
before is used while that version stands. So a disabled account or a changed role counts at the next request of every
worker. While the database does not answer nobody can be let in anew, and whoever was recognised shortly before stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeVar

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from access.account import Account, Hat, account_of, actor_of, powerless
from access.actor import Actor
from access.acts_noted import ActsNoted
from access.rules import Rules
from access.secret_token import digest_of
from access.sessions import Pending, Session
from access.token import Token, token_columns, token_of
from database.changes import ACCESS
from database.engine import reading
from database.people_tables import identities, sessions, tokens
from database.tables import topics

if TYPE_CHECKING:
    from sqlalchemy import Engine

REMEMBERED = 900.0
"""Seconds for which someone recognised stays so while the database does not answer."""
MOST_REMEMBERED = 5_000
Means = Literal["password", "once", "oidc", "ldap", "token", "screen", "gateway"]
K = TypeVar("K")
V = TypeVar("V")


class CannotTell(Exception):
    """The database does not answer, so nobody can be recognised now. Neither yes nor no."""


@dataclass(frozen=True)
class Visit:
    """Who is there, and by what means. While something is `pending` the actor has no rights."""

    actor: Actor
    means: Means
    pending: Pending = ""
    hats: tuple[Hat, ...] = ()
    user_id: int | None = None
    session: Session | None = None
    ends_at: datetime | None = None


@dataclass
class _Known:
    """What was read at one version of the accounts."""

    version: int
    rules: Rules
    accounts: dict[int, Account | None] = field(default_factory=dict)
    visits: dict[object, Visit] = field(default_factory=dict)


_VERSION = select(topics.c.version).where(topics.c.topic == ACCESS).scalar_subquery().label("version")
_SESSION = select(
    sessions.c.token_hash.label("digest"), sessions.c.user_id, sessions.c.role, sessions.c.department,
    sessions.c.pending, sessions.c.means, sessions.c.seen_at, sessions.c.ends_at, _VERSION,
).where(sessions.c.token_hash == bindparam("digest"))  # fmt: skip
_TOKEN = select(*token_columns, _VERSION).where(tokens.c.token_hash == bindparam("digest"))
_IDENTITY = select(identities.c.user_id, _VERSION).where(
    identities.c.issuer == bindparam("issuer"), identities.c.subject == bindparam("subject")
)


class Reception:
    """One per server process. `is_blind`: true while the database is known not to answer; then it is not even asked."""

    def __init__(
        self,
        engine: Engine,
        rules: Callable[[], Rules],
        *,
        now: Callable[[], datetime],
        is_blind: Callable[[], bool] = lambda: False,
        glances: Engine | None = None,
    ) -> None:
        """`glances`: `database.engine.glancing(engine)` where a process lives long enough to keep it."""
        self.engine = engine
        self._glances = glances
        self.now = now
        self._rules = rules
        self._acts = ActsNoted(engine)
        self._is_blind = is_blind
        self._known = _Known(-1, rules())
        self._seen: dict[str, tuple[Visit, float]] = {}

    @property
    def rules(self) -> Rules:
        """Roles, territory and limits in force."""
        return self._rules()

    def by_session(self, text: str, *, is_act: bool = False) -> Visit | None:
        """Who holds this session token. `is_act`: the person did something, the silence begins anew."""
        visit = self._recognised(digest_of(text), self._session)
        if visit and visit.session:
            now = self.now()
            if visit.session.is_over(now, self.rules.limits):
                return None
            if is_act and visit.session.is_due(now):
                self._acts.note(visit.session.digest, now)
        return visit

    def by_token(self, text: str) -> Visit | None:
        """Who holds this API or screen token."""
        visit = self._recognised(digest_of(text), self._token)
        return visit if visit and visit.ends_at and self.now() < visit.ends_at else None

    def by_identity(self, issuer: str, subject: str) -> Visit | None:
        """The account linked to this name of an outside sign-in; it acts in the first of its roles."""
        return self._recognised(f"{issuer}\0{subject}", lambda connection, _: self._linked(connection, issuer, subject))

    def _recognised(self, key: str, look: Callable[[Connection, str], Visit | None]) -> Visit | None:
        if not key:
            return None
        if self._is_blind():
            return self._remembered(key)
        try:
            visit = self._look(look, key)
        except (SQLAlchemyError, OSError) as silent:
            return self._remembered(key, silent)
        self._remember(key, visit)
        return visit

    def _look(self, look: Callable[[Connection, str], Visit | None], key: str) -> Visit | None:
        """One look; once more in a reading transaction if the connection turned out to be broken."""
        if self._glances is not None and self._glances is not self.engine:
            try:
                with self._glances.connect() as connection:
                    return look(connection, key)
            except DBAPIError as broken:
                if not broken.connection_invalidated:
                    raise
        with reading(self.engine) as connection:
            return look(connection, key)

    def _remember(self, key: str, visit: Visit | None) -> None:
        if visit is None:
            self._seen.pop(key, None)
        else:
            _bounded(self._seen)[key] = visit, time.monotonic()

    def _remembered(self, key: str, silent: Exception | None = None) -> Visit | None:
        visit, at = self._seen.get(key, (None, 0.0))
        if visit is None or time.monotonic() - at > REMEMBERED:
            raise CannotTell("数据库暂时没有应答，无法核对身份，请稍候再试。") from silent
        return visit

    # What stands in the database

    def _session(self, connection: Connection, digest: str) -> Visit | None:
        row = connection.execute(_SESSION, {"digest": digest}).first()
        if row is None:
            return None
        *values, version = row
        session = Session(*values)
        key = (session.user_id, session.role, session.department, session.pending, session.means)
        known = self._at(version)
        visit = known.visits.get(key)
        if visit is None:
            account = self._account(connection, known, session.user_id)
            visit = self._visit(account, session.role, session.department, session.means, session.pending)
            if visit:
                _bounded(known.visits)[key] = visit
        return replace(visit, session=session, ends_at=session.ends_at) if visit else None

    def _token(self, connection: Connection, digest: str) -> Visit | None:
        row = connection.execute(_TOKEN, {"digest": digest}).first()
        if row is None:
            return None
        *values, version = row
        token = token_of(values)
        known = self._at(version)
        visit = known.visits.get(token)
        if visit is None and token.is_valid:
            visit = _visit_by(token, known.rules)
            if visit:
                _bounded(known.visits)[token] = visit
        return visit

    def _linked(self, connection: Connection, issuer: str, subject: str) -> Visit | None:
        row = connection.execute(_IDENTITY, {"issuer": issuer, "subject": subject}).first()
        if row is None:
            return None
        known = self._at(row.version)
        return self._visit(self._account(connection, known, row.user_id), "", "", "gateway", "")

    def _at(self, version: int | None) -> _Known:
        """What is known at this version and under the rules in force; older knowledge is dropped."""
        rules, known = self._rules(), self._known
        if known.version != (version or 0) or known.rules is not rules:
            known = self._known = _Known(version or 0, rules)
        return known

    @staticmethod
    def _account(connection: Connection, known: _Known, user_id: int) -> Account | None:
        if user_id not in known.accounts:
            _bounded(known.accounts)[user_id] = account_of(connection, user_id)
        return known.accounts[user_id]

    def _visit(
        self, account: Account | None, role: str, department: str, means: Means, pending: Pending
    ) -> Visit | None:
        if account is None or not account.is_open:
            return None
        rules = self._known.rules
        hat = account.hat(rules.roles, role, department)
        actor = actor_of(account, hat, rules.roles, rules.territory)
        hats = account.hats(rules.roles)
        return Visit(powerless(actor) if pending else actor, means, pending, hats, account.id)


def _visit_by(token: Token, rules: Rules) -> Visit | None:
    role = rules.roles.roles.get(token.role)
    if role is None or role.kind == "person":
        return None
    actor = Actor(
        token.name,
        role.key,
        rules.territory.scope(token.regions, token.department),
        frozenset(role.rights) & token.rights,
        user=f"token:{token.id}",
        role_name=role.name,
        kind=role.kind,
        department=token.department,
        home=token.regions[0] if token.regions else "",
    )
    return Visit(actor, "screen" if token.kind == "screen" else "token", ends_at=token.expires_at)


def _bounded(memory: dict[K, V]) -> dict[K, V]:
    """The memory itself, emptied when it grew too large."""
    if len(memory) >= MOST_REMEMBERED:
        memory.clear()
    return memory
