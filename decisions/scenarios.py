"""Saved suppositions of the what-if: a name and supposed changes by indicator; forgotten ones stay in the store."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select

from access.actor import Actor, OutOfScope
from access.audit import record
from database import changes
from database.foresight_tables import scenarios
from indicators.catalogue import Catalogue

RIGHT = "warnings.acknowledge"
MOST = 12
"""Supposed changes in one scenario."""


class ScenarioRefused(ValueError):
    """A supposition that makes no sense; the message is for people."""


@dataclass(frozen=True)
class Scenario:
    """`supposed`: change by indicator code, in the indicator's unit."""

    id: int
    name: str
    supposed: Mapping[str, float]
    by: str
    at: datetime


def topic_of(world: str) -> str:
    """The topic of the scenarios of one world."""
    return f"findings:{world}"


def saved(connection: Connection, by: Actor, *, world: str) -> list[Scenario]:
    """Those of the city, newest first; scenarios speak of the whole city and are for those who see it."""
    if by.scope.regions is not None or not by.may("warnings.view"):
        return []
    asked = select(scenarios).where(scenarios.c.world == world, scenarios.c.forgotten_at.is_(None))
    return [_scenario(row) for row in connection.execute(asked.order_by(scenarios.c.id.desc()))]


def scenario(connection: Connection, by: Actor, *, world: str, number: int) -> Scenario | None:
    """One of them."""
    return next((one for one in saved(connection, by, world=world) if one.id == number), None)


def save(
    connection: Connection, catalogue: Catalogue, by: Actor, *, world: str, name: str, supposed: Mapping[str, float],
    now: datetime,
) -> Scenario:  # fmt: skip
    """Keep a supposition; ScenarioRefused says what is wrong with it."""
    _require(by)
    moved = {code: change for code, change in supposed.items() if change}
    if not moved or len(moved) > MOST:
        raise ScenarioRefused(f"请至少假定一项指标的变化，最多 {MOST} 项")
    strange = [code for code in moved if code not in catalogue.indicators]
    if strange:
        raise ScenarioRefused(f"没有指标“{strange[0][:30]}”")
    if not all(math.isfinite(change) for change in moved.values()):
        raise ScenarioRefused("假定的变化应为数字")
    row = {
        "world": world, "region": catalogue.city.code, "name": " ".join(name.split())[:60],
        "supposed": orjson.dumps(moved).decode(), "by": by.name, "at": now,
    }  # fmt: skip
    key = connection.execute(scenarios.insert().values(row)).inserted_primary_key
    number = int(key[0]) if key else 0
    record(connection, by=by, action="scenarios.save", object=f"scenario {number}", detail=moved, now=now)
    changes.bump(connection, [topic_of(world)])
    return Scenario(number, str(row["name"]), moved, by.name, now)


def forget(connection: Connection, by: Actor, number: int, *, now: datetime) -> None:
    """List it no longer; OutOfScope if there is none."""
    _require(by)
    row = connection.execute(
        select(scenarios.c.world).where(scenarios.c.id == number, scenarios.c.forgotten_at.is_(None))
    ).first()
    if row is None:
        raise OutOfScope(right=RIGHT)
    connection.execute(scenarios.update().where(scenarios.c.id == number).values(forgotten_at=now))
    record(connection, by=by, action="scenarios.forget", object=f"scenario {number}", now=now)
    changes.bump(connection, [topic_of(row.world)])


def _require(by: Actor) -> None:
    by.require(RIGHT)
    if by.scope.regions is not None:
        raise OutOfScope(right=RIGHT)


def _scenario(row: Any) -> Scenario:
    return Scenario(row.id, row.name, orjson.loads(row.supposed), row.by, row.at)
