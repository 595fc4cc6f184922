"""Reviews as they are read from the tables: one whole, and the measures of many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from database.review_tables import review_measures, review_versions, reviews
from dispatch.event import Event
from dispatch.review import Measure, Review, ReviewState, Version


def read(connection: Connection, event: Event) -> Review | None:
    """The review of an event with all its versions and measures; None if nobody began one."""
    head = connection.execute(select(reviews).where(reviews.c.event_id == event.id)).first()
    if head is None:
        return None
    c = review_versions.c
    rows = connection.execute(select(review_versions).where(c.event_id == event.id).order_by(c.version))
    versions = tuple(
        Version(
            row.version, row.at, row.act, row.actor, row.account, row.role, row.lessons, row.problems, row.note
        )
        for row in rows
    )  # fmt: skip
    measures = tuple(measures_of(connection, [event.id]).get(event.id, ()))
    return Review(event.number, ReviewState(head.state), versions, measures, head.signed_by or "", head.signed_at)


def measures_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[Measure]]:
    """All measures there ever were, by event, in their order."""
    found: dict[int, list[Measure]] = {}
    c = review_measures.c
    query = select(review_measures).where(c.event_id.in_(ids)).order_by(c.event_id, c.position)
    for row in connection.execute(query):
        found.setdefault(row.event_id, []).append(
            Measure(
                row.position, row.words, row.department, date.fromisoformat(row.due_on), row.since_version,
                row.dropped_version, row.done_at, row.done_by or "", row.done_note or "",
            )
        )  # fmt: skip
    return found
