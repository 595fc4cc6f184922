"""Counts of people too small to be handed to others: who shares a table must not point at somebody.

One to four people, cases or households in a town can be named by their neighbours. Shared files give such a count as
"<5", and neither a share nor a running total from which it could be worked out (threshold rule; see Hundepool et al.,
Statistical Disclosure Control, 2012, section 4.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from indicators.reading import Reading

SMALLEST = 5
"""Counts from 1 to below this are not shared."""
COUNTED = frozenset({"人", "人次", "例", "件", "起", "宗", "户", "名", "通", "条"})
"""Units of things that happen to people; firms, roads and buildings are no persons."""
WITHHELD = f"小于 {SMALLEST}，共享时不给出具体数值"


def for_sharing(readings: Iterable[Reading]) -> Iterator[Reading]:
    """The same readings, in their order, without small counts. Those of one series come one after another."""
    before: Reading | None = None
    for one in readings:
        yield _without(one) if _is_small(one, before) else _without_early_points(one)
        before = one


def is_small(count: float | None) -> bool:
    """True for a count that points at few: 1 to 4. Zero points at nobody."""
    return count is not None and 0 < count < SMALLEST


def _is_small(one: Reading, before: Reading | None) -> bool:
    if one.unit in COUNTED:
        return is_small(one.value) or is_small(_step(one, before))
    return any(is_small(count) for count in (one.numerator, one.denominator, _rest(one)))


def _rest(one: Reading) -> float | None:
    """Those of a share that are not meant by it: 98 of 100 vaccinated names two."""
    return None if one.numerator is None or one.denominator is None else one.denominator - one.numerator


def _step(one: Reading, before: Reading | None) -> float | None:
    """What a running total grew by since the reading before; None if they are not of one year's series."""
    if before is None or one.basis != "ytd" or one.value is None or before.value is None:
        return None
    is_same = (one.world, one.indicator, one.region, one.dim) == (
        before.world, before.indicator, before.region, before.dim,
    )  # fmt: skip
    return one.value - before.value if is_same and one.period[:4] == before.period[:4] else None


def _without(one: Reading) -> Reading:
    return replace(one, value=None, numerator=None, denominator=None, reason=WITHHELD, history=())


def _without_early_points(one: Reading) -> Reading:
    if one.unit not in COUNTED:
        return one
    return replace(one, history=tuple((period, None if is_small(value) else value) for period, value in one.history))
