"""Events as the interface tells them: what was reported masked, every code beside its name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from access.actor import Actor
from access.personal import mask_text, masked
from api.shapes import SIMULATED_MARK
from database.dispatch_tables import events as events_table
from dispatch.clocks import Clock
from dispatch.event import Event, LedgerRow
from dispatch.report import ORIGIN_NAMES
from dispatch.rulebook import Rulebook
from dispatch.stage import LEVEL_NAMES, STAGE_NAMES
from dispatch.state import ACTION_NAMES
from indicators.reading import World


class EventShape(BaseModel):
    """An event. Personal data in its words is masked."""

    id: int
    number: str
    version: int = Field(description="每办理一次加一；办理时原样传回")
    world: World
    mark: str | None = Field(description=f"模拟数据恒为“{SIMULATED_MARK}”")
    state: str
    state_name: str
    stage: str | None
    stage_name: str | None
    is_open: bool = Field(description="在办")
    title: str
    description: str
    category: str
    category_name: str
    region: str
    region_name: str
    county: str
    holder: str = Field(description="现由哪一级中心办理（区域代码）")
    level: int = Field(description="0 一般，1 红，2 橙，3 黄，4 蓝")
    level_name: str
    impact: int
    urgency: int
    reasons: dict[str, str] = Field(description="为何是这个区域、类别、级别")
    origin: str
    origin_name: str
    origin_id: str
    provenance: str
    place: str
    placed: str = Field(description="point 有坐标，town、county 只知所在区域，city 全市")
    lon: float | None
    lat: float | None
    lead: str | None
    lead_name: str | None
    callers: int
    returns: int
    reworks: int
    extensions: int
    reopenings: int
    urged: int
    supervised: bool
    satisfied: bool | None
    score: int | None
    occurred_at: datetime | None
    reported_at: datetime
    received_at: datetime
    moved_at: datetime
    registered_at: datetime | None
    closed_at: datetime | None
    stage_due_at: datetime | None
    case_due_at: datetime | None


class LedgerRowShape(BaseModel):
    """One line of the ledger: what was done, by whom."""

    seq: int
    at: datetime
    action: str
    action_name: str
    state: str
    effect: str
    round: int
    actor: str
    role: str
    department: str | None
    department_name: str | None
    said: str
    note: str
    data: dict[str, Any]


class ClockShape(BaseModel):
    """A clock: the sum of ledger intervals on the working calendar."""

    name: str
    limit: str | None
    due_at: datetime | None
    running: bool
    overdue: bool
    used_seconds: float
    budget_seconds: float
    steps: list[dict[str, Any]]


def event_fields(event: Event, rules: Rulebook) -> dict[str, Any]:
    """What every shape of an event has in common."""
    told: dict[str, Any] = {name: getattr(event, name) for name in EventShape.model_fields if hasattr(event, name)}
    stage = event.stage
    return told | {
        "mark": SIMULATED_MARK if event.provenance == "simulated" or event.is_simulated else None,
        "state": str(event.state),
        "stage": None if stage is None else str(stage),
        "stage_name": None if stage is None else STAGE_NAMES[stage],
        "title": mask_text(event.title),
        "description": mask_text(event.description),
        "place": mask_text(event.place),
        "reasons": {name: mask_text(words) for name, words in event.reasons.items()},
        "category_name": rules.category_name(event.category),
        "region_name": rules.region_name(event.region),
        "level_name": LEVEL_NAMES[event.level],
        "origin_name": ORIGIN_NAMES.get(event.origin, event.origin),
        "lead_name": None if event.lead is None else rules.department_name(event.lead),
    }


def event_shape(event: Event, rules: Rulebook) -> EventShape:
    """An event as it is listed."""
    return EventShape.model_validate(event_fields(event, rules))


def reporter_shape(columns: Mapping[str, Any], by: Actor) -> dict[str, str | None]:
    """Who reported it, masked; nothing at all on screens."""
    shown = masked(events_table, columns, by)
    return {name.removeprefix("reporter_"): value for name, value in shown.items()}


def ledger_shape(row: LedgerRow, rules: Rulebook) -> LedgerRowShape:
    """A line of the ledger; what people wrote is masked."""
    department = row.department
    return LedgerRowShape(
        seq=row.seq, at=row.at, action=str(row.action), action_name=ACTION_NAMES[row.action], state=str(row.state),
        effect=str(row.effect), round=row.round, actor=row.actor, role=row.role, department=department,
        department_name=None if department is None else rules.department_name(department),
        said=mask_text(row.said), note=mask_text(row.note), data=_plain(row.data),
    )  # fmt: skip


def clock_shape(clock: Clock | None, now: datetime) -> ClockShape | None:
    """A clock with its calculation step by step."""
    if clock is None:
        return None
    steps = [
        {"from": one.start.isoformat(), "to": one.end.isoformat(), "state": one.words, "seconds": one.seconds}
        for one in clock.lines(now)
    ]
    return ClockShape(
        name=clock.name, limit=None if clock.limit is None else str(clock.limit), due_at=clock.due_at,
        running=clock.is_running, overdue=clock.is_overdue(now), used_seconds=clock.used(now),
        budget_seconds=clock.budget, steps=steps,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    """Texts inside what was given with a move are masked like any other."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return mask_text(value) if isinstance(value, str) and len(value) > 6 else value
