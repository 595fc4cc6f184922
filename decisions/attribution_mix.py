"""Splits the change of an average rate into what changed within its groups and what changed between them.

Method: Bennet (1920), midpoint weights: nothing is left over and the way back is the same with the sign turned.
Example: the on-time rate of a city falls because departments became slower (within), or because more cases went to
the slower departments (mix).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Numerator and denominator of one group's rate at one time; no rate without a denominator."""

    numerator: float
    denominator: float


@dataclass(frozen=True)
class Effect:
    """What one group does to the total rate, in the rate's unit."""

    key: str
    within: float
    mix: float

    @property
    def total(self) -> float:
        """Both together."""
        return self.within + self.mix


@dataclass(frozen=True)
class Split:
    """`after` - `before` = `within` + `mix`, up to rounding of the machine."""

    before: float
    after: float
    effects: tuple[Effect, ...]

    @property
    def within(self) -> float:
        """What the rates of the groups themselves changed."""
        return math.fsum(effect.within for effect in self.effects)

    @property
    def mix(self) -> float:
        """What the changed weights of the groups changed."""
        return math.fsum(effect.mix for effect in self.effects)

    @property
    def is_deceptive(self) -> bool:
        """True if the groups moved one way and the total the other (Simpson): say so beside the number."""
        change = self.after - self.before
        return self.within * change < 0 and abs(self.within) > 1e-12


def split(before: Mapping[str, Group], after: Mapping[str, Group]) -> Split:
    """Split the change of the total rate over the groups; ValueError without any denominator at either time.

    A group missing at one time has weight 0 there and the rate it has at the other: it came or went, that is mix.
    """
    was, now = _whole(before), _whole(after)
    middle = (was.rate + now.rate) / 2
    keys = dict.fromkeys([*before, *after])
    return Split(was.rate, now.rate, tuple(_effect(key, was, now, middle) for key in keys))


@dataclass(frozen=True)
class _Whole:
    rate: float
    shares: dict[str, float]
    rates: dict[str, float]


def _whole(groups: Mapping[str, Group]) -> _Whole:
    known = {key: group for key, group in groups.items() if group.denominator > 0}
    weight = math.fsum(group.denominator for group in known.values())
    if weight <= 0:
        raise ValueError("no group has a denominator: there is no rate")
    return _Whole(
        math.fsum(group.numerator for group in known.values()) / weight,
        {key: group.denominator / weight for key, group in known.items()},
        {key: group.numerator / group.denominator for key, group in known.items()},
    )


def _effect(key: str, was: _Whole, now: _Whole, middle: float) -> Effect:
    share_0, share_1 = was.shares.get(key, 0.0), now.shares.get(key, 0.0)
    rate_0 = was.rates.get(key, now.rates.get(key, middle))
    rate_1 = now.rates.get(key, was.rates.get(key, middle))
    within = (rate_1 - rate_0) * (share_0 + share_1) / 2
    mix = (share_1 - share_0) * ((rate_0 + rate_1) / 2 - middle)
    return Effect(key, within, mix)
