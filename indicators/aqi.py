"""Air quality index of a day from its concentrations, by HJ 633-2012.

Source: HJ 633-2012 《环境空气质量指数（AQI）技术规定（试行）》: breakpoints of its table 1, linear between them,
results rounded up to whole numbers, a primary pollutant above 50. A later edition of the standard is a new table here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, isfinite

INDEX_STEPS = (0, 50, 100, 150, 200, 300, 400, 500)
TOP = 500


class Pollutant(StrEnum):
    """The six of a daily index. Unit µg/m³, CO mg/m³; 24-hour means, O3 the largest 8-hour mean of the day."""

    SO2 = "so2"
    NO2 = "no2"
    PM10 = "pm10"
    CO = "co"
    O3_8H = "o3_8h"
    PM25 = "pm25"


BREAKPOINTS: Mapping[Pollutant, tuple[int, ...]] = {
    Pollutant.SO2: (0, 50, 150, 475, 800, 1600, 2100, 2620),
    Pollutant.NO2: (0, 40, 80, 180, 280, 565, 750, 940),
    Pollutant.PM10: (0, 50, 150, 250, 350, 420, 500, 600),
    Pollutant.CO: (0, 2, 4, 14, 24, 36, 48, 60),
    Pollutant.O3_8H: (0, 100, 160, 215, 265, 800),
    Pollutant.PM25: (0, 35, 75, 115, 150, 250, 350, 500),
}
"""Concentrations at INDEX_STEPS. Above 800 µg/m³ the 8-hour ozone has no index of its own: it stays at 300."""

LEVELS = ((50, "优"), (100, "良"), (150, "轻度污染"), (200, "中度污染"), (300, "重度污染"), (TOP, "严重污染"))


class NoIndex(ValueError):
    """The concentrations allow no index: one is missing, negative or no number."""


@dataclass(frozen=True)
class AirQuality:
    """The index of a day, its level in words and what drove it (`primary` is empty up to 50)."""

    index: int
    level: str
    primary: tuple[Pollutant, ...]
    parts: Mapping[Pollutant, int]


def part_index(pollutant: Pollutant, concentration: float) -> int:
    """IAQI of one pollutant, rounded up; beyond the table its last step."""
    if not isfinite(concentration) or concentration < 0:
        raise NoIndex(f"{pollutant}：浓度 {concentration} 不是有效的非负数")
    exact = Fraction(Decimal(str(concentration)))  # as printed: 0.6 must not be rounded up from 0.6000000000000001
    points = BREAKPOINTS[pollutant]
    for place in range(1, len(points)):
        if exact <= points[place]:
            return ceil(_between(exact, points[place - 1 : place + 1], INDEX_STEPS[place - 1 : place + 1]))
    return INDEX_STEPS[len(points) - 1]


def air_quality(concentrations: Mapping[Pollutant, float]) -> AirQuality:
    """The index of a day; NoIndex unless all six pollutants are there."""
    missing = [pollutant.value for pollutant in Pollutant if pollutant not in concentrations]
    if missing:
        raise NoIndex(f"缺少浓度：{'、'.join(missing)}，不能计算当日空气质量指数")
    parts = {pollutant: part_index(pollutant, concentrations[pollutant]) for pollutant in Pollutant}
    index = max(parts.values())
    primary = tuple(pollutant for pollutant, part in parts.items() if part == index) if index > LEVELS[0][0] else ()
    return AirQuality(index, level_of(index), primary, parts)


def level_of(index: int) -> str:
    """The words of table 2 for an index of 0 to 500; NoIndex outside."""
    if 0 <= index <= TOP:
        return next(words for limit, words in LEVELS if index <= limit)
    raise NoIndex(f"空气质量指数 {index} 不在 0 至 {TOP} 之间")


def _between(value: Fraction, points: tuple[int, ...], steps: tuple[int, ...]) -> Fraction:
    return Fraction(steps[1] - steps[0], points[1] - points[0]) * (value - points[0]) + steps[0]
