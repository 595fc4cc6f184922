"""A delivery that failed is tried again because a person says so, on record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from access.actor import Actor, Denied
from access.audit import record
from database import changes
from database.dispatch_tables import outbox
from dispatch import records
from dispatch.event import Event
from dispatch.moves import topics
from dispatch.outbox import again
from dispatch.refusal import NotNow

RIGHT = "events.dispatch"


def may_retry(event: Event, by: Actor) -> bool:
    """Whoever sends this centre's events out."""
    return by.may(RIGHT) and by.scope.departments is None and by.scope.allows(event.holder)


def retry(connection: Connection, number: str | int, delivery: int, *, by: Actor, now: datetime) -> None:
    """Put a failed delivery of that event back into the queue, tried at once; NotNow for one that did not fail."""
    by.require(RIGHT)
    case = records.load(connection, number, by)
    if not may_retry(case.event, by):
        raise Denied("由承办本件的中心重发", right=RIGHT)
    of_event = select(outbox.c.department, outbox.c.channel).where(
        outbox.c.id == delivery, outbox.c.event_id == case.event.id
    )
    found = connection.execute(of_event).first()
    if found is None or not again(connection, delivery, now):
        raise NotNow("delivery", "这次送达没有失败，或正在重试")
    detail = {"delivery": delivery, "to": found.department, "channel": found.channel}
    event = case.event
    record(
        connection, by=by, action="events.retry_delivery", object=f"event {event.number}", region=event.region,
        detail=detail, now=now,
    )  # fmt: skip
    changes.bump(connection, topics(case))
