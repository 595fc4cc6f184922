"""All tables of the product: import `metadata` from here where the whole shape of the database matters."""

from __future__ import annotations

from database import (  # noqa: F401 -- they register their tables
    area_tables,
    audit_tables,
    desk_tables,
    digest_tables,
    dispatch_tables,
    foresight_tables,
    hook_tables,
    people_tables,
    readiness_tables,
    review_tables,
    routing_tables,
    screen_tables,
    snapshot_tables,
    usage_tables,
)
from database.tables import metadata

__all__ = ["metadata"]
