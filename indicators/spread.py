"""One figure over the regions inside a region, for a map in one ink: values, classes, the last 24 hours.

Missing is said with its reason and never has a class. Classes are equal steps between round numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from access.actor import Actor
from datasources.delivery import period as periods
from datasources.delivery.period import Frequency
from indicators.definition import Indicator, Region, RegionKind
from indicators.reading import Freshness, Reading, World
from indicators.readings import history, latest_in

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

CLASSES = 5
"""At most: more shades of one ink cannot be told apart."""
REPLAYED = timedelta(hours=24)
MOVING = frozenset({Frequency.HOURLY, Frequency.MINUTE, Frequency.REALTIME})
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Shade:
    """One region's place on the map. `step` counts from 0, None without a value; `reason` says why."""

    region: Region
    reading: Reading | None
    step: int | None
    reason: str | None


@dataclass(frozen=True)
class Spread:
    """A figure over regions. `edges` has one number more than there are classes; a class holds its lower edge."""

    indicator: Indicator
    region: Region
    shades: tuple[Shade, ...]
    edges: tuple[float, ...]


@dataclass(frozen=True)
class Replay:
    """The last 24 hours: instants, and for each of the regions one value per instant (None: nothing was known)."""

    indicator: Indicator
    instants: tuple[datetime, ...]
    values: dict[str, tuple[float | None, ...]]
    edges: tuple[float, ...]
    reason: str | None
    """Why there is nothing to replay."""

    @property
    def steps(self) -> dict[str, tuple[int | None, ...]]:
        """The class of each value; the classes stay the same through the whole replay."""
        return {code: tuple(step_of(value, self.edges) for value in series) for code, series in self.values.items()}


def spread(
    connection: Connection, catalogue: Catalogue, by: Actor, *, world: World, code: str, region: str, now: datetime
) -> Spread:
    """The newest values of indicator `code` in the regions inside `region` that the actor may see."""
    inside = regions_inside(catalogue, by, region)
    found = latest_in(connection, catalogue, by, world=world, code=code, regions=[one.code for one in inside], now=now)
    edges = edges_of(reading.value for reading in found.values() if _is_shown(reading))
    indicator = catalogue.indicators[code]
    shades = tuple(_shade(indicator, one, found.get(one.code), edges) for one in inside)
    return Spread(indicator, catalogue.regions[region], shades, edges)


def replay(
    connection: Connection, catalogue: Catalogue, by: Actor, *, world: World, code: str, region: str, now: datetime
) -> Replay:
    """The last 24 hours in the regions inside `region`, by hours, or by quarters of one if it is measured oftener."""
    indicator = catalogue.indicators[code]
    if indicator.frequency not in MOVING:
        return Replay(indicator, (), {}, (), f"该指标{_CADENCE[indicator.frequency]}更新，没有 24 小时内的变化")
    begin = periods.period_of(now - REPLAYED, indicator.frequency)
    told: dict[str, dict[datetime, float | None]] = defaultdict(dict)
    for one in regions_inside(catalogue, by, region):
        past = history(connection, catalogue, by, world=world, code=code, region=one.code, start=begin, now=now)
        told[one.code] = {_frame(reading): reading.value for reading in past}
    instants = sorted({instant for series in told.values() for instant in series})
    values = {code: tuple(series.get(instant) for instant in instants) for code, series in told.items()}
    edges = edges_of(value for series in values.values() for value in series)
    return Replay(indicator, tuple(instants), values, edges, None if instants else "近 24 小时没有数据")


def regions_inside(catalogue: Catalogue, by: Actor, region: str) -> list[Region]:
    """The regions that add up to `region`, or itself where none do, as far as the actor may see them."""
    inside = catalogue.children(region) or (catalogue.regions[region],)
    return [one for one in inside if by.scope.allows(one.code)]


def edges_of(values: Iterable[float | None]) -> tuple[float, ...]:
    """Round edges of at most CLASSES equal steps that hold all values; () without values."""
    known = [value for value in values if value is not None]
    if not known:
        return ()
    low, high = min(known), max(known)
    step = _round_step((high - low) / CLASSES) if high > low else _round_step(abs(high) / CLASSES or 1.0)
    first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
    while last - first > CLASSES:
        step = _round_step(step * 1.01)
        first, last = floor(low / step), ceil(high / step)
    return tuple(round(count * step, 12) for count in range(first, last + 1))


def step_of(value: float | None, edges: Sequence[float]) -> int | None:
    """The class of a value: the last one whose lower edge it reaches."""
    if value is None or len(edges) < 2:
        return None
    reached = sum(value >= edge for edge in edges) - 1
    return max(0, min(reached, len(edges) - 2))


def _round_step(wanted: float) -> float:
    """The next number of the form 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(wanted))
    return next(factor * power for factor in _STEPS if factor * power >= wanted * (1 - 1e-9))


def _shade(indicator: Indicator, region: Region, reading: Reading | None, edges: Sequence[float]) -> Shade:
    if reading is None or reading.value is None:
        return Shade(region, reading, None, _absence(indicator, region, reading))
    if not _is_shown(reading):
        return Shade(region, reading, None, reading.reason or "数据过期，不参与分级")
    return Shade(region, reading, step_of(reading.value, edges), None)


def _absence(indicator: Indicator, region: Region, reading: Reading | None) -> str:
    if region.kind not in indicator.levels:
        return f"该指标不分{_LEVEL.get(region.kind.value, '此级')}"
    return (reading.reason if reading else None) or "没有数据"


def _is_shown(reading: Reading) -> bool:
    return reading.value is not None and reading.freshness not in {Freshness.STALE, Freshness.DEAD}


def _frame(reading: Reading) -> datetime:
    """The quarter of an hour a value belongs to; hourly values begin one. The last value of a quarter stands for it."""
    begin = periods.start(reading.period)
    return begin.replace(minute=begin.minute // 15 * 15)


_LEVEL = {"county": "县区", "town": "镇街", "city": "全市"}
_CADENCE = {
    Frequency.YEARLY: "每年",
    Frequency.QUARTERLY: "每季",
    Frequency.MONTHLY: "每月",
    Frequency.DAILY: "每日",
}


def usual_indicator(catalogue: Catalogue) -> Indicator:
    """What the map shows unasked: the first headline that changes within the day and is known by county."""
    known = [one for one in catalogue.indicators.values() if RegionKind.COUNTY in one.levels and not one.historical]
    return min(known, key=lambda one: (not one.headline, one.frequency not in MOVING))
