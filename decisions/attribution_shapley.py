"""Splits the change of any function of several factors fairly over them: Shapley values, nested ones by Owen.

Method: Shorrocks (2013), J. Economic Inequality 11, 99-126; Owen (1977) for groups, so that the children of a branch
sum to what the branch gets. Exact up to ten factors, sampled with its standard error above.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TypeVar

MOST_EXACT = 10
"""Factors up to which all 2^n combinations are evaluated."""
SAMPLES = 2_000
Item = TypeVar("Item")

Worth = Callable[[frozenset[str]], float]
"""Value of the function with the factors in the set as they are now and the others as they were."""


@dataclass(frozen=True)
class Fair:
    """Values by factor, summing to the whole change. `error` is the largest standard error; 0 if exact."""

    values: dict[str, float]
    error: float = 0.0


def shapley(factors: Sequence[str], worth: Worth, *, seed: int = 0) -> Fair:
    """The mean of what each factor adds over all orders in which the factors may change."""
    known = lru_cache(maxsize=None)(worth)
    if len(factors) <= MOST_EXACT:
        return Fair({factor: _exact(factor, factors, known) for factor in factors})
    return _sampled(factors, known, random.Random(seed))  # noqa: S311 -- no secret


def owen(groups: Sequence[Sequence[str]], worth: Worth) -> Fair:
    """Shapley among the groups and within each; the members of a group sum to the group's own value."""
    known = lru_cache(maxsize=None)(worth)
    values: dict[str, float] = {}
    for group in groups:
        others = [frozenset(other) for other in groups if other is not group]
        for member in group:
            rest = [factor for factor in group if factor != member]
            terms = [
                outer * inner * (known(frozenset({member, *inside}).union(*outside))
                                 - known(frozenset(inside).union(*outside)))
                for outside, outer in _weighted(others)
                for inside, inner in _weighted(rest)
            ]  # fmt: skip
            values[member] = math.fsum(terms)
    return Fair(values)


def _exact(factor: str, factors: Sequence[str], worth: Worth) -> float:
    others = [other for other in factors if other != factor]
    return math.fsum(
        weight * (worth(frozenset({factor, *chosen})) - worth(frozenset(chosen)))
        for chosen, weight in _weighted(others)
    )


def _weighted(others: Collection[Item]) -> Iterable[tuple[tuple[Item, ...], float]]:
    """Every choice among `others` with its share of the orders in which just these come first."""
    count = len(others) + 1
    for size in range(count):
        weight = 1 / (count * math.comb(count - 1, size))
        for chosen in combinations(others, size):
            yield chosen, weight


def _sampled(factors: Sequence[str], worth: Worth, dice: random.Random) -> Fair:
    gains: dict[str, list[float]] = {factor: [] for factor in factors}
    for _ in range(SAMPLES // 2):
        order = dice.sample(factors, len(factors))
        for walk in (order, order[::-1]):  # antithetic pairs
            _walk(walk, worth, gains)
    values = {factor: math.fsum(found) / len(found) for factor, found in gains.items()}
    error = max(_standard_error(found, values[factor]) for factor, found in gains.items())
    return Fair(values, error)


def _walk(order: Sequence[str], worth: Worth, gains: dict[str, list[float]]) -> None:
    changed: frozenset[str] = frozenset()
    before = worth(changed)
    for factor in order:
        changed = changed | {factor}
        now = worth(changed)
        gains[factor].append(now - before)
        before = now


def _standard_error(found: Sequence[float], mean: float) -> float:
    spread = math.fsum((value - mean) ** 2 for value in found) / max(len(found) - 1, 1)
    return math.sqrt(spread / len(found))
