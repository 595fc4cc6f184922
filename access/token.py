"""A token of a program or a screen: what it opens, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from database.people_tables import tokens

TokenKind = Literal["api", "screen"]
PREFIX = {"api": "ckapi_", "screen": "ckscr_"}
ROLE = {"api": "api_client", "screen": "screen"}
"""The role a token acts in; its own rights are at most these."""


@dataclass(frozen=True)
class Token:
    """As it stands in the table, without the secret."""

    id: int
    kind: TokenKind
    name: str
    tail: str
    role: str
    rights: frozenset[str]
    regions: tuple[str, ...]
    department: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    @property
    def is_valid(self) -> bool:
        """True unless it was revoked; whether its time has come is asked with a clock."""
        return self.revoked_at is None


token_columns = (
    tokens.c.id, tokens.c.kind, tokens.c.name, tokens.c.tail, tokens.c.role, tokens.c.rights, tokens.c.regions,
    tokens.c.department, tokens.c.created_by, tokens.c.created_at, tokens.c.expires_at, tokens.c.revoked_at,
)  # fmt: skip


def token_of(values: Sequence[Any]) -> Token:
    """The token in a row of `token_columns`."""
    number, kind, name, tail, role, rights, regions, department, created_by, created_at, expires_at, revoked_at = values
    return Token(
        number, kind, name, tail, role, frozenset(rights.split()), tuple(regions.split()), department,
        created_by, created_at, expires_at, revoked_at,
    )  # fmt: skip
