"""What of the map's objects an actor may see, how many there are, and which of them lie in a drawn area.

An object belongs to its town and so to the county its town adds up to: whoever may see one of the two sees the object.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from access.actor import Actor
from geography.areas import Area, metres_between
from geography.coordinates import Point
from geography.divisions import Village, villages
from geography.layers import Layer, Origin, Spot, layers, spots
from indicators.definition import Region
from indicators.reading import World

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

SILENT_AFTER = 3
"""Reports missed before an object counts as silent."""


@dataclass(frozen=True)
class Counted:
    """A layer with the number of its objects the actor may see, by kind, and how many of them are silent."""

    layer: Layer
    kinds: tuple[int, ...]
    silent: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.kinds)


@dataclass(frozen=True)
class Found:
    """An object in a drawn area; `metres` from the area's centre."""

    layer: Layer
    spot: Spot
    metres: float


@dataclass(frozen=True)
class Inside:
    """What lies in an area: the nearest first, all of them counted."""

    found: tuple[Found, ...]
    counts: dict[str, int]
    total: int


def layers_of(world: World) -> dict[str, Layer]:
    """The layers of a world: invented objects belong to the demo city alone."""
    return {
        key: layer for key, layer in layers().items() if layer.origin is not Origin.SIMULATED or world is World.DEMO
    }


def spots_seen(key: str, catalogue: Catalogue, by: Actor, region: str | None = None) -> Iterator[Spot]:
    """The objects of a layer within the actor's scope, and within `region` if one is named."""
    wanted = None if region in {None, catalogue.city.code} else {one.code for one in catalogue.within(str(region))}
    seen = {town for town in {spot.town for spot in spots(key)} if is_seen(catalogue, by, town)}
    return (spot for spot in spots(key) if spot.town in seen and (wanted is None or spot.town in wanted))


def is_seen(catalogue: Catalogue, by: Actor, town: str) -> bool:
    """True if the actor may see what stands in this town."""
    region = catalogue.regions.get(town)
    return by.scope.allows(town) or (region is not None and by.scope.allows(region.parent or ""))


def counted(layer: Layer, catalogue: Catalogue, by: Actor, now: datetime, region: str | None = None) -> Counted:
    """How many objects of the layer there are to see."""
    seen = list(spots_seen(layer.key, catalogue, by, region))
    kinds = Counter(spot.kind for spot in seen)
    silent = sum(is_silent(layer, spot, now) for spot in seen) if layer.every else 0
    return Counted(layer, tuple(kinds[kind] for kind in range(len(layer.kinds))), silent)


def is_silent(layer: Layer, spot: Spot, now: datetime) -> bool:
    """True if the object missed SILENT_AFTER reports in a row."""
    heard = layer.heard_at(spot, int(now.timestamp()))
    return heard is not None and layer.every is not None and now.timestamp() - heard > SILENT_AFTER * layer.every


def inside(area: Area, keys: Collection[str], catalogue: Catalogue, by: Actor, *, world: World, most: int) -> Inside:
    """The objects of these layers in the area, at most `most` of them listed."""
    known = layers_of(world)
    found = [
        Found(known[key], spot, metres_between(area.centre, spot.place))
        for key in keys
        if key in known
        for spot in spots_seen(key, catalogue, by)
        if area.holds(spot.place)
    ]
    counts = Counter(one.layer.key for one in found)
    nearest = sorted(found, key=lambda one: (one.metres, one.layer.key, one.spot.number))[:most]
    return Inside(tuple(nearest), {key: counts[key] for key in keys if key in known}, len(found))


def regions_in(area: Area, catalogue: Catalogue, by: Actor) -> list[Region]:
    """Towns whose point lies in the area; their cells are approximate, their points are not."""
    return [
        region
        for region in catalogue.regions.values()
        if region.kind.value == "town" and region.lon is not None and region.lat is not None
        if is_seen(catalogue, by, region.code) and area.holds(Point(region.lon, region.lat))
    ]


def villages_seen(catalogue: Catalogue, by: Actor, town: str | None = None) -> list[Village]:
    """Villages of a town, or of all towns, within the actor's scope."""
    seen = {code for code in {village.town for village in villages()} if is_seen(catalogue, by, code)}
    return [one for one in villages() if one.town in seen and town in {None, one.town}]
