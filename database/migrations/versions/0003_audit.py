"""The tables of audit."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Filled by the change that brings the tables."""
