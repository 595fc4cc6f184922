"""The tables of people."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Filled by the change that brings the tables."""
