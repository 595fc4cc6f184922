"""What is known to have happened to a figure: the planted troubles of the demo city. Only for annotations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from access.actor import Actor
from database.tables import demo_truth
from indicators.reading import World


@dataclass(frozen=True)
class Happening:
    """Kind and cause in the words of who planted it, and from when to when."""

    kind: str
    cause: str
    starts_at: datetime
    ends_at: datetime


def happenings(
    connection: Connection,
    by: Actor,
    *,
    world: World,
    code: str,
    region: str,
    whole: str,
    start: datetime,
    end: datetime,
) -> list[Happening]:
    """What began in [start, end) and touches the figure in `region`; for the city (`whole`) what touches any county."""
    if world is not World.DEMO or not by.scope.allows(region):
        return []
    table = demo_truth.c
    query = (
        select(table.kind, table.cause, table.starts_at, table.ends_at)
        .where(table.indicator == code, table.starts_at >= start, table.starts_at < end)
        .distinct()
        .order_by(table.starts_at)
    )
    if region != whole:
        query = query.where(table.region == region)
    return [Happening(*row) for row in connection.execute(query)]
