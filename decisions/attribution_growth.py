"""How many percentage points each part pulls of a growth rate: base-period share times the part's own growth.

Method: national accounts' contribution to growth; growth rates at comparable prices are used as published and never
differenced from levels. What the parts do not explain stays visible as the residual.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEADY = 0.5
"""Percentage points of total growth below which shares of it say nothing (one hundredth becomes any percentage)."""


@dataclass(frozen=True)
class Part:
    """A part with its share of the base period (0 to 1) and its growth (per cent)."""

    key: str
    weight: float
    growth: float


@dataclass(frozen=True)
class Pull:
    """What a part pulls: percentage points, and its share of the total growth (1 = all of it; None if unsteady)."""

    key: str
    points: float
    share: float | None


@dataclass(frozen=True)
class Attribution:
    """Pulls in the order of the parts. `growth` = sum of pulls + `residual`, exactly."""

    growth: float
    pulls: tuple[Pull, ...]
    residual: float

    @property
    def ranked(self) -> tuple[Pull, ...]:
        """The largest in either direction first."""
        return tuple(sorted(self.pulls, key=lambda pull: -abs(pull.points)))

    @property
    def offsets(self) -> tuple[Pull, Pull] | None:
        """The strongest upward and downward pull, if each is at least a third of the other: they hide one another."""
        up = max(self.pulls, key=lambda pull: pull.points, default=None)
        down = min(self.pulls, key=lambda pull: pull.points, default=None)
        if up is None or down is None or up.points <= 0 or down.points >= 0:
            return None
        smaller, larger = sorted((up.points, -down.points))
        return (up, down) if smaller * 3 >= larger else None


def attribute(parts: Sequence[Part], growth: float | None = None) -> Attribution:
    """Split `growth` (per cent, as published; the sum of the pulls if None) over `parts`."""
    points = [part.weight * part.growth for part in parts]
    explained = math.fsum(points)
    total = explained if growth is None else growth
    steady = abs(total) >= STEADY
    pulls = (
        Pull(part.key, point, point / total if steady else None) for part, point in zip(parts, points, strict=True)
    )
    return Attribution(total, tuple(pulls), total - explained)


def base_weight(value: float, growth: float, total: float, total_growth: float) -> float:
    """Share of a part in the base period, from values of the present and growth rates (per cent).

    Mixes nominal values with real growth where prices differ: say 近似 beside it.
    """
    return (value / (1 + growth / 100)) / (total / (1 + total_growth / 100))


def rest(parts: Sequence[Part], growth: float, key: str) -> Part:
    """What all other parts together must have grown for the total to grow by `growth`; ValueError if none is left."""
    weight = 1 - math.fsum(part.weight for part in parts)
    if weight <= 0:
        raise ValueError("the named parts already make up the whole")
    return Part(key, weight, (growth - math.fsum(part.weight * part.growth for part in parts)) / weight)
