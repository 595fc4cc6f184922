"""What is usual at this hour of this kind of day, and how far a value departs from it; running, without look-ahead.

Robust: median and median deviation of the same hour on the last days of the same kind (working day, weekend, festival
of three days and more), so that one odd day does not become the measure. A drift is the two-sided cumulative sum of
Page (1954) with the usual slack of half a spread: many small departures the same way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

CITY_TIME = ZoneInfo("Asia/Shanghai")
KEPT = 20
"""Values kept for one hour of one kind of day: four working weeks, ten weekends."""
FESTIVAL = 3
"""Days off in a row that make a festival."""
LEAST = 5
MAD_TO_SIGMA = 1.4826
SMALLEST_SPREAD = 0.03
"""Of the usual level, unless told otherwise: a steady series may still tremble."""
SLACK = 0.5
MOST_STEP = 4.0
"""One wild value moves the sum no further than this."""
MOST_SUM = 24.0
"""A drift that is over must be able to end: the sum shrinks by the slack alone."""
ASIDE = timedelta(days=3)
"""A value far out becomes part of what is usual only if the departure lasts longer than this."""
FAR = 4.0


class DayKinds:
    """Which days are alike: working days, weekends, festivals."""

    def __init__(self, is_workday: Callable[[date], bool]) -> None:
        self._is_workday = is_workday
        self._known: dict[date, str] = {}

    def of(self, day: date) -> str:
        """work, weekend, or festival: one of at least three days off in a row."""
        if day not in self._known:
            self._known[day] = self._judge(day)
        return self._known[day]

    def _judge(self, day: date) -> str:
        if self._is_workday(day):
            return "work"
        run = 1 + self._off(day, 1) + self._off(day, -1)
        return "festival" if run >= FESTIVAL else "weekend"

    def _off(self, day: date, step: int) -> int:
        """Days off right after (or before) `day`, as many as matter."""
        count = 0
        while count < FESTIVAL and not self._is_workday(day + timedelta(days=step * (count + 1))):
            count += 1
        return count


@dataclass
class Baseline:
    """One series. Ask for the departure of a value before, or as, it is learned."""

    smallest: float = 0.0
    """A spread below this (in the series' unit) is taken for this: the last digit shown."""
    relative: float = SMALLEST_SPREAD
    """A spread below this share of the usual level is taken for that share."""
    kinds: DayKinds = field(default_factory=lambda: DayKinds(lambda day: day.weekday() < 5))
    _slots: dict[tuple[int, str], deque[float]] = field(default_factory=dict)
    _up: float = 0.0
    _down: float = 0.0
    _far_since: datetime | None = None

    def departure(self, at: datetime, value: float, *, by_hour: bool) -> float | None:
        """Signed, in usual spreads; None while too little is known. The value is learned afterwards."""
        local = at.astimezone(CITY_TIME)
        place = (local.hour if by_hour else -1, self.kinds.of(local.date()))
        slot = self._slots.setdefault(place, deque(maxlen=KEPT))
        found = self._against(slot, value)
        if self._may_learn(at, found):
            slot.append(value)
        self._add(found)
        return found

    @property
    def drift(self) -> float:
        """The larger of both cumulative sums, with its sign, in usual spreads."""
        return self._up if self._up >= self._down else -self._down

    def _against(self, slot: deque[float], value: float) -> float | None:
        if len(slot) < LEAST:
            return None
        centre = median(slot)
        spread = MAD_TO_SIGMA * median(abs(known - centre) for known in slot)
        spread = max(spread, self.relative * abs(centre), self.smallest)
        return (value - centre) / spread if spread > 0 else 0.0

    def _may_learn(self, at: datetime, found: float | None) -> bool:
        if found is None or abs(found) < FAR:
            self._far_since = None
            return True
        self._far_since = self._far_since or at
        return at - self._far_since > ASIDE

    def _add(self, found: float | None) -> None:
        step = max(-MOST_STEP, min(MOST_STEP, found or 0.0))
        self._up = min(MOST_SUM, max(0.0, self._up + step - SLACK))
        self._down = min(MOST_SUM, max(0.0, self._down - step - SLACK))
