"""Shift handover: drafted from what is open, taken over item by item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from access.actor import Actor
from access.audit import record
from database.dispatch_tables import handover_items, handovers
from dispatch.events import Wanted, queue
from dispatch.hands import identity
from dispatch.refusal import NotNow
from dispatch.rulebook import Rulebook

_MOST = 40


@dataclass(frozen=True)
class Item:
    """One thing the next shift must know. `kind`: event, source, rule or note; `ref` names it."""

    kind: str
    words: str
    ref: str = ""
    position: int = 0
    seen_by: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True)
class Handover:
    """A handover with its items; taken once every item was acknowledged."""

    id: int
    region: str
    from_actor: str
    drafted_at: datetime
    items: tuple[Item, ...]
    to_actor: str | None = None
    taken_at: datetime | None = None


def drafted_items(
    connection: Connection, by: Actor, rules: Rulebook, *, world: str, region: str, now: datetime
) -> tuple[Item, ...]:
    """Overdue, nearly due, supervised and red or orange events, most pressing first."""
    found = queue(connection, by, rules, Wanted(world=world, region=region), now=now)
    pressing = [one for one in found.in_time if one.supervised or one.level in (1, 2)]
    listed = {one.id: one for one in (*found.overdue, *found.due_soon, *pressing, *found.paused)}
    marks = {one.id: "超期" for one in found.overdue} | {one.id: "临期" for one in found.due_soon}
    return tuple(
        Item(
            "event",
            f"{marks.get(one.id, one.state_name)}　{one.title}　{rules.department_name(one.lead) or '待派遣'}",
            one.number,
        )
        for one in list(listed.values())[:_MOST]
    )


def hand_over(
    connection: Connection, items: Sequence[Item], *, world: str, region: str, by: Actor, now: datetime
) -> int:
    """Keep a handover as written by the one who leaves; its number."""
    by.require("events.accept", region)
    head = {"world": world, "region": region, "from_actor": identity(by), "drafted_at": now}
    number: int = connection.execute(insert(handovers).values(head).returning(handovers.c.id)).scalar_one()
    rows = [
        {"handover_id": number, "position": at, "kind": one.kind, "ref": one.ref[:80], "words": one.words[:2000]}
        for at, one in enumerate(items, 1)
    ]
    if rows:
        connection.execute(insert(handover_items), rows)
    detail = {"items": len(rows)}
    record(
        connection, by=by, action="events.handover", object=f"handover {number}", region=region, detail=detail, now=now
    )
    return number


def newest(connection: Connection, by: Actor, *, world: str, region: str) -> Handover | None:
    """The last handover of a centre."""
    by.require("events.view", region)
    query = select(handovers).where(handovers.c.world == world, handovers.c.region == region)
    row = connection.execute(query.order_by(handovers.c.id.desc()).limit(1)).first()
    return None if row is None else _whole(connection, row.id)


def acknowledge(connection: Connection, number: int, position: int, *, by: Actor, now: datetime) -> Handover:
    """The next shift has seen this item; not by the one who wrote it. The last item takes the handover over."""
    found = _whole(connection, number)
    if found is None:
        raise NotNow("handover", "没有这次交接")
    by.require("events.accept", found.region)
    if found.from_actor == identity(by):
        raise NotNow("another_person", "交班人不能自己接班")
    seen = connection.execute(
        update(handover_items)
        .where(handover_items.c.handover_id == number, handover_items.c.position == position)
        .where(handover_items.c.seen_at.is_(None))
        .values(seen_by=identity(by), seen_at=now)
    )
    if seen.rowcount == 1:
        _take_if_seen(connection, number, found.region, by, now)
    return _whole(connection, number) or found


def _take_if_seen(connection: Connection, number: int, region: str, by: Actor, now: datetime) -> None:
    left = select(func.count()).where(handover_items.c.handover_id == number, handover_items.c.seen_at.is_(None))
    if connection.execute(left).scalar_one():
        return
    connection.execute(update(handovers).where(handovers.c.id == number).values(to_actor=identity(by), taken_at=now))
    record(connection, by=by, action="events.takeover", object=f"handover {number}", region=region, now=now)


def _whole(connection: Connection, number: int) -> Handover | None:
    row = connection.execute(select(handovers).where(handovers.c.id == number)).first()
    if row is None:
        return None
    c = handover_items.c
    query = select(c.kind, c.words, c.ref, c.position, c.seen_by, c.seen_at).where(c.handover_id == number)
    items = tuple(Item(*found) for found in connection.execute(query.order_by(c.position)))
    return Handover(row.id, row.region, row.from_actor, row.drafted_at, items, row.to_actor, row.taken_at)
