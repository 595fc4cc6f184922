"""Five lamps from too cold to too hot, each by bounds whose source is written beside them.

Method: the lamps of the 中经景气 indices: 蓝 过冷, 浅蓝 偏冷, 绿 正常, 黄 偏热, 红 过热, scored 1 to 5; composite
in per cent of full marks with the usual cut-offs 36, 50, 73, 85. These colours speak of heat, not of danger: the
word is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from statistics import fmean, quantiles

CUTS = (36.0, 50.0, 73.0, 85.0)
QUANTILES = (10, 25, 75, 90)
LEAST = 20
"""Past values below which quantiles are no bounds."""


class Lamp(IntEnum):
    """The score of a lamp."""

    TOO_COLD = 1
    COLD = 2
    NORMAL = 3
    HOT = 4
    TOO_HOT = 5


WORDS = {
    Lamp.TOO_COLD: ("蓝灯", "过冷"),
    Lamp.COLD: ("浅蓝灯", "偏冷"),
    Lamp.NORMAL: ("绿灯", "正常"),
    Lamp.HOT: ("黄灯", "偏热"),
    Lamp.TOO_HOT: ("红灯", "过热"),
}


@dataclass(frozen=True)
class Bounds:
    """Four rising limits between the five lamps, in the indicator's unit, and who says so."""

    limits: tuple[float, float, float, float]
    source: str

    def __post_init__(self) -> None:
        if list(self.limits) != sorted(self.limits):
            raise ValueError(f"bounds must rise: {self.limits}")


def lamp(value: float, bounds: Bounds) -> Lamp:
    """The lamp of `value`; a value on a limit belongs to the warmer side."""
    return Lamp(1 + sum(value >= limit for limit in bounds.limits))


def bounds_of(past: Sequence[float]) -> Bounds | None:
    """The 10, 25, 75 and 90 % quantiles of the past; None if it is too short to say what is normal."""
    if len(past) < LEAST:
        return None
    hundredths = quantiles(past, n=100, method="inclusive")
    ten, quarter, three, ninety = (hundredths[q - 1] for q in QUANTILES)
    return Bounds((ten, quarter, three, ninety), f"近 {len(past)} 期分位数（10/25/75/90%）")


def composite(lamps: Sequence[Lamp]) -> tuple[float, Lamp] | None:
    """Per cent of full marks and the lamp of the whole; None without any lamp."""
    if not lamps:
        return None
    score = 100 * fmean(lamps) / len(Lamp)
    return score, Lamp(1 + sum(score >= cut for cut in CUTS))
