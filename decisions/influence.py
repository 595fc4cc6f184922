"""What an event may reach: residents by the density of the county, and schools, hospitals, shelters around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import cos, pi, radians

from sqlalchemy import Connection

from access.actor import Actor
from dispatch.event import Event
from geography.areas import Circle, metres_between
from geography.coordinates import Point
from geography.layers import Layer, Origin
from geography.outlines import counties
from indicators.catalogue import Catalogue
from indicators.places import layers_of, spots_seen
from indicators.reading import World
from indicators.readings import latest

RADII = (300, 500, 1000, 2000)
"""Metres that can be chosen."""
USUAL: Mapping[int, int] = {1: 1000, 2: 500, 3: 300, 4: 300, 0: 300}
"""By the level of the event."""
NAMED = 3
"""Of each kind so many are named, the nearest."""
_KM_A_DEGREE = 111.32


@dataclass(frozen=True)
class Sort:
    """A kind of thing that is counted: its words, the layer, the sorts of the layer that count (all without)."""

    name: str
    layer: str
    sorts: tuple[str, ...] = ()
    is_named: bool = True
    """False where people live whom nobody should find by a list."""


SORTS: tuple[Sort, ...] = (
    Sort("村居", "villages"),
    Sort("学校", "schools"),
    Sort("医疗机构", "clinics"),
    Sort("独居老人住处", "smoke_detectors", ("独居老人",), is_named=False),
    Sort("公交站点", "buses"),
    Sort("避难场所", "shelters"),
)


@dataclass(frozen=True)
class Reached:
    """How many of a kind lie inside, the nearest by name with their distance in metres."""

    name: str
    count: int
    nearest: tuple[tuple[str, float], ...]
    is_simulated: bool


@dataclass(frozen=True)
class Influence:
    """`residents` None where nobody knows how many live in the county; `missing`: kinds nobody has brought data for."""

    metres: int
    residents: int | None
    basis: str
    reached: tuple[Reached, ...]
    missing: tuple[str, ...]


def influence(
    connection: Connection, catalogue: Catalogue, event: Event, metres: int, *, by: Actor, now: datetime
) -> Influence | None:
    """What lies within `metres` of the event, as far as the actor may see it; None without a place of its own."""
    if event.lon is None or event.lat is None or event.placed != "point":
        return None
    circle = Circle(Point(event.lon, event.lat), metres)
    world = World(event.world)
    known = layers_of(world)
    reached = tuple(_reached(one, known[one.layer], circle, catalogue, by) for one in SORTS if one.layer in known)
    residents, basis = _residents(connection, catalogue, event, metres, by, now)
    return Influence(metres, residents, basis, reached, tuple(one.name for one in SORTS if one.layer not in known))


def _reached(sort: Sort, layer: Layer, circle: Circle, catalogue: Catalogue, by: Actor) -> Reached:
    inside = [
        (spot.name, metres_between(circle.centre, spot.place))
        for spot in spots_seen(layer.key, catalogue, by)
        if (not sort.sorts or layer.kinds[spot.kind] in sort.sorts) and circle.holds(spot.place)
    ]
    nearest = tuple(sorted(inside, key=lambda one: one[1])[:NAMED]) if sort.is_named else ()
    return Reached(sort.name, len(inside), nearest, layer.origin is Origin.SIMULATED)


def _residents(
    connection: Connection, catalogue: Catalogue, event: Event, metres: int, by: Actor, now: datetime
) -> tuple[int | None, str]:
    """The county's residents spread evenly over it: an estimate, and said to be one."""
    rule, area = catalogue.attention_rule, _square_km(event.county)
    code = rule.people if rule is not None else None
    if code is None or area is None:
        return None, "没有该县区的人口数据"
    found = latest(connection, catalogue, by, world=World(event.world), region=event.county, codes=[code], now=now).get(
        code
    )
    if found is None or not found.denominator:
        return None, "没有该县区的人口数据"
    density = found.denominator / area
    name = catalogue.regions[event.county].name
    return round(density * pi * (metres / 1000) ** 2), f"按{name}常住人口平均密度每平方公里 {density:.0f} 人估算"


def _square_km(county: str) -> float | None:
    """Of the thinned outline, good to a few percent; None for a zone without one."""
    outline = next((one for one in counties() if one.code == county), None)
    if outline is None:
        return None
    narrow = cos(radians(outline.centre[1]))
    rings = (sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise((*ring, ring[0]))) / 2 for ring in outline.rings)
    return sum(abs(one) for one in rings) * _KM_A_DEGREE**2 * narrow
