"""Lists of reviews: those there are, what is still to be done better, and big events nobody has looked back at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, exists, or_, select

from access.actor import Actor
from database.dispatch_tables import assignments, events
from database.review_tables import reviews
from dispatch.events import visible
from dispatch.review import MANY_CALLERS, Measure, ReviewState
from dispatch.review_records import measures_of
from dispatch.state import DONE

WITHIN = timedelta(days=60)
"""Big events closed longer ago than this are not asked about any more."""


@dataclass(frozen=True)
class Listed:
    """A big event in a list: its review and how that stands, or that there is none yet (`changed_at`: closed)."""

    number: str
    title: str
    level: int
    state: ReviewState
    changed_at: datetime
    measures: int
    open_measures: int
    has_review: bool = True


def listed(connection: Connection, by: Actor, *, world: str, limit: int = 50) -> list[Listed]:
    """Reviews of events the actor may see, drafts first, newest first."""
    c = reviews.c
    query = (
        select(c.event_id, c.state, c.begun_at, c.signed_at, events.c.number, events.c.title, events.c.level)
        .join(events, events.c.id == c.event_id)
        .where(visible(by), c.world == world)
        .order_by(c.state, c.begun_at.desc())
        .limit(limit)
    )
    rows = connection.execute(query).all()
    measures = measures_of(connection, [row.event_id for row in rows])
    made = []
    for row in rows:
        mine = [one for one in measures.get(row.event_id, ()) if one.dropped_version is None]
        still = sum(one.done_at is None for one in mine)
        changed = row.signed_at or row.begun_at
        state = ReviewState(row.state)
        made.append(Listed(row.number, row.title, row.level, state, changed, len(mine), still))
    return made


def open_measures(connection: Connection, by: Actor, *, world: str) -> list[tuple[str, Measure]]:
    """(event number, measure) not done yet, of signed and drafted reviews the actor may see, the earliest day first."""
    c = reviews.c
    query = select(c.event_id, events.c.number).join(events, events.c.id == c.event_id)
    numbers = {row.event_id: row.number for row in connection.execute(query.where(visible(by), c.world == world))}
    found = [
        (numbers[event_id], one)
        for event_id, all_ in measures_of(connection, list(numbers)).items()
        for one in all_
        if one.done_at is None and one.dropped_version is None
    ]
    return sorted(found, key=lambda pair: (pair[1].due_on, pair[0], pair[1].position))


def without_review(connection: Connection, by: Actor, *, world: str, now: datetime, limit: int = 20) -> list[Listed]:
    """Big events closed of late that nobody has begun to look back at: red, orange, joint, or many callers."""
    c = events.c
    joint = exists().where(and_(assignments.c.event_id == c.id, assignments.c.part == "joint"))
    query = (
        select(c.number, c.title, c.level, c.closed_at)
        .outerjoin(reviews, reviews.c.event_id == c.id)
        .where(
            visible(by), c.world == world, c.state.in_(DONE), reviews.c.event_id.is_(None),
            c.closed_at >= now - WITHIN,
            or_(c.level.in_((1, 2)), c.callers >= MANY_CALLERS, and_(joint, c.supervised)),
        )
        .order_by(c.level == 0, c.level, c.closed_at.desc())
        .limit(limit)
    )  # fmt: skip
    return [
        Listed(row.number, row.title, row.level, ReviewState.DRAFT, row.closed_at, 0, 0, has_review=False)
        for row in connection.execute(query)
    ]
