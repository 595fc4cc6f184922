"""Which figure a delivered row names, and whether its numbers are numbers; what cannot be recognised is held."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from access.actor import EVERYWHERE, Scope
from datasources.delivery.observation import Observation
from datasources.delivery.period import Frequency, frequency_of
from indicators.arrival import Reason
from indicators.definition import Indicator

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

LARGEST = 1e15
"""No figure of a city is larger in any unit; sums of such numbers stay exact enough and never overflow."""
_SUGGESTIONS = 100
"""Misspelt names that get a "您是否想填": looking for the nearest name is slow, and files can be nasty."""
_LONGEST_DIM = 120
_WORDS = {
    Frequency.YEARLY: "年度",
    Frequency.QUARTERLY: "季度",
    Frequency.MONTHLY: "月度",
    Frequency.DAILY: "每日",
    Frequency.HOURLY: "每小时",
    Frequency.MINUTE: "分钟级",
    Frequency.REALTIME: "实时",
}
BASIS_WORDS = {"period": "当期", "ytd": "年初累计", "point": "时点"}
_LEVEL_WORDS = {"city": "全市", "county": "县（区）", "zone": "功能区", "town": "镇（街道）"}
_WITH_PARTS = frozenset({"ratio", "weighted", "mean"})


class Recogniser:
    """Finds the indicator of each row. Remembers what it found: a file repeats the same figures many times.

    `scope`: a region outside of it is as unknown as one that is none.
    """

    def __init__(self, catalogue: Catalogue, scope: Scope = EVERYWHERE) -> None:
        self._catalogue = catalogue
        self._regions = {code: one for code, one in catalogue.regions.items() if scope.allows(code)}
        self._figures: dict[tuple[str, str, str], tuple[Indicator | None, list[Reason]]] = {}
        self._suggested = 0

    def recognise(self, row: Observation) -> tuple[Indicator | None, list[Reason]]:
        """The indicator `row` speaks of, and all that keeps the row from being weighed (then it must be held)."""
        key = (row.indicator, row.region, row.dim)
        found = self._figures.get(key)
        if found is None:
            found = self._figures[key] = self._figure(*key)
        indicator, reasons = found
        if indicator is None:
            return found
        misfits = [*_period_misfit(indicator, row), *_number_misfits(indicator, row)]
        return (indicator, reasons + misfits) if misfits else found

    def _figure(self, code: str, region_code: str, dim: str) -> tuple[Indicator | None, list[Reason]]:
        indicator = self._catalogue.indicators.get(code)
        region = self._regions.get(region_code)
        reasons: list[Reason] = []
        if indicator is None:
            reasons.append(Reason("indicator", f"没有指标“{code[:40]}”" + self._near(code, self._catalogue.indicators)))
        if region is None:
            reasons.append(Reason("region", f"没有地区“{region_code[:40]}”" + self._near(region_code, self._places())))
        if indicator and region and region.kind not in indicator.levels:
            levels = "、".join(_LEVEL_WORDS[level] for level in indicator.levels)
            reasons.append(Reason("level", f"{indicator.code} 按{levels}统计，不收{region.name}的数据"))
        if indicator:
            reasons.extend(_dim_misfit(indicator, dim))
        return indicator, reasons

    def _places(self) -> Iterable[str]:
        for region in self._regions.values():
            yield region.code
            yield region.name

    def _near(self, given: str, known: Iterable[str]) -> str:
        self._suggested += 1
        near = get_close_matches(given[:40], list(known), n=1) if self._suggested <= _SUGGESTIONS else []
        return f"，您是否想填“{near[0]}”？" if near else "，请核对编码"


def _dim_misfit(indicator: Indicator, dim: str) -> list[Reason]:
    if not dim:
        return []
    name, _, member = dim.partition("=")
    if name in indicator.dims and member and member.isprintable() and len(dim) <= _LONGEST_DIM:
        return []
    allowed = "、".join(f"{known}=…" for known in indicator.dims) or "无细分维度"
    return [Reason("dim", f"{indicator.code} 没有维度“{dim[:40]}”，可用：{allowed}")]


def _period_misfit(indicator: Indicator, row: Observation) -> list[Reason]:
    frequency = _frequency(row.period)
    if frequency is None:
        return [Reason("period", f"时期“{row.period[:40]}”无法识别，应如 2025、2025-Q3、2025-09 或 2025-09-03T14:05")]
    if frequency is not _grid(indicator.frequency):
        return [Reason("period", f"{indicator.code} 是{_WORDS[indicator.frequency]}指标，收到的时期 {row.period} 不是")]
    if row.observed_at is not None and row.observed_at.tzinfo is None:
        return [Reason("clock", "观测时间没有时区，请注明，如 2026-11-22T14:05:00+08:00")]
    return _basis_misfit(indicator, row)


def _basis_misfit(indicator: Indicator, row: Observation) -> list[Reason]:
    """A year-to-date figure is the figure of the period only in the first period of the year."""
    basis = row.basis
    if basis is None or basis == indicator.basis:
        return []
    begins_the_year = len(row.period) == 4 or row.period[4:] in {"-01", "-Q1", "-01-01"}
    if begins_the_year and {basis, indicator.basis} == {"period", "ytd"}:
        return []
    given, wanted = BASIS_WORDS.get(basis, basis), BASIS_WORDS[indicator.basis]
    return [Reason("basis", f"{indicator.code} 按“{wanted}”填报，收到的是“{given}”数，两者不能混用")]


def _number_misfits(indicator: Indicator, row: Observation) -> list[Reason]:
    reasons = [
        Reason("number", f"{name}不是有效数字，或大到不可能")
        for name, number in (("数值", row.value), ("分子", row.numerator), ("分母", row.denominator))
        if number is not None and not _is_plausible(number)
    ]
    if (row.numerator is None) is not (row.denominator is None) and indicator.aggregation in _WITH_PARTS:
        reasons.append(Reason("ratio", "分子和分母应同时提供，或都不提供"))
    if row.denominator is not None and indicator.aggregation in _WITH_PARTS and row.denominator < 0:
        reasons.append(Reason("ratio", f"分母为负数（{row.denominator:g}）"))
    return reasons


def _is_plausible(number: object) -> bool:
    """False for NaN, infinity, numbers no city produces, and what is no number at all."""
    return isinstance(number, int | float) and -LARGEST <= number <= LARGEST


def _grid(frequency: Frequency) -> Frequency:
    return Frequency.MINUTE if frequency is Frequency.REALTIME else frequency


@lru_cache(maxsize=65536)
def _frequency(label: str) -> Frequency | None:
    try:
        return frequency_of(label)
    except ValueError:
        return None
