"""POST /cap: warnings of others as CAP 1.2. An alert opens events, an update and a cancel go on with the same ones."""

from __future__ import annotations

from hashlib import sha256

from flask import request
from pydantic import BaseModel, Field
from sqlalchemy import Connection, or_, select

from api.cap_areas import Affected, affected
from api.cap_message import LARGEST, Alert, Info, NoCap, read
from api.event_refusals import told
from api.events import TAG, rules_of
from api.operation import Ask, Operation
from api.problem import Fault, Problem
from database.dispatch_tables import events, ledger
from database.engine import writing
from dispatch import moves, records
from dispatch.event import Event, Step
from dispatch.intake import receive
from dispatch.report import Report
from dispatch.state import DONE, OPEN, Action
from indicators.reading import World

MEDIA = "application/cap+xml"
MEDIAS = frozenset({MEDIA, "application/xml", "text/xml"})
ORIGIN = "cap"


class CapEvent(BaseModel):
    """What became of one part of the message."""

    number: str
    region: str
    towns: list[str]
    level: int | None
    became: str = Field(description="opened 新建事件，noted 记入已有事件，unchanged 此前已收到")


class CapReceipt(BaseModel):
    """What became of a message. `ignored`: why nothing was done."""

    identifier: str
    kind: str
    events: list[CapEvent]
    ignored: str | None = None


def _message() -> Alert:
    if request.mimetype not in MEDIAS:
        raise Problem(415, f"请以 Content-Type: {MEDIA} 发送。")
    try:
        return read(request.get_data())
    except NoCap as wrong:
        raise Problem(
            422, f"不是有效的 CAP 1.2 消息：{wrong}", "misfit", tuple(Fault(*one) for one in wrong.faults)
        ) from wrong


def _take(ask: Ask) -> CapReceipt:
    alert: Alert = ask.body
    reason = _ignored(alert)
    if reason:
        return CapReceipt(identifier=alert.identifier, kind=alert.kind, events=[], ignored=reason)
    with told(), writing(ask.cockpit.engine) as connection:
        found = _Taking(ask, alert, connection).done()
    if not found:
        words = "涉及区域不在本市，或没有找到所更新、解除的消息"
        return CapReceipt(identifier=alert.identifier, kind=alert.kind, events=[], ignored=words)
    return CapReceipt(identifier=alert.identifier, kind=alert.kind, events=found)


def _ignored(alert: Alert) -> str | None:
    if alert.kind in ("Ack", "Error"):
        return "回执类消息，不形成事件"
    if alert.status != "Actual":
        return f"status 为 {alert.status}，不是实际发布的消息，不形成事件"
    return None


class _Taking:
    """One message on its way into the store, in one transaction."""

    def __init__(self, ask: Ask, alert: Alert, connection: Connection) -> None:
        self._ask, self._alert, self._connection = ask, alert, connection
        self._rules = rules_of(ask)

    def done(self) -> list[CapEvent]:
        """Everything the message asks for."""
        earlier = self._earlier()
        if self._alert.kind == "Cancel":
            return [self._noted(one, "预警解除", None, Affected(one.region)) for one in earlier]
        parts = [(at, info, where) for at, info in enumerate(self._alert.told) for where in self._where(info)]
        found = []
        for at, info, where in parts:
            known = _same([one for one in earlier if one.county == where.region], at, info)
            said = f"预警更新：{_title(info)}"
            found.append(
                self._opened(at, info, where) if known is None else self._noted(known, said, info.level, where, at)
            )
        return found

    def _where(self, info: Info) -> tuple[Affected, ...]:
        return affected(info.areas, self._rules)

    def _opened(self, at: int, info: Info, where: Affected) -> CapEvent:
        alert, names = self._alert, [self._rules.region_name(code) for code in where.towns]
        says = (info.description, info.instruction, f"涉及：{'；'.join(area.words for area in info.areas)}")
        report = Report(
            _title(info)[:120], ORIGIN, f"{_mark(alert.sender, alert.identifier)}:{at}:{where.region}", alert.sent,
            description="\n".join(part for part in says if part)[:4000], region=where.smallest,
            place="、".join(names)[:200], level=info.level,
        )  # fmt: skip
        receipt = receive(self._connection, self._rules, report, by=self._ask.by, now=self._ask.now)
        became = "opened" if receipt.is_new else "unchanged"
        return _event(receipt.event, where, info.level, became)

    def _noted(self, event: Event, said: str, level: int | None, where: Affected, at: int = 0) -> CapEvent:
        """A line in the ledger of the event that is there already; said again, it changes nothing."""
        alert = self._alert
        names = "、".join(self._rules.region_name(code) for code in where.towns)
        note = "。".join(part for part in (said, names and f"涉及：{names}", alert.note) if part)
        key = f"cap:{_mark(alert.sender, alert.identifier)}:{at}:{where.region}"
        step = Step(Action.NOTE, note=note[:2000], key=key[:120])
        before = event.version
        after = moves.move(self._connection, self._rules, event.id, step, by=self._ask.by, now=self._ask.now)
        return _event(after.event, where, level, "noted" if after.event.version > before else "unchanged")

    def _earlier(self) -> list[Event]:
        """The events of the messages referred to, those told by later updates of them too."""
        marks = [_mark(*one) for one in self._alert.references]
        if self._alert.kind not in ("Update", "Cancel") or not marks:
            return []
        noted = select(ledger.c.event_id).where(or_(*(ledger.c.key.startswith(f"cap:{mark}:") for mark in marks)))
        named = or_(*(events.c.origin_id.startswith(f"{mark}:") for mark in marks))
        query = select(*records.EVENT_COLUMNS).where(
            events.c.world == World.REAL.value, events.c.origin == ORIGIN, events.c.state.in_((*OPEN, *DONE)),
            or_(named, events.c.id.in_(noted)),
        )  # fmt: skip
        found = (records.event_of(row) for row in self._connection.execute(query.order_by(events.c.id)))
        return [one for one in found if self._ask.by.scope.allows(one.region)]


def _same(candidates: list[Event], at: int, info: Info) -> Event | None:
    """The event this block goes on with: of its level, else the one in its place."""
    by_level = next((one for one in candidates if one.level == info.level), None)
    return by_level or (candidates[min(at, len(candidates) - 1)] if candidates else None)


def _title(info: Info) -> str:
    return info.headline or f"{info.sender_name}{info.event}"


def _mark(sender: str, identifier: str) -> str:
    """A short name of a message: sender and identifier together are unique (CAP 1.2, 3.2.1)."""
    return sha256(f"{sender},{identifier}".encode()).hexdigest()[:32]


def _event(event: Event, where: Affected, level: int | None, became: str) -> CapEvent:
    return CapEvent(number=event.number, region=event.region, towns=list(where.towns), level=level, became=became)


OPERATIONS = (
    Operation(
        "POST", "/cap", "接收 CAP 1.2 预警消息（发布、更新、解除）", CapReceipt, _take, tag=TAG,
        right="events.report", read_body=_message, body_media=MEDIA, largest_body=LARGEST, problems=(404, 409),
    ),
)  # fmt: skip
