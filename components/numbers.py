"""How numbers are written on every screen: 986.4 亿元, 4,268 件, ▲0.5pp, —; one place, no exceptions.

Rules (design §2): thousands comma, 3–4 significant digits, 万 and 亿 for what can be counted, U+2212 for minus,
an em dash for what is missing. A missing number is never written as 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeGuard

MINUS = "\u2212"
MISSING = "—"
UP, DOWN, LEVEL = "▲", "▼", "持平"

_COUNTED = frozenset(
    {"个", "家", "人", "件", "项", "次", "起", "条", "户", "套", "处", "人次", "吨", "艘", "头", "册次", "辆", "盏"}
    | {"所", "座", "路", "通", "台", "张", "核", "千瓦时", "千瓦", "平方米", "标箱", "元"}
)
"""Units that may carry 万 or 亿 in front."""

_WRITTEN = {"-": "", "上年同期=100": "", "1/10万": "/10万", "微克/立方米": "μg/m³"}
"""Units of the catalogue that read differently beside a number."""

_DIGITS = 6
"""Decimals of an exact number; beyond them is only the noise of floating point."""
_ROOM = ((4, 10), (3, 10), (2, 100), (1, 1000))
"""So many decimals may be shown below this size."""


@dataclass(frozen=True)
class Figure:
    """A number as written and the unit beside it; `exact` is the number with every digit we have, for tooltips."""

    text: str
    unit: str
    exact: str

    @property
    def spoken(self) -> str:
        """For screen readers and titles: '12.86 米'."""
        joint = "" if self.unit.startswith(("%", "‰", "/")) else " "
        return f"{self.text}{joint}{self.unit}".strip() if self.text != MISSING else "无数据"

    @property
    def compact(self) -> str:
        """For tiles: '95.1%', '986.4 亿元'."""
        return self.spoken if self.text != MISSING else MISSING


def figure(value: float | None, unit: str, decimals: int) -> Figure:
    """`value` of `unit` for the screen, at most `decimals` places, scaled to 万 or 亿 where the unit allows it."""
    if not is_number(value):
        return Figure(MISSING, "", MISSING)
    number, written = Decimal(repr(float(value))), _WRITTEN.get(unit, unit)
    exact = f"{_plain(value)} {written}".strip()
    for step, below, name in _ladder(unit):
        if abs(_round(number / below, 0)) * below >= step:
            return Figure(_grouped(number / step, 2), name, exact)
    return Figure(_grouped(number, decimals), written, exact)


@dataclass(frozen=True)
class Scale:
    """One unit for all numbers of a chart: each value divided by `divisor` is in `unit`."""

    divisor: float
    unit: str

    def sized(self, value: float | None) -> float | None:
        """`value` on this scale, without the noise of floating point; None if it is missing."""
        return float(f"{value / self.divisor:.10g}") if is_number(value) else None

    def plain(self, value: float | None, decimals: int) -> str:
        """The number alone: '3.7', '1,263', '—'. On 万 and 亿 with two places, as everywhere (see `figure`)."""
        return plain(self.sized(value), decimals if self.divisor == 1 else max(decimals, 2))

    def words(self, value: float | None, decimals: int) -> str:
        """With its unit: '3.7%', '1,263 亿元', '—'."""
        text = self.plain(value, decimals)
        return text if text == MISSING else Figure(text, self.unit, text).spoken


def scale(values: Iterable[float | None], unit: str) -> Scale:
    """The scale on which the largest of `values` is written with at most four digits before its point."""
    largest = max((abs(value) for value in values if is_number(value)), default=0.0)
    for step, _, name in _ladder(unit):
        if largest >= step:
            return Scale(float(step), name)
    return Scale(1.0, _WRITTEN.get(unit, unit))


def is_number(value: float | None) -> TypeGuard[float]:
    """True for a finite number; None, NaN and infinities are missing."""
    return value is not None and math.isfinite(value)


def plain(value: float | None, decimals: int) -> str:
    """`value` with at most `decimals` places and thousands commas, unit and scale untouched."""
    if not is_number(value):
        return MISSING
    return _grouped(Decimal(repr(float(value))), decimals)


def change(amount: float | None, decimals: int, unit: str = "") -> str:
    """A step up or down: ▲4.1%, ▼0.5pp, 持平. The sign is in the arrow; what rounds to nothing is 持平."""
    if not is_number(amount):
        return MISSING
    text = _grouped(abs(Decimal(repr(float(amount)))), decimals)
    if not text.strip("0."):
        return LEVEL
    return f"{UP if amount > 0 else DOWN}{text}{unit}"


def unit_words(unit: str) -> str:
    """A unit standing alone: the catalogue writes '-' for figures without one."""
    return "无量纲" if unit == "-" else unit


def share(part: float, whole: float) -> str:
    """`part` of `whole` in per cent with one decimal: 96.4%."""
    return f"{plain(100 * part / whole, 1)}%" if whole else MISSING


def _ladder(unit: str) -> list[tuple[int, int, str]]:
    """Steps at which `unit` changes its name, largest first, each with the step below it."""
    if unit in _COUNTED:
        return [(10**8, 10**4, f"亿{unit}"), (10**4, 1, f"万{unit}")]
    if unit.startswith("万") and unit[1:] in _COUNTED:
        return [(10**4, 1, f"亿{unit[1:]}")]
    return []


def _grouped(value: Decimal, decimals: int) -> str:
    places = next((p for p, below in _ROOM if p <= decimals and abs(_round(value, p)) < below), 0)
    rounded = _round(value, places)
    sign = MINUS if rounded < 0 else ""
    return f"{sign}{abs(rounded):,f}"


def _round(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _plain(value: float) -> str:
    text = f"{_round(Decimal(repr(float(value))), _DIGITS).normalize():,f}"
    return text.replace("-", MINUS) if text.strip("-0.,") else "0"
