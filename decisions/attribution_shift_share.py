"""Why a county grew otherwise than the city: its mix of industries, or its own strength within them.

Method: shift-share, Dunn (1960): change = city growth + industry mix + local competitiveness, industry by industry.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

Values = Mapping[str, float]
"""Value by industry."""


@dataclass(frozen=True)
class Shift:
    """Parts of one county's change in one industry, in the unit of the values."""

    industry: str
    city: float
    mix: float
    local: float

    @property
    def total(self) -> float:
        """The change itself."""
        return self.city + self.mix + self.local


@dataclass(frozen=True)
class ShiftShare:
    """A county's change split over its industries."""

    shifts: tuple[Shift, ...]

    @property
    def city(self) -> float:
        """What the county would have gained by growing like the city as a whole."""
        return math.fsum(shift.city for shift in self.shifts)

    @property
    def mix(self) -> float:
        """What its industries gain or lose because they grow faster or slower everywhere in the city."""
        return math.fsum(shift.mix for shift in self.shifts)

    @property
    def local(self) -> float:
        """What it gains or loses because its own firms grow otherwise than the same industries elsewhere."""
        return math.fsum(shift.local for shift in self.shifts)


def shift_share(county: tuple[Values, Values], city: tuple[Values, Values]) -> ShiftShare:
    """Split a county's change; each argument is (before, after). ValueError if an industry has no base in the city."""
    before, after = county
    city_before, city_after = city
    whole = _growth(math.fsum(city_before.values()), math.fsum(city_after.values()), "city")
    shifts = []
    for industry in dict.fromkeys([*before, *after]):
        base, now = before.get(industry, 0.0), after.get(industry, 0.0)
        branch = _growth(city_before.get(industry, 0.0), city_after.get(industry, 0.0), industry)
        shifts.append(Shift(industry, base * whole, base * (branch - whole), now - base - base * branch))
    return ShiftShare(tuple(shifts))


def _growth(before: float, after: float, name: str) -> float:
    if before <= 0:
        raise ValueError(f"{name} has no base value: its growth is not defined")
    return after / before - 1
