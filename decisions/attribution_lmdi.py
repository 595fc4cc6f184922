"""Splits the change of a product (or a sum of products) over its factors without a remainder: LMDI-I, additive.

Method: Ang, B.W. (2005), Energy Policy 33, 867-871; zeros by the small-value strategy of Ang & Liu (2007).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

SMALLEST = 1e-20
"""Stands for zero, of the scale of the other value: the limit of the formula is reached long before."""

Factors = Mapping[str, float]


def log_mean(after: float, before: float) -> float:
    """Logarithmic mean of two positive numbers; between the geometric and the arithmetic mean."""
    if after == before:
        return after
    ratio = after / before
    if abs(ratio - 1) < 1e-8:  # the quotient of two tiny differences has no digits left
        return math.sqrt(after * before)
    return (after - before) / math.log(ratio)


def effects(before: Factors, after: Factors) -> dict[str, float]:
    """What each factor adds to the change of the product of all, in the product's unit; ValueError if negative.

    The effects sum to the change; the effects from `after` to `before` are the same with the sign turned.
    """
    if before.keys() != after.keys():
        raise ValueError("the factors before and after are not the same")
    pairs = {key: _lifted(before[key], after[key]) for key in before}
    was = math.prod(pair[0] for pair in pairs.values())
    now = math.prod(pair[1] for pair in pairs.values())
    weight = log_mean(now, was)
    return {key: weight * math.log(pair[1] / pair[0]) for key, pair in pairs.items()}


def effects_of_sum(before: Sequence[Factors], after: Sequence[Factors]) -> dict[str, float]:
    """The same for a sum of products (sectors in the same order): the effects of each factor over all of them."""
    found: dict[str, list[float]] = {}
    for was, now in zip(before, after, strict=True):
        for key, effect in effects(was, now).items():
            found.setdefault(key, []).append(effect)
    return {key: math.fsum(values) for key, values in found.items()}


def _lifted(before: float, after: float) -> tuple[float, float]:
    if before < 0 or after < 0:
        raise ValueError("a factor is negative: split it by Shapley values instead")
    least = SMALLEST * (max(before, after) or 1.0)
    return max(before, least), max(after, least)
