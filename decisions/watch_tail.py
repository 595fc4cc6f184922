"""How rare a deviation is among the deviations seen before it."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass, field

MEMORY = 4000
"""Deviations kept; older ones are forgotten."""
FEWEST = 50
"""Deviations to see before any is called rare."""
BODY = 0.97
"""Share of the deviations judged by counting; the rest is the tail."""
USUAL_TAIL = 0.3
"""Mean log excess over the tail's start that we expect before we have seen any."""
TRUST = 10
"""How many excesses that expectation is worth."""
SAME = 1e-9
"""Deviations that differ by less than this share are equal."""
NEVER_BEFORE = 3.0
"""Surprise of any deviation where there was none before, in powers of ten."""


@dataclass
class Tail:
    """Counts within the body and extends the tail by a power law (Hill 1975), whose slope starts from a usual one.

    Only ratios of deviations count, so the unit of the series does not matter.
    """

    _sorted: list[float] = field(default_factory=list)
    _order: deque[float] = field(default_factory=deque)

    def surprise(self, deviation: float) -> float:
        """-log10 of the chance of so large a deviation, by what was seen before it; the deviation is then kept."""
        found = self._judge(deviation) if len(self._sorted) >= FEWEST else 0.0
        self._keep(deviation)
        return found

    def _judge(self, deviation: float) -> float:
        count = len(self._sorted)
        start = int(BODY * count)
        edge = self._sorted[start]
        if deviation <= edge * (1.0 + SAME):
            return -math.log10(1.0 - bisect_left(self._sorted, deviation * (1.0 - SAME)) / (count + 1))
        if edge == 0.0:
            return NEVER_BEFORE
        excesses = [math.log(each / edge) for each in self._sorted[start:]]
        slope = (sum(excesses) + TRUST * USUAL_TAIL) / (len(excesses) + TRUST)
        return -math.log10(1.0 - BODY) + math.log(deviation / edge) / slope / math.log(10.0)

    def _keep(self, deviation: float) -> None:
        insort(self._sorted, deviation)
        self._order.append(deviation)
        if len(self._order) > MEMORY:
            del self._sorted[bisect_left(self._sorted, self._order.popleft())]
