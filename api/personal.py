"""POST /personal/reveal: one personal field in full, for a reason that goes on record."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from access.actor import OutOfScope
from access.reveal import LONGEST_REASON, RevealRefused, reveal
from api.operation import Ask, Operation
from api.problem import Problem
from database.engine import writing


class Wish(BaseModel):
    """Which field of what, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    object: Annotated[str, Field(min_length=3, max_length=120, description="对象，如 event CZ-20261122-0007")]
    field: Annotated[str, Field(min_length=1, max_length=64, description="字段，如 reporter_phone")]
    reason: Annotated[str, Field(max_length=LONGEST_REASON, description="查看理由，记入审计，不少于 4 个字")]


class Revealed(BaseModel):
    """The full text; not to be kept."""

    object: str
    field: str
    value: str


def _reveal(ask: Ask) -> Revealed:
    wish: Wish = ask.body
    try:
        with writing(ask.cockpit.engine) as connection:
            value = reveal(connection, ask.by, wish.object, wish.field, wish.reason, ask.now)
    except OutOfScope as lost:
        raise Problem(404, str(lost), "unknown") from lost
    except RevealRefused as refused:
        raise Problem(422, str(refused), "misfit") from refused
    return Revealed(object=wish.object, field=wish.field, value=value)


OPERATIONS = (
    Operation(
        "POST",
        "/personal/reveal",
        "说明理由后查看一项个人信息",
        Revealed,
        _reveal,
        tag="个人信息",
        right="personal.reveal",
        body=Wish,
        problems=(404,),
    ),
)
"""Every answer leaves a row in the audit record."""
