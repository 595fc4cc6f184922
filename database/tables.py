"""The tables of the readings half of the product, in one place, for queries and migrations alike."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text

from database.moments import Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")
"""Self-numbering keys: SQLite numbers only INTEGER PRIMARY KEY columns."""

series = Table(
    "series",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("world", String(8), nullable=False, comment="real or demo; the two are never mixed"),
    Column("indicator", String(32), nullable=False),
    Column("region", String(16), nullable=False),
    Column("dim", String(120), nullable=False, server_default="", comment="'' or 'industry=陶瓷'"),
    Index("uq_series_key", "world", "region", "indicator", "dim", unique=True),
)

observations = Table(
    "observations",
    metadata,
    Column("series_id", Id, primary_key=True, autoincrement=False),
    Column("period", String(20), primary_key=True, comment="civil-time label, see datasources/delivery/period.py"),
    Column("known_at", Moment, primary_key=True, comment="when we learned it: the vintage"),
    Column("observed_at", Moment, nullable=False, comment="the instant the value speaks of, or the end of its period"),
    Column("value", Float, comment="NULL only with a quality flag that says why"),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("basis", String(12), nullable=False, server_default="period", comment="period, ytd or point"),
    Column("provenance", String(12), nullable=False),
    Column("quality", String(120), nullable=False, server_default="", comment="flags joined by spaces"),
    Column("source", String(64), nullable=False),
    Column("call_id", BigInteger, nullable=False, comment="the source call that brought it"),
    Column("line", Integer, comment="row of the file or message"),
    sqlite_with_rowid=False,
)

latest = Table(
    "latest",
    metadata,
    Column("world", String(8), primary_key=True),
    Column("region", String(16), primary_key=True),
    Column("dim", String(120), primary_key=True, server_default=""),  # before indicator: one range holds all totals
    Column("indicator", String(32), primary_key=True),
    Column("series_id", BigInteger, nullable=False),
    Column("period", String(20), nullable=False),
    Column("observed_at", Moment, nullable=False),
    Column("known_at", Moment, nullable=False),
    Column("value", Float),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("basis", String(12), nullable=False),
    Column("provenance", String(12), nullable=False),
    Column("quality", String(120), nullable=False, server_default=""),
    Column("source", String(64), nullable=False),
    Column("call_id", BigInteger, nullable=False),
    Column(
        "touched_by",
        BigInteger,
        nullable=False,
        server_default="0",
        comment="the call that last changed this row or its history",
    ),
    Column("history", Text, nullable=False, comment='JSON [["2026-09", 3.7], …], oldest first, newest last'),
    sqlite_with_rowid=False,
)

gaps = Table(
    "gaps",
    metadata,
    Column("world", String(8), primary_key=True),
    Column("region", String(16), primary_key=True),
    Column("indicator", String(32), primary_key=True),
    Column("dim", String(120), primary_key=True, server_default=""),
    Column("period", String(20), nullable=False, comment="newest period that could not be rolled up"),
    Column("absent", Text, nullable=False, comment="codes of the parts without a value, joined by spaces"),
    Column("bare", Text, nullable=False, comment="codes of the parts without numerator and denominator"),
    sqlite_with_rowid=False,
)

calls = Table(
    "calls",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("source", String(64), nullable=False),
    Column("door", String(12), nullable=False, comment="pull, push, mqtt, file, manual, rollup, release, demo"),
    Column("origin", Text, nullable=False, server_default="", comment="file name, address or topic, no secrets"),
    Column("digest", String(64), comment="sha256 of the delivered bytes"),
    Column("actor", String(120), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("outcome", String(12), nullable=False, comment="taken, unchanged, partial, failed"),
    Column("error", Text),
    Column("rows", Integer, nullable=False, server_default="0"),
    Column("taken", Integer, nullable=False, server_default="0"),
    Column("unchanged", Integer, nullable=False, server_default="0"),
    Column("quarantined", Integer, nullable=False, server_default="0"),
    Index("ix_calls_source_started_at", "source", "started_at"),
)

call_rows = Table(
    "call_rows",
    metadata,
    Column("call_id", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("raw", Text, nullable=False, comment="the line as it arrived, at most 500 characters; not kept for streams"),
    sqlite_with_rowid=False,
)

source_states = Table(
    "source_states",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("last_call_id", BigInteger),
    Column("last_success_at", Moment),
    Column("last_failure_at", Moment),
    Column("last_error", Text),
    Column("failures_in_row", Integer, nullable=False, server_default="0"),
    Column("newest_period", String(20)),
    Column("newest_observed_at", Moment),
    Column("freshness", String(8), nullable=False, server_default="dead", comment="as last announced by the timetable"),
    Column("since", Moment, comment="since when it has this freshness"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("call_id", BigInteger, nullable=False),
    Column("source", String(64), nullable=False),
    Column("line", Integer),
    Column("indicator", String(64)),
    Column("region", String(32)),
    Column("dim", String(120), nullable=False, server_default=""),
    Column("period", String(40)),
    Column("observed_at", Moment),
    Column("value", Float),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("basis", String(12)),
    Column("quality", String(120), nullable=False, server_default=""),
    Column("raw", Text, nullable=False, comment="the row as it arrived, at most 500 characters"),
    Column("reasons", JSON, nullable=False, comment='[{"check": "jump", "message": "…"}]'),
    Column("state", String(12), nullable=False, server_default="held", comment="held, released or rejected"),
    Column("held_at", Moment, nullable=False),
    Column("decided_by", String(120)),
    Column("decided_at", Moment),
    Column("note", Text),
    Column("fingerprint", String(64), nullable=False, comment="same bad row again: one entry, not many"),
    Index("ix_quarantine_state_source", "state", "source"),
    Index("uq_quarantine_fingerprint", "fingerprint", unique=True),
)

entries = Table(
    "entries",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("indicator", String(32), nullable=False),
    Column("region", String(16), nullable=False),
    Column("dim", String(120), nullable=False, server_default=""),
    Column("period", String(20), nullable=False),
    Column("value", Float),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("note", Text, nullable=False, comment="where the figure is from"),
    Column("state", String(12), nullable=False, server_default="waiting", comment="waiting, accepted or refused"),
    Column("entered_by", String(120), nullable=False),
    Column("entered_account", String(64), nullable=False, server_default=""),
    Column("entered_at", Moment, nullable=False),
    Column("reviewed_by", String(120)),
    Column("reviewed_at", Moment),
    Column("review_note", Text),
    Column("call_id", BigInteger),
)

published_figures = Table(
    "published_figures",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("title", String(120), nullable=False, comment="the printed name of the figure"),
    Column("indicator", String(32), comment="the catalogue code it feeds, if any"),
    Column("region", String(16), nullable=False),
    Column("period", String(20), nullable=False),
    Column("value", Float),
    Column("unit", String(32), nullable=False),
    Column("basis", String(32), nullable=False),
    Column("source_title", Text, nullable=False),
    Column("source_url", Text, nullable=False),
    Column("fragment", Text, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("file", String(60), nullable=False, comment="the shipped file it stands in"),
    Column("line", Integer, nullable=False),
    Index("uq_published_figures_place", "file", "line", "title", unique=True),
)

topics = Table(
    "topics",
    metadata,
    Column("topic", String(80), primary_key=True, comment="readings:demo, theme:demo:environment, sources, catalogue"),
    Column("version", BigInteger, nullable=False),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("topic", Text, nullable=False),
    Column("payload", Text, nullable=False, comment="at most 64 KB, undecodable bytes escaped"),
    Column("error", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("received_at", Moment, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("token", BigInteger, nullable=False, comment="fencing token, grows with every new holder"),
    Column("until", Moment, nullable=False),
)

demo_truth = Table(
    "demo_truth",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("episode", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("indicator", String(32), nullable=False),
    Column("region", String(16), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("effect", Float, nullable=False),
    Column("cause", Text, nullable=False),
    Column("detectable", Boolean, nullable=False),
)
