"""The tables of the audit record: rows that only get more, the heads of their chains, what was sealed and let go."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from database.moments import Moment
from database.tables import Id, metadata

LANES = 16
"""Chains side by side. A writing transaction takes one that nobody else holds, so that writers never wait in a row."""

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("lane", Integer, nullable=False, comment="which chain"),
    Column("seq", BigInteger, nullable=False, comment="place in the chain, from 1 without a gap"),
    Column("at", Moment, nullable=False),
    Column("actor", String(120), nullable=False, comment="the name of the person or program"),
    Column("account", String(64), nullable=False, server_default="", comment="the account it signed in with"),
    Column("role", String(40), nullable=False),
    Column("region", String(16), nullable=False, server_default="", comment="of the object; '' for the whole city"),
    Column("address", String(45), nullable=False, server_default="", comment="network address; '' on this machine"),
    Column("action", String(64), nullable=False, comment="entries.review, personal.reveal, …"),
    Column("object", String(160), nullable=False, comment="entry 12, source stations, …"),
    Column("result", String(16), nullable=False, comment="ok, refused or failed"),
    Column("request_id", String(64), nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default="{}", comment="JSON with sorted keys, no personal data"),
    Column("algorithm", String(8), nullable=False, comment="of the hash: sha256 or sm3"),
    Column("previous", String(64), nullable=False, comment="hash of the row before in this chain; '' for the first"),
    Column("hash", String(64), nullable=False),
    Index("uq_audit_place", "lane", "seq", unique=True),
    Index("ix_audit_at", "at"),
    Index("ix_audit_object", "object"),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("lane", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False, comment="rows this chain has had so far"),
    Column("hash", String(64), nullable=False, comment="of its last row"),
    Column("seal", String(120), nullable=False, comment="keyed proof of lane, seq and hash; '' before the first row"),
)

audit_checkpoints = Table(
    "audit_checkpoints",
    metadata,
    Column("lane", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False, comment="rows up to here may be gone"),
    Column("hash", String(64), nullable=False, comment="of the row at seq: where the chain goes on"),
    Column("up_to", Moment, nullable=False, comment="rows let go were older than this"),
    Column("made_at", Moment, nullable=False),
    Column("seal", String(120), nullable=False),
)

audit_reviews = Table(
    "audit_reviews",
    metadata,
    Column("kind", String(12), primary_key=True, comment="anchor or verify"),
    Column("at", Moment, nullable=False),
    Column("rows", BigInteger, nullable=False, comment="rows covered"),
    Column("finding", Text, nullable=False, server_default="", comment="what is wrong; '' if nothing"),
)
