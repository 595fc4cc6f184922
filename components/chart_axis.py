"""The scale of a chart: round steps, at most four grid lines, period labels shortened to what changes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from components import numbers

MOST_LINES = 4
_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
_PAD = 0.06
"""Part of the spread left free above and below."""
_LEAST = 1e-4
"""A smaller spread is drawn as a level: its lines could not be told apart in words."""
_QUARTER = {"Q1": "一季度", "Q2": "二季度", "Q3": "三季度", "Q4": "四季度"}


@dataclass(frozen=True)
class Axis:
    """From `low` to `high` with lines `at` these values, written as `words`; values of `unit` divided by `divisor`."""

    low: float
    high: float
    at: tuple[float, ...]
    words: tuple[str, ...]

    def data(self) -> dict[str, object]:
        """As the browser reads it."""
        return {"low": self.low, "high": self.high, "at": self.at, "words": self.words}


def axis(
    values: Iterable[float | None], *, zero: bool = False, most: int = MOST_LINES, ceiling: float | None = None
) -> Axis:
    """An axis that holds all `values`; with `zero` also zero, and then it begins or ends exactly there.

    No line is drawn beyond `ceiling` while no value is: a share of 100 % has nothing above it.
    """
    known = [value for value in values if numbers.is_number(value)] + ([0.0] if zero else [])
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if high - low < _LEAST:
        room = max(abs(low), abs(high), 0.01) / 2
        low, high = low - (room if ceiling is None else min(room, ceiling / 10)), high + room
    if ceiling is not None and max(known, default=0.0) <= ceiling:
        high = min(high, ceiling)
    step = _step(high - low, most)
    pad = _PAD * (high - low)
    bottom = low if zero and low == 0 else low - pad
    top = high if zero and high == 0 else high + pad
    at = _lines(bottom, min(top, ceiling) if ceiling is not None and high <= ceiling else top, step)
    decimals = _decimals(step)
    return Axis(bottom, top, at, tuple(_tick(value, decimals) for value in at))


def ceiling_of(unit: str) -> float | None:
    """Above which no value of `unit` is expected."""
    return 100.0 if unit == "%" else None


def shortened(labels: Sequence[str], most: int = 6) -> list[tuple[int, str]]:
    """Some of the period `labels` by index, first and last among them, without what the tick before says already."""
    chosen = _spaced(len(labels), most)
    said: list[tuple[int, str]] = []
    before = ""
    for index in chosen:
        said.append((index, _without(labels[index], before)))
        before = labels[index]
    return said


def _step(spread: float, most: int) -> float:
    """The smallest round step with which at most `most` lines fall into the spread and its padding."""
    whole = spread * (1 + 2 * _PAD)
    power = 10.0 ** math.floor(math.log10(whole / most))
    return next(step * power for step in (*_ROUND, 20.0) if whole / (step * power) < most)


def _lines(bottom: float, top: float, step: float) -> tuple[float, ...]:
    first, last = math.ceil(bottom / step - 1e-9), math.floor(top / step + 1e-9)
    return tuple(round(index * step, 12) for index in range(first, last + 1))


def _decimals(step: float) -> int:
    return next((places for places in range(7) if abs(round(step, places) - step) < step * 1e-6), 6)


def _tick(value: float, decimals: int) -> str:
    """All ticks of an axis have the same number of places: 0.5, 1.0, 1.5."""
    return f"{value:,.{decimals}f}".replace("-", numbers.MINUS)


def _spaced(count: int, most: int) -> list[int]:
    if count <= most:
        return list(range(count))
    return sorted({round(index * (count - 1) / (most - 1)) for index in range(most)})


def _without(label: str, before: str) -> str:
    """2026-05 after 2026-02 is 05; 2026-Q3 is 三季度; 2026-11-22T14:05 on the same day is 14:05."""
    day, _, hour = label.partition("T")
    if hour:
        return hour if before.startswith(f"{day}T") else f"{day[5:]} {hour}"
    year, _, rest = label.partition("-")
    if not rest:
        return label
    if len(rest) == 5 and (not before or before.startswith(year)):
        return rest
    words = _QUARTER.get(rest, rest)
    return words if before.startswith(f"{year}-") else f"{year}{'' if rest in _QUARTER else '-'}{words}"
