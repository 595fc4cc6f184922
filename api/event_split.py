"""POST /events/{id}/split: a second matter taken out of an event becomes an event of its own, linked both ways."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from api.event_refusals import told
from api.events import TAG, key_of, rules_of, wanted_event
from api.operation import WRITTEN, Ask, Operation
from database.engine import writing
from dispatch import records
from dispatch.event import Case
from dispatch.report import Report
from dispatch.state import Action
from dispatch.together import split


class SplitGiven(BaseModel):
    """The second matter. It stands at the same place unless it says otherwise; `version` is the one that was seen."""

    model_config = WRITTEN

    action: Annotated[str, Field(max_length=20, description="恒为 split，可不写")] = "split"
    version: Annotated[int, Field(ge=1, le=2**31 - 1, description="所见的版本")]
    title: Annotated[str, Field(min_length=1, max_length=120)]
    description: Annotated[str, Field(max_length=4000)] = ""
    category: Annotated[str | None, Field(max_length=16)] = None


class SplitDone(BaseModel):
    """The event as it stands, and the one taken out of it."""

    id: int
    number: str
    version: int
    made: str = Field(description="拆出的事件的编号")


def _split(ask: Ask) -> SplitDone:
    wish: SplitGiven = ask.body
    key = key_of(ask)
    with told(), writing(ask.cockpit.engine) as connection:
        case = records.load(connection, wanted_event(ask), ask.by)
        done = next((row for row in case.ledger if row.key == key and row.action is Action.SPLIT), None)
        if done is not None:
            return _told(case, str(done.data.get("other", "")))
        after, receipt = split(
            connection, rules_of(ask), case.event.number, _report(case, wish, ask), version=wish.version, by=ask.by,
            now=ask.now, key=key,
        )  # fmt: skip
    return _told(after, receipt.event.number)


def _told(case: Case, made: str) -> SplitDone:
    event = case.event
    return SplitDone(id=event.id, number=event.number, version=event.version, made=made)


def _report(case: Case, wish: SplitGiven, ask: Ask) -> Report:
    event = case.event
    is_point = event.placed == "point"
    return Report(
        wish.title, "split", "", ask.now, description=wish.description, category=wish.category, region=event.region,
        lon=event.lon if is_point else None, lat=event.lat if is_point else None, place=event.place,
        provenance=event.provenance,
    )  # fmt: skip


OPERATIONS = (
    Operation(
        "POST", "/events/{id}/split", "拆分：一件含两件事，拆出另一件", SplitDone, _split, tag=TAG,
        right="events.dispatch", body=SplitGiven, header="Idempotency-Key", problems=(409,), largest_body=50_000,
    ),
)  # fmt: skip
