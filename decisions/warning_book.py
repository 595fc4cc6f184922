"""Writing warnings: entered, turned, kept quiet, expired. Each write leaves a step. The caller owns the transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, select

from access.actor import TIMETABLE
from database.foresight_tables import heartbeats, warning_silences, warning_steps, warnings
from decisions.warning_course import Step, Turn
from decisions.warning_inputs import Point
from decisions.warning_rule import CHARACTERS, Level, Rule
from decisions.warning_rules import Rules
from indicators.catalogue import Catalogue
from indicators.reading import Reading

SAME = timedelta(hours=1)
"""A late finding so near to a warning that exists is the same warning."""
SHOWN_POINTS = 24


def evidence_of(
    rule: Rule, reading: Reading, point: Point | None, more: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """What the rule saw, as it will be shown with the warning and handed to an event."""
    return {
        "value": reading.value,
        "unit": reading.unit,
        "period": reading.period,
        "measured": point.measured if point else None,
        "bounds": {CHARACTERS[level]: bound for level, bound in rule.bounds.items()},
        "bounds_source": rule.source,
        "advice": rule.advice,
        "provenance": reading.provenance.value,
        "source": reading.source,
        "known_at": reading.known_at.isoformat() if reading.known_at else None,
        "history": [list(one) for one in reading.history[-SHOWN_POINTS:]],
        **(more or {}),
    }


def enter(
    connection: Connection, catalogue: Catalogue, rule: Rule, reading: Reading, level: Level, at: datetime, *,
    world: str, now: datetime, evidence: Mapping[str, Any], peak: float | None,
    lifted_at: datetime | None = None, is_late: bool = False,
) -> int:  # fmt: skip
    """A new warning; its number."""
    row = {
        "world": world, "rule": rule.key, "name": rule.name, "indicator": rule.indicator,
        "theme": catalogue.indicators[rule.indicator].theme, "region": reading.region, "family": rule.group or "",
        "measure": rule.measure, "level": None if lifted_at else int(level), "peak_level": int(level), "peak": peak,
        "bound": rule.bounds.get(level), "began_at": at, "known_at": now, "turned_at": at, "lifted_at": lifted_at,
        "is_late": is_late, "evidence": orjson.dumps(dict(evidence)).decode(), "owner": rule.owner,
    }  # fmt: skip
    number = connection.execute(warnings.insert().values(row)).inserted_primary_key
    if number is None:
        raise RuntimeError("the database gave no number")
    _step(connection, number[0], now, "late" if is_late else Turn.RAISED, level, peak)
    return int(number[0])


def turn(connection: Connection, number: int, rule: Rule, step: Step, now: datetime) -> None:
    """The level of a warning changed, or it is over."""
    row = connection.execute(select(warnings.c.peak_level).where(warnings.c.id == number)).one()
    changed: dict[str, Any] = {
        "level": None if step.level is None else int(step.level),
        "turned_at": step.at,
        "version": warnings.c.version + 1,
    }
    if step.level is None:
        changed["lifted_at"] = step.at
    else:
        changed |= {"bound": rule.bounds.get(step.level), "peak_level": min(row.peak_level, int(step.level))}
    if step.turn is Turn.RAISED:  # what was acknowledged was milder: it has to be seen again
        changed |= {"acknowledged_by": None, "acknowledged_at": None, "keep_until": None}
    connection.execute(warnings.update().where(warnings.c.id == number).values(changed))
    _step(connection, number, now, step.turn, step.level, step.value)


def note_peak(connection: Connection, number: int, peak: float | None) -> None:
    """Keep the worst value so far; no change of version, nobody acts on it."""
    connection.execute(
        warnings.update().where(warnings.c.id == number, warnings.c.peak.is_distinct_from(peak)).values(peak=peak)
    )


def enter_late(
    connection: Connection, catalogue: Catalogue, rule: Rule, reading: Reading, steps: Sequence[Step], *,
    world: str, now: datetime,
) -> int:  # fmt: skip
    """Warnings that late data would have raised and that are over: entered as late. The number of them."""
    known = connection.execute(
        select(warnings.c.began_at, warnings.c.lifted_at).where(
            warnings.c.world == world, warnings.c.rule == rule.key, warnings.c.region == reading.region,
            warnings.c.began_at >= (steps[0].at if steps else now) - timedelta(days=3),
        )
    ).all()  # fmt: skip
    count = 0
    for begun, ended in _finished(steps):
        if not any(one.began_at - SAME <= ended.at and begun.at <= (one.lifted_at or now) + SAME for one in known):
            if begun.level is None:
                continue
            seen = evidence_of(rule, reading, None, {"late": True})
            enter(
                connection, catalogue, rule, reading, begun.level, begun.at,
                world=world, now=now, evidence=seen, peak=begun.value, lifted_at=ended.at, is_late=True,
            )  # fmt: skip
            count += 1
    return count


def _finished(steps: Sequence[Step]) -> list[tuple[Step, Step]]:
    """From each beginning to its end; the one still open is left to the running course."""
    found: list[tuple[Step, Step]] = []
    begun: Step | None = None
    for step in steps:
        if step.turn is Turn.LIFTED:
            if begun is not None:
                found.append((begun, step))
            begun = None
        elif begun is None:
            begun = step
    return found


def settle_quiet(connection: Connection, catalogue: Catalogue, rules: Rules, world: str, now: datetime) -> int:
    """Decide anew which open warnings stay quiet and why; how many changed."""
    rows = connection.execute(
        select(warnings.c.id, warnings.c.rule, warnings.c.region, warnings.c.quiet).where(
            warnings.c.world == world, warnings.c.lifted_at.is_(None)
        )
    ).all()
    open_in = {(row.rule, row.region) for row in rows}
    silenced = _silences(connection, world, now)
    changed = 0
    for row in rows:
        reason = _reason(catalogue, rules, row.rule, row.region, open_in, silenced)
        if reason != row.quiet:
            connection.execute(warnings.update().where(warnings.c.id == row.id).values(quiet=reason))
            _step(connection, row.id, now, "quiet" if reason else "speaks", None, None, note=reason)
            changed += 1
    return changed


def _silences(connection: Connection, world: str, now: datetime) -> list[tuple[str, str | None, str]]:
    table = warning_silences
    rows = connection.execute(
        select(table).where(
            table.c.world == world, table.c.begins_at <= now, table.c.ends_at > now, table.c.ended_by.is_(None)
        )
    )
    return [(row.rule, row.region, f"{row.by} 静默：{row.reason}") for row in rows]


def _reason(
    catalogue: Catalogue, rules: Rules, key: str, region: str, open_in: set[tuple[str, str]],
    silenced: Sequence[tuple[str, str | None, str]],
) -> str | None:  # fmt: skip
    """Why a warning stays quiet: a silence, or a cause in force in the same region or the one around it."""
    told = next((words for rule, where, words in silenced if rule == key and where in (None, region)), None)
    if told or key not in rules.rules:
        return told
    around = (region, catalogue.regions[region].parent if region in catalogue.regions else None)
    for cause in rules.causes(rules.rules[key]):
        if any((cause.key, place) in open_in for place in around):
            return f"由“{cause.name}”引起，随其处置"
    return None


def expire(connection: Connection, world: str, now: datetime) -> int:
    """Acknowledgements that end at the handover: the next shift sees the warning as new. The number of them."""
    rows = connection.execute(
        select(warnings.c.id).where(
            warnings.c.world == world, warnings.c.lifted_at.is_(None), warnings.c.keep_until <= now
        )
    ).all()
    for row in rows:
        connection.execute(
            warnings.update()
            .where(warnings.c.id == row.id)
            .values(acknowledged_by=None, acknowledged_at=None, keep_until=None, version=warnings.c.version + 1)
        )
        _step(connection, row.id, now, "expired", None, None, note="交接班，须重新确认")
    return len(rows)


def _step(
    connection: Connection, number: int, at: datetime, act: str, level: Level | None, value: float | None, *,
    by: str = TIMETABLE.name, note: str | None = None,
) -> None:  # fmt: skip
    connection.execute(
        warning_steps.insert().values(
            warning=number, at=at, act=str(act), level=int(level) if level else None, value=value, by=by, note=note
        )
    )


record_step = _step


def beat(connection: Connection, engine: str, now: datetime, promised: float, words: str = "") -> None:
    """Note that `engine` lives and when it will beat again (seconds)."""
    row = {"at": now, "promised": promised, "words": words}
    if connection.execute(heartbeats.update().where(heartbeats.c.engine == engine).values(row)).rowcount == 0:
        connection.execute(heartbeats.insert().values(engine=engine, **row))
