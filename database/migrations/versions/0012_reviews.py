"""Facts of cases worked out once; reviews of big events with their versions and measures."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "case_facts",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="of the event; of another version they are not its facts"
        ),
        sa.Column(
            "mark", sa.String(length=16), nullable=False,
            comment="of the limits, the calendar and the counting they rest on",
        ),
        sa.Column(
            "known_at", sa.BigInteger(), nullable=False, comment="newest ledger row: before it the case was another"
        ),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_case_facts")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "reviews",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("world", sa.String(length=8), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="grows with every act; the newest of review_versions"
        ),
        sa.Column("state", sa.String(length=8), nullable=False, comment="draft or signed"),
        sa.Column("begun_by", sa.String(length=120), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("signed_by", sa.String(length=120), nullable=True),
        sa.Column(
            "signed_at", sa.BigInteger(), nullable=True, comment="what the draft says of the event is as known then"
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_reviews")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reviews_state", "reviews", ["world", "state"], unique=False)
    op.create_table(
        "review_versions",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False, comment="begin, save, sign, reopen, measure"),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("account", sa.String(length=64), server_default="", nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("lessons", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("audit_id", sa.BigInteger(), nullable=True, comment="row of the hash-chained audit record"),
        sa.PrimaryKeyConstraint("event_id", "version", name=op.f("pk_review_versions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "review_measures",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False, comment="who carries it out"),
        sa.Column("due_on", sa.String(length=10), nullable=False, comment="city day 2026-12-31"),
        sa.Column("since_version", sa.Integer(), nullable=False),
        sa.Column(
            "dropped_version", sa.Integer(), nullable=True, comment="from this version on it is no part of the review"
        ),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("done_by", sa.String(length=120), nullable=True),
        sa.Column("done_note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("event_id", "position", name=op.f("pk_review_measures")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_review_measures_department", "review_measures", ["department", "done_at"], unique=False)
