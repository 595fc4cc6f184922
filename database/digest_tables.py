"""The table of the digests: every edition of every day, as it was issued."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from database.moments import Moment
from database.tables import metadata

digests = Table(
    "digests",
    metadata,
    Column("world", String(8), primary_key=True),
    Column("region", String(16), primary_key=True),
    Column("theme", String(63), primary_key=True, comment="'' for the whole region"),
    Column("day", String(10), primary_key=True, comment="civil day of the city"),
    Column("edition", Integer, primary_key=True, autoincrement=False, comment="1 is the morning's"),
    Column("issued_at", Moment, nullable=False),
    Column("rules", String(12), nullable=False, comment="version of the templates"),
    Column("body", Text, nullable=False, comment="JSON: sentences with the facts they are made of"),
)
