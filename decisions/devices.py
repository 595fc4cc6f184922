"""Devices that report their place or value: vehicles, boats, patrols, sensors. The newest report is kept; each one is
held against the watched areas in the transaction that takes it in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from access.actor import Actor
from database import changes
from database.area_tables import area_presences, devices
from database.storable import storable
from decisions.area_course import Presence, advance, ways
from decisions.area_telling import INSERTS, Happening, tell
from decisions.watched_area import WatchedArea, Way
from decisions.watched_areas import live, topic_of
from geography.coordinates import Point
from geography.regions import place_of
from indicators.catalogue import Catalogue

KINDS = {"vehicle": "车辆", "boat": "船只", "patrol": "巡查人员", "sensor": "传感器"}
EARLY = timedelta(minutes=5)
"""A report from further in the future has a wrong clock."""
FORGOTTEN = timedelta(days=2)
"""Devices silent for so long are not shown."""


@dataclass(frozen=True)
class Report:
    """Where a device is, in WGS84, and what it measures there. `bound`: upper bound, as its own system sets it."""

    key: str
    kind: str
    name: str
    place: Point
    at: datetime
    value: float | None = None
    unit: str = ""
    bound: float | None = None


@dataclass(frozen=True)
class Taken:
    """What came of a batch. `late`: older than what was known, or known already. `refused`: position and reason."""

    accepted: int = 0
    late: int = 0
    refused: tuple[tuple[int, str], ...] = ()
    crossings: int = 0


@dataclass(frozen=True)
class Device:
    """A device as last heard of."""

    key: str
    kind: str
    name: str
    lon: float
    lat: float
    region: str
    value: float | None
    unit: str
    bound: float | None
    at: datetime
    provenance: str


@dataclass
class _Round:
    """One batch being taken in."""

    connection: Connection
    catalogue: Catalogue
    world: str
    now: datetime
    areas: list[WatchedArea]
    known: dict[tuple[int, str], Presence] = field(default_factory=dict)
    crossings: int = 0


def take(
    connection: Connection, catalogue: Catalogue, by: Actor, *, world: str, reports: Sequence[Report], now: datetime
) -> Taken:
    """Take reports in the order of their time. A report older than the newest of its device changes nothing."""
    by.require("readings.push")
    mine = _Round(connection, catalogue, world, now, live(connection, world, now))
    mine.known = _presences(connection, [one.id for one in mine.areas], [one.key for one in reports])
    refused: list[tuple[int, str]] = []
    accepted = late = 0
    for position, one in sorted(enumerate(reports), key=lambda pair: pair[1].at):
        region = region_of(catalogue, one.place)
        reason = _unusable(one, by, region, now)
        if reason:
            refused.append((position, reason))
        elif _keep(mine, one, region):
            accepted += 1
            _hold_against(mine, one, region)
        else:
            late += 1
    if mine.crossings:  # places are asked for by time: a notice for each report would wake every screen
        changes.bump(connection, [topic_of(world)])
    return Taken(accepted, late, tuple(sorted(refused)), mine.crossings)


def seen(connection: Connection, by: Actor, *, world: str, now: datetime) -> list[Device]:
    """The devices the actor may see, where they were last heard of."""
    if not by.may("indicators.view"):
        return []
    asked = select(devices).where(devices.c.world == world, devices.c.at > now - FORGOTTEN)
    rows = connection.execute(asked.order_by(devices.c.kind, devices.c.name)).mappings()
    return [device_of(row) for row in rows if by.scope.allows(row["region"])]


def device_of(row: Any) -> Device:
    """A row as a value."""
    return Device(**{name: row[name] for name in Device.__dataclass_fields__})


def seed(connection: Connection, area: WatchedArea) -> None:
    """Who is inside, or over its bound, when an area begins to watch: that is no news."""
    connection.execute(area_presences.delete().where(area_presences.c.area == area.id))
    rows = connection.execute(select(devices).where(devices.c.world == area.world)).mappings()
    found = {
        row["key"]: advance(area.area, Presence(), Point(row["lon"], row["lat"]), row["value"], row["bound"])
        for row in rows
    }
    _write(connection, ((area.id, key, presence) for key, presence in found.items() if presence.is_inside))


def region_of(catalogue: Catalogue, place: Point) -> str:
    """The smallest region known to hold the point; the city for all that lies outside."""
    found = place_of(place)
    if found is None:
        return catalogue.city.code
    return next((code for code in (*found.towns, found.county) if code in catalogue.regions), catalogue.city.code)


def _unusable(one: Report, by: Actor, region: str, now: datetime) -> str:
    if one.kind not in KINDS:
        return f"kind 应为 {'、'.join(KINDS)} 之一"
    if one.at > now + EARLY:
        return "时间在未来，请核对设备时钟"
    return "" if by.scope.allows(region) else "位置不在本令牌的区域之内"


def _keep(mine: _Round, one: Report, region: str) -> bool:
    """The newest report takes the place of the one before; False if it is not the newest. Locks the device's row."""
    row = {
        "world": mine.world, "key": one.key, "kind": one.kind, "name": storable(one.name, 60), "lon": one.place.lon,
        "lat": one.place.lat, "region": region, "value": one.value, "unit": one.unit, "bound": one.bound, "at": one.at,
        "received_at": mine.now, "provenance": "simulated" if mine.world == "demo" else "live",
    }  # fmt: skip
    insert = INSERTS[mine.connection.dialect.name](devices).values(row)
    newer = insert.on_conflict_do_update(
        index_elements=["world", "key"],
        set_={name: value for name, value in row.items() if name not in ("world", "key")},
        where=devices.c.at < insert.excluded.at,
    )
    return mine.connection.execute(newer.returning(devices.c.key)).first() is not None


