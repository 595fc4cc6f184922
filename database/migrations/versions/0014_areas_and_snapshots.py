"""Watched areas with what happened there, devices that report their place, and frozen pages."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "watched_areas",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("world", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False, comment="box:, circle: or polygon: of geography/areas.py, WGS84"),
        sa.Column("ground", sa.JSON(), nullable=False, comment="groups of region codes: all of a group mean the same ground"),
        sa.Column("wants", sa.JSON(), nullable=False, comment="what is told: events, category, warnings, devices, bounds"),
        sa.Column("owner", sa.String(length=64), nullable=False, comment="account"),
        sa.Column("owner_name", sa.String(length=120), nullable=False),
        sa.Column("centre", sa.String(length=16), nullable=True, comment="region of the centre it is for; NULL: for its owner alone"),
        sa.Column("quiet_minutes", sa.Integer(), nullable=False, comment="between two notices"),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False, comment="what is known after this is told; moves when it is resumed"),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_by", sa.String(length=120), nullable=True, comment="who ended it before its time"),
        sa.Column("paused_at", sa.BigInteger(), nullable=True),
        sa.Column("muted_until", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True, comment="of the last notice"),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched_areas")),
    )  # fmt: skip
    op.create_index("ix_watched_areas_live", "watched_areas", ["world", "ends_at"], unique=False)
    op.create_index("ix_watched_areas_owner", "watched_areas", ["owner"], unique=False)
    op.create_table(
        "area_crossings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("world", sa.String(length=8), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False, comment="event, warning, enter, leave, over or back"),
        sa.Column("subject", sa.String(length=120), nullable=False, comment="number of the event or warning, layer/key of the device"),
        sa.Column("name", sa.String(length=120), nullable=False, comment="of the subject as it was then"),
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=True, comment="of an event, when it was seen"),
        sa.Column("level", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="when it happened"),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("is_late", sa.Boolean(), server_default="0", nullable=False, comment="from late data: nobody was told"),
        sa.Column("quiet", sa.String(length=12), nullable=True, comment="why nobody was told: interval, muted, late, back; NULL: told"),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=120), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("event", sa.String(length=40), nullable=True, comment="number of the event it is or became"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_crossings")),
    )  # fmt: skip
    op.create_index("ix_area_crossings_area", "area_crossings", ["area", "known_at"], unique=False)
    op.create_index("uq_area_crossings_once", "area_crossings", ["area", "way", "subject", "at"], unique=True)
    op.create_table(
        "devices",
        sa.Column("world", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False, comment="as its system names it"),
        sa.Column("kind", sa.String(length=12), nullable=False, comment="vehicle, boat, patrol or sensor"),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("region", sa.String(length=16), nullable=False, comment="town, county, or the city outside of it"),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=12), server_default="", nullable=False),
        sa.Column("bound", sa.Float(), nullable=True, comment="upper bound of the value, as its system sets it"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="of the newest report"),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("provenance", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("world", "key", name=op.f("pk_devices")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "area_presences",
        sa.Column("area", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("is_inside", sa.Boolean(), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("area", "device", name=op.f("pk_area_presences")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "snapshots",
        sa.Column("id", sa.String(length=16), nullable=False, comment="by chance: not to be guessed from another"),
        sa.Column("world", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False, comment="address of the page as it was looked at"),
        sa.Column("look", sa.String(length=80), nullable=False, comment="kind and scheme of the page, for its style"),
        sa.Column("body", sa.Text(), nullable=False, comment="HTML: layout and panels"),
        sa.Column("parts", sa.JSON(), nullable=False, comment="panels with their hash, when they were made, or why they are missing"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of body"),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes of body"),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=True, comment="the moment shown, if it was not the present"),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("role_name", sa.String(length=40), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=True, comment="scope it was seen through; NULL: all regions"),
        sa.Column("departments", sa.JSON(), nullable=True, comment="likewise; NULL: all departments"),
        sa.Column("rights", sa.JSON(), nullable=False, comment="what its panels asked for"),
        sa.Column("release", sa.String(length=20), nullable=False, comment="of the program that drew it"),
        sa.Column("keep_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index("ix_snapshots_account", "snapshots", ["account"], unique=False)
    op.create_index("ix_snapshots_keep_until", "snapshots", ["keep_until"], unique=False)
    op.create_index("ix_snapshots_made_at", "snapshots", ["world", "made_at"], unique=False)
