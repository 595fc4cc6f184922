"""What the loop band, the ticker and the map ask the tables; a few statements each, no free text is opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from access.actor import Actor
from access.personal import mask_text
from database.dispatch_tables import events, ledger
from datasources.delivery.period import CITY_TIME
from dispatch.events import in_region, visible
from dispatch.loop import Loop, LoopStage, MapPin, Share, TickerRow
from dispatch.stage import Stage
from dispatch.state import DONE, OPEN, STAGE_OF, Action, State

_ORDER = {stage: place for place, stage in enumerate(Stage)}
_SENT_BACK = (Action.GRANT_RETURN, Action.GRANT_TRANSFER, Action.GIVE_BACK, Action.REWORK, Action.REOPEN)
DUE_SOON = timedelta(hours=1)
Trail = list[tuple[datetime, State, Action]]


def loop_now(connection: Connection, by: Actor, *, world: str, region: str, now: datetime) -> Loop:
    """See `dispatch.loop.loop`."""
    here = _here(by, world, region)
    midnight = now.astimezone(CITY_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
    standing = _standing(connection, here, now)
    trails = _trails(connection, [*here, events.c.moved_at >= midnight])
    reached = _reached(connection, [*here, events.c.reported_at >= midnight])
    spent, returned = _spent(trails.values(), midnight), _returned(trails.values(), midnight)
    totals = _totals(connection, here, now, midnight)
    return Loop(
        world,
        region,
        now,
        tuple(
            LoopStage(
                stage,
                standing[stage][0],
                sum(count for place, count in reached.items() if place >= _ORDER[stage]),
                median(spent[stage]) if spent[stage] else None,
                standing[stage][1],
                returned[stage],
            )
            for stage in Stage
        ),
        accepted=sum(reached.values()),
        on_time=Share(totals["closed_on_time"], totals["closed"] + totals["due_today"]),
        open=totals["open"],
        overdue=totals["overdue"],
        due_soon=totals["due_soon"],
        supervised=totals["supervised"],
        simulated=world == "demo",
    )


def newest_acts(
    connection: Connection, by: Actor, *, world: str, region: str, now: datetime, limit: int
) -> tuple[TickerRow, ...]:
    """See `dispatch.loop.ticker`."""
    query = (
        select(ledger.c.at, events.c.number, events.c.level, events.c.title, ledger.c.said)
        .join(events, events.c.id == ledger.c.event_id)
        .where(*_here(by, world, region), ledger.c.at <= now, ledger.c.action != Action.ABSORB)
        .order_by(ledger.c.at.desc(), ledger.c.event_id.desc(), ledger.c.seq.desc())
        .limit(limit)
    )
    return tuple(
        TickerRow(row.at, row.number, row.level, titled(row.title), mask_text(row.said), simulated=world == "demo")
        for row in connection.execute(query)
    )


def open_pins(connection: Connection, by: Actor, *, world: str, region: str, now: datetime) -> tuple[MapPin, ...]:
    """See `dispatch.loop.pins`."""
    c = events.c
    columns = (c.number, c.lon, c.lat, c.level, c.title, c.state, c.stage_due_at, c.county, c.reported_at, c.placed)
    query = select(*columns).where(*_here(by, world, region), c.state.in_(OPEN), c.lon.is_not(None))
    query = query.order_by(case((c.level == 0, 9), else_=c.level), c.reported_at)
    return tuple(
        MapPin(
            row.number, row.lon, row.lat, row.level, titled(row.title), STAGE_OF[State(row.state)],
            row.stage_due_at is not None and row.stage_due_at < now, row.county, row.reported_at,
            row.placed == "point", world == "demo",
        )
        for row in connection.execute(query)
    )  # fmt: skip


@lru_cache(maxsize=8192)
def titled(title: str) -> str:
    """A title as screens may show it: people write telephone numbers into titles too."""
    return mask_text(title)


def _here(by: Actor, world: str, region: str) -> list[ColumnElement[bool]]:
    return [visible(by), events.c.world == world, in_region(region)]


def _standing(
    connection: Connection, here: Sequence[ColumnElement[bool]], now: datetime
) -> dict[Stage, tuple[int, int]]:
    """In each stage now: how many, how many of them overdue. Evaluated ones have left the last stage."""
    late = func.sum(case((events.c.stage_due_at < now, 1), else_=0))
    query = select(events.c.state, func.count(), late).where(*here, events.c.state.in_((*OPEN, State.CLOSED)))
    found: dict[Stage, tuple[int, int]] = dict.fromkeys(Stage, (0, 0))
    for state, count, overdue in connection.execute(query.group_by(events.c.state)):
        stage = STAGE_OF[State(state)]
        found[stage] = found[stage][0] + count, found[stage][1] + int(overdue or 0)
    return found


def _reached(connection: Connection, where: Sequence[ColumnElement[bool]]) -> dict[int, int]:
    """How many of these events got as far as each stage, by its place."""
    query = select(ledger.c.event_id, ledger.c.state).join(events, events.c.id == ledger.c.event_id).where(*where)
    farthest: dict[int, int] = {}
    for event_id, state in connection.execute(query.distinct()):
        stage = STAGE_OF.get(State(state))
        place = _ORDER[stage] if stage is not None else 0
        farthest[event_id] = max(place, farthest.get(event_id, 0))
    counts: dict[int, int] = defaultdict(int)
    for place in farthest.values():
        counts[place] += 1
    return counts


def _trails(connection: Connection, where: Sequence[ColumnElement[bool]]) -> dict[int, Trail]:
    query = select(ledger.c.event_id, ledger.c.at, ledger.c.state, ledger.c.action)
    query = query.join(events, events.c.id == ledger.c.event_id).where(*where)
    found: dict[int, Trail] = defaultdict(list)
    for row in connection.execute(query.order_by(ledger.c.event_id, ledger.c.seq)):
        found[row.event_id].append((row.at, State(row.state), Action(row.action)))
    return found


def _spent(trails: Iterable[Trail], midnight: datetime) -> dict[Stage, list[float]]:
    """Seconds in each stage of those that left it since midnight, by the clock on the wall."""
    found: dict[Stage, list[float]] = {stage: [] for stage in Stage}
    for trail in trails:
        entered, stage = trail[0][0], STAGE_OF.get(trail[0][1])
        for at, state, _ in trail[1:]:
            after = STAGE_OF.get(state)
            if after is stage:
                continue
            if stage is not None and at >= midnight:
                found[stage].append((at - entered).total_seconds())
            entered, stage = at, after
    return found


def _returned(trails: Iterable[Trail], midnight: datetime) -> dict[Stage, int]:
    """How often since midnight an event was sent back from each stage."""
    found: dict[Stage, int] = dict.fromkeys(Stage, 0)
    for trail in trails:
        for (_, before, _), (at, _, action) in pairwise(trail):
            stage = STAGE_OF.get(before)
            if stage is not None and at >= midnight and action in _SENT_BACK:
                found[stage] += 1
    return found


def _totals(
    connection: Connection, here: Sequence[ColumnElement[bool]], now: datetime, midnight: datetime
) -> dict[str, int]:
    c = events.c
    is_open = c.state.in_(OPEN)
    closed = and_(c.state.in_(DONE), c.closed_at >= midnight)

    def count(condition: ColumnElement[bool], name: str) -> Any:
        return func.sum(case((condition, 1), else_=0)).label(name)

    query = select(
        count(is_open, "open"),
        count(and_(is_open, c.stage_due_at < now), "overdue"),
        count(and_(is_open, c.stage_due_at >= now, c.stage_due_at < now + DUE_SOON), "due_soon"),
        count(and_(is_open, c.supervised), "supervised"),
        count(closed, "closed"),
        count(and_(closed, c.closed_at <= c.case_due_at), "closed_on_time"),
        count(and_(is_open, c.case_due_at >= midnight, c.case_due_at < now), "due_today"),
    ).where(*here)
    return {name: int(value or 0) for name, value in connection.execute(query).one()._mapping.items()}
