"""Response levels as commanded, and who is on duty when. Rows are added; what is replaced is marked, never removed."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table

from database.moments import Moment
from database.sealed import Sealed
from database.tables import Id, metadata

response_steps = Table(
    "response_steps",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("world", String(8), nullable=False, comment="real or demo; the two are never mixed"),
    Column("plan", String(40), nullable=False, comment="key in departments.yaml, rules.responses"),
    Column("region", String(16), nullable=False, comment="the city or a county: whose level it is"),
    Column("seq", Integer, nullable=False, comment="grows by one with every row of this plan and region"),
    Column("act", String(8), nullable=False, comment="start, raise, lower, end; ask: waits for a second person"),
    Column("level", Integer, nullable=False, comment="1 Ⅰ级 to 4 Ⅳ级 after this row, 0 ended"),
    Column("at", Moment, nullable=False, comment="when it takes effect"),
    Column("recorded_at", Moment, nullable=False, comment="when we stored it"),
    Column("reason", String(400), nullable=False),
    Column("basis_kind", String(10), nullable=False, comment="warning, event or document"),
    Column("basis_ref", String(120), nullable=False, comment="number of the warning, event or document"),
    Column("basis_words", String(200), nullable=False, comment="as it was called then"),
    Column("actor", String(120), nullable=False),
    Column("account", String(120), nullable=False),
    Column("role", String(40), nullable=False),
    Column("asked", Integer, nullable=False, server_default="0", comment="seq of the proposal this row confirms"),
    Index("uq_response_steps_seq", "world", "plan", "region", "seq", unique=True),
)

duty_shifts = Table(
    "duty_shifts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("ref", String(32), nullable=False, comment="what one shift of one person is called"),
    Column("world", String(8), nullable=False, comment="real or demo; the two are never mixed"),
    Column("unit", String(64), nullable=False, comment="region code of a centre, or key of a department"),
    Column("region", String(16), nullable=False, comment="whose it is"),
    Column("department", String(64), comment="of a department's own roster"),
    Column("post", String(8), nullable=False, comment="leader 带班领导, chief 值班长, officer 值班员"),
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("name", String(60), nullable=False, comment="official on duty: shown to whoever sees the roster"),
    Column("office", String(40), nullable=False, server_default="", comment="line of the duty room; not personal"),
    Column("mobile", Sealed("duty_shifts.mobile"), comment="sealed", info={"personal": "phone"}),
    Column("origin", String(8), nullable=False, comment="file, hand, swap or demo"),
    Column("said", String(200), nullable=False, server_default="", comment="file and line, or why it was swapped"),
    Column("allowed_by", String(60), nullable=False, server_default="", comment="who allowed a swap"),
    Column("known_at", Moment, nullable=False, comment="when we learned it"),
    Column("entered_by", String(120), nullable=False, comment="account"),
    Column("gone_at", Moment, comment="when another row took its place"),
    Column("gone_by", String(120), comment="account"),
    Column("gone_why", String(200), nullable=False, server_default=""),
    Index("uq_duty_shifts_ref", "ref", unique=True),
    Index("ix_duty_shifts_time", "world", "ends_at", "begins_at"),
    Index("ix_duty_shifts_unit", "world", "unit", "begins_at"),
    info={"object": "duty", "key": "ref", "region": "region"},
)

duty_files = Table(
    "duty_files",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("world", String(8), nullable=False),
    Column("unit", String(64), nullable=False, comment="the one the file was sent for"),
    Column("region", String(16), nullable=False),
    Column("name", String(200), nullable=False, comment="of the file"),
    Column("digest", String(64), nullable=False, comment="sha256 of its content; the content is not kept"),
    Column("rows", Integer, nullable=False, comment="rows below the heading"),
    Column("taken", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("held", JSON, nullable=False, comment="[line, reason] of rows not taken; without what they said"),
    Column("at", Moment, nullable=False),
    Column("by", String(120), nullable=False, comment="account"),
    Index("ix_duty_files_at", "world", "at"),
)

duty_notices = Table(
    "duty_notices",
    metadata,
    Column("world", String(8), primary_key=True),
    Column("unit", String(64), primary_key=True),
    Column("post", String(8), primary_key=True),
    Column("begins_at", Moment, primary_key=True, comment="of the time without anybody"),
    Column("region", String(16), nullable=False),
    Column("told_at", Moment, nullable=False, comment="once for each gap"),
    sqlite_with_rowid=False,
)
