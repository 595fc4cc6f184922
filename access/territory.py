"""The regions and departments as rights need them: what lies below what, and at which level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from access.actor import EVERYWHERE, Scope


class Level(StrEnum):
    """Where in the administration a role works."""

    CITY = "city"  # 市级
    COUNTY = "county"  # 县区，功能区和园区同级
    TOWN = "town"  # 镇街


_LEVELS = {"city": Level.CITY, "county": Level.COUNTY, "zone": Level.COUNTY, "town": Level.TOWN}
"""By kind of region. A zone is a scope of its own: it overlaps counties and has nothing below it."""


class Listed(Protocol):
    """The catalogue, as far as rights need it: its regions and departments by code."""

    @property
    def regions(self) -> Mapping[str, Any]: ...
    @property
    def departments(self) -> Mapping[str, Any]: ...
    @property
    def version(self) -> str: ...


@dataclass(frozen=True)
class Territory:
    """Kind, parent and name by region code; names of departments by key."""

    version: str
    kinds: Mapping[str, str]
    parents: Mapping[str, str | None]
    names: Mapping[str, str]
    departments: Mapping[str, str]

    @classmethod
    def of(cls, catalogue: Listed) -> Territory:
        """The territory a catalogue describes."""
        regions = catalogue.regions
        return cls(
            catalogue.version,
            {code: str(region.kind) for code, region in regions.items()},
            {code: region.parent for code, region in regions.items()},
            {code: region.name for code, region in regions.items()},
            {key: department.name for key, department in catalogue.departments.items()},
        )

    @property
    def city(self) -> str:
        """The code of the whole."""
        return next(code for code, kind in self.kinds.items() if kind == "city")

    def level(self, region: str) -> Level:
        """The level of a known region; KeyError for another."""
        return _LEVELS[self.kinds[region]]

    def below(self, region: str) -> frozenset[str]:
        """The region and everything below it; nothing for a region that is gone from the catalogue."""
        if region not in self.kinds:
            return frozenset()
        return frozenset({region}).union(*(self.below(child) for child in self._children[region]))

    def scope(self, regions: Iterable[str], department: str = "") -> Scope:
        """What a grant in these regions, and of this department if one is named, lets see."""
        wanted = frozenset(regions)
        departments = frozenset({department}) if department else None
        if any(self.kinds.get(code) == "city" for code in wanted):
            return Scope(EVERYWHERE.regions, departments)
        return Scope(frozenset().union(*(self.below(code) for code in wanted)), departments)

    @cached_property
    def _children(self) -> Mapping[str, list[str]]:
        """Zones are below nothing: what the city holds is said by its level."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for code, parent in self.parents.items():
            if parent is not None and self.kinds[code] != "zone":
                found[parent].append(code)
        return found
