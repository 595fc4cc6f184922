"""POST /events/{id}/moves: what is done to an event, once, by whom it may be done."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import Connection

from api.event_refusals import told
from api.events import TAG, rules_of, wanted_event
from api.operation import WRITTEN, Ask, Operation
from api.problem import Fault, Problem
from database.engine import writing
from decisions.teams import teams
from dispatch import moves
from dispatch.event import Case, Step
from dispatch.records import load
from dispatch.refusal import Incomplete

Department = Annotated[str, Field(max_length=64)]


class MoveGiven(BaseModel):
    """What to do. `version` is the one that was seen; with the same Idempotency-Key it is done once."""

    model_config = WRITTEN

    action: Annotated[str, Field(min_length=1, max_length=20, description="见事件的 moves")]
    version: Annotated[int, Field(ge=1, le=2**31 - 1, description="所见的版本")]
    note: Annotated[str, Field(max_length=2000)] = ""
    department: Department | None = Field(default=None, description="主办单位")
    joint: Annotated[list[Department], Field(max_length=20, description="协办单位")] = []
    due: AwareDatetime | None = Field(default=None, description="协办单位的时限")
    amount: Annotated[float | None, Field(gt=0, le=1000, description="延期多少，单位与处置时限相同")] = None
    reason: Annotated[str | None, Field(max_length=64, description="挂账原因的键")] = None
    region: Annotated[str | None, Field(max_length=16, description="转交的下级中心")] = None
    other: Annotated[str | None, Field(max_length=24, description="合并、拆分的另一件的编号")] = None
    satisfied: bool | None = None
    score: Annotated[int | None, Field(ge=1, le=5)] = None
    plan_step: Annotated[int | None, Field(ge=0, le=100)] = None
    category: Annotated[str | None, Field(max_length=16)] = None
    impact: Annotated[int | None, Field(ge=1, le=4)] = None
    urgency: Annotated[int | None, Field(ge=1, le=4)] = None
    attachments: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=20)] = []
    team: Annotated[str | None, Field(max_length=60, description="派出的班组，须是该单位的队伍")] = None


class Moved(BaseModel):
    """How the event stands after it."""

    id: int
    number: str
    state: str
    state_name: str
    version: int


def _move(ask: Ask) -> Moved:
    given = ask.body.model_dump()
    given |= {name: tuple(given[name]) for name in ("joint", "attachments")}
    step = Step(**given, key=ask.key)
    with told(), writing(ask.cockpit.engine) as connection:
        _own_team(ask, connection, step)
        case = moves.move(connection, rules_of(ask), wanted_event(ask), step, by=ask.by, now=ask.now)
        _same(case, step)
    event = case.event
    return Moved(
        id=event.id, number=event.number, state=str(event.state), state_name=event.state_name, version=event.version
    )


def _own_team(ask: Ask, connection: Connection, step: Step) -> None:
    """A team that is named is one of a department that goes."""
    if not step.team:
        return
    event = load(connection, wanted_event(ask), ask.by).event
    departments = {step.department or event.lead, *step.joint}
    known = teams(rules_of(ask), event.world, ask.cockpit.live_catalogue.folder)
    if not any(one.name == step.team and one.department in departments for one in known):
        raise Incomplete("team", "这不是所选单位的队伍，请重选")


def _same(case: Case, step: Step) -> None:
    """A key that was used for another move is no repetition."""
    done = next((row for row in case.ledger if step.key is not None and row.key == step.key), None)
    if done is not None and (done.action != step.action or done.seq - 1 != step.version):
        words = "这个幂等键已用于本事件的另一次办理，请换新键。"
        raise Problem(422, words, "key", (Fault("Idempotency-Key", words),))


def _check(ask: Ask) -> None:
    if ask.key is not None and not 1 <= len(ask.key.strip()) <= 120:
        raise Problem(400, "幂等键应为 1 至 120 个字符。", "key")


OPERATIONS = (
    Operation(
        "POST", "/events/{id}/moves", "办理：受理、派遣、签收、反馈、核查、结案等", Moved, _move, tag=TAG,
        right="events.view", body=MoveGiven, check=_check, problems=(409,), largest_body=50_000,
    ),
)  # fmt: skip
