"""What the desk has put on a wall."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "screen_views",
        sa.Column(
            "screen", sa.BigInteger(), autoincrement=False, nullable=False, comment="number of the screen's token"
        ),
        sa.Column("path", sa.String(length=300), nullable=False, comment="address within the product"),
        sa.Column("by", sa.String(length=120), nullable=False, comment="who put it there, as the wall says"),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False, comment="then the wall goes its own way again"),
        sa.PrimaryKeyConstraint("screen", name=op.f("pk_screen_views")),
    )
