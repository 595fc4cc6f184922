"""Many played cases into the tables at once: the rows that single moves would have written, audited case by case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Table, insert, update

from access.audit import record
from database import changes
from database.dispatch_tables import assignments, events, inbox, ledger, outbox, plan_steps, requests, satisfactions
from database.engine import writing
from datasources.delivery.period import CITY_TIME
from demo_city.event_people import DOOR
from dispatch import records
from dispatch.event import Case
from dispatch.intake import reporter_columns, take_numbers
from dispatch.outbox import arrival, channels_by_department, rows_of
from dispatch.report import Report
from dispatch.rulebook import Rulebook
from dispatch.state import Action
from dispatch.telling import Message

AT_ONCE = 150
"""Cases in one transaction: others may write in between."""
_READ_AFTER = timedelta(days=1)
"""Older messages of the history count as read."""


@dataclass
class Kept:
    """A case that was played, and what was told of each row of its ledger."""

    case: Case
    report: Report
    told: list[tuple[int, tuple[Message, ...]]]
    parent: str | None = None
    id: int = field(default=0)


def keep_all(engine: Engine, rules: Rulebook, cases: Mapping[str, Kept], now: datetime) -> int:
    """Write all; the number of ledger rows."""
    rows = 0
    for chunk in _chunks(list(cases.values())):
        with writing(engine) as connection:
            rows += _keep(connection, rules, chunk, now)
            changes.bump(connection, sorted({topic for one in chunk for topic in _topics(one.case)}))
    with writing(engine) as connection:
        _keep_parents(connection, cases)
        _keep_counts(connection, cases)
    return rows


def _chunks(kept: Sequence[Kept]) -> Iterator[list[Kept]]:
    waiting = iter(kept)
    while chunk := list(islice(waiting, AT_ONCE)):
        yield chunk


def _topics(case: Case) -> tuple[str, str]:
    return f"events:{case.event.world}", f"events:{case.event.world}:{case.event.county}"


def _keep(connection: Connection, rules: Rulebook, chunk: list[Kept], now: datetime) -> int:
    values = [
        records.values_of(one.case.event, without=frozenset({"id"})) | reporter_columns(one.report) for one in chunk
    ]
    found = connection.execute(insert(events).returning(events.c.id, sort_by_parameter_order=True), values).scalars()
    for one, number in zip(chunk, found, strict=True):
        one.id = number
    rows = [row for one in chunk for row in _ledger_rows(connection, one, now)]
    connection.execute(insert(ledger), rows)
    for table, part in ((assignments, "assignments"), (requests, "requests"), (plan_steps, "steps")):
        _insert(
            connection,
            table,
            [records.values_of(each) | {"event_id": one.id} for one in chunk for each in getattr(one.case, part)],
        )
    _insert(connection, satisfactions, [row for one in chunk for row in _answers(one)])
    _keep_messages(connection, rules, chunk, now)
    return len(rows)


def _ledger_rows(connection: Connection, kept: Kept, now: datetime) -> Iterator[dict[str, Any]]:
    """One audit row vouches for the whole history of a case: played history is one act, live moves are one each."""
    rows = [records.values_of(row) for row in kept.case.ledger]
    event = kept.case.event
    detail = {"rows": len(rows), "digest": sha256(orjson.dumps(rows, option=orjson.OPT_SORT_KEYS)).hexdigest()}
    number = record(
        connection, by=DOOR, action="events.history", object=f"event {event.number}", region=event.region,
        detail=detail, now=now,
    )  # fmt: skip
    for row in rows:
        yield row | {"event_id": kept.id, "audit_id": number}


def _answers(kept: Kept) -> Iterator[dict[str, Any]]:
    for row in kept.case.ledger:
        if row.action is Action.CALL_BACK:
            yield {
                "event_id": kept.id,
                "seq": row.seq,
                "at": row.at,
                "satisfied": bool(row.data["satisfied"]),
                "by": row.actor,
                "note": row.note,
            }


def _keep_messages(connection: Connection, rules: Rulebook, chunk: list[Kept], now: datetime) -> None:
    channels = channels_by_department(rules)
    rows = []
    for one in chunk:
        for seq, told in one.told:
            at = one.case.ledger[seq - 1].at
            made = rows_of(Case(one.case.event, one.case.ledger[:seq]), told, channels, at)
            rows += [row | {"event_id": one.id} for row in made]
    if not rows:
        return
    numbers = connection.execute(insert(outbox).returning(outbox.c.id, sort_by_parameter_order=True), rows).scalars()
    arrived = []
    for number, row in zip(numbers, rows, strict=True):
        is_old = now - row["made_at"] > _READ_AFTER
        seen = {"read_at": row["made_at"], "read_by": "（模拟）"} if is_old else {"read_at": None, "read_by": None}
        arrived.append(arrival(number, row) | seen)
    _insert(connection, inbox, arrived)


def _keep_parents(connection: Connection, cases: Mapping[str, Kept]) -> None:
    for one in cases.values():
        parent = cases.get(one.parent or "")
        if parent is not None:
            connection.execute(update(events).where(events.c.id == one.id).values(parent_id=parent.id))
            records.link(connection, one.id, parent.id, "merged_into", "holds", one.case.event.moved_at)


def _keep_counts(connection: Connection, cases: Mapping[str, Kept]) -> None:
    """The days' numbers are used up, so that live events go on after them."""
    days: dict[str, int] = {}
    for one in cases.values():
        day = one.case.event.received_at.astimezone(CITY_TIME).strftime("%Y%m%d")
        days[day] = days.get(day, 0) + 1
    for day, count in days.items():
        take_numbers(connection, "demo", day, count)


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)
