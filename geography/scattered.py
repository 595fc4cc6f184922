"""Objects of the demo city: strewn over the towns by seed, the same on every machine. They are invented, and say so."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import count
from math import cos, log, pi, sin, sqrt

from geography.coordinates import Point
from geography.divisions import town_names, town_points, villages
from geography.regions import contains
from geography.shapes import Shape, towns

SEED = "chaozhou-demo-places-1"
SPREAD_DEGREES = 0.018
"""About 2 km: objects crowd around the town's point."""
_TRIES = 12
_DAY = 86_400
Spot = tuple[str, str, Point, int]
"""Town, name, place, kind."""


def chance(*name: object) -> float:
    """A number in (0, 1) that belongs to this name for ever."""
    digest = blake2b(":".join(map(str, (SEED, *name))).encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") + 0.5) / 2**64


def objects(key: str, name: str, per_town: int, kinds: int) -> Iterator[Spot]:
    """About `per_town` objects in every town that has a cell: half as many to half again."""
    for cell in towns():
        for number in range(round(per_town * (0.5 + chance(key, cell.name)))):
            town = cell.codes[number % len(cell.codes)]
            kind = int(chance(key, cell.name, number, "kind") * kinds)
            yield town, f"{_bare(town)}{name}{number + 1:02d}", _within(cell, key, number), kind


def settlements() -> Iterator[Spot]:
    """Every village of a town that has a cell: names are true, places invented."""
    cells = {code: cell for cell in towns() for code in cell.codes}
    for village in villages():
        if village.town in cells:
            kind = 1 if "社区" in village.name or "居委" in village.name else 0
            yield village.town, village.name, _within(cells[village.town], "village", int(village.code)), kind


def heard_at(key: str, number: int, every: int, now: int) -> int:
    """When an object reporting every so many seconds was last heard (seconds since 1970): most on time, 3 % silent."""
    phase_share, silent_share, is_silent_today = _habits(key, number, now // _DAY)
    phase = int(phase_share * every)
    last = (now - phase) // every * every + phase
    silent = now // _DAY * _DAY + int(silent_share * _DAY)
    return (silent - phase) // every * every + phase if is_silent_today and silent < last else last


@lru_cache(maxsize=20_000)
def _habits(key: str, number: int, day: int) -> tuple[float, float, bool]:
    """When in its interval an object reports, when in the day it would fall silent, and whether it does that day."""
    is_silent = chance(key, number, "silent", day) < 0.03
    return chance(key, number, "phase"), chance(key, number, "since"), is_silent


def _within(cell: Shape, key: str, number: int) -> Point:
    """A place in the cell: around its town's point, else anywhere in it (枫溪镇's point lies outside its cell)."""
    west, south, east, north = cell.box
    heart = town_points().get(cell.codes[0]) or Point((west + east) / 2, (south + north) / 2)
    for attempt in range(_TRIES):
        found = _around(heart, SPREAD_DEGREES * (1 + attempt % 3), (key, cell.name, number, attempt))
        if contains(cell, found):
            return found
    return next(place for place in _anywhere(cell, (key, cell.name, number)) if contains(cell, place))


def _anywhere(cell: Shape, name: tuple[object, ...]) -> Iterator[Point]:
    """Places in the cell's box, without end."""
    west, south, east, north = cell.box
    for attempt in count():
        east_share, north_share = chance(*name, attempt, "lon"), chance(*name, attempt, "lat")
        yield Point(round(west + (east - west) * east_share, 5), round(south + (north - south) * north_share, 5))


def _around(heart: Point, spread: float, name: tuple[object, ...]) -> Point:
    """A point off `heart` by a normal distance (Box and Muller 1958)."""
    far, turn = spread * sqrt(-2 * log(chance(*name, "far"))), 2 * pi * chance(*name, "turn")
    return Point(round(heart.lon + far * cos(turn), 5), round(heart.lat + far * sin(turn), 5))


@cache
def _bare(town: str) -> str:
    name = town_names()[town]
    return name.removesuffix("镇").removesuffix("街道") if len(name) > 2 else name
