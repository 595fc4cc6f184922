"""Alembic's entry: runs the migrations on the connection that `database/migrate.py` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from database.moments import Moment
from database.schema import metadata


def _frozen(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Migrations name no code of the product: it may change later, they may not."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Moment) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=_frozen,
)
with context.begin_transaction():
    context.run_migrations()
