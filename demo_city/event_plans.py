"""Which events the demo city has, when and where: a steady trickle, and clusters that follow the planted episodes.

Nothing is stored: any stretch of time can be asked for, and what was loaded as history goes on live without a seam.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from demo_city.axis import DAY, instant, local_minutes
from demo_city.episodes import COUNTIES, between
from demo_city.message_issues import Call, Issue, calls, issues
from demo_city.noise import draw
from geography.scattered import settlements

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

T = TypeVar("T")
PER_DAY = 21.0
"""Everyday events of the whole city on an ordinary day."""
VAGUE_PER_DAY = 3.0
"""Calls a day whose words leave open what is meant."""
_HOURS = (
    0.25, 0.15, 0.1, 0.1, 0.1, 0.25, 0.5, 0.9, 1.5, 1.9, 1.8, 1.5, 1.1, 1.0, 1.4, 1.7, 1.7, 1.4, 1.1, 1.1, 1.3, 1.1,
    0.7, 0.45,
)  # fmt: skip
"""How busy each hour of the day is, 1 on average about."""
_COMMITTEES = (
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("居民委员会", "社区"),
    ("居委会", "社区"),
    ("村民委员会", "村"),
    ("村委会", "村"),
)
_CROWDS = {"445102": 0.36, "445103": 0.32, "445122": 0.2, "445185": 0.12}
"""Share of events by county."""


@dataclass(frozen=True)
class Kind:
    """A row of event_kinds.csv."""

    code: str
    weight: float
    origins: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Wave:
    """Events an episode brings: so many of a kind at full strength, starting some minutes after the cause."""

    code: str
    count: float
    lag: int
    spread: int


WAVES: dict[str, tuple[Wave, ...]] = {
    "storm": (
        Wave("S0403", 7.0, 45, 150),
        Wave("B0109", 1.2, 60, 120),
        Wave("S0103", 2.5, 90, 240),
        Wave("E0101", 0.8, 80, 120),
        Wave("B0401", 1.5, 60, 240),
        Wave("S0505", 2.0, 65, 120),
    ),
    "kiln_cut": (Wave("E0203", 1.5, 180, 600), Wave("R0303", 1.0, 240, 600)),
    "crowding": (Wave("S0504", 1.5, 60, 240), Wave("S0502", 3.5, 30, 360), Wave("S0505", 1.5, 45, 240)),
    "hotspot": (Wave("B0107", 2.0, 10, 300), Wave("R0202", 5.0, 30, 900), Wave("S0301", 4.0, 120, 1500)),
    "drift": (Wave("R0303", 2.0, 1440, 4000),),
}


@dataclass(frozen=True)
class Planned:
    """One event to come. `name` is its own for ever; `twin_of` names an earlier report of the same thing."""

    name: str
    at: datetime
    code: str
    origin: str
    title: str
    county: str
    town: str
    place: str
    lon: float
    lat: float
    episode: str | None = None
    twin_of: str | None = None
    is_coded: bool = True
    """False: the report says in words what is the matter, and leaves the category open."""


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """The kinds of events by category."""
    with (Path(__file__).parent / "event_kinds.csv").open(encoding="utf-8") as opened:
        return {
            row["code"]: Kind(
                row["code"], float(row["weight"]), tuple(row["origins"].split(";")), tuple(row["titles"].split(";"))
            )
            for row in csv.DictReader(opened)
        }


def planned(catalogue: Catalogue, seed: int, start: datetime, end: datetime) -> list[Planned]:
    """Every event reported in [start, end), oldest first."""
    first, last = local_minutes(start), local_minutes(end)
    found = [
        *_everyday(catalogue, seed, first, last), *_of_episodes(catalogue, seed, first, last),
        *_of_issues(catalogue, seed, first, last), *_vague(catalogue, seed, first, last),
    ]  # fmt: skip
    inside = [one for one in found if start <= one.at < end and one.code in catalogue.duties.categories]
    return sorted(inside, key=lambda one: (one.at, one.name))


def _everyday(catalogue: Catalogue, seed: int, first: int, last: int) -> Iterator[Planned]:
    for hour in range(first // 60, last // 60 + 1):
        name = f"event/{hour}"
        expected = PER_DAY / 24 * _HOURS[hour % 24] * (0.8 if (hour // 24 + 3) % 7 >= 5 else 1.06)
        for place in range(_poisson(draw(seed, name), expected)):
            minute = hour * 60 + int(60 * draw(seed, f"{name}/{place}/minute"))
            yield _one(catalogue, seed, f"{name}/{place}", minute, _pick_kind(seed, f"{name}/{place}"))


def _of_episodes(catalogue: Catalogue, seed: int, first: int, last: int) -> Iterator[Planned]:
    for kind, waves in WAVES.items():
        for episode in between(seed, kind, first - 5 * DAY, last):
            for wave in waves:
                for county in episode.regions:
                    share = _CROWDS[county] if len(episode.regions) > 1 else 1.0
                    expected = wave.count * episode.local_weight(county, seed) * share
                    name = f"event/{episode.name}/{wave.code}/{county}"
                    yield from _wave(catalogue, seed, name, wave, episode.begin, county, episode.name, expected)


def _wave(
    catalogue: Catalogue, seed: int, name: str, wave: Wave, begin: int, county: str, episode: str, expected: float
) -> Iterator[Planned]:
    for place in range(_poisson(draw(seed, name), expected)):
        mine = f"{name}/{place}"
        minute = begin + wave.lag + int(wave.spread * draw(seed, mine + "/minute") ** 1.3)
        made = _one(catalogue, seed, mine, minute, kinds()[wave.code], county, episode)
        yield made
        for again in range(_poisson(draw(seed, mine + "/again"), 0.45)):
            yield _again(seed, made, again)


def _of_issues(catalogue: Catalogue, seed: int, first: int, last: int) -> Iterator[Planned]:
    """The calls of planted hot issues, some metres from each other."""
    for issue in issues(seed, first, last):
        where = _pick_county(seed, issue.name)
        spots = _spots(catalogue.version, tuple(_towns(catalogue, where)))
        town, place, lon, lat = spots[int(draw(seed, issue.name + "/spot") * len(spots))]
        spot = issue.matter.spot.format(place=place)
        made = calls(seed, issue)
        for one in made:
            yield _called(seed, issue, one, made[0].name, (where, town, spot, lon, lat))


def _called(seed: int, issue: Issue, call: Call, first: str, where: tuple[str, str, str, float, float]) -> Planned:
    county, town, spot, lon, lat = where
    origin = "wechat" if draw(seed, call.name + "/origin") < 0.25 else "hotline"
    return Planned(
        call.name, instant(call.minute), issue.matter.code, origin, call.phrase.format(spot=spot), county, town, spot,
        round(lon + 0.002 * (draw(seed, call.name + "/x") - 0.5), 5),
        round(lat + 0.002 * (draw(seed, call.name + "/y") - 0.5), 5), issue.name, first if call.is_merged else None,
        is_coded=False,
    )  # fmt: skip


def _vague(catalogue: Catalogue, seed: int, first: int, last: int) -> Iterator[Planned]:
    """Calls in words that fit more than one category: these are what the router leaves to a person."""
    for hour in range(first // 60, last // 60 + 1):
        name = f"vague/{hour}"
        for place in range(_poisson(draw(seed, name), VAGUE_PER_DAY / 24 * _HOURS[hour % 24])):
            mine = f"{name}/{place}"
            code, title = vague_titles()[int(draw(seed, mine + "/title") * len(vague_titles()))]
            kind = Kind(code, 0.0, ("hotline", "wechat"), (title,))
            minute = hour * 60 + int(60 * draw(seed, mine + "/minute"))
            yield replace(_one(catalogue, seed, mine, minute, kind), is_coded=False)


@lru_cache(maxsize=1)
def vague_titles() -> list[tuple[str, str]]:
    """(true category, title) of message_vague.csv."""
    with (Path(__file__).parent / "message_vague.csv").open(encoding="utf-8") as opened:
        return [(row["code"], row["title"]) for row in csv.DictReader(opened)]


def _again(seed: int, made: Planned, number: int) -> Planned:
    """Another caller about the same thing, some minutes later and some metres off."""
    name = f"{made.name}/again{number}"
    return Planned(
        name, instant(local_minutes(made.at) + 4 + int(35 * draw(seed, name))), made.code, "hotline",
        made.title, made.county, made.town, made.place,
        round(made.lon + 0.0008 * (draw(seed, name + "/x") - 0.5), 5),
        round(made.lat + 0.0008 * (draw(seed, name + "/y") - 0.5), 5), made.episode, made.name,
    )  # fmt: skip


def _one(
    catalogue: Catalogue, seed: int, name: str, minute: int, kind: Kind, county: str | None = None,
    episode: str | None = None,
) -> Planned:  # fmt: skip
    where = county or _pick_county(seed, name)
    spots = _spots(catalogue.version, tuple(_towns(catalogue, where)))
    town, place, lon, lat = spots[int(draw(seed, name + "/spot") * len(spots))]
    title = kind.titles[int(draw(seed, name + "/title") * len(kind.titles))]
    depth = f"{0.15 + 0.5 * draw(seed, name + '/depth'):.2f}"
    origin = kind.origins[int(draw(seed, name + "/origin") * len(kind.origins))]
    title = title.format(place=place, depth=depth)
    return Planned(name, instant(minute), kind.code, origin, title, where, town, place, lon, lat, episode)


def _towns(catalogue: Catalogue, county: str) -> Iterator[str]:
    return (region.code for region in catalogue.children(county))


@lru_cache(maxsize=16)
def _spots(version: str, towns: tuple[str, ...]) -> tuple[tuple[str, str, float, float], ...]:
    """Villages of these towns with their (invented) points; `version` names the catalogue they are from."""
    wanted = frozenset(towns)
    return tuple((town, _bare(place), at.lon, at.lat) for town, place, at, _ in settlements() if town in wanted)


def _bare(name: str) -> str:
    """'欧坑村' for '欧坑村民委员会', as people call it."""
    for long, short in _COMMITTEES:
        if name.endswith(long):
            return name.removesuffix(long) + short
    return name


def _pick_kind(seed: int, name: str) -> Kind:
    return _picked({kind: kind.weight for kind in kinds().values()}, draw(seed, name + "/kind"))


def _pick_county(seed: int, name: str) -> str:
    return _picked({county: _CROWDS[county] for county in COUNTIES}, draw(seed, name + "/county"))


def _picked(weights: dict[T, float], chance: float) -> T:
    left = chance * sum(weights.values())
    for one, weight in weights.items():
        left -= weight
        if left < 0:
            return one
    return next(reversed(weights))


def _poisson(chance: float, expected: float) -> int:
    """How many, if `expected` on average (by inversion; Knuth)."""
    count, term, total = 0, exp(-expected), exp(-expected)
    while chance > total and count < 60:
        count += 1
        term *= expected / count
        total += term
    return count
