"""Which part made how much of a change: arithmetic that adds up exactly, and what is left over by name.

Sums: c_i = Δv_i / V₀, in percentage points of the total's growth. Growth rates made of increment over base (weighted):
pull_i = scale·N_i / ΣD, so that pulls add up to the rate; their change between two periods explains the change of the
rate. Other ratios: Bennet's midpoint, Δr_i·s̄_i within a part plus Δs_i·(r̄_i − R̄) by the mix of parts; both symmetric,
no residual. This is accounting, not cause: the screen says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

UNSTABLE_BELOW = 0.5
"""Below this many points of total change, shares of it mean nothing and are not shown."""


class Method(StrEnum):
    """How the parts of a change are worked out."""

    SUM = "sum"
    PULL = "pull"
    RATIO = "ratio"


@dataclass(frozen=True)
class Fraction:
    """Numerator and denominator of a ratio."""

    above: float
    below: float


@dataclass(frozen=True)
class Part:
    """One part's points of the total's change; `points` = `within` + `mix`. `before` and `now` are its own figures."""

    key: str
    before: float
    now: float
    points: float
    within: float
    mix: float = 0.0
    weight: float = 0.0
    """Its part of the whole: of the earlier amount for sums, of today's base for ratios."""


@dataclass(frozen=True)
class Breakdown:
    """A change of a total and what its parts made of it, in percentage points (of growth, or of the rate)."""

    method: Method
    before: float
    """Where the waterfall begins: 0 for sums (growth), the earlier rate otherwise."""
    now: float
    parts: tuple[Part, ...]
    residual: float
    """Of the change, what no part explains: rounding, other bases, units not counted in any part."""

    @property
    def change(self) -> float:
        """Points to be explained."""
        return self.now - self.before

    @property
    def ranked(self) -> tuple[Part, ...]:
        """The hardest drag first."""
        return tuple(sorted(self.parts, key=lambda part: part.points))

    def beyond(self, part: Part) -> float:
        """Points beyond what its size alone would account for; over all parts they cancel out but for the residual."""
        return part.points - part.weight * self.change

    def share(self, part: Part) -> float | None:
        """A part's share of the whole change, 0 to 1; None where the change is too small to divide."""
        return part.points / self.change if abs(self.change) >= UNSTABLE_BELOW else None


def of_sum(total: tuple[float, float], parts: Mapping[str, tuple[float, float]]) -> Breakdown:
    """Growth of a total in per cent by its parts, each (before, now). ValueError without a base."""
    before, now = total
    if before <= 0:
        raise ValueError("a growth rate needs a positive base")
    made = []
    for key, (then, today) in parts.items():
        points = 100 * (today - then) / before
        made.append(Part(key, then, today, points, points, weight=then / before))
    growth = 100 * (now - before) / before
    return _with_residual(Method.SUM, 0.0, growth, made)


def of_pull(scale: float, before: Fraction, now: Fraction, parts: Mapping[str, tuple[Fraction, Fraction]]) -> Breakdown:
    """Change of a growth rate by the change of its parts' pulls. ValueError for a total without a base."""
    if before.below <= 0 or now.below <= 0:
        raise ValueError("a rate needs a positive base")
    made = []
    for key, (then, today) in parts.items():
        points = scale * (today.above / now.below - then.above / before.below)
        weight = today.below / now.below
        made.append(Part(key, _rate(scale, then), _rate(scale, today), points, points, weight=weight))
    return _with_residual(Method.PULL, _rate(scale, before), _rate(scale, now), made)


def of_ratio(
    scale: float, before: Fraction, now: Fraction, parts: Mapping[str, tuple[Fraction, Fraction]]
) -> Breakdown:
    """Change of a ratio by Bennet's midpoints. ValueError for a total without a base."""
    if before.below <= 0 or now.below <= 0:
        raise ValueError("a rate needs a positive base")
    middle = (_rate(scale, before) + _rate(scale, now)) / 2
    made = []
    for key, (then, today) in parts.items():
        share0, share1 = then.below / before.below, today.below / now.below
        rate0, rate1 = _rate(scale, then, today), _rate(scale, today, then)
        within = (rate1 - rate0) * (share1 + share0) / 2
        mix = (share1 - share0) * ((rate1 + rate0) / 2 - middle)
        made.append(Part(key, rate0, rate1, within + mix, within, mix, share1))
    return _with_residual(Method.RATIO, _rate(scale, before), _rate(scale, now), made)


def drag(rate: float, weight: float, total: float) -> float:
    """Points by which a part holds the total back (negative) or lifts it: weight × (its rate − the total's)."""
    return weight * (rate - total)


def _with_residual(method: Method, before: float, now: float, parts: list[Part]) -> Breakdown:
    explained = sum(part.points for part in parts)
    return Breakdown(method, before, now, tuple(parts), (now - before) - explained)


def _rate(scale: float, one: Fraction, other: Fraction | None = None) -> float:
    """The rate of a part; one that has no cases now is taken to have the rate it had in the other period."""
    if one.below:
        return scale * one.above / one.below
    return _rate(scale, other) if other is not None and other.below else 0.0
