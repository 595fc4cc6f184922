"""What the nightly models found, kept as plain values for the pages. Without a library of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select

from access.actor import Actor
from database import changes
from database.foresight_tables import findings


@dataclass(frozen=True)
class Finding:
    """One result of one model. `body` is what the page draws from; its keys belong to the model."""

    model: str
    subject: str
    region: str
    period: str
    made_at: datetime
    body: Mapping[str, Any]


def topic_of(world: str) -> str:
    """The topic of all findings of one world."""
    return f"findings:{world}"


def finding(
    connection: Connection, by: Actor, *, world: str, model: str, region: str, subject: str = ""
) -> Finding | None:
    """The newest result; None if there is none or the region is another's."""
    if not by.scope.allows(region):
        return None
    row = connection.execute(
        select(findings).filter_by(world=world, model=model, subject=subject, region=region)
    ).first()
    return None if row is None else _finding(row)


def put(
    connection: Connection, *, world: str, model: str, region: str, period: str, body: Mapping[str, Any], now: datetime,
    subject: str = "",
) -> None:  # fmt: skip
    """Keep a result in place of the one before."""
    key = {"world": world, "model": model, "subject": subject, "region": region}
    row = {"period": period, "made_at": now, "body": orjson.dumps(dict(body)).decode()}
    if connection.execute(findings.update().filter_by(**key).values(row)).rowcount == 0:
        connection.execute(findings.insert().values(**key, **row))
    changes.bump(connection, [topic_of(world)])


def _finding(row: Any) -> Finding:
    return Finding(row.model, row.subject, row.region, row.period, row.made_at, orjson.loads(row.body))
