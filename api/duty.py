"""Rosters over the wire: who is on duty now or then, entering, swapping, striking out, and the files of offices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from flask import request
from pydantic import BaseModel, Field

from api.attachments import MULTIPART
from api.event_refusals import told
from api.events import rules_of
from api.operation import WRITTEN, Ask, Operation
from api.problem import Fault, Problem
from api.shapes import SIMULATED_MARK, Query
from database.engine import reading, writing
from datasources.delivery.period import CITY_TIME
from dispatch.duty import POST_NAMES, Gap, Shift, Standing, units_of
from dispatch.duty_acts import Entry, editable, enter, strike, swap
from dispatch.duty_file import LARGEST, RosterRefused
from dispatch.duty_import import read, take
from dispatch.duty_rosters import EDIT, VIEW, mobiles, on_duty, topic_of
from indicators.reading import World

TAG = "值班"
Name = Annotated[str, Field(min_length=1, max_length=40)]
Words = Annotated[str, Field(min_length=1, max_length=100)]
Number = Annotated[str, Field(max_length=24)]


class DutyQuery(Query):
    world: World = World.REAL
    region: Annotated[str, Field(max_length=16, description="只看这个区域及其下级的单位")] = ""
    unit: Annotated[str, Field(max_length=64, description="只看这个单位")] = ""
    at: datetime | None = Field(default=None, description="这一时刻谁在班；不写是此刻")
    known_at: datetime | None = Field(default=None, description="按这一时刻已登记的值班表；不写是此刻")


class ShiftShape(BaseModel):
    """One person on duty. `mobile` is masked, and only for persons who may reveal it with a reason."""

    ref: str
    post: str
    post_name: str
    name: str
    begins_at: datetime
    ends_at: datetime
    office: str
    mobile: str | None = Field(
        description="遮盖的手机号；凭理由查看：POST /personal/reveal，object 为 duty <ref>，field 为 mobile"
    )
    swapped: str = Field(description="换班说明；空为未换班")


class GapShape(BaseModel):
    """A time without anybody."""

    post: str
    post_name: str
    begins_at: datetime
    ends_at: datetime
    ask: str


class StandingShape(BaseModel):
    """One unit at the moment asked about."""

    unit: str
    name: str
    kind: str
    region: str
    office: str
    now: list[ShiftShape]
    next: list[ShiftShape]
    gaps: list[GapShape]


class Duty(BaseModel):
    """Own units and those below, the centres above, the city's centre."""

    at: datetime
    world: World
    mark: str | None = Field(description=f"模拟数据恒为“{SIMULATED_MARK}”")
    items: list[StandingShape]


class ShiftGiven(BaseModel):
    """One shift entered by hand. Times without zone are city time."""

    model_config = WRITTEN

    unit: Annotated[str, Field(min_length=1, max_length=64)]
    post: Literal["leader", "chief", "officer"]
    name: Name
    begins_at: datetime
    ends_at: datetime
    office: Number = ""
    mobile: Number = ""
    world: World = World.REAL


class SwapGiven(BaseModel):
    """Somebody else takes over the shift or its rest."""

    model_config = WRITTEN

    name: Name
    mobile: Number = ""
    office: Number = ""
    reason: Words
    allowed_by: Annotated[str, Field(min_length=1, max_length=40, description="由谁同意")]


class StrikeGiven(BaseModel):
    """A wrong row is taken off; it stays in the past."""

    model_config = WRITTEN

    reason: Words


class Done(BaseModel):
    """The shift as it is called now."""

    ref: str


class ImportQuery(Query):
    unit: Annotated[str, Field(min_length=1, max_length=64, description="值班单位：区域代码或部门")]
    world: World = World.REAL
    month: Annotated[str, Field(pattern=r"^(20\d{2}-(0[1-9]|1[0-2]))?$", description="年月，表中没有时填")] = ""
    name: Annotated[str, Field(max_length=200, description="文件名；表单中已有的不必写")] = ""


class HeldRow(BaseModel):
    """A row that was not taken, and why."""

    line: int
    reason: str


class Imported(BaseModel):
    """Every row is accounted for: taken + unchanged + held = rows."""

    rows: int
    taken: int
    unchanged: int
    held: list[HeldRow]


@dataclass(frozen=True)
class Sent:
    """A file as it came."""

    content: bytes
    name: str


def _sent() -> Sent:
    if request.mimetype != MULTIPART:
        return Sent(request.get_data(), "")
    given = list(request.files.values())
    if len(given) != 1:
        raise Problem(422, "请用表单字段 file 发送一个文件。", "misfit", (Fault("file", "恰好一个文件"),))
    return Sent(given[0].read(), given[0].filename or "")


def _list(ask: Ask) -> Duty:
    wish: DutyQuery = ask.query
    at, rules = wish.at or ask.now, rules_of(ask)
    wanted = {key for key, unit in units_of(rules).items() if not wish.unit or key == wish.unit}
    if wish.region:
        inside = rules.within(wish.region)
        wanted = {key for key in wanted if units_of(rules)[key].region in inside}
    with reading(ask.cockpit.engine) as connection:
        found = on_duty(connection, ask.by, rules, world=wish.world.value, at=at, units=wanted, known_at=wish.known_at)
        refs = [one.ref for each in found for one in (*each.now, *each.following)]
        numbers = mobiles(connection, ask.by, refs)
    mark = SIMULATED_MARK if wish.world is World.DEMO else None
    return Duty(at=at, world=wish.world, mark=mark, items=[_standing(one, numbers, ask) for one in found])


