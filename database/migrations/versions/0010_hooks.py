"""Signed messages that came in, so that each acts once."""

import sqlalchemy as sa
from alembic import op

from database.moments import Moment

revision = "0010"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "hook_messages",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False,
                  comment="HMAC-SHA256 over time and body, hexadecimal"),
        sa.Column("at", Moment(), nullable=False,
                  comment="when it came; forgotten an hour after it can no longer be valid"),
        sa.PrimaryKeyConstraint("source", "signature", name=op.f("pk_hook_messages")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index(op.f("ix_hook_messages_at"), "hook_messages", ["at"])
