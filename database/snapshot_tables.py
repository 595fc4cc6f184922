"""The table of frozen pages: what a person saw at a moment, byte for byte."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text

from database.moments import Moment
from database.tables import metadata

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", String(16), primary_key=True, comment="by chance: not to be guessed from another"),
    Column("world", String(8), nullable=False),
    Column("title", String(120), nullable=False),
    Column("path", String(400), nullable=False, comment="address of the page as it was looked at"),
    Column("look", String(80), nullable=False, comment="kind and scheme of the page, for its style"),
    Column("body", Text, nullable=False, comment="HTML: layout and panels"),
    Column(
        "parts", JSON, nullable=False, comment="panels with their hash, when they were made, or why they are missing"
    ),
    Column("sha256", String(64), nullable=False, comment="of body"),
    Column("size", Integer, nullable=False, comment="bytes of body"),
    Column("made_at", Moment, nullable=False),
    Column("as_of", Moment, comment="the moment shown, if it was not the present"),
    Column("account", String(64), nullable=False),
    Column("made_by", String(120), nullable=False),
    Column("role_name", String(40), nullable=False),
    Column("regions", JSON, comment="scope it was seen through; NULL: all regions"),
    Column("departments", JSON, comment="likewise; NULL: all departments"),
    Column("rights", JSON, nullable=False, comment="what its panels asked for"),
    Column("release", String(20), nullable=False, comment="of the program that drew it"),
    Column("keep_until", Moment, nullable=False),
    Index("ix_snapshots_made_at", "world", "made_at"),
    Index("ix_snapshots_account", "account"),
    Index("ix_snapshots_keep_until", "keep_until"),
    sqlite_with_rowid=False,
)
