"""GET /snapshots, POST /snapshots/{id}/acts: frozen pages listed, and removed by who made them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from api.map_values import world_of
from api.operation import WRITTEN, Ask, Operation
from api.shapes import Query
from database.engine import reading, writing
from indicators import snapshots as kept
from indicators.reading import World
from indicators.snapshot import MAKE, SEE, Snapshot

TAG = "快照"


class SnapshotsQuery(Query):
    world: World | None = Field(default=None, description="缺省：演示城市有数据时为 demo，否则为 real")


class MissingPart(BaseModel):
    panel: str
    reason: str


class SnapshotShape(BaseModel):
    """A frozen page. It is opened at `address`."""

    id: str
    world: World
    title: str
    path: str = Field(description="当时的页面地址")
    address: str
    shown_at: datetime = Field(description="画面所说的时刻")
    made_at: datetime
    made_by: str
    role_name: str
    sha256: str = Field(description="画面字节的 SHA-256")
    size: int
    missing: list[MissingPart] = Field(description="未能冻结的部分及原因")
    keep_until: datetime


class Snapshots(BaseModel):
    items: list[SnapshotShape]


class SnapshotAct(BaseModel):
    model_config = WRITTEN

    act: Literal["let_go"] = Field(description="删除，只有保存的人可以")


class LetGo(BaseModel):
    id: str


def _list(ask: Ask) -> Snapshots:
    with reading(ask.cockpit.engine) as connection:
        found = kept.listed(connection, ask.by, world=world_of(ask).value, now=ask.now)
    return Snapshots(items=[_shape(one) for one in found])


def _shape(one: Snapshot) -> SnapshotShape:
    told = {name: getattr(one, name) for name in SnapshotShape.model_fields if hasattr(one, name)}
    missing = [{"panel": part.panel, "reason": part.reason} for part in one.missing]
    return SnapshotShape.model_validate(told | {"missing": missing, "address": f"/snapshot/{one.id}"})


def _act(ask: Ask) -> LetGo:
    with writing(ask.cockpit.engine) as connection:
        kept.let_go(connection, ask.by, ask.path["id"][:32], now=ask.now)
    return LetGo(id=ask.path["id"])


OPERATIONS = (
    Operation("GET", "/snapshots", "可查看的历史快照", Snapshots, _list, tag=TAG, right=SEE, query=SnapshotsQuery),
    Operation("POST", "/snapshots/{id}/acts", "删除自己保存的快照", LetGo, _act, tag=TAG, right=MAKE, body=SnapshotAct),
)
