"""The reports that surges are looked for in, each with the places it belongs to; and how a surge is named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, true

from access.actor import Actor
from access.personal import mask_text
from database.dispatch_tables import events
from decisions.message import Member, Place
from decisions.surge import HOURS, WEEK, WEEKS, Call, Surge, surges
from dispatch.events import visible
from dispatch.rulebook import Rulebook
from dispatch.state import State

CELL = 0.01
"""Degrees: cells of about a kilometre."""
_ROAD = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:大道|公路|路|街|巷|桥|市场|小区|片区|工地|小学|中学)")
_OWN = ("warning", "split", "hotspot", "desk")
"""Origins that are no reports of the public or of a sensor."""


_COLUMNS = (
    "id", "number", "title", "place", "category", "state", "county", "origin", "reported_at", "lon", "lat", "placed",
    "region", "parent_id",
)  # fmt: skip


def surges_now(
    connection: Connection, rules: Rulebook, by: Actor, *, world: str, region: str, now: datetime
) -> list[Place]:
    """The surges among what `by` may see of `region`, the most surprising first."""
    reach = WEEKS * WEEK + timedelta(days=2)
    inside = true() if region == rules.catalogue.city.code else events.c.region.in_(sorted(rules.within(region)))
    rows = _reports(connection, by, world, now - reach, now, inside)
    by_id = {row.id: row for row in rows}
    found = surges([Call(row.id, row.reported_at, places_of(row)) for row in rows], now, HOURS)
    return [_place(one, [by_id[number] for number in one.ids], rules) for one in found]


def places_of(row: Row[Any]) -> tuple[str, ...]:
    """The cell of a known point, the road or place named, the place as written."""
    found = [f"cell:{row.lon // CELL:.0f}:{row.lat // CELL:.0f}"] if row.placed == "point" else []
    written = "".join(row.place.split())
    named = _ROAD.search(written) or _ROAD.search("".join(row.title.split()))
    if named:
        found.append(f"{row.county}:{named[0]}")
    if len(written) >= 3:
        found.append(f"{row.county}:{written}")
    return tuple(dict.fromkeys(found))


def member_of(row: Row[Any]) -> Member:
    """An event's row as it is told."""
    return Member(
        row.id, row.number, mask_text(row.title), mask_text(row.place), row.category, State(row.state), row.county,
        row.region, row.origin, row.reported_at, row.lon, row.lat, row.parent_id,
    )  # fmt: skip


def members(connection: Connection, by: Actor, ids: Sequence[int]) -> list[Member]:
    """The events of these ids that `by` may see, oldest first."""
    query = select(*(events.c[name] for name in _COLUMNS)).where(visible(by), events.c.id.in_(list(ids)))
    return [member_of(row) for row in connection.execute(query.order_by(events.c.reported_at, events.c.id))]


def _reports(
    connection: Connection, by: Actor, world: str, since: datetime, now: datetime, inside: ColumnElement[bool]
) -> list[Any]:
    c = events.c
    query = select(*(c[name] for name in _COLUMNS)).where(
        visible(by), c.world == world, c.reported_at > since, c.reported_at <= now, c.origin.not_in(_OWN), inside
    )
    return list(connection.execute(query.order_by(c.reported_at)))


def _place(found: Surge, rows: Sequence[Any], rules: Rulebook) -> Place:
    told = tuple(member_of(row) for row in rows)
    points = [(row.lon, row.lat) for row in rows if row.lon is not None]
    lon = sum(point[0] for point in points) / len(points) if points else None
    lat = sum(point[1] for point in points) / len(points) if points else None
    return Place(found, _named(found, rows, rules), told, lon, lat)


def _named(found: Surge, rows: Sequence[Any], rules: Rulebook) -> str:
    """The town with the place most members name; of a cell with 一带."""
    town = Counter(row.region for row in rows).most_common(1)[0][0]
    written = Counter(mask_text(row.place) for row in rows if row.place).most_common(1)
    name = found.place.partition(":")[2] if not found.place.startswith("cell:") else ""
    about = name or (f"{written[0][0]}一带" if written else "一带")
    where = rules.region_name(town)
    return about if where in about or about in where else f"{where}{about}"
