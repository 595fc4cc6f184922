"""A monthly, quarterly or yearly report of the demo city as the lines of a sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasources.delivery.observation import Observation
from datasources.delivery.period import Frequency, frequency_of

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue
    from indicators.definition import Indicator

Cell = str | float | None
_HEADINGS: tuple[Cell, ...] = ("指标名称", "地区", "时期", "数值", "分子", "分母", "单位")
_NO_UNIT = frozenset({"-", "上年同期=100"})


@dataclass(frozen=True)
class Sheet:
    """Title, headings, one line per reading, footnote. `name` is a file name without its ending."""

    name: str
    lines: tuple[tuple[Cell, ...], ...]

    @classmethod
    def of(cls, catalogue: Catalogue, source: str, readings: Sequence[Observation]) -> Sheet:
        """The sheet of one source."""
        title = catalogue.source(source).name
        newest = max(reading.period for reading in readings)
        names = _names(catalogue)
        body = [_line(catalogue.indicators[one.indicator], names[one.region], one) for one in readings]
        note = ("注：本表由演示城市生成，全部为模拟数据。",)
        lines = ((f"{title}（{newest}）",), _HEADINGS, *body, note)
        return cls(re.sub(r"[\\/:*?\"<>|\s]", "_", f"{title}_{newest}"), lines)


def _names(catalogue: Catalogue) -> dict[str, str]:
    """What departments call the regions; the code where a name is not the only one."""
    times = Counter(region.name for region in catalogue.regions.values())
    return {code: region.name if times[region.name] == 1 else code for code, region in catalogue.regions.items()}


def _line(indicator: Indicator, place: str, one: Observation) -> tuple[Cell, ...]:
    unit = "" if indicator.unit in _NO_UNIT else indicator.unit
    period = in_words(one.period, cumulative=indicator.basis == "ytd")
    return (indicator.name, place, period, one.value, one.numerator, one.denominator, unit)


def in_words(label: str, *, cumulative: bool = False) -> str:
    """2026年10月, 2026年1-9月 since New Year, 2026年三季度, 2025年."""
    year = label[:4]
    match frequency_of(label):
        case Frequency.MONTHLY if cumulative and label[5:] != "01":
            return f"{year}年1-{int(label[5:])}月"
        case Frequency.MONTHLY:
            return f"{year}年{int(label[5:])}月"
        case Frequency.QUARTERLY if cumulative:
            return f"{year}年1-{int(label[6:]) * 3}月"
        case Frequency.QUARTERLY:
            return f"{year}年{'一二三四'[int(label[6:]) - 1]}季度"
        case _:
            return f"{year}年"
