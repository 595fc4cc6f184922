"""The tables of looking back: facts of cases worked out once, reviews of big events, versions and measures of them."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table

from database.moments import Moment
from database.sealed import Sealed
from database.tables import metadata

case_facts = Table(
    "case_facts",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False, comment="of the event; of another version they are not its facts"),
    Column("mark", String(16), nullable=False, comment="of the limits, the calendar and the counting they rest on"),
    Column("known_at", Moment, nullable=False, comment="newest ledger row: before it the case was another"),
    Column("facts", JSON, nullable=False),
    sqlite_with_rowid=False,
)

reviews = Table(
    "reviews",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("world", String(8), nullable=False),
    Column("version", Integer, nullable=False, comment="grows with every act; the newest of review_versions"),
    Column("state", String(8), nullable=False, comment="draft or signed"),
    Column("begun_by", String(120), nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("signed_by", String(120)),
    Column("signed_at", Moment, comment="what the draft says of the event is as known then"),
    Index("ix_reviews_state", "world", "state"),
    sqlite_with_rowid=False,
)

review_versions = Table(
    "review_versions",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("act", String(8), nullable=False, comment="begin, save, sign, reopen, measure"),
    Column("actor", String(120), nullable=False),
    Column("account", String(64), nullable=False, server_default=""),
    Column("role", String(40), nullable=False),
    Column("lessons", Sealed("review_versions.lessons"), nullable=False),
    Column("problems", Sealed("review_versions.problems"), nullable=False),
    Column("note", Sealed("review_versions.note"), nullable=False),
    Column("audit_id", BigInteger, comment="row of the hash-chained audit record"),
    sqlite_with_rowid=False,
)

review_measures = Table(
    "review_measures",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("words", Sealed("review_measures.words"), nullable=False),
    Column("department", String(64), nullable=False, comment="who carries it out"),
    Column("due_on", String(10), nullable=False, comment="city day 2026-12-31"),
    Column("since_version", Integer, nullable=False),
    Column("dropped_version", Integer, comment="from this version on it is no part of the review"),
    Column("done_at", Moment),
    Column("done_by", String(120)),
    Column("done_note", Sealed("review_measures.done_note")),
    Index("ix_review_measures_department", "department", "done_at"),
    sqlite_with_rowid=False,
)
