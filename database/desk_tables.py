"""Who has which event open at the desk, for a few seconds at a time."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from database.moments import Moment
from database.tables import metadata

desk_viewers = Table(
    "desk_viewers",
    metadata,
    Column("number", String(24), primary_key=True, comment="of the event"),
    Column("account", String(120), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("role", String(40), nullable=False, comment="as shown: 县值班员"),
    Column("seen_at", Moment, nullable=False, comment="last sign of life; old rows mean nothing and are removed"),
    Index("ix_desk_viewers_seen_at", "seen_at"),
    sqlite_with_rowid=False,
)
