"""What the loop counts now, as indicators: the screens' own count, so that no tile contradicts the band beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from access.actor import TIMETABLE
from database.engine import reading
from datasources.delivery.observation import Delivery, Observation
from datasources.delivery.period import CITY_TIME, period_of
from dispatch.loop import Loop, loop
from dispatch.rulebook import Rulebook
from indicators.definition import Indicator, RegionKind
from indicators.intake import take
from indicators.reading import World

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

DOOR = "ledger"
EVERY_SECONDS = 120
COUNT_OF: dict[str, Callable[[Loop], int]] = {
    "EVT-01": lambda found: found.accepted,
    "EVT-02": lambda found: found.open,
    "EVT-03": lambda found: found.overdue,
}
"""今日受理, 在办, 超期未办结: whole numbers of events, counties add up to the city."""


@dataclass
class Present:
    """Hands in, every two minutes, what the ledger counts in each county; the demo city's events to its own source."""

    engine: Engine
    rules: Callable[[], Rulebook]

    def tick(self, now: datetime) -> int:
        """Count and hand in; the number of figures handed in."""
        catalogue = self.rules().catalogue
        worlds = (World.REAL, World.DEMO) if catalogue.demo_city else (World.REAL,)
        return sum(self._tell(catalogue, world, now) for world in worlds)

    def _tell(self, catalogue: Catalogue, world: World, now: datetime) -> int:
        with reading(self.engine) as connection:
            rows = rows_now(connection, catalogue, world, now)
        if not rows:
            return 0
        source = catalogue.source_of(rows[0].indicator, world).key
        origin = f"事件台账 {now.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"
        take(self.engine, catalogue, Delivery(source, origin, now, rows), door=DOOR, by=TIMETABLE, now=now)
        return len(rows)


def rows_now(connection: Connection, catalogue: Catalogue, world: World, now: datetime) -> list[Observation]:
    """One row per county and figure; nothing in a world without any event yet."""
    counties = [region.code for region in catalogue.regions.values() if region.kind is RegionKind.COUNTY]
    loops = {code: loop(connection, TIMETABLE, world=world.value, region=code, now=now) for code in counties}
    if not any(one.open or one.accepted for one in loops.values()):
        return []
    told = [catalogue.indicators[code] for code in COUNT_OF if code in catalogue.indicators]
    return [_row(indicator, found, now) for indicator in told for found in loops.values()]


def _row(indicator: Indicator, found: Loop, now: datetime) -> Observation:
    count = COUNT_OF[indicator.code](found)
    raw = f"{indicator.code} {found.region} {count}，事件见 /desk?region={found.region}"
    label = period_of(now, indicator.frequency)
    return Observation(indicator.code, found.region, label, float(count), observed_at=now, raw=raw)
