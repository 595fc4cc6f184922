"""The tables of foresight: forecasts with their record, warnings with their course, findings of the nightly models."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from database.moments import Moment
from database.tables import Id, metadata

forecasts = Table(
    "forecasts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("world", String(8), nullable=False),
    Column("indicator", String(32), nullable=False),
    Column("region", String(16), nullable=False),
    Column("origin", String(20), nullable=False, comment="the newest period it knew"),
    Column("issued_at", Moment, nullable=False),
    Column("model", String(40), nullable=False),
    Column("reason", Text, comment="why only the naive forecast is given; NULL if the model speaks"),
    Column("steps", Text, nullable=False, comment="JSON: [period, mean, lo80, hi80, lo95, hi95, naive] for each lead"),
    Column("scored", Integer, nullable=False, server_default="0", comment="leads whose outcome has been entered"),
    Index("uq_forecasts_origin", "world", "indicator", "region", "origin", unique=True),
    Index("ix_forecasts_issued_at", "issued_at"),
)

forecast_scores = Table(
    "forecast_scores",
    metadata,
    Column("world", String(8), primary_key=True),
    Column("indicator", String(32), primary_key=True),
    Column("region", String(16), primary_key=True),
    Column("lead", Integer, primary_key=True, autoincrement=False, comment="steps ahead, from 1"),
    Column("outcomes", Integer, nullable=False),
    Column("error", Float, nullable=False, comment="sum of absolute errors"),
    Column("naive_error", Float, nullable=False, comment="the same of the naive forecast"),
    Column("smape", Float, nullable=False, comment="sum of symmetric per cent errors"),
    Column("naive_smape", Float, nullable=False),
    Column("inside80", Integer, nullable=False, comment="outcomes within the 80 % interval"),
    Column("inside95", Integer, nullable=False),
    Column("abstained", Integer, nullable=False, server_default="0", comment="of these, made without a model"),
)

forecast_models = Table(
    "forecast_models",
    metadata,
    Column("world", String(8), primary_key=True),
    Column("indicator", String(32), primary_key=True),
    Column("region", String(16), primary_key=True),
    Column("switched_off", Boolean, nullable=False, server_default="0"),
    Column("since", Moment, comment="when it was switched off or on again"),
    Column("recent", Text, nullable=False, comment="JSON: [period, error, naive error] of the last outcomes"),
)

warnings = Table(
    "warnings",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("world", String(8), nullable=False),
    Column("rule", String(63), nullable=False),
    Column("name", Text, nullable=False, comment="of the rule when it was raised"),
    Column("indicator", String(32), nullable=False),
    Column("theme", String(63), nullable=False),
    Column("region", String(16), nullable=False),
    Column("family", String(63), nullable=False, server_default="", comment="shown as one within a region"),
    Column("measure", String(12), nullable=False),
    Column("level", Integer, comment="1 red to 4 blue; NULL once lifted"),
    Column("peak_level", Integer, nullable=False),
    Column("peak", Float, comment="the worst value so far"),
    Column("bound", Float, comment="the bound of the level in force"),
    Column("began_at", Moment, nullable=False, comment="instant of the value that raised it"),
    Column("known_at", Moment, nullable=False, comment="when the engine saw that value"),
    Column("turned_at", Moment, nullable=False, comment="last change of level"),
    Column("lifted_at", Moment),
    Column("is_late", Boolean, nullable=False, server_default="0", comment="from late data: nobody was alarmed"),
    Column("quiet", Text, comment="why it stays quiet: inhibited by a cause, or a silence; NULL if it speaks"),
    Column("evidence", Text, nullable=False, comment="JSON: what the rule saw, with provenance and sources"),
    Column("owner", String(63), nullable=False),
    Column("acknowledged_by", String(120)),
    Column("acknowledged_at", Moment),
    Column("comment", Text),
    Column("keep_until", Moment, comment="an acknowledgement ends at the handover of the shift"),
    Column("verdict", String(12), comment="confirmed or false, said by a person"),
    Column("verdict_by", String(120)),
    Column("verdict_at", Moment),
    Column("verdict_note", Text),
    Column("event", String(40), comment="number of the event opened from it"),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_warnings_open", "world", "lifted_at", "level"),
    Index("ix_warnings_rule", "world", "rule", "began_at"),
)

warning_steps = Table(
    "warning_steps",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("warning", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column(
        "act", String(16), nullable=False, comment="raised, lowered, lifted, acknowledged, judged, event, expired …"
    ),
    Column("level", Integer),
    Column("value", Float),
    Column("by", String(120), nullable=False),
    Column("note", Text),
    Index("ix_warning_steps_warning", "warning"),
)

warning_courses = Table(
    "warning_courses",
    metadata,
    Column("world", String(8), primary_key=True),
    Column("rule", String(63), primary_key=True),
    Column("region", String(16), primary_key=True),
    Column("course", Text, nullable=False, comment="JSON of decisions/warning_course.py"),
    Column("period", String(20), nullable=False, comment="the newest period it has seen"),
    Column("warning", BigInteger, comment="the warning in force"),
    Column("digest", String(16), nullable=False, comment="of the history it has seen: late data change it"),
)

warning_silences = Table(
    "warning_silences",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("world", String(8), nullable=False),
    Column("rule", String(63), nullable=False),
    Column("region", String(16), comment="NULL: everywhere within the rights of who set it"),
    Column("reason", Text, nullable=False),
    Column("by", String(120), nullable=False),
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("ended_by", String(120)),
)

warning_edits = Table(
    "warning_edits",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("rule", String(63), nullable=False),
    Column("changes", Text, nullable=False, comment="JSON: keys that differ from warnings.yaml; {} takes an edit back"),
    Column("reason", Text, nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_warning_edits_rule", "rule"),
)

findings = Table(
    "findings",
    metadata,
    Column("world", String(8), primary_key=True),
    Column("model", String(40), primary_key=True, comment="attribution, monitoring, transmission, nowcast …"),
    Column("subject", String(64), primary_key=True, comment="indicator, branch or edge the finding is about"),
    Column("region", String(16), primary_key=True),
    Column("period", String(20), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("body", Text, nullable=False, comment="JSON the page draws from"),
)

scenarios = Table(
    "scenarios",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("world", String(8), nullable=False),
    Column("region", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("supposed", Text, nullable=False, comment="JSON: supposed change by indicator"),
    Column("by", String(120), nullable=False),
    Column("at", Moment, nullable=False),
    Column("forgotten_at", Moment),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("engine", String(40), primary_key=True, comment="warnings, forecasts, models"),
    Column("at", Moment, nullable=False),
    Column("promised", Float, nullable=False, comment="seconds until the next beat"),
    Column("words", Text, nullable=False, server_default="", comment="what it did, or what went wrong"),
)
