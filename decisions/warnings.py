"""The warnings as kept: in force and past, their steps, silences. Reading only, by the actor's scope; what people
wrote about them comes with telephones and ID numbers masked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, Select, and_, or_, select

from access.actor import Actor
from access.personal import mask_text
from database.foresight_tables import heartbeats, warning_silences, warning_steps, warnings
from decisions.warning import Silence, Warning, WarningStep
from decisions.warning_rule import Level

ENGINE = "warnings"
"""Name of the engine in the table of heartbeats."""


def topic_of(world: str) -> str:
    """The topic of all warnings of one world."""
    return f"warnings:{world}"


def in_force(connection: Connection, by: Actor, *, world: str, regions: Collection[str] | None = None) -> list[Warning]:
    """Open warnings the actor may see, worst and newest first, quiet ones last; of `regions` alone if given."""
    found = _chosen(connection, by, select(warnings).where(warnings.c.world == world, warnings.c.lifted_at.is_(None)))
    wanted = [one for one in found if regions is None or one.region in regions]
    return sorted(wanted, key=lambda one: (one.quiet is not None, one.level or Level.BLUE, -one.turned_at.timestamp()))


def past(
    connection: Connection, by: Actor, *, world: str, since: datetime, until: datetime, rule: str | None = None,
    before: int | None = None, at_most: int = 200,
) -> list[Warning]:  # fmt: skip
    """Warnings that began from `since` to before `until`, newest first; `before` an id to read on from."""
    asked = select(warnings).where(warnings.c.world == world, warnings.c.began_at >= since, warnings.c.began_at < until)
    if rule is not None:
        asked = asked.where(warnings.c.rule == rule)
    if before is not None:
        asked = asked.where(warnings.c.id < before)
    return _chosen(connection, by, asked.order_by(warnings.c.id.desc()), at_most)


def warning(connection: Connection, by: Actor, number: int) -> Warning | None:
    """One warning; None if there is none or it is another's."""
    found = _chosen(connection, by, select(warnings).where(warnings.c.id == number))
    return found[0] if found else None


def steps(connection: Connection, number: int) -> list[WarningStep]:
    """What happened to a warning the caller has already been given, oldest first."""
    rows = connection.execute(
        select(warning_steps).where(warning_steps.c.warning == number).order_by(warning_steps.c.id)
    )
    return [
        WarningStep(row.at, row.act, Level(row.level) if row.level else None, row.value, row.by, _masked(row.note))
        for row in rows
    ]


def silences(connection: Connection, by: Actor, *, world: str, now: datetime) -> list[Silence]:
    """Silences that hold at `now`, those for everywhere or of the actor's regions."""
    table = warning_silences
    rows = connection.execute(
        select(table).where(
            and_(table.c.world == world, table.c.begins_at <= now, table.c.ends_at > now, table.c.ended_by.is_(None))
        )
    )
    return [
        Silence(row.id, row.world, row.rule, row.region, mask_text(row.reason), row.by, row.begins_at, row.ends_at)
        for row in rows
        if row.region is None or by.scope.allows(row.region)
    ]


def engine_trouble(connection: Connection, now: datetime) -> str | None:
    """Why the engine's silence means nothing, in words; None while it beats as promised."""
    row = connection.execute(select(heartbeats).where(heartbeats.c.engine == ENGINE)).first()
    if row is None:
        return "预警引擎尚未运行"
    if now - row.at > timedelta(seconds=3 * row.promised):
        minutes = max(int((now - row.at).total_seconds() // 60), 1)
        return f"预警引擎已 {minutes} 分钟没有心跳，此间没有预警不代表平安"
    return row.words or None


def _chosen(connection: Connection, by: Actor, asked: Select[Any], at_most: int | None = None) -> list[Warning]:
    if not by.may("warnings.view"):
        return []
    if by.scope.regions is not None:
        asked = asked.where(or_(warnings.c.region.in_(sorted(by.scope.regions))))
    rows = connection.execute(asked if at_most is None else asked.limit(at_most)).mappings()
    return [_warning(dict(row)) for row in rows]


def _warning(row: dict[str, Any]) -> Warning:
    row["level"] = Level(row["level"]) if row["level"] else None
    row["peak_level"] = Level(row["peak_level"])
    row["is_late"] = bool(row["is_late"])
    row["evidence"] = orjson.loads(row["evidence"])
    row |= {name: _masked(row[name]) for name in ("comment", "verdict_note")}
    return Warning(**row)


def _masked(words: str | None) -> str | None:
    return words and mask_text(words)


def families(found: Sequence[Warning]) -> list[list[Warning]]:
    """Warnings that are shown as one: same group and region, the worst first; each alone without a group."""
    grouped: dict[tuple[str, str], list[Warning]] = {}
    for one in found:
        grouped.setdefault((one.family or f"#{one.id}", one.region), []).append(one)
    return list(grouped.values())
