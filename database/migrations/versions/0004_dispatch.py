"""The tables of dispatch."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Filled by the change that brings the tables."""
