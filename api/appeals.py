"""Appeals against a rate over the interface: asked by the department that had the case, decided by somebody else."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.event_refusals import told
from api.events import TAG, rules_of
from api.operation import WRITTEN, Ask, Operation
from database import changes
from database.engine import writing
from dispatch.appeals import appeal, decide_appeal

Note = Annotated[str, Field(min_length=1, max_length=400)]


class AppealGiven(BaseModel):
    """Which rate the case should be left out of, and why."""

    model_config = WRITTEN

    measure: Annotated[str, Field(max_length=40, description="评价指标的键；* 为全部")]
    note: Note


class AppealDecision(BaseModel):
    """What became of it."""

    model_config = WRITTEN

    decision: Literal["grant", "deny"]
    note: Note


class AppealShape(BaseModel):
    """How the appeal stands."""

    id: int
    outcome: str = Field(description="waiting 待审批，granted 同意剔除，denied 不同意")


def _appeal(ask: Ask) -> AppealShape:
    given: AppealGiven = ask.body
    with told(), writing(ask.cockpit.engine) as connection:
        number = ask.path["id"][:24]
        made = appeal(connection, rules_of(ask), number, given.measure, given.note, by=ask.by, now=ask.now)
        changes.bump(connection, WORLDS)
    return AppealShape(id=made, outcome="waiting")


def _decide(ask: Ask) -> AppealShape:
    number, given = ask.number("appeal"), ask.body
    granted = given.decision == "grant"
    with told(), writing(ask.cockpit.engine) as connection:
        decide_appeal(connection, number, granted=granted, note=given.note, by=ask.by, now=ask.now)
        changes.bump(connection, WORLDS)
    return AppealShape(id=number, outcome="granted" if granted else "denied")


WORLDS = ("events:real", "events:demo")
"""Evaluations of both are drawn anew: an appeal does not say of which world it is."""
OPERATIONS = (
    Operation(
        "POST", "/events/{id}/appeals", "申诉：请求把本件从某项评价中剔除", AppealShape, _appeal, tag=TAG,
        right="events.handle", body=AppealGiven, status=201, largest_body=10_000,
    ),
    Operation(
        "POST", "/appeals/{appeal}", "审批申诉", AppealShape, _decide, tag=TAG, right="events.approve",
        body=AppealDecision, largest_body=10_000,
    ),
)  # fmt: skip
