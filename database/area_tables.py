"""Tables of watched areas: what is watched for whom, what happened there; and of devices that report their place."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from database.moments import Moment
from database.tables import Id, metadata

watched_areas = Table(
    "watched_areas",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("world", String(8), nullable=False),
    Column("name", String(60), nullable=False),
    Column("shape", Text, nullable=False, comment="box:, circle: or polygon: of geography/areas.py, WGS84"),
    Column("ground", JSON, nullable=False, comment="groups of region codes: all of a group mean the same ground"),
    Column("wants", JSON, nullable=False, comment="what is told: events, category, warnings, devices, bounds"),
    Column("owner", String(64), nullable=False, comment="account"),
    Column("owner_name", String(120), nullable=False),
    Column("centre", String(16), comment="region of the centre it is for; NULL: for its owner alone"),
    Column("quiet_minutes", Integer, nullable=False, comment="between two notices"),
    Column("made_at", Moment, nullable=False),
    Column("since", Moment, nullable=False, comment="what is known after this is told; moves when it is resumed"),
    Column("ends_at", Moment, nullable=False),
    Column("ended_by", String(120), comment="who ended it before its time"),
    Column("paused_at", Moment),
    Column("muted_until", Moment),
    Column("told_at", Moment, comment="of the last notice"),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_watched_areas_live", "world", "ends_at"),
    Index("ix_watched_areas_owner", "owner"),
)

area_crossings = Table(
    "area_crossings",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("area", BigInteger, nullable=False),
    Column("world", String(8), nullable=False),
    Column("way", String(8), nullable=False, comment="event, warning, enter, leave, over or back"),
    Column("subject", String(120), nullable=False, comment="number of the event or warning, layer/key of the device"),
    Column("name", String(120), nullable=False, comment="of the subject as it was then"),
    Column("region", String(16), nullable=False),
    Column("department", String(64), comment="of an event, when it was seen"),
    Column("level", Integer, nullable=False, server_default="0"),
    Column("lon", Float),
    Column("lat", Float),
    Column("at", Moment, nullable=False, comment="when it happened"),
    Column("known_at", Moment, nullable=False),
    Column("is_late", Boolean, nullable=False, server_default="0", comment="from late data: nobody was told"),
    Column("quiet", String(12), comment="why nobody was told: interval, muted, late, back; NULL: told"),
    Column("evidence", JSON, nullable=False),
    Column("acknowledged_by", String(120)),
    Column("acknowledged_at", Moment),
    Column("comment", Text),
    Column("event", String(40), comment="number of the event it is or became"),
    Index("uq_area_crossings_once", "area", "way", "subject", "at", unique=True),
    Index("ix_area_crossings_area", "area", "known_at"),
)

devices = Table(
    "devices",
    metadata,
    Column("world", String(8), primary_key=True),
    Column("key", String(60), primary_key=True, comment="as its system names it"),
    Column("kind", String(12), nullable=False, comment="vehicle, boat, patrol or sensor"),
    Column("name", String(60), nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("region", String(16), nullable=False, comment="town, county, or the city outside of it"),
    Column("value", Float),
    Column("unit", String(12), nullable=False, server_default=""),
    Column("bound", Float, comment="upper bound of the value, as its system sets it"),
    Column("at", Moment, nullable=False, comment="of the newest report"),
    Column("received_at", Moment, nullable=False),
    Column("provenance", String(12), nullable=False),
    sqlite_with_rowid=False,
)

area_presences = Table(
    "area_presences",
    metadata,
    Column("area", BigInteger, primary_key=True, autoincrement=False),
    Column("device", String(60), primary_key=True),
    Column("is_inside", Boolean, nullable=False),
    Column("is_over", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
