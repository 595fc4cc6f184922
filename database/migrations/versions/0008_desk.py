"""Who has which event open at the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "desk_viewers",
        sa.Column("number", sa.String(length=24), nullable=False, comment="of the event"),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False, comment="as shown: 县值班员"),
        sa.Column(
            "seen_at",
            sa.BigInteger(),
            nullable=False,
            comment="last sign of life; old rows mean nothing and are removed",
        ),
        sa.PrimaryKeyConstraint("number", "account", name=op.f("pk_desk_viewers")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_desk_viewers_seen_at", "desk_viewers", ["seen_at"])
