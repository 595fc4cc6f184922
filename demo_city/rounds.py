"""The demo city's devices: vehicles, boats and patrols on their rounds, gauges that rise and fall. All invented."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from math import cos, pi
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, select, update

from access.actor import TIMETABLE
from database.area_tables import watched_areas
from database.engine import reading, writing
from decisions import area_acts, devices
from decisions.watched_area import Wants
from geography.areas import metres_between
from geography.coordinates import Point
from geography.scattered import chance

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

EVERY_SECONDS = 15
WORLD = "demo"
PLANTER = replace(TIMETABLE, name="演示城市", user="demo-city")
"""Whose the planted areas are; they are watched for centres."""
BEFORE, STEP = timedelta(hours=2), timedelta(seconds=60)
"""So much of the devices' past is played when the areas are planted, so that they have something to tell."""
JITTER = 0.00012
"""Degrees, about 13 m: receivers are never quite where they say."""
_STANDING = 0.12
"""Share of a round that is spent at its end."""
Leg = tuple[Point, Point, float]


@dataclass(frozen=True)
class Round:
    """A device and its way there and back; `minutes` for both. Gauges swing between `low` and `high` instead."""

    key: str
    kind: str
    name: str
    minutes: float
    unit: str
    low: float | None
    high: float | None
    bound: float | None
    points: tuple[Point, ...]

    def report(self, now: datetime) -> devices.Report:
        """What it says at this moment."""
        share = (now.timestamp() / 60 / self.minutes + chance("round", self.key)) % 1.0
        value = None
        if self.low is not None and self.high is not None:
            value = round(self.low + (self.high - self.low) * (1 - cos(2 * pi * share)) / 2, 2)
        return devices.Report(
            self.key, self.kind, self.name, self._place(share, now), now, value, self.unit, self.bound
        )

    def _place(self, share: float, now: datetime) -> Point:
        if len(self.points) == 1:
            return self.points[0]
        onward = min(1.0, 2 * min(share, 1 - share) * (1 + _STANDING))
        found = along(self.points, onward)
        tick = int(now.timestamp()) // EVERY_SECONDS
        east, north = (JITTER * (chance(self.key, tick, way) - 0.5) for way in ("east", "north"))
        return Point(round(found.lon + east, 6), round(found.lat + north, 6))


@dataclass(frozen=True)
class Planted:
    """A watched area of the demo city; `centre` None is the city's."""

    name: str
    shape: str
    wants: Wants
    quiet_minutes: int
    centre: str | None = None


PLANTED = (
    Planted("广济桥古城核心区", "circle:116.6490,23.6670,750", Wants(events=0, warnings=2), 10),
    Planted(
        "黄冈河县城段",
        "polygon:116.999,23.672;117.014,23.668;117.012,23.656;116.998,23.658",
        Wants(events=3, warnings=3),
        15,
    ),
    Planted("滨江长廊巡查", "box:116.6470,23.6560,116.6590,23.6760", Wants(events=3, warnings=None), 10, "445102"),
)
"""Drawn over what the rounds pass through."""


@cache
def rounds() -> tuple[Round, ...]:
    """All devices."""
    with (Path(__file__).resolve().parent / "rounds.csv").open(encoding="utf-8") as file:
        return tuple(_round(row) for row in csv.DictReader(file))


def along(points: tuple[Point, ...], share: float) -> Point:
    """The place on a line after this share of its length."""
    legs: list[Leg] = [(a, b, metres_between(a, b)) for a, b in pairwise(points)]
    left = share * sum(length for _, _, length in legs)
    for a, b, length in legs:
        if left <= length:
            part = left / length
            return Point(a.lon + (b.lon - a.lon) * part, a.lat + (b.lat - a.lat) * part)
        left -= length
    return points[-1]


@dataclass
class RoundFeeder:
    """Reports for all devices; plants the areas when there are none."""

    engine: Engine
    catalogue: Callable[[], Catalogue]
    _is_planted: bool = False

    def tick(self, now: datetime) -> int:
        """One report of each device; the number taken."""
        if not self._is_planted:
            self._plant(now)
            self._is_planted = True
        with writing(self.engine) as connection:
            return self._report(connection, now)

    def _report(self, connection: Connection, now: datetime) -> int:
        found = [one.report(now) for one in rounds()]
        return devices.take(
            connection, self.catalogue(), TIMETABLE, world=WORLD, reports=found, now=now
        ).accepted  # fmt: skip

    def _plant(self, now: datetime) -> None:
        with reading(self.engine) as connection:
            there = connection.execute(
                select(watched_areas.c.id).where(watched_areas.c.owner == PLANTER.user).limit(1)
            ).first()  # fmt: skip
        if there is None:
            with writing(self.engine) as connection:
                for one in PLANTED:
                    self._plant_one(connection, one, now)
            for moment in _moments(now - BEFORE, now):
                with writing(self.engine) as connection:
                    self._report(connection, moment)

    def _plant_one(self, connection: Connection, one: Planted, now: datetime) -> None:
        catalogue = self.catalogue()
        by = replace(PLANTER, home=one.centre or catalogue.city.code)
        draft = area_acts.Draft(one.name, one.shape, one.wants, one.quiet_minutes, now + timedelta(days=180), True)
        number = area_acts.make(connection, catalogue, by, world=WORLD, draft=draft, now=now)
        begun = {"since": now - BEFORE, "made_at": now - BEFORE}
        connection.execute(update(watched_areas).where(watched_areas.c.id == number).values(begun))


def _moments(since: datetime, until: datetime) -> Iterator[datetime]:
    while since < until:
        yield since
        since += STEP


def _round(row: dict[str, str]) -> Round:
    points = tuple(Point(*map(float, pair.split())) for pair in row["points"].split(";"))
    low, high, bound = (float(row[name]) if row[name] else None for name in ("low", "high", "bound"))
    return Round(row["key"], row["kind"], row["name"], float(row["minutes"]), row["unit"], low, high, bound, points)
