"""Is it the same thing again? Earlier reports near in place, time, kind and words, with the reason for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, or_, select

from access.actor import Actor
from database.dispatch_tables import attachments, events
from dispatch import records
from dispatch.event import Event
from dispatch.events import visible
from dispatch.state import DONE, OPEN
from geography.areas import metres_between
from geography.coordinates import NotOnEarth, Point

METRES = 500.0
HOURS = 72.0
LIKELY = 0.55
"""From here on the desk offers to merge."""
_WEIGHTS = {"place": 0.4, "category": 0.2, "text": 0.3, "time": 0.1}
_CANDIDATES = 300


@dataclass(frozen=True)
class Hint:
    """An event that may be the same. `score` 0 to 1; `age` since it was reported; `photo` the newest one's hash."""

    event: Event
    score: float
    reason: str
    metres: float | None
    age: timedelta
    photo: str | None

    @property
    def is_likely(self) -> bool:
        """Enough to offer merging."""
        return self.score >= LIKELY and self.event.is_open


def hints(
    connection: Connection,
    by: Actor,
    *,
    world: str,
    title: str,
    now: datetime,
    description: str = "",
    category: str | None = None,
    lon: float | None = None,
    lat: float | None = None,
    county: str | None = None,
    number: str | None = None,
    limit: int = 5,
) -> tuple[Hint, ...]:
    """The likeliest, best first; made while someone types, so anything may still be missing. `number`: not itself."""
    here = _point(lon, lat)
    found = []
    for event in _candidates(connection, by, world, now, here, county):
        if event.number != number:
            hint = _weighed(event, here, category, f"{title} {description}", now)
            if hint is not None:
                found.append(hint)
    best = sorted(found, key=lambda one: -one.score)[:limit]
    photos = _photos(connection, [one.event.id for one in best])
    return tuple(Hint(one.event, one.score, one.reason, one.metres, one.age, photos.get(one.event.id)) for one in best)


def similarity(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1: shared pairs of neighbouring characters (Dice)."""
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def _weighed(event: Event, here: Point | None, category: str | None, text: str, now: datetime) -> Hint | None:
    there = _point(event.lon, event.lat) if event.placed == "point" else None
    metres = None if here is None or there is None else metres_between(here, there)
    age = now - event.reported_at
    parts = {
        "place": 0.0 if metres is None else max(0.0, 1 - metres / METRES),
        "category": 1.0 if category and category == event.category else 0.0,
        "text": similarity(text, f"{event.title} {event.description}"),
        "time": max(0.0, 1 - age.total_seconds() / 3600 / HOURS),
    }
    if parts["place"] == 0.0 and parts["text"] < 0.35:
        return None
    score = sum(_WEIGHTS[name] * value for name, value in parts.items())
    if metres is None:
        score /= 1 - _WEIGHTS["place"]
    return Hint(event, min(1.0, score), _because(parts, metres, age), metres, age, None) if score >= 0.3 else None


def _because(parts: dict[str, float], metres: float | None, age: timedelta) -> str:
    told = [] if metres is None else [f"相距 {metres:.0f} 米"]
    told += ["同一类别"] if parts["category"] else []
    told += [f"文字相似 {parts['text']:.0%}"] if parts["text"] >= 0.2 else []
    minutes = int(age.total_seconds() // 60)
    told.append(f"{minutes} 分钟前上报" if minutes < 120 else f"{minutes // 60} 小时前上报")
    return "，".join(told)


def _candidates(
    connection: Connection, by: Actor, world: str, now: datetime, here: Point | None, county: str | None
) -> list[Event]:
    c = events.c
    recent = and_(c.reported_at >= now - timedelta(hours=HOURS), c.state.in_(DONE))
    query = select(*records.EVENT_COLUMNS).where(
        visible(by), c.world == world, or_(c.state.in_(OPEN), recent), c.reported_at >= now - timedelta(days=30)
    )
    if here is not None:
        degrees = METRES / 90_000.0
        near = and_(
            c.lon.between(here.lon - degrees, here.lon + degrees), c.lat.between(here.lat - degrees, here.lat + degrees)
        )
        query = query.where(or_(near, c.placed != "point"))
    elif county is not None:
        query = query.where(c.county == county)
    query = query.order_by(c.reported_at.desc()).limit(_CANDIDATES)
    return [records.event_of(row) for row in connection.execute(query)]


def _photos(connection: Connection, ids: list[int]) -> dict[int, str]:
    query = select(attachments.c.event_id, attachments.c.sha256).where(
        attachments.c.event_id.in_(ids), attachments.c.mime.like("image/%")
    )
    return {row.event_id: row.sha256 for row in connection.execute(query.order_by(attachments.c.added_at))}


def _point(lon: float | None, lat: float | None) -> Point | None:
    if lon is None or lat is None:
        return None
    try:
        return Point(lon, lat)
    except NotOnEarth:
        return None


def _pairs(text: str) -> frozenset[str]:
    plain = "".join(sign for sign in text if sign.isalnum())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))
