"""Signed messages that came in: each acts once, however often it is sent again."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from database.moments import Moment
from database.tables import metadata

hook_messages = Table(
    "hook_messages",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("signature", String(64), primary_key=True, comment="HMAC-SHA256 over time and body, hexadecimal"),
    Column("at", Moment, nullable=False, comment="when it came; forgotten an hour after it can no longer be valid"),
    Index("ix_hook_messages_at", "at"),
    sqlite_with_rowid=False,
)
