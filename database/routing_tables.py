"""The tables of routing: what the router proposed for each event, and what officers chose in place of suggestions."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Integer, String, Table

from database.moments import Moment
from database.tables import metadata

routings = Table(
    "routings",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("world", String(8), nullable=False),
    Column("model", String(40), nullable=False, comment="version of the router; power-list before the first training"),
    Column("category", String(16), nullable=False, comment="proposed; '' if nothing fits"),
    Column("runner_up", String(16), nullable=False, server_default=""),
    Column("department", String(64), comment="who should lead, by the power list for that category"),
    Column("confidence", Float, nullable=False, comment="share of such messages that are right, 0 to 1"),
    Column("bar", Float, nullable=False, comment="confidence from which it was filled in, as set then"),
    Column("words", JSON, nullable=False, comment="the words that decided, weightiest first"),
    Column("standing", String(10), nullable=False, comment="filled, waiting, confirmed or changed"),
    Column("routed_at", Moment, nullable=False),
    Column("settled_by", String(120)),
    Column("settled_at", Moment),
    Index("ix_routings_standing", "world", "standing"),
    Index("ix_routings_routed_at", "world", "routed_at"),
    sqlite_with_rowid=False,
)

crew_choices = Table(
    "crew_choices",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="ledger row of the dispatch"),
    Column("world", String(8), nullable=False),
    Column("at", Moment, nullable=False, comment="of the dispatch; the suggestion is made as of then"),
    Column("suggested", String(64), nullable=False, comment="department suggested to lead"),
    Column("chosen", String(64), nullable=False, comment="department the officer chose"),
    Column("offered", JSON, nullable=False, comment="[department, part] of everything that was suggested"),
    Column("reasons", JSON, nullable=False, comment="why the suggested one"),
    Column("is_followed", Boolean, nullable=False),
    Column("by", String(120), nullable=False),
    Index("ix_crew_choices_at", "world", "at"),
    sqlite_with_rowid=False,
)