def _enter(ask: Ask) -> Done:
    given: ShiftGiven = ask.body
    entry = Entry(
        given.unit, given.post, given.name, _zoned(given.begins_at), _zoned(given.ends_at), given.office, given.mobile
    )
    with told(), writing(ask.cockpit.engine) as connection:
        return Done(ref=enter(connection, rules_of(ask), entry, world=given.world.value, by=ask.by, now=ask.now))


def _swap(ask: Ask) -> Done:
    given: SwapGiven = ask.body
    with told(), writing(ask.cockpit.engine) as connection:
        ref = swap(
            connection, rules_of(ask), ask.path["ref"], name=given.name, mobile=given.mobile, office=given.office,
            reason=given.reason, allowed_by=given.allowed_by, by=ask.by, now=ask.now,
        )  # fmt: skip
    return Done(ref=ref)


def _strike(ask: Ask) -> Done:
    given: StrikeGiven = ask.body
    with told(), writing(ask.cockpit.engine) as connection:
        strike(connection, rules_of(ask), ask.path["ref"], reason=given.reason, by=ask.by, now=ask.now)
    return Done(ref=ask.path["ref"])


def _import(ask: Ask) -> Imported:
    wish: ImportQuery = ask.query
    sent: Sent = ask.body
    month = (int(wish.month[:4]), int(wish.month[5:])) if wish.month else None
    rules = rules_of(ask)
    editable(rules, wish.unit, ask.by)
    try:
        file = read(rules, sent.content, wish.name or sent.name or "值班表", month)
        with told(), writing(ask.cockpit.engine) as connection:
            out = take(connection, rules, file, unit=wish.unit, world=wish.world.value, by=ask.by, now=ask.now)
    except RosterRefused as refused:
        raise Problem(422, str(refused), "misfit", (Fault("file", str(refused)),)) from refused
    held = [HeldRow(line=line, reason=reason) for line, reason in out.held]
    return Imported(rows=out.rows, taken=out.taken, unchanged=out.unchanged, held=held)


def _zoned(moment: datetime) -> datetime:
    return moment.replace(tzinfo=CITY_TIME) if moment.tzinfo is None else moment


def _standing(one: Standing, numbers: dict[str, str], ask: Ask) -> StandingShape:
    seen = ask.by.kind != "screen"
    return StandingShape(
        unit=one.unit.key, name=one.unit.name, kind=one.unit.kind, region=one.unit.region,
        office=one.office if seen else "", now=[_shift(shift, numbers, seen) for shift in one.now],
        next=[_shift(shift, numbers, seen) for shift in one.following], gaps=[_gap(gap, seen) for gap in one.gaps],
    )  # fmt: skip


def _shift(one: Shift, numbers: dict[str, str], seen: bool) -> ShiftShape:
    swapped = f"{one.said}（{one.allowed_by}同意）" if one.origin == "swap" and seen else ""
    return ShiftShape(
        ref=one.ref if seen else "", post=one.post, post_name=POST_NAMES[one.post], name=one.name,
        begins_at=one.begins_at, ends_at=one.ends_at, office=one.office if seen else "", mobile=numbers.get(one.ref),
        swapped=swapped,
    )  # fmt: skip


def _gap(one: Gap, seen: bool) -> GapShape:
    return GapShape(
        post=one.post, post_name=POST_NAMES[one.post], begins_at=one.begins_at, ends_at=one.ends_at,
        ask=one.ask if seen else "",
    )  # fmt: skip


def _known(ask: Ask) -> None:
    if ask.query.region:
        ask.known_region(ask.query.region)


def _topics(ask: Ask) -> list[str]:
    return [topic_of(ask.query.world.value)]


OPERATIONS = (
    Operation(
        "GET", "/duty", "值班：此刻或某一时刻谁在班、下一班、空当；本级及下级、上级中心和市中心", Duty, _list, tag=TAG,
        right=VIEW, query=DutyQuery, check=_known, topics=_topics,
    ),
    Operation(
        "POST", "/duty", "登记一个班次", Done, _enter, tag=TAG, right=EDIT, body=ShiftGiven, status=201,
        problems=(404,), largest_body=4_000,
    ),
    Operation(
        "POST", "/duty/{ref}/swap", "换班：写明由谁同意；已开始的只换余下时段", Done, _swap, tag=TAG, right=EDIT,
        body=SwapGiven, largest_body=4_000,
    ),
    Operation(
        "POST", "/duty/{ref}/strike", "撤销登记错的班次（保留记录）", Done, _strike, tag=TAG, right=EDIT,
        body=StrikeGiven, largest_body=4_000,
    ),
    Operation(
        "POST", "/duty/import", "导入值班表（CSV、XLSX）；逐行说明采纳、未变或未采纳及理由", Imported, _import, tag=TAG,
        right=EDIT, query=ImportQuery, read_body=_sent, body_media=MULTIPART, problems=(404,), largest_body=LARGEST,
    ),
)  # fmt: skip
