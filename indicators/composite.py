"""A theme's composite index: how far its indicators have come to their yardsticks, with weights anybody may see.

Score of an indicator = 100 where it is as far as it should be by now, less in proportion below, never above 100: being
ahead in one thing does not pay for being behind in another. Index = Σ weight × score ÷ Σ weight. The usual weight is 2
for a headline and 1 otherwise. It judges nothing: the light of a theme follows its own rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indicators.comparison import Gap, Progress
from indicators.definition import Indicator

USUAL, HEADLINE, MOST = 1, 2, 9
FULL = 100.0
_WRITTEN = re.compile(r"(\d{2,3})\.(\d)")


@dataclass(frozen=True)
class Component:
    """One indicator in the index: its score, its weight and the usual one."""

    indicator: Indicator
    score: float
    weight: int
    usual: int

    @property
    def is_changed(self) -> bool:
        """True if the viewer gave it another weight."""
        return self.weight != self.usual


@dataclass(frozen=True)
class Composite:
    """The index with its components; `value` None if nothing is weighed."""

    value: float | None
    components: tuple[Component, ...]
    left_out: int
    """Indicators of the theme without a yardstick or a current value."""

    @property
    def is_changed(self) -> bool:
        """True if any weight is the viewer's own."""
        return any(one.is_changed for one in self.components)

    def share(self, one: Component) -> float:
        """The part of the whole weight it carries."""
        total = sum(component.weight for component in self.components)
        return one.weight / total if total else 0.0


def composite(
    indicators: Sequence[Indicator], progress: Mapping[str, Progress], weights: Mapping[str, int]
) -> Composite:
    """The index of `indicators`; `progress` of those that are judged, `weights` the viewer's own by code."""
    made = tuple(
        Component(one, score(progress[one.code]), weights.get(one.code, usual_weight(one)), usual_weight(one))
        for one in indicators
        if one.code in progress
    )
    total = sum(one.weight for one in made)
    value = sum(one.weight * one.score for one in made) / total if total else None
    return Composite(value, made, len(indicators) - len(made))


def usual_weight(indicator: Indicator) -> int:
    """The weight nobody had to choose."""
    return HEADLINE if indicator.headline else USUAL


def score(found: Progress) -> float:
    """0 to 100."""
    if found.gap in {Gap.BEYOND, Gap.MARGIN, Gap.WITHIN}:
        over = found.completion
        return FULL if over <= 1 or found.gap is not Gap.BEYOND else FULL / over
    return FULL * min(found.completion / found.mark, 1.0) if found.mark > 0 else FULL


def read_weights(text: str | None, indicators: Sequence[Indicator]) -> dict[str, int]:
    """Weights from an address: '01.3_08.0' by the numbers of the theme's codes; what cannot be read is left out."""
    by_number = {one.code.split("-")[1]: one.code for one in indicators}
    found = (_WRITTEN.fullmatch(part) for part in (text or "").split("_"))
    return {by_number[one[1]]: int(one[2]) for one in found if one and one[1] in by_number}


def written(components: Sequence[Component], code: str, weight: int) -> str | None:
    """The address text with `code` at `weight` and all other weights as they are; None if all are the usual ones."""
    changed = {one.indicator.code: one.weight for one in components if one.is_changed}
    usual = next(one.usual for one in components if one.indicator.code == code)
    weight = max(0, min(weight, MOST))
    changed.pop(code, None)
    if weight != usual:
        changed[code] = weight
    return "_".join(f"{key.split('-')[1]}.{value}" for key, value in sorted(changed.items())) or None
