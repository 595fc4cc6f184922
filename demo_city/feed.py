"""What the demo city's sources have to say: which figures are due between two instants, as observations.

The past is loaded and the present is fed by the same functions, so that one continues the other without a seam.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import repeat
from typing import TYPE_CHECKING

from datasources.delivery.observation import Observation
from datasources.delivery.period import Frequency
from demo_city.axis import DAY, Axis, stretch
from demo_city.city import DemoCity
from demo_city.noise import Ints
from demo_city.planted import planted
from demo_city.releases import delivered, grid, newest, published
from indicators.definition import Indicator, RegionKind
from indicators.reading import World

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue
    from indicators.definition import Cadence

SPAN = {
    Frequency.YEARLY: 6,
    Frequency.QUARTERLY: 12,
    Frequency.MONTHLY: 36,
    Frequency.DAILY: 60,
    Frequency.HOURLY: 60 * 24,
    Frequency.MINUTE: 60 * DAY,
    Frequency.REALTIME: 60 * DAY,
}
"""Periods of history: 36 months, 60 days."""
_FULL_POINTS = 180
"""So many newest readings of a stream are given in full …"""
_NEAR, _NEAR_STEP, _FAR_STEP = DAY, 10, 60
"""… then one in ten minutes for a day, and one an hour before that."""
_LATEST_RELEASE = 12
"""Days a publication may come late: so far back we look for figures that are due now."""
_TOWN_FREQUENCIES = frozenset({Frequency.DAILY, Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.YEARLY})
_NOTHING: Iterable[None] = repeat(None)
_STATISTICS = frozenset({"sum", "weighted"})


@dataclass(frozen=True)
class Batch:
    """The indicators of one source that share a frequency."""

    source: str
    kind: str
    cadence: Cadence
    frequency: Frequency
    indicators: tuple[Indicator, ...]
    leaders: frozenset[str]
    """All codes of the source: an episode that names one of them hits the source."""


def batches(catalogue: Catalogue) -> list[Batch]:
    """Everything the twins of the demo city deliver, in the order of the catalogue."""
    made = []
    for source in catalogue.sources_of(World.DEMO):
        own = catalogue.indicators_from(source.key)
        leaders = frozenset(indicator.code for indicator in own)
        for frequency in dict.fromkeys(indicator.frequency for indicator in own):
            same = tuple(indicator for indicator in own if indicator.frequency is frequency)
            made.append(Batch(source.key, source.kind, source.cadence, frequency, same, leaders))
    return made


def places(catalogue: Catalogue, indicator: Indicator) -> list[str]:
    """The regions an indicator is delivered for: the smallest that add up, all levels where nothing adds up, zones."""
    kinds = set(indicator.levels)
    if indicator.aggregation != "last":
        by_town = RegionKind.TOWN in kinds and indicator.frequency in _TOWN_FREQUENCIES
        lowest = RegionKind.TOWN if by_town else RegionKind.COUNTY if RegionKind.COUNTY in kinds else RegionKind.CITY
        kinds = {lowest, RegionKind.ZONE} & {*kinds, lowest}
    return [region.code for region in catalogue.regions.values() if region.kind in kinds]


def due(seed: int, batch: Batch, indicator: Indicator, since: int, until: int) -> Axis:
    """The periods of one indicator that arrive after local minute `since` and not after `until`, thinned as above."""
    last = newest(batch.cadence, batch.frequency, until)
    first = newest(batch.cadence, batch.frequency, since - _LATEST_RELEASE * DAY) if _is_slow(batch) else None
    first = newest(batch.cadence, batch.frequency, since) if first is None else first
    axis = stretch(batch.frequency, max(first + 1, _beginning(batch.frequency, last)), last)
    if batch.frequency in (Frequency.MINUTE, Frequency.REALTIME):
        axis = axis.at(_thinned(axis.index, last, grid(batch.cadence, batch.frequency)))
    if indicator.basis == "ytd" and indicator.aggregation in _STATISTICS and batch.frequency is Frequency.MONTHLY:
        axis = axis.at(axis.index[axis.index % 12 != 0])  # January is published with February
    leaves = published(batch.cadence, axis)
    arrives, sent = delivered(seed, batch.leaders, leaves)
    return axis.at(axis.index[sent & (arrives > since) & (arrives <= until)])


def _beginning(frequency: Frequency, last: int) -> int:
    """The first period of a history that ends with `last`. Months begin with a year: its growth is the most restless,
    and the arrival checks must have seen such months before."""
    first = last - SPAN[frequency] + 1
    return first - first % 12 if frequency is Frequency.MONTHLY else first


def _is_slow(batch: Batch) -> bool:
    return batch.frequency in (Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.YEARLY)


def _thinned(index: Ints, last: int, step: int) -> Ints:
    """Minutes on the source's grid, the older the fewer."""
    age = last - index
    wanted = (age < _FULL_POINTS * step) & (index % step == 0)
    wanted |= (age < _NEAR) & (index % max(_NEAR_STEP, step) == 0)
    return index[wanted | (index % _FAR_STEP == 0)]


def canary_of(canary: str | None, region: str) -> str:
    """A text no one else writes, one per region; '' without a seed for it."""
    return "" if canary is None else "canary-" + sha256(f"{canary}/{region}".encode()).hexdigest()[:16]


def observed(
    city: DemoCity, code: str, region: str, axis: Axis, canary: str | None = None, spotless: int = 0
) -> list[Observation]:
    """The readings of a series as its source sends them, troubles included (but see `planted`)."""
    figures = planted(city, code, region, axis, spotless)
    above = _NOTHING if figures.numerator is None else figures.numerator.tolist()
    below = _NOTHING if figures.denominator is None else figures.denominator.tolist()
    rest = [repeat(constant) for constant in ("", None, (), None, canary_of(canary, region))]
    values = figures.value.tolist()
    return list(map(Observation, repeat(code), repeat(region), axis.labels, values, _NOTHING, above, below, *rest))
