"""What a rule looks at: the values of its indicator with their instants, as value, rate or forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import orjson
from sqlalchemy import Connection, select

from database.foresight_tables import forecasts
from datasources.delivery.period import end, start
from decisions.warning_rule import Rule, length

CLOCKED = 16
"""Labels of this length name a minute: the instant of the value itself."""
HOURLY = 13
STALE_FORECAST = timedelta(hours=30)
"""A forecast older than this says nothing about what comes."""

Points = Sequence[tuple[str, float | None]]


@dataclass(frozen=True)
class Point:
    """A measured value: the period it belongs to, its instant, what the rule compares, and the plain value."""

    period: str
    at: datetime
    measured: float
    value: float


def instant_of(period: str) -> datetime:
    """When a value of `period` was true: at its minute, else at the end of the period."""
    return (start(period) if len(period) == CLOCKED else end(period)).astimezone(UTC)


def plain(points: Points) -> list[Point]:
    """The values themselves."""
    return [Point(period, instant_of(period), value, value) for period, value in points if value is not None]


def rates(points: Points) -> list[Point]:
    """Change per hour from one value to the next."""
    known = plain(points)
    return [
        Point(later.period, later.at, (later.value - earlier.value) / hours, later.value)
        for earlier, later in pairwise(known)
        if (hours := (later.at - earlier.at).total_seconds() / 3600) > 0
    ]


def ahead(
    connection: Connection, rule: Rule, *, world: str, region: str, now: datetime
) -> tuple[Point, dict[str, object]] | None:
    """The worst expected value within the rule's lead, at `now`, with the forecast it is from."""
    row = connection.execute(
        select(forecasts)
        .where(
            forecasts.c.world == world, forecasts.c.indicator == rule.indicator, forecasts.c.region == region,
            forecasts.c.issued_at > now - STALE_FORECAST, forecasts.c.reason.is_(None),
        )
        .order_by(forecasts.c.issued_at.desc())
        .limit(1)
    ).first()  # fmt: skip
    if row is None:
        return None
    until = now + length(rule.lead)
    coming = [step for step in orjson.loads(row.steps) if now < instant_of(step[0]) <= until]
    if not coming:
        return None
    worst = (max if rule.direction == "above" else min)(coming, key=lambda step: step[1])
    told = {"forecast": row.id, "issued_at": row.issued_at.isoformat(), "model": row.model, "step": worst}
    return Point(worst[0], now, worst[1], worst[1]), told
