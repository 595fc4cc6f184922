"""How often pages are looked at; and which account entered a figure, for names of persons are not unique."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "page_views",
        sa.Column("day", sa.String(length=10), nullable=False, comment="of the city's calendar, 2026-11-22"),
        sa.Column(
            "page", sa.String(length=120), nullable=False, comment="address with its variables open: /theme/<theme_id>"
        ),
        sa.Column("role", sa.String(length=40), nullable=False, comment="role of who looked"),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "page", "role", name=op.f("pk_page_views")),
    )
    account = sa.Column("entered_account", sa.String(length=64), server_default="", nullable=False)
    op.add_column("entries", account)
