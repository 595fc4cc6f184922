"""One line for the state of the economy: composite and diffusion indices of monthly series, with turning points.

Method: The Conference Board, *Calculating the Composite Indexes*: symmetric changes, weighted by the inverse of their
spread, summed and cumulated. Turning points after Bry & Boschan (1971), simplified as in the OECD CLI guide (2012).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

FLAT = 0.2
"""Changes within so many standard deviations count as neither up nor down."""
WINDOW = 5
"""Months on either side of which a turning point is the highest or lowest."""
SHORTEST_PHASE = 9
LARGEST_STEP = 199.0
"""Per cent: where the recursion I = I (200 + s) / (200 - s) would leave the positive numbers."""

Series = Sequence[float]


@dataclass(frozen=True)
class Component:
    """A monthly series; `is_rate` if it is already a percentage, a balance, or may be zero or negative."""

    key: str
    values: tuple[float, ...]
    is_rate: bool = False


@dataclass(frozen=True)
class Turn:
    """A peak or trough: place in the series, its value."""

    place: int
    value: float
    is_peak: bool


def changes(component: Component) -> list[float]:
    """Symmetric per cent changes, plain differences of a rate; one fewer than values."""
    pairs = zip(component.values, component.values[1:], strict=False)
    if component.is_rate:
        return [later - earlier for earlier, later in pairs]
    return [200 * (later - earlier) / (later + earlier) if later + earlier else 0.0 for earlier, later in pairs]


def weights(components: Sequence[Component]) -> dict[str, float]:
    """Inverse of each component's spread, summing to 1: a nervous series does not drown the calm ones.

    A series that never moves says nothing and gets 0. ValueError if none moves or the lengths differ.
    """
    if len({len(component.values) for component in components}) > 1:
        raise ValueError("the components do not cover the same months")
    spreads = {component.key: pstdev(changes(component)) for component in components if len(component.values) > 2}
    steady = {key: 1 / spread for key, spread in spreads.items() if spread > 0}
    whole = math.fsum(steady.values())
    if not whole:
        raise ValueError("no component moves")
    return {component.key: steady.get(component.key, 0.0) / whole for component in components}


def composite(components: Sequence[Component], base: int = 12) -> list[float]:
    """The index, 100 on average over the first `base` months."""
    share = weights(components)
    moves = [changes(component) for component in components]
    steps = [
        math.fsum(share[component.key] * move[month] for component, move in zip(components, moves, strict=True))
        for month in range(len(moves[0]))
    ]
    level = [100.0]
    for step in steps:
        bounded = max(-LARGEST_STEP, min(LARGEST_STEP, step))
        level.append(level[-1] * (200 + bounded) / (200 - bounded))
    scale = 100 / fmean(level[:base])
    return [scale * value for value in level]


def diffusion(components: Sequence[Component]) -> list[float | None]:
    """Share of components that rise, flat ones counting half, 0 to 100 for each month after the first."""
    signs = [_signs(component) for component in components]
    months = min((len(sign) for sign in signs), default=0)
    return [100 * fmean(sign[month] for sign in signs) for month in range(months)]


def _signs(component: Component) -> list[float]:
    moves = changes(component)
    band = FLAT * pstdev(moves) if len(moves) > 1 else 0.0
    return [1.0 if move > band else 0.0 if move < -band else 0.5 for move in moves]


def turning_points(index: Series) -> list[Turn]:
    """Peaks and troughs that alternate and lie at least nine months apart; none within five months of either end."""
    found: list[Turn] = []
    for turn in _extremes(index):
        last = found[-1] if found else None
        if last is None or (last.is_peak != turn.is_peak and turn.place - last.place >= SHORTEST_PHASE):
            found.append(turn)
        elif last.is_peak == turn.is_peak and _beyond(turn, last):
            found[-1] = turn
    return found


def _extremes(index: Series) -> list[Turn]:
    found = []
    for place in range(WINDOW, len(index) - WINDOW):
        around = index[place - WINDOW : place + WINDOW + 1]
        value = index[place]
        if max(around) > min(around) and value in (max(around), min(around)):
            found.append(Turn(place, value, value == max(around)))
    return found


def _beyond(turn: Turn, last: Turn) -> bool:
    return turn.value > last.value if turn.is_peak else turn.value < last.value


def correlation(one: Series, other: Series, lag: int) -> float | None:
    """Correlation of `one`, `lag` months earlier, with `other`; None with fewer than 12 pairs or no movement."""
    pairs = [(one[month - lag], other[month]) for month in range(len(other)) if 0 <= month - lag < len(one)]
    if len(pairs) < 12:
        return None
    mean_one, mean_other = fmean(p[0] for p in pairs), fmean(p[1] for p in pairs)
    cross = math.fsum((a - mean_one) * (b - mean_other) for a, b in pairs)
    norm = math.sqrt(
        math.fsum((a - mean_one) ** 2 for a, _ in pairs) * math.fsum((b - mean_other) ** 2 for _, b in pairs)
    )
    return cross / norm if norm > 0 else None


def classify(component: Component, reference: Series, most: int = 6) -> tuple[str, int, float] | None:
    """leading, coincident or lagging by the strongest correlation with `reference`, its lead in months and strength."""
    moves = changes(component)
    found: Mapping[int, float] = {
        lag: strength for lag in range(-most, most + 1) if (strength := correlation(moves, reference, lag)) is not None
    }
    if not found:
        return None
    lead = max(found, key=lambda lag: (abs(found[lag]), -abs(lag)))
    kind = "leading" if lead >= 2 else "lagging" if lead <= -2 else "coincident"
    return kind, lead, found[lead]
