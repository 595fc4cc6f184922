"""What help is near: teams, stores, shelters, hospitals, cameras within a radius or a drawn area, the nearest first.

Kinds are layers of the map (some of one sort only), and the teams of `teams.csv`. In the real city a kind without data
is named as such instead of being left out silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from access.actor import Actor
from decisions.crews import minutes_for
from decisions.teams import Team, teams
from dispatch.rulebook import Rulebook
from geography.areas import Area, metres_between
from geography.layers import Origin, Spot
from geography.regions import place_of
from indicators.places import is_seen, layers_of, spots_seen
from indicators.reading import World

MOST = 300


@dataclass(frozen=True)
class Kind:
    """One kind of help: its words, the layer it is read from ('' for teams), the sorts of the layer that count."""

    name: str
    layer: str = ""
    sorts: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    "team": Kind("处置队伍"),
    "store": Kind("物资储备点", "stores"),
    "shelter": Kind("避难场所", "shelters"),
    "hospital": Kind("医院", "clinics", ("医院", "卫生院")),
    "camera": Kind("视频点位", "cameras"),
    "seat": Kind("县区驻地", "seats"),
}


@dataclass(frozen=True)
class Resource:
    """One thing or team. `minutes` on the way, estimated, for what can move; `on_duty` None without a duty list."""

    kind: str
    name: str
    sort: str
    lon: float
    lat: float
    metres: float
    minutes: int | None
    department: str | None
    on_duty: bool | None
    is_simulated: bool


@dataclass(frozen=True)
class Near:
    """What lies there: the nearest MOST of all, how many there are by kind, and kinds nobody has brought data for."""

    found: tuple[Resource, ...]
    counts: Mapping[str, int]
    missing: tuple[str, ...]


def near(
    rules: Rulebook, by: Actor, area: Area, kinds: tuple[str, ...], *, world: str, now: datetime,
    folder: Path | None = None,
) -> Near:  # fmt: skip
    """Everything of these kinds in the area that `by` may see. ValueError for a kind that is none."""
    wrong = [kind for kind in kinds if kind not in KINDS]
    if wrong:
        raise ValueError(f"没有资源种类 {wrong[0]}，可用：{'、'.join(KINDS)}")
    chosen = kinds or tuple(KINDS)
    asked = {kind: list(_of(kind, rules, by, area, world, now, folder)) for kind in chosen}
    found = sorted((one for all_ in asked.values() for one in all_), key=lambda one: (one.metres, one.kind, one.name))
    missing = tuple(kind for kind in chosen if not _has_data(kind, rules, world, folder))
    return Near(tuple(found[:MOST]), {kind: len(all_) for kind, all_ in asked.items()}, missing)


def _has_data(kind: str, rules: Rulebook, world: str, folder: Path | None) -> bool:
    layer = KINDS[kind].layer
    return layer in layers_of(World(world)) if layer else bool(teams(rules, world, folder))


def _of(
    kind: str, rules: Rulebook, by: Actor, area: Area, world: str, now: datetime, folder: Path | None
) -> Iterator[Resource]:
    read: Callable[..., Iterator[Resource]] = _things if KINDS[kind].layer else _teams
    yield from read(kind, rules, by, area, world, now, folder)


def _things(
    kind: str, rules: Rulebook, by: Actor, area: Area, world: str, now: datetime, folder: Path | None
) -> Iterator[Resource]:
    wanted = KINDS[kind]
    layer = layers_of(World(world)).get(wanted.layer)
    for spot in () if layer is None else spots_seen(layer.key, rules.catalogue, by):
        sort = layer.kinds[spot.kind] if layer else ""
        if (not wanted.sorts or sort in wanted.sorts) and area.holds(spot.place):
            yield _thing(kind, sort, spot, area, is_simulated=layer is not None and layer.origin is Origin.SIMULATED)


def _thing(kind: str, sort: str, spot: Spot, area: Area, *, is_simulated: bool) -> Resource:
    metres = metres_between(area.centre, spot.place)
    return Resource(kind, spot.name, sort, spot.place.lon, spot.place.lat, metres, None, None, None, is_simulated)


def _teams(
    kind: str, rules: Rulebook, by: Actor, area: Area, world: str, now: datetime, folder: Path | None
) -> Iterator[Resource]:
    for team in teams(rules, world, folder):
        if area.holds(team.place) and _may_see(team, rules, by):
            metres = metres_between(area.centre, team.place)
            yield Resource(
                kind, team.name, rules.department_name(team.department), team.place.lon, team.place.lat, metres,
                minutes_for(metres), team.department, team.on_duty(now), team.is_simulated,
            )  # fmt: skip


def _may_see(team: Team, rules: Rulebook, by: Actor) -> bool:
    """Where it stands decides, as for every object of the map."""
    place = place_of(team.place)
    regions = (rules.catalogue.city.code,) if place is None else (*place.towns, place.county)
    return any(is_seen(rules.catalogue, by, region) or by.scope.allows(region) for region in regions)