def _hold_against(mine: _Round, one: Report, region: str) -> None:
    moved = []
    for area in mine.areas:
        before = mine.known.get((area.id, one.key), Presence())
        after = advance(area.area, before, one.place, one.value, one.bound)
        if after != before:
            mine.known[area.id, one.key] = after
            moved.append((area.id, one.key, after))
            wanted = [way for way in ways(before, after) if _is_wanted(area, way, one.kind) and one.at > area.since]
            mine.crossings += sum(tell(mine.connection, area, _happening(way, one, region), mine.now) for way in wanted)
    _write(mine.connection, moved)


def _is_wanted(area: WatchedArea, way: Way, kind: str) -> bool:
    """Sensors stand where they are: nobody is told that one has entered."""
    if way in (Way.OVER, Way.BACK):
        return area.wants.bounds
    return way in area.wants.devices and kind != "sensor"


def _happening(way: Way, one: Report, region: str) -> Happening:
    evidence = {"kind": one.kind, "value": one.value, "unit": one.unit, "bound": one.bound}
    return Happening(way, one.key, one.name, region, one.at, place=one.place, evidence=evidence)


def _presences(connection: Connection, areas: list[int], keys: list[str]) -> dict[tuple[int, str], Presence]:
    if not areas or not keys:
        return {}
    table = area_presences
    asked = select(table).where(table.c.area.in_(areas), table.c.device.in_(sorted(set(keys))))
    return {(row.area, row.device): Presence(row.is_inside, row.is_over) for row in connection.execute(asked)}


def _write(connection: Connection, found: Iterable[tuple[int, str, Presence]]) -> None:
    rows = [
        {"area": area, "device": key, "is_inside": now.is_inside, "is_over": now.is_over} for area, key, now in found
    ]
    if not rows:
        return
    insert = INSERTS[connection.dialect.name](area_presences)
    changed = {"is_inside": insert.excluded.is_inside, "is_over": insert.excluded.is_over}
    connection.execute(insert.on_conflict_do_update(index_elements=["area", "device"], set_=changed), rows)
