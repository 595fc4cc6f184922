"""POST /events/{id}/deliveries/{delivery}/retry: a failed delivery is tried again."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.event_refusals import told
from api.events import TAG, wanted_event
from api.operation import WRITTEN, Ask, Operation
from database.engine import writing
from dispatch.retrying import retry


class RetryGiven(BaseModel):
    """Nothing more is needed."""

    model_config = WRITTEN


class Retried(BaseModel):
    """How the delivery stands."""

    id: int
    state: str = Field(description="waiting：已排入重发")


def _retry(ask: Ask) -> Retried:
    delivery = ask.number("delivery")
    with told(), writing(ask.cockpit.engine) as connection:
        retry(connection, wanted_event(ask), delivery, by=ask.by, now=ask.now)
    return Retried(id=delivery, state="waiting")


OPERATIONS = (
    Operation(
        "POST", "/events/{id}/deliveries/{delivery}/retry", "重发失败的送达", Retried, _retry, tag=TAG,
        right="events.dispatch", body=RetryGiven, largest_body=1_000,
    ),
)  # fmt: skip
