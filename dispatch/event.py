"""An event and everything that belongs to it, as frozen values; kept by `records.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dispatch.lifecycle import Effect
from dispatch.stage import Stage
from dispatch.state import OPEN, STAGE_OF, STATE_NAMES, Action, State


@dataclass(frozen=True)
class Event:
    """Something in the city that must be handled. Who reported it is kept apart and sealed (`reporter.py`)."""

    id: int
    world: str
    number: str
    version: int
    state: State
    title: str
    description: str
    category: str
    region: str
    county: str
    holder: str
    level: int
    impact: int
    urgency: int
    reasons: Mapping[str, str]
    origin: str
    origin_id: str
    provenance: str
    must_check: bool
    reported_at: datetime
    received_at: datetime
    moved_at: datetime
    placed: str = "city"
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    referred_from: str | None = None
    lead: str | None = None
    episode: str | None = None
    occurred_at: datetime | None = None
    registered_at: datetime | None = None
    closed_at: datetime | None = None
    round: int = 0
    callers: int = 1
    returns: int = 0
    reworks: int = 0
    extensions: int = 0
    reopenings: int = 0
    urged: int = 0
    supervised: bool = False
    satisfied: bool | None = None
    score: int | None = None
    parent_id: int | None = None
    stage_due_at: datetime | None = None
    case_due_at: datetime | None = None

    @property
    def stage(self) -> Stage | None:
        """The stage of the loop it is in; None for side ends."""
        return STAGE_OF.get(self.state)

    @property
    def state_name(self) -> str:
        """待受理, 处置中 …"""
        return STATE_NAMES[self.state]

    @property
    def is_open(self) -> bool:
        """Still to be finished (在办)."""
        return self.state in OPEN

    @property
    def is_simulated(self) -> bool:
        """Of the demo city."""
        return self.world == "demo"


@dataclass(frozen=True)
class LedgerRow:
    """What was done, by whom, when; `state` and `round` are those after it."""

    seq: int
    at: datetime
    action: Action
    state: State
    effect: Effect
    round: int
    actor: str
    account: str
    role: str
    said: str
    department: str | None = None
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None


@dataclass(frozen=True)
class Assignment:
    """What one department was given in one round. `ended`: '', done, returned, transferred or closed."""

    round: int
    department: str
    part: str
    given_at: datetime
    task: str = ""
    due_at: datetime | None = None
    signed_at: datetime | None = None
    done_at: datetime | None = None
    ended: str = ""


@dataclass(frozen=True)
class Request:
    """Something asked by one person for another to decide. `outcome`: waiting, granted or denied."""

    seq: int
    action: Action
    asked_by: str
    asked_at: datetime
    note: str
    data: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = "waiting"
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True)
class StepOfPlan:
    """One step of the plan attached to an event."""

    position: int
    plan: str
    words: str
    department: str | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = None


@dataclass(frozen=True)
class Case:
    """An event with its ledger, oldest row first, and all who work on it."""

    event: Event
    ledger: tuple[LedgerRow, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    requests: tuple[Request, ...] = ()
    steps: tuple[StepOfPlan, ...] = ()

    @property
    def now_assigned(self) -> tuple[Assignment, ...]:
        """Those of the present round that have not ended."""
        return tuple(one for one in self.assignments if one.round == self.event.round and not one.ended)

    def waiting(self, action: Action | None = None) -> Request | None:
        """The undecided request, of one kind if given."""
        found = (one for one in self.requests if one.outcome == "waiting")
        return next((one for one in found if action is None or one.action is action), None)


@dataclass(frozen=True)
class Step:
    """What someone wants to do to an event. `version`: as last seen; None acts on whatever is there."""

    action: str
    version: int | None = None
    note: str = ""
    department: str | None = None
    joint: tuple[str, ...] = ()
    due: datetime | None = None
    """Sub-deadline for the joint departments."""
    amount: float | None = None
    """How much longer, in the unit of the handling limit."""
    reason: str | None = None
    """Key of a pause reason."""
    region: str | None = None
    other: str | None = None
    """Number of another event."""
    satisfied: bool | None = None
    score: int | None = None
    plan_step: int | None = None
    category: str | None = None
    impact: int | None = None
    urgency: int | None = None
    key: str | None = None
    """The same key again changes nothing."""
    attachments: tuple[str, ...] = field(default=())
    team: str | None = None
    """The team of the department that goes, by name."""
