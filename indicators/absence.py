"""Why there is no value: a reading without one always says so, and whom to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.definition import Indicator, RegionKind, Source
from indicators.freshness import label_in_words
from indicators.series import RELEASED, REVISED, ROLLED_UP, ZERO_DENOMINATOR

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

_LEVEL_WORDS = {
    RegionKind.CITY: "全市",
    RegionKind.COUNTY: "县（区）",
    RegionKind.ZONE: "功能区",
    RegionKind.TOWN: "镇（街道）",
}
_OWN_FLAGS = frozenset({ROLLED_UP, REVISED, RELEASED})
_FLAG_WORDS: Mapping[str, str] = {ZERO_DENOMINATOR: "分母为 0，无法计算"}


@dataclass(frozen=True, slots=True)
class Missing:
    """The parts that kept a total of `period` from being made, by region code."""

    period: str
    absent: tuple[str, ...]
    bare: tuple[str, ...]


def why_absent(catalogue: Catalogue, indicator: Indicator, region: str, source: Source, *, heard: bool) -> str:
    """Why nothing is known of `indicator` in `region`. `heard`: the source has delivered something at some time."""
    place = catalogue.regions.get(region)
    if place is not None and place.kind not in indicator.levels:
        return f"本指标只按{'、'.join(_LEVEL_WORDS[level] for level in indicator.levels)}统计"
    owner = f"责任单位 {_owner(catalogue, source)}"
    if heard:
        return f"来源“{source.name}”没有送来这项数据，{owner}"
    if not source.connected:
        planned = f"，计划 {source.planned}" if source.planned else ""
        return f"未接入{planned}，{owner}"
    return f"来源“{source.name}”从未送达，{owner}"


def why_empty(quality: tuple[str, ...]) -> str:
    """Why the newest value is a gap, in the words of its source."""
    told = [_FLAG_WORDS.get(flag, flag) for flag in quality if flag not in _OWN_FLAGS]
    return "；".join(told) or "来源未提供数值"


def why_not_added_up(catalogue: Catalogue, missing: Missing) -> str:
    """Which regions keep the total of a period from being made."""
    told = [f"{label_in_words(missing.period).strip()}缺 {_names(catalogue, missing.absent)}"] if missing.absent else []
    if missing.bare:
        told.append(f"{_names(catalogue, missing.bare)}未报分子分母")
    return "，".join(told) + "，不能汇总"


def _names(catalogue: Catalogue, codes: tuple[str, ...]) -> str:
    return "、".join(catalogue.regions[code].name if code in catalogue.regions else code for code in codes)


def _owner(catalogue: Catalogue, source: Source) -> str:
    department = catalogue.departments.get(source.owner)
    return department.name if department is not None else source.owner
