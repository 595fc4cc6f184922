"""Similar past events and how they ended: by category, words and place, among closed events the asker may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, or_, select, true

from access.actor import Actor
from access.personal import mask_text
from database.dispatch_tables import events, ledger
from dispatch import records
from dispatch.duplicates import similarity
from dispatch.event import Event
from dispatch.events import visible
from dispatch.state import DONE, Action
from geography.areas import metres_between
from geography.coordinates import Point

REACH = timedelta(days=730)
CANDIDATES = 400
"""Newest closed events that are compared; only what is open to everybody (title, place) is read of them."""
NEAR = 2000.0
"""Metres within which nearness counts."""
LEAST = 0.35
_WEIGHTS = {"category": 0.4, "text": 0.35, "place": 0.25}


@dataclass(frozen=True)
class Similar:
    """A closed event like the one asked about. `hours`: from 立案 (or report) to 结案; `ended`: in a few words."""

    number: str
    title: str
    place: str
    days_ago: int
    ended: str
    hours: float | None
    distance_m: float | None
    why: str
    score: float
    is_simulated: bool


def similar(
    connection: Connection, number: str | int, *, by: Actor, now: datetime, limit: int = 5
) -> tuple[Similar, ...]:
    """The likest, best first, each closed before `now`. NoSuchEvent for what `by` may not see."""
    event = records.load(connection, number, by).event
    weighed = [(_parts(event, row), row) for row in _candidates(connection, by, event, now)]
    scored = [(sum(_WEIGHTS[name] * value for name, value in parts.items()), parts, row) for parts, row in weighed]
    best = sorted((one for one in scored if one[0] >= LEAST), key=lambda one: (-one[0], -one[2].id))[:limit]
    answers = _answers(connection, [row.id for _, _, row in best])
    return tuple(_told(event, score, parts, row, answers, now) for score, parts, row in best)


_COLUMNS = (
    "id", "number", "world", "title", "place", "placed", "category", "county", "lon", "lat", "lead", "reported_at",
    "registered_at", "closed_at", "case_due_at", "satisfied", "score", "reworks",
)  # fmt: skip


def _candidates(connection: Connection, by: Actor, event: Event, now: datetime) -> Sequence[Row[Any]]:
    c = events.c
    like = or_(c.category == event.category, c.category.like(f"{event.category[:3]}%")) if event.category else true()
    query = select(*(c[name] for name in _COLUMNS)).where(
        visible(by), c.world == event.world, c.state.in_(DONE), c.id != event.id, like,
        c.closed_at <= now, c.closed_at >= now - REACH,
    )  # fmt: skip
    return connection.execute(query.order_by(c.closed_at.desc()).limit(CANDIDATES)).all()


def _parts(event: Event, row: Row[Any]) -> dict[str, float]:
    metres = _metres(event, row)
    same, kin = row.category == event.category != "", row.category[:3] == event.category[:3] != ""
    text = similarity(event.title.replace(event.place, ""), row.title.replace(row.place, ""))
    return {
        "category": 1.0 if same else 0.4 if kin else 0.0,
        "text": text if text else similarity(event.title, row.title),
        "place": 1.0 if event.place and row.place == event.place else _nearness(metres),
    }


def _nearness(metres: float | None) -> float:
    return 0.0 if metres is None else max(0.0, 1 - metres / NEAR)


def _metres(event: Event, row: Row[Any]) -> float | None:
    if None in (event.lon, event.lat, row.lon, row.lat) or "point" not in (event.placed, row.placed):
        return None
    return metres_between(Point(event.lon or 0.0, event.lat or 0.0), Point(row.lon, row.lat))


def _told(
    event: Event, score: float, parts: Mapping[str, float], row: Row[Any], answers: Mapping[int, str], now: datetime
) -> Similar:  # fmt: skip
    metres, begun = _metres(event, row), row.registered_at or row.reported_at
    return Similar(
        row.number, mask_text(row.title), mask_text(row.place), (now - row.reported_at).days,
        _ended(row, answers.get(row.id, "")), (row.closed_at - begun).total_seconds() / 3600, metres,
        _because(parts, metres), round(score, 3), row.world == "demo",
    )  # fmt: skip


def _because(parts: Mapping[str, float], metres: float | None) -> str:
    told = ["同一类别" if parts["category"] == 1.0 else "同一大类" if parts["category"] else ""]
    told.append(f"文字相似 {parts['text']:.0%}" if parts["text"] >= 0.2 else "")
    told.append("同一地点" if parts["place"] == 1.0 else f"相距 {metres:.0f} 米" if metres and metres <= NEAR else "")
    return "，".join(part for part in told if part)


def _ended(row: Row[Any], answer: str) -> str:
    """What the department reported, whether in time, whether it had to be done again, what the caller said."""
    in_time = "" if row.case_due_at is None else "按期结案" if row.closed_at <= row.case_due_at else "超期结案"
    again = f"返工 {row.reworks} 次" if row.reworks else ""
    said = {True: "回访满意", False: "回访不满意"}.get(row.satisfied, "")
    return "；".join(part for part in (mask_text(answer)[:60], in_time, again, said) if part)


def _answers(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """The last report of each event's handling."""
    query = select(ledger.c.event_id, ledger.c.note).where(
        ledger.c.event_id.in_(ids), ledger.c.action.in_((Action.REPORT, Action.SELF_HANDLE))
    )
    return {row.event_id: row.note for row in connection.execute(query.order_by(ledger.c.seq))}
