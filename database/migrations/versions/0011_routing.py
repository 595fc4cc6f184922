"""What the router proposed for each event, and what officers chose in place of suggestions."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "routings",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("world", sa.String(length=8), nullable=False),
        sa.Column(
            "model", sa.String(length=40), nullable=False,
            comment="version of the router; power-list before the first training",
        ),
        sa.Column("category", sa.String(length=16), nullable=False, comment="proposed; '' if nothing fits"),
        sa.Column("runner_up", sa.String(length=16), server_default="", nullable=False),
        sa.Column(
            "department", sa.String(length=64), nullable=True,
            comment="who should lead, by the power list for that category",
        ),
        sa.Column("confidence", sa.Float(), nullable=False, comment="share of such messages that are right, 0 to 1"),
        sa.Column("bar", sa.Float(), nullable=False, comment="confidence from which it was filled in, as set then"),
        sa.Column("words", sa.JSON(), nullable=False, comment="the words that decided, weightiest first"),
        sa.Column("standing", sa.String(length=10), nullable=False, comment="filled, waiting, confirmed or changed"),
        sa.Column("routed_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_by", sa.String(length=120), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_routings")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index("ix_routings_standing", "routings", ["world", "standing"], unique=False)
    op.create_index("ix_routings_routed_at", "routings", ["world", "routed_at"], unique=False)
    op.create_table(
        "crew_choices",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "seq", sa.Integer(), autoincrement=False, nullable=False, comment="ledger row of the dispatch"
        ),
        sa.Column("world", sa.String(length=8), nullable=False),
        sa.Column(
            "at", sa.BigInteger(), nullable=False, comment="of the dispatch; the suggestion is made as of then"
        ),
        sa.Column("suggested", sa.String(length=64), nullable=False, comment="department suggested to lead"),
        sa.Column("chosen", sa.String(length=64), nullable=False, comment="department the officer chose"),
        sa.Column("offered", sa.JSON(), nullable=False, comment="[department, part] of everything that was suggested"),
        sa.Column("reasons", sa.JSON(), nullable=False, comment="why the suggested one"),
        sa.Column("is_followed", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "seq", name=op.f("pk_crew_choices")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index("ix_crew_choices_at", "crew_choices", ["world", "at"], unique=False)
