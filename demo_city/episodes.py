"""What goes wrong or stands out in the demo city, and when: planted by a timetable, with the answers kept.

Each kind has one slot every so many hours (`episodes.csv`); start within the slot, length, strength, place and victim
are drawn from the seed. Nothing is stored: any stretch of time can be asked for, past or future.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from datasources.delivery.period import CITY_TIME
from demo_city.axis import DAY, instant, local_minutes
from demo_city.noise import draw

COUNTIES = ("445102", "445103", "445122", "445185")
CITY = "445100"
_EVERYWHERE = frozenset({"storm", "kiln_cut"})
_ONE_VICTIM = frozenset({"dead_source", "unit_slip", "stuck_sensor", "drift", "late_release"})
_SATURDAY_MORNING = 2 * DAY + 9 * 60
"""Local minute of 09:00 on the first Saturday after 1 January 1970, a Thursday."""
_RELEASE_MORNING = 19 * DAY + 8 * 60
"""Minutes from the start of a month to 08:00 on the 20th, when monthly statistics are due."""


@dataclass(frozen=True)
class Kind:
    """A row of `episodes.csv`, in minutes. `every` 0: monthly, on the 20th. `delay`: latest start as part of a slot."""

    name: str
    every: int
    shortest: int
    longest: int
    delay: float
    indicators: tuple[str, ...]
    effect: float
    detectable: bool
    cause: str


@dataclass(frozen=True)
class Episode:
    """One planted trouble. `begin` and `finish` are local minutes; `strength` is about 1."""

    name: str
    kind: str
    indicators: tuple[str, ...]
    regions: tuple[str, ...]
    begin: int
    finish: int
    strength: float
    effect: float
    detectable: bool
    cause: str

    @property
    def starts_at(self) -> datetime:
        """First instant of the cause; effects follow with their lags."""
        return instant(self.begin)

    @property
    def ends_at(self) -> datetime:
        """Instant at which the cause is over."""
        return instant(self.finish)

    def weight(self, region: str) -> float:
        """How hard it hits a region: its strength where it is, and for the city as a whole; 0 elsewhere."""
        if region in self.regions or (region == CITY and self.regions):
            return self.strength
        return 0.0

    def local_weight(self, region: str, seed: int) -> float:
        """As `weight`, uneven between the counties: 65 % to 100 %."""
        return self.weight(region) * (1.0 if region == CITY else 0.65 + 0.35 * draw(seed, f"{self.name}/{region}"))


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """The kinds of trouble by name."""
    with (Path(__file__).parent / "episodes.csv").open(encoding="utf-8") as opened:
        return {row["kind"]: _kind(row) for row in csv.DictReader(opened)}


def _kind(row: dict[str, str]) -> Kind:
    return Kind(
        row["kind"],
        int(row["every_hours"]) * 60,
        int(row["shortest_hours"]) * 60,
        int(row["longest_hours"]) * 60,
        float(row["delay"]) / 100.0,
        tuple(row["indicators"].split(";")),
        float(row["effect"]),
        row["detectable"] == "1",
        row["cause"],
    )


def episodes(seed: int, start: datetime, end: datetime) -> list[Episode]:
    """Everything planted that touches [start, end), oldest first: the answers for models that look for it."""
    first, last = local_minutes(start), local_minutes(end)
    found = [one for name in kinds() for one in between(seed, name, first, last)]
    return sorted(found, key=lambda one: (one.begin, one.name))


def between(seed: int, kind: str, first: int, last: int) -> Iterator[Episode]:
    """Episodes of one kind that touch the local minutes [first, last)."""
    made = kinds()[kind]
    earliest, latest = _slot_at(made, first - made.longest), _slot_at(made, last)
    for slot in range(earliest - 1, latest + 1):
        episode = _planted(seed, kind, slot)
        if episode.begin < last and episode.finish >= first:
            yield episode


def _slot_at(made: Kind, minute: int) -> int:
    """The slot of a kind that `minute` lies in."""
    if made.every:
        return (minute - _SATURDAY_MORNING) // made.every
    moment = instant(minute)
    return moment.year * 12 + moment.month - 1


def _slot_begin(made: Kind, slot: int) -> int:
    if made.every:
        return _SATURDAY_MORNING + slot * made.every
    return local_minutes(datetime(slot // 12, slot % 12 + 1, 1, tzinfo=CITY_TIME)) + _RELEASE_MORNING


@lru_cache(maxsize=8192)
def _planted(seed: int, kind: str, slot: int) -> Episode:
    made = kinds()[kind]
    name = f"{kind}-{slot}"
    begin = _slot_begin(made, slot) + int(made.delay * made.every * draw(seed, name + "/start"))
    length = made.shortest + int((made.longest - made.shortest) * draw(seed, name + "/length"))
    strength = 0.75 + 0.5 * draw(seed, name + "/strength")
    return Episode(
        name,
        kind,
        _victims(seed, name, made),
        _places(seed, name, kind),
        begin,
        begin + length,
        strength,
        round(made.effect * (strength if made.effect in (1.0, -0.38) else 1.0), 3),
        made.detectable,
        made.cause,
    )


def _victims(seed: int, name: str, made: Kind) -> tuple[str, ...]:
    if made.name not in _ONE_VICTIM:
        return made.indicators
    return (made.indicators[int(draw(seed, name + "/victim") * len(made.indicators))],)


def _places(seed: int, name: str, kind: str) -> tuple[str, ...]:
    if kind in _EVERYWHERE or kind in ("dead_source", "late_release"):
        return COUNTIES
    if kind == "crowding":
        return ("445102",)
    return (COUNTIES[int(draw(seed, name + "/place") * len(COUNTIES))],)
