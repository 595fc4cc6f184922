"""What people do about a crossing: take note of it, or make it an event that carries the evidence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, update

from access.actor import Actor, OutOfScope
from access.audit import record
from database import changes
from database.area_tables import area_crossings
from database.storable import storable
from decisions.area_telling import ORIGIN
from decisions.devices import KINDS
from decisions.watched_area import FOR_CENTRE, RIGHT, WAY_NAMES, AreaRefused, Crossing, WatchedArea, Way
from decisions.watched_areas import crossing, topic_of
from dispatch.intake import receive
from dispatch.refusal import ReportRefused
from dispatch.report import Report
from dispatch.rulebook import Rulebook


def acknowledge(connection: Connection, by: Actor, number: int, *, comment: str, city: str, now: datetime) -> Crossing:
    """Somebody has seen it. The first to say so stays written; saying so again changes nothing."""
    found, home = _mine(connection, by, number, city)
    if found.acknowledged_by is None:
        values = {"acknowledged_by": by.name, "acknowledged_at": now, "comment": storable(comment.strip(), 300)}
        free = (area_crossings.c.id == number, area_crossings.c.acknowledged_by.is_(None))
        connection.execute(update(area_crossings).where(*free).values(values))
        _told(connection, by, "areas.acknowledge", found, home, now)
    return _mine(connection, by, number, city)[0]


def to_event(connection: Connection, by: Actor, number: int, *, book: Rulebook, now: datetime) -> Crossing:
    """Open an event through the one intake; the second click finds the first one's event."""
    by.require("events.report")
    city = book.catalogue.city.code
    found, home = _mine(connection, by, number, city)
    if found.event is None:
        try:
            event = receive(connection, book, report_of(found, home, now), by=by, now=now).event.number
        except ReportRefused as refused:
            raise AreaRefused(str(refused)) from refused
        connection.execute(update(area_crossings).where(area_crossings.c.id == number).values(event=event))
        _told(connection, by, "areas.event", found, home, now)
    return _mine(connection, by, number, city)[0]


def report_of(found: Crossing, home: WatchedArea, now: datetime) -> Report:
    """What the intake is told: where, when, and what the area saw."""
    return Report(
        title=f"{found.name}{WAY_NAMES[found.way]}“{home.name}”"[:120],
        origin=ORIGIN,
        origin_id=str(found.id),
        reported_at=now,
        occurred_at=min(found.at, now),
        description=account_of(found, home),
        region=found.region,
        lon=found.lon,
        lat=found.lat,
        level=found.level or None,
        world=found.world,
        provenance="simulated" if found.world == "demo" else "live",
    )


def account_of(found: Crossing, home: WatchedArea) -> str:
    """The evidence in sentences."""
    seen = found.evidence
    told = [f"关注区域“{home.name}”（{home.owner_name}设置）{WAY_NAMES[found.way]}：{found.name}。"]
    if kind := KINDS.get(str(seen.get("kind"))):
        told.append(f"对象类别：{kind}，编号 {found.subject}。")
    if found.way in (Way.OVER, Way.BACK):
        told.append(
            f"测值 {seen.get('value')}{seen.get('unit') or ''}，上限 {seen.get('bound')}{seen.get('unit') or ''}。"
        )
    if found.way is Way.WARNING:
        told.append(f"预警编号 {found.subject}，规则 {seen.get('rule')}。")
    if found.lon is not None and found.lat is not None:
        told.append(f"位置：{found.lon:.5f}，{found.lat:.5f}（WGS84）。")
    return "".join(told)


def _mine(connection: Connection, by: Actor, number: int, city: str) -> tuple[Crossing, WatchedArea]:
    by.require(RIGHT)
    found = crossing(connection, by, number, city=city)
    if found is None:
        raise OutOfScope(right=RIGHT)
    if found[1].owner != by.user:
        by.require(FOR_CENTRE)
    return found


def _told(connection: Connection, by: Actor, action: str, found: Crossing, home: WatchedArea, now: datetime) -> None:
    what, detail = f"crossing {found.id}", {"area": home.name, "way": str(found.way), "subject": found.subject}
    record(connection, by=by, action=action, object=what, region=found.region, detail=detail, now=now)
    changes.bump(connection, [topic_of(found.world)])
