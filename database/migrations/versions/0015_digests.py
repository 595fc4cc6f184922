"""The digests of each day as they were issued."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("world", sa.String(length=8), nullable=False),
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("theme", sa.String(length=63), nullable=False, comment="'' for the whole region"),
        sa.Column("day", sa.String(length=10), nullable=False, comment="civil day of the city"),
        sa.Column(
            "edition", sa.Integer(), autoincrement=False, nullable=False, comment="1 is the morning's"
        ),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.String(length=12), nullable=False, comment="version of the templates"),
        sa.Column("body", sa.Text(), nullable=False, comment="JSON: sentences with the facts they are made of"),
        sa.PrimaryKeyConstraint("world", "region", "theme", "day", "edition", name=op.f("pk_digests")),
    )  # fmt: skip
