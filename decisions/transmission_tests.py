"""Tail of the F distribution and the control of false discoveries, without a statistics package."""

from __future__ import annotations

import math
from collections.abc import Sequence

_TINY = 1e-300


def f_tail(value: float, top: int, bottom: int) -> float:
    """P(F > value) with `top` and `bottom` degrees of freedom."""
    if value <= 0:
        return 1.0
    return incomplete_beta(bottom / 2, top / 2, bottom / (bottom + top * value))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function by Lentz's continued fraction (Press et al., Numerical Recipes, 6.4)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    return front * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _lifted(1 - (a + b) * x / (a + 1))
    whole = d
    for m in range(1, 300):
        for step in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                     -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):  # fmt: skip
            d = 1 / _lifted(1 + step * d)
            c = _lifted(1 + step / c)
            whole *= d * c
        if abs(d * c - 1) < 1e-14:
            break
    return whole


def _lifted(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def false_discoveries(ps: Sequence[float]) -> list[float]:
    """Benjamini & Hochberg (1995): for each p-value the share of false finds if all up to it are called finds."""
    count = len(ps)
    order = sorted(range(count), key=lambda place: ps[place], reverse=True)
    found = [1.0] * count
    least = 1.0
    for rank, place in zip(range(count, 0, -1), order, strict=True):
        least = min(least, ps[place] * count / rank)
        found[place] = least
    return found
