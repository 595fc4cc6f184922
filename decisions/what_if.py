"""What would follow if something moved: effects handed on along proven edges, capped, marked 情景测算，非因果.

Method: dy = (I - A)^-1 dx on a graph without cycles, walked once in its order; each effect is capped at two standard
deviations of its own past, because beyond them no past speaks for the elasticity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_DEVIATIONS = 2.0


class Circular(ValueError):
    """The edges go in a circle; the message names it."""


@dataclass(frozen=True)
class Link:
    """A change of `cause` by 1 goes with a change of `effect` by `elasticity`, `lag` months later."""

    cause: str
    effect: str
    elasticity: float
    lag: int


@dataclass(frozen=True)
class Effect:
    """A supposed change and what it leads to; `months` after the first move. `is_capped` if the cap held it."""

    key: str
    change: float
    months: int
    is_capped: bool


def propagate(supposed: Mapping[str, float], links: Sequence[Link], spreads: Mapping[str, float]) -> list[Effect]:
    """All changes that follow from `supposed`, in the order of the graph; raises Circular.

    `spreads` are standard deviations of past changes; without one a change is not capped.
    """
    found = {key: _capped(key, change, 0, spreads) for key, change in supposed.items()}
    for key in _ordered(links):
        if key in supposed:
            continue
        arriving = [(link, found[link.cause]) for link in links if link.effect == key and link.cause in found]
        if arriving:
            change = sum(link.elasticity * effect.change for link, effect in arriving)
            months = max(effect.months + link.lag for link, effect in arriving)
            found[key] = _capped(key, change, months, spreads)
    return list(found.values())


def links_of(body: Mapping[str, Any]) -> list[Link]:
    """The proven edges of a finding of the transmission model: grey ones hand nothing on."""
    return [
        Link(one["edge"]["cause"], one["edge"]["effect"], one["elasticity"], one["lag"])
        for one in body["edges"]
        if one["is_proven"] and one.get("elasticity") is not None
    ]


def _capped(key: str, change: float, months: int, spreads: Mapping[str, float]) -> Effect:
    most = MOST_DEVIATIONS * spreads.get(key, float("inf"))
    held = max(-most, min(most, change))
    return Effect(key, held, months, held != change)


def _ordered(links: Sequence[Link]) -> list[str]:
    """Every key after all its causes."""
    causes: dict[str, set[str]] = {}
    for link in links:
        causes.setdefault(link.effect, set()).add(link.cause)
        causes.setdefault(link.cause, set())
    order: list[str] = []
    while causes:
        free = sorted(key for key, needed in causes.items() if not needed)
        if not free:
            raise Circular(f"these edges go in a circle: {', '.join(sorted(causes))}")
        order += free
        causes = {key: needed - set(free) for key, needed in causes.items() if key not in free}
    return order
