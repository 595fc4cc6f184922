"""The tables of dispatch: events, what was done about them, who works on them, what was sent to whom."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text, text

from database.moments import Moment
from database.sealed import Sealed
from database.tables import Id, metadata

events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("world", String(8), nullable=False, comment="real or demo; the two are never mixed"),
    Column("number", String(24), nullable=False, comment="CZ-20261122-0007; MN-… in the demo city"),
    Column("version", Integer, nullable=False, comment="grows by one with every move"),
    Column("state", String(12), nullable=False),
    Column("title", String(120), nullable=False),
    Column(
        "description",
        Sealed("events.description"),
        nullable=False,
        server_default="",
        comment="as reported; may hold personal data",
    ),
    Column("category", String(16), nullable=False, server_default="", comment="code in departments.yaml"),
    Column("region", String(16), nullable=False, comment="the smallest region known"),
    Column("county", String(16), nullable=False, comment="county of the region, or the city itself"),
    Column("holder", String(16), nullable=False, comment="region of the centre that holds it: city, county, town"),
    Column("referred_from", String(16), comment="the centre it came from, until the new one has received it"),
    Column("lon", Float, comment="WGS84"),
    Column("lat", Float, comment="WGS84"),
    Column("placed", String(12), nullable=False, comment="point, town, county or city: how well the place is known"),
    Column("place", String(200), nullable=False, server_default="", comment="the place in words"),
    Column("level", Integer, nullable=False, comment="1 to 4 as red to blue, 0 everyday; from impact and urgency"),
    Column("impact", Integer, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("reasons", JSON, nullable=False, comment='why this region, category and level: {"region": "…"}'),
    Column("lead", String(64), comment="department now in charge"),
    Column("origin", String(24), nullable=False, comment="hotline, grid, sensor, video, open311, cap, desk, warning …"),
    Column("origin_id", String(120), nullable=False),
    Column("provenance", String(12), nullable=False, comment="live, manual or simulated"),
    Column("must_check", Boolean, nullable=False, comment="public reports are verified before they are registered"),
    Column("episode", String(64), comment="demo city: the planted trouble it belongs to"),
    Column("occurred_at", Moment, comment="when it began, if known"),
    Column("reported_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False, comment="when we stored it"),
    Column("moved_at", Moment, nullable=False),
    Column("registered_at", Moment),
    Column("closed_at", Moment),
    Column("round", Integer, nullable=False, server_default="0", comment="grows when the handling clock restarts"),
    Column("callers", Integer, nullable=False, server_default="1", comment="reports of the same thing, merged too"),
    Column("returns", Integer, nullable=False, server_default="0", comment="granted returns and referrals given back"),
    Column("reworks", Integer, nullable=False, server_default="0"),
    Column("extensions", Integer, nullable=False, server_default="0"),
    Column("reopenings", Integer, nullable=False, server_default="0"),
    Column("urged", Integer, nullable=False, server_default="0"),
    Column("supervised", Boolean, nullable=False, server_default=text("false")),
    Column("satisfied", Boolean, comment="as the caller said when called back"),
    Column("score", Integer, comment="1 to 5, as evaluated"),
    Column("parent_id", BigInteger, comment="the event it was merged into"),
    Column("stage_due_at", Moment, comment="derived from the ledger at the last move, for sorting; never the truth"),
    Column("case_due_at", Moment, comment="derived likewise: when the whole case must be closed"),
    Column("reporter_name", Sealed("events.reporter_name"), comment="sealed"),
    Column("reporter_phone", Sealed("events.reporter_phone"), comment="sealed"),
    Column("reporter_address", Sealed("events.reporter_address"), comment="sealed"),
    Index("uq_events_number", "number", unique=True),
    Index("uq_events_twin", "world", "origin", "origin_id", unique=True),
    Index("ix_events_queue", "world", "state", "stage_due_at"),
    Index("ix_events_county", "world", "county", "state"),
    Index("ix_events_reported_at", "world", "reported_at"),
    Index("ix_events_parent_id", "parent_id"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="1, 2, 3 …; equals the event's version"),
    Column("at", Moment, nullable=False, comment="never before the row above"),
    Column("action", String(20), nullable=False),
    Column("state", String(12), nullable=False, comment="after the move"),
    Column("effect", String(8), nullable=False, comment="on the handling clock"),
    Column("round", Integer, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("account", String(64), nullable=False, server_default=""),
    Column("role", String(40), nullable=False),
    Column("department", String(64), comment="the department concerned"),
    Column("note", Sealed("ledger.note"), nullable=False, server_default=""),
    Column("said", String(200), nullable=False, comment="what happened in a few words, names as they were then"),
    Column("data", JSON, nullable=False, comment="what was given with the move: amount, due, joint, reason …"),
    Column("key", String(120), comment="idempotency key of the move"),
    Column("audit_id", BigInteger, comment="row of the hash-chained audit record"),
    Index("ix_ledger_at", "at"),
    Index("uq_ledger_key", "event_id", "key", unique=True),
    sqlite_with_rowid=False,
)

assignments = Table(
    "assignments",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("department", String(64), primary_key=True),
    Column("part", String(8), nullable=False, comment="lead or joint"),
    Column("task", Sealed("assignments.task"), nullable=False, server_default=""),
    Column("given_at", Moment, nullable=False),
    Column("due_at", Moment, comment="a sub-deadline set by the centre; else the category's limit"),
    Column("signed_at", Moment),
    Column("done_at", Moment),
    Column("ended", String(12), nullable=False, server_default="", comment="done, returned, transferred, closed"),
    Index("ix_assignments_department", "department", "ended"),
    sqlite_with_rowid=False,
)

requests = Table(
    "requests",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="ledger row of the request"),
    Column("action", String(20), nullable=False, comment="ask_return, ask_extension …"),
    Column("asked_by", String(120), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("note", Sealed("requests.note"), nullable=False),
    Column("data", JSON, nullable=False),
    Column("outcome", String(8), nullable=False, server_default="waiting", comment="waiting, granted or denied"),
    Column("decided_by", String(120)),
    Column("decided_at", Moment),
    Index("ix_requests_outcome", "outcome", "asked_at"),
    sqlite_with_rowid=False,
)

event_links = Table(
    "event_links",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("other_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(12), primary_key=True, comment="merged_into, holds, split_into, split_from"),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    sqlite_with_rowid=False,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("event_id", BigInteger, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("department", String(64), nullable=False, comment="recipient; a department, or centre:<region>"),
    Column("channel", String(16), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", String(8), nullable=False, server_default="waiting", comment="waiting, sent or failed for good"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_at", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("error", Text),
    Index("uq_outbox_effect", "event_id", "seq", "department", "channel", unique=True),
    Index("ix_outbox_state_next_at", "state", "next_at"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("outbox_id", BigInteger, primary_key=True, autoincrement=False, comment="each delivery arrives once"),
    Column("recipient", String(64), nullable=False),
    Column("event_id", BigInteger, nullable=False),
    Column("title", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("arrived_at", Moment, nullable=False),
    Column("read_at", Moment),
    Column("read_by", String(120)),
    Index("ix_inbox_recipient_read_at", "recipient", "read_at"),
    sqlite_with_rowid=False,
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("actor", String(120), primary_key=True),
    Column("key", String(120), primary_key=True),
    Column("digest", String(64), nullable=False, comment="sha256 of the report"),
    Column("event_id", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_idempotency_keys_at", "at"),
    sqlite_with_rowid=False,
)

event_counts = Table(
    "event_counts",
    metadata,
    Column("world", String(8), primary_key=True),
    Column("day", String(8), primary_key=True, comment="civil day 20261122"),
    Column("last", Integer, nullable=False, comment="newest number given that day"),
    sqlite_with_rowid=False,
)

attachments = Table(
    "attachments",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("sha256", String(64), primary_key=True),
    Column("kind", String(8), nullable=False, comment="report, before or after"),
    Column("name", String(120), nullable=False),
    Column("mime", String(60), nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("metres", Float, comment="from the event's place; NULL if either place is unknown"),
    Column("added_by", String(120), nullable=False),
    Column("added_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

escalations = Table(
    "escalations",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rung", String(40), primary_key=True, comment="stage, round and step of the ladder: handle/1/over"),
    Column("at", Moment, nullable=False),
    Column("told", String(64), nullable=False, comment="who was told"),
    sqlite_with_rowid=False,
)

plan_steps = Table(
    "plan_steps",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("plan", String(64), nullable=False),
    Column("words", String(200), nullable=False),
    Column("department", String(64), comment="who does it; NULL: the lead"),
    Column("due_at", Moment),
    Column("done_at", Moment),
    Column("done_by", String(120)),
    sqlite_with_rowid=False,
)

satisfactions = Table(
    "satisfactions",
    metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="ledger row of the call back"),
    Column("at", Moment, nullable=False),
    Column("satisfied", Boolean, nullable=False),
    Column("by", String(120), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)

appeals = Table(
    "appeals",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("event_id", BigInteger, nullable=False),
    Column("department", String(64), nullable=False),
    Column("measure", String(40), nullable=False, comment="the rate it is to be left out of; '*' for all"),
    Column("reason", Text, nullable=False),
    Column("asked_by", String(120), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("outcome", String(8), nullable=False, server_default="waiting"),
    Column("decided_by", String(120)),
    Column("decided_at", Moment),
    Column("note", Text),
    Index("uq_appeals_once", "event_id", "department", "measure", unique=True),
)

handovers = Table(
    "handovers",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("world", String(8), nullable=False),
    Column("region", String(16), nullable=False),
    Column("from_actor", String(120), nullable=False),
    Column("to_actor", String(120)),
    Column("drafted_at", Moment, nullable=False),
    Column("taken_at", Moment, comment="when every item was acknowledged"),
    Index("ix_handovers_region", "world", "region", "drafted_at"),
)

handover_items = Table(
    "handover_items",
    metadata,
    Column("handover_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(12), nullable=False, comment="event, source, rule or note"),
    Column("ref", String(80), nullable=False, server_default=""),
    Column("words", Text, nullable=False),
    Column("seen_by", String(120)),
    Column("seen_at", Moment),
    sqlite_with_rowid=False,
)
