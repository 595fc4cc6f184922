"""The map's layers of points: what there truly is, and what the demo city invents. Degrees are WGS84 from here on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256

from geography import scattered
from geography.coordinates import Point, System, convert
from geography.divisions import rows, town_names, town_points


class Symbol(StrEnum):
    """How a layer's objects are drawn: layers differ by shape, never by colour alone."""

    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"


class Origin(StrEnum):
    """Where a layer's objects are from; `SIMULATED` ones belong to the demo city alone."""

    PUBLISHED = "published"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class Spot:
    """One object. `kind` counts into the layer's kinds; `town` is a code, never certain."""

    number: int
    name: str
    place: Point
    town: str
    kind: int


@dataclass(frozen=True)
class Layer:
    """Objects of one sort. `theme` is a key of the catalogue; `every` is how often each reports, in seconds."""

    key: str
    name: str
    theme: str | None
    symbol: Symbol
    origin: Origin
    kinds: tuple[str, ...]
    note: str
    make: Callable[[], Iterable[scattered.Spot]]
    every: int | None = None

    def heard_at(self, spot: Spot, now: int) -> int | None:
        """Seconds since 1970 when the object last reported; None for one that has nothing to report."""
        return None if self.every is None else scattered.heard_at(self.key, spot.number, self.every, now)


@cache
def layers() -> dict[str, Layer]:
    """All layers by key, in the order of the list on the map."""
    return {layer.key: layer for layer in (*TRUE_LAYERS, *_demo_layers())}


@cache
def spots(key: str) -> tuple[Spot, ...]:
    """The objects of a layer; their numbers stay as long as the layer's data do."""
    made = layers()[key].make()
    return tuple(Spot(number, name, place, town, kind) for number, (town, name, place, kind) in enumerate(made))


@cache
def version(key: str) -> str:
    """Changes whenever an object of the layer does."""
    told = "|".join(f"{s.name},{s.place.lon},{s.place.lat},{s.town},{s.kind}" for s in spots(key))
    return sha256(told.encode()).hexdigest()[:12]


def read_spots(table: str, system: System, kinds: tuple[str, ...]) -> list[scattered.Spot]:
    """A shipped table of points with the columns name, lon, lat, town, kind, brought to WGS84 at this door."""
    found = []
    for row in rows(table):
        place = convert(Point(float(row["lon"]), float(row["lat"])), system, System.WGS84)
        found.append((row["town"], row["name"], place, kinds.index(row["kind"])))
    return found


def _towns() -> list[scattered.Spot]:
    return [(code, town_names()[code], place, 0) for code, place in town_points().items()]


_SEATS = ("县区驻地", "功能区驻地")
TRUE_LAYERS = (
    Layer(
        "towns", "镇街驻地点", None, Symbol.CIRCLE, Origin.PUBLISHED, ("镇街",),
        "开放地名数据（GeoNames），51 个镇街中 42 个有点位", _towns,
    ),
    Layer(
        "seats", "县区驻地", None, Symbol.DIAMOND, Origin.PUBLISHED, _SEATS,
        "以驻地所在镇街的点表示；湘桥区驻地没有开放点位，未列",
        lambda: read_spots("places/seats.csv", System.WGS84, _SEATS),
    ),
)  # fmt: skip


def _demo_layers() -> Iterable[Layer]:
    for row in rows("places/demo_layers.csv"):
        yield _strewn(row["key"], row["name"], row["theme"], row)
    yield Layer(
        "villages", "村居", "grid_governance", Symbol.CIRCLE, Origin.SIMULATED, ("村", "社区"),
        "名称为真实，位置为模拟", scattered.settlements,
    )  # fmt: skip


def _strewn(key: str, name: str, theme: str, row: dict[str, str]) -> Layer:
    kinds = tuple(row["kinds"].split())
    return Layer(
        key, name, theme, Symbol(row["symbol"]), Origin.SIMULATED, kinds, "模拟对象",
        lambda: scattered.objects(key, name, int(row["per_town"]), len(kinds)),
        int(row["every"]) if row["every"] else None,
    )  # fmt: skip
