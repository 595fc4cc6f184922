"""Regions side by side: ranked where that is fair, and otherwise a sentence that says why not.

Ratios are ranked by their value, amounts by their value per 10,000 residents. Nothing is ranked that has no good
direction, that is not of the same period, that rests on a handful of cases, or of which there is only one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indicators.definition import Indicator
from indicators.reading import Freshness, Reading

FEWEST_CASES = 30.0
LEAST_PEERS = 3
PER = 10_000.0
_DIVIDED = frozenset({"ratio", "weighted", "mean"})
_OLD = frozenset({Freshness.STALE, Freshness.DEAD})


@dataclass(frozen=True)
class Ranked:
    """One region: `rank` counts from 1, equal figures share one; `compared` is what was ranked by."""

    region: str
    value: float | None
    compared: float | None
    people: float | None
    rank: int | None
    reason: str | None = None


@dataclass(frozen=True)
class Ranking:
    """The regions best first, or in the given order with `refused` saying why there is no rank."""

    rows: tuple[Ranked, ...]
    basis: str
    refused: str | None


def rank(indicator: Indicator, found: Mapping[str, Reading], people: Mapping[str, float]) -> Ranking:
    """`found`: newest reading by region; `people`: residents by region, as far as known."""
    is_rate = indicator.aggregation in _DIVIDED or indicator.unit in {"%", "‰"}
    basis = "按指标值比较" if is_rate else "按每万常住人口比较，总量不排名"
    rows = [_row(indicator, region, one, people.get(region), is_rate) for region, one in found.items()]
    refused = _refusal(indicator, found, rows, is_rate)
    if refused:
        return Ranking(tuple(rows), basis, refused)
    better = -1.0 if indicator.direction == "higher_better" else 1.0
    known = sorted((row for row in rows if row.compared is not None), key=lambda row: better * (row.compared or 0.0))
    ranked = [_ranked(indicator, row, known, is_rate) for row in known]
    return Ranking((*ranked, *(row for row in rows if row.compared is None)), basis, None)


def _row(indicator: Indicator, region: str, one: Reading, people: float | None, is_rate: bool) -> Ranked:
    reason = _absence(one)
    compared = None if reason else one.value if is_rate else _per_head(one.value, people)
    return Ranked(region, one.value, compared, people, None, reason)


def _absence(one: Reading) -> str | None:
    if one.value is None:
        return one.reason or "没有数据"
    return "数据过期，不参与排名" if one.freshness in _OLD else None


def _refusal(indicator: Indicator, found: Mapping[str, Reading], rows: list[Ranked], is_rate: bool) -> str | None:
    if indicator.direction not in {"higher_better", "lower_better"}:
        return "本指标不分高低，不排名"
    known = [row for row in rows if row.reason is None]
    if len(known) < LEAST_PEERS:
        return f"可比的只有 {len(known)} 个，不足 {LEAST_PEERS} 个，不排名"
    if len({found[row.region].period for row in known}) > 1:
        return "各地数据不是同一时期，不排名"
    few = [row.region for row in known if _is_few(indicator, found[row.region])]
    if is_rate and few:
        return f"有 {len(few)} 个区域样本不足 {FEWEST_CASES:g} 例，一两例之差即改变名次，不排名"
    if not is_rate and any(row.people is None for row in known):
        return "总量取决于体量，且没有可用的人口口径，不排名"
    return None


def _is_few(indicator: Indicator, one: Reading) -> bool:
    """Cases are counted only where the ratio is one of cases: growth rates divide amounts."""
    return indicator.aggregation == "ratio" and one.denominator is not None and one.denominator < FEWEST_CASES


def _per_head(value: float | None, people: float | None) -> float | None:
    return value * PER / people if value is not None and people else None


def _ranked(indicator: Indicator, row: Ranked, known: list[Ranked], is_rate: bool) -> Ranked:
    """Figures that are printed alike share the better rank."""
    shown = [_printed(indicator, one.compared, is_rate) for one in known]
    place = shown.index(_printed(indicator, row.compared, is_rate)) + 1
    return Ranked(row.region, row.value, row.compared, row.people, place)


def _printed(indicator: Indicator, value: float | None, is_rate: bool) -> float:
    return round(value or 0.0, indicator.decimals if is_rate else 4)
