"""The tables of people: accounts, what they were granted, their sessions, tokens and failed sign-ins. No secret is kept
in the clear: passwords by argon2, tokens by SHA-256, second factors sealed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from database.moments import Moment
from database.tables import Id, metadata

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False, comment="what is typed at sign-in"),
    Column("name_key", String(64), nullable=False, comment="the same folded: case, width and spaces do not count"),
    Column("shown", String(64), nullable=False, comment="the person's name as colleagues read it"),
    Column("home", String(16), nullable=False, comment="region the account belongs to; its administrators manage it"),
    Column("department", String(64), nullable=False, server_default=""),
    Column("origin", String(12), nullable=False, server_default="local", comment="local, machine, oidc or gateway"),
    Column("password_hash", String(200), comment="argon2id; NULL: this account has no password"),
    Column("password_set_at", Moment),
    Column("must_change", Boolean, nullable=False, server_default="0", comment="true: first a new password"),
    Column("disabled_at", Moment),
    Column("created_by", String(120), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("signed_in_at", Moment, comment="last sign-in"),
    Column("totp_sealed", Text, comment="secret of the second factor, sealed"),
    Column("totp_since", Moment, comment="since when it is asked for; NULL while it is being set up"),
    Column("totp_step", BigInteger, nullable=False, server_default="0", comment="last step used: a code works once"),
    Index("uq_users_name_key", "name_key", unique=True),
)

identities = Table(
    "identities",
    metadata,
    Column("issuer", String(200), primary_key=True, comment="address of the OIDC provider, or 'gateway'"),
    Column("subject", String(200), primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("linked_at", Moment, nullable=False),
    Index("ix_identities_user_id", "user_id"),
)

grants = Table(
    "grants",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("region", String(16), nullable=False, comment="with everything below it"),
    Column("department", String(64), nullable=False, server_default="", comment="'' for roles without"),
    Column("origin", String(12), nullable=False, server_default="local", comment="local, or outside: follows groups"),
    Column("given_by", String(120), nullable=False),
    Column("given_at", Moment, nullable=False),
    Index("uq_grants_what", "user_id", "role", "region", "department", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True, comment="SHA-256 of what the cookie holds"),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("role", String(40), nullable=False, comment="the role acted in, '' before any was granted"),
    Column("department", String(64), nullable=False, server_default=""),
    Column("pending", String(20), nullable=False, server_default="", comment="password or second_factor: that first"),
    Column("means", String(20), nullable=False, comment="password, once, oidc: how it was opened"),
    Column("address", String(64), nullable=False, server_default=""),
    Column("opened_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False, comment="last act of the person, exact to a minute"),
    Column("ends_at", Moment, nullable=False, comment="at the latest"),
    Index("ix_sessions_user_id", "user_id"),
    Index("ix_sessions_ends_at", "ends_at"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", String(8), nullable=False, comment="api or screen"),
    Column("name", String(64), nullable=False, comment="what or where it is for"),
    Column("token_hash", String(64), nullable=False, comment="SHA-256"),
    Column("tail", String(6), nullable=False, comment="its last letters, to tell tokens apart"),
    Column("role", String(40), nullable=False),
    Column("rights", Text, nullable=False, comment="joined by spaces; never more than the role's"),
    Column("regions", Text, nullable=False, comment="joined by spaces, each with everything below it"),
    Column("department", String(64), nullable=False, server_default=""),
    Column("created_by", String(120), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("revoked_by", String(120)),
    Index("uq_tokens_token_hash", "token_hash", unique=True),
)

once = Table(
    "once",
    metadata,
    Column("token_hash", String(64), primary_key=True, comment="SHA-256"),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("purpose", String(12), nullable=False, comment="enter, or password: sign in only to set a new one"),
    Column("made_by", String(120), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index("ix_once_user_id", "user_id"),
)

failures = Table(
    "failures",
    metadata,
    Column("subject", String(160), primary_key=True, comment="account:<folded name> or address:<address>"),
    Column("count", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("locked_until", Moment),
    Index("ix_failures_since", "since"),
)

old_passwords = Table(
    "old_passwords",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("set_at", Moment, nullable=False),
    Index("ix_old_passwords_user_id", "user_id"),
)
