"""How a city figure is spread over counties, zones and towns: `shares.csv`, the rest by lasting chance.

County weights of one share add up to 1. Town weights are parts of their county; named towns have theirs in the table,
the others divide what is left, unevenly but for ever. The share `towns` counts towns. Zones overlap counties.
"""

from __future__ import annotations

import csv
import math
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from demo_city.noise import trait
from indicators.definition import RegionKind

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue
    from indicators.definition import Region

BY_COUNT = "towns"


@lru_cache(maxsize=1)
def table() -> dict[tuple[str, str], float]:
    """(share, region) -> weight, as shipped."""
    with (Path(__file__).parent / "shares.csv").open(encoding="utf-8") as opened:
        return {(row["share"], row["region"]): float(row["weight"]) for row in csv.DictReader(opened)}


class Shares:
    """The weights of every region for every share, worked out once per catalogue and seed."""

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self._catalogue = catalogue
        self._seed = seed
        self._weights: dict[tuple[str, str], float] = {}
        self._before: dict[tuple[str, str], float] = {}
        regions = catalogue.regions.values()
        self._towns = [r for r in regions if r.kind is RegionKind.TOWN]
        self._counties = [r for r in regions if r.kind is RegionKind.COUNTY]

    def weight(self, share: str, region: str) -> float:
        """Part of the city's figure that falls to `region`; 1 for the city itself."""
        found = self._weights.get((share, region))
        if found is None:
            found = self._weights[share, region] = self._computed(share, self._catalogue.regions[region])
        return found

    def before(self, share: str, region: str) -> float:
        """Weights of the regions of the same kind that stand before `region`: for rounding parts to an exact whole."""
        if (share, region) not in self._before:
            kind = self._catalogue.regions[region].kind
            total = 0.0
            for peer in self._catalogue.regions.values():
                if peer.kind is kind:
                    self._before[share, peer.code] = total
                    total += self.weight(share, peer.code)
        return self._before[share, region]

    def _computed(self, share: str, region: Region) -> float:
        match region.kind:
            case RegionKind.CITY:
                return 1.0
            case RegionKind.TOWN:
                return self.weight(share, region.parent or "") * self._within(share, region)
            case RegionKind.COUNTY if share == BY_COUNT:
                return sum(town.parent == region.code for town in self._towns) / len(self._towns)
            case RegionKind.COUNTY:
                return table().get((share, region.code), 1.0 / len(self._counties))
            case _:
                return table().get((share, region.code), 0.04)

    def _within(self, share: str, town: Region) -> float:
        """The town's part of its county."""
        peers = [peer for peer in self._towns if peer.parent == town.parent]
        if share == BY_COUNT:
            return 1.0 / len(peers)
        named = {peer.code: table()[share, peer.code] for peer in peers if (share, peer.code) in table()}
        if town.code in named:
            return named[town.code]
        others = {peer.code: self._size(peer) for peer in peers if peer.code not in named}
        return max(1.0 - sum(named.values()), 0.0) * others[town.code] / sum(others.values())

    def _size(self, town: Region) -> float:
        return math.exp(0.55 * trait(self._seed, f"size/{town.code}")) * (0.15 if town.code[6] == "4" else 1.0)
