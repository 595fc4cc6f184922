"""Who made the change of a figure: read for its regions or its parts, and worked out by `contribution.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from access.actor import Actor
from datasources.delivery.period import Frequency, following, frequency_of
from indicators.contribution import Breakdown, Fraction, drag, of_pull, of_ratio, of_sum
from indicators.definition import Indicator
from indicators.lunar import Pair, year_pair
from indicators.reading import Reading, World
from indicators.readings import latest_in
from indicators.vintages import history

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

REST = "rest:"
"""Before the code of a figure: what its parts leave of it."""
_DIVIDED = frozenset({"ratio", "weighted", "mean"})
_RATIO = frozenset({"ratio", "mean"})
_TAILS = ("（累计）", "（不变价）", "同比增速", "规上增加值", "增加值", "总额")

Amounts = tuple[float | None, float | None, float | None]
"""Value, numerator and denominator over the periods compared."""


@dataclass(frozen=True)
class Attribution:
    """A worked-out change: between which periods, of what, by whom. `names` of the parts by key."""

    indicator: Indicator
    region: str
    pair: Pair
    breakdown: Breakdown
    names: Mapping[str, str]
    hrefs: Mapping[str, str]
    """Part → the code (for parts) or region (for regions) it stands for."""


@dataclass(frozen=True)
class Unexplained:
    """Why there is no breakdown."""

    reason: str


Source = tuple[Connection, "Catalogue", Actor]


def by_region(source: Source, *, world: World, code: str, region: str, now: datetime) -> Attribution | Unexplained:
    """The change of the newest figure of `region` since the year before, by the regions that add up to it."""
    _, catalogue, _ = source
    indicator, children = catalogue.indicators[code], catalogue.children(region)
    if not children or children[0].kind not in indicator.levels:
        return Unexplained("本级以下没有分区域数据")
    pair = _pair(source, world, code, region, now)
    if isinstance(pair, Unexplained):
        return pair
    keys = {child.code: (code, child.code) for child in children}
    found = _attributed(source, world, indicator, region, pair, keys, now)
    if isinstance(found, Unexplained):
        return found
    names = {child.code: child.short for child in children}
    return Attribution(indicator, region, pair, found, names, {child.code: child.code for child in children})


def by_parts(source: Source, *, world: World, code: str, region: str, now: datetime) -> Attribution | Unexplained:
    """The same by the indicators the catalogue names as parts; what they leave is a part by itself."""
    _, catalogue, _ = source
    indicator = catalogue.indicators[code]
    if not indicator.parts:
        return Unexplained("目录没有为本指标写明分项")
    pair = _pair(source, world, code, region, now)
    if isinstance(pair, Unexplained):
        return pair
    leaves = _leaves(catalogue, indicator)
    read = {one: _both(source, world, one, region, pair, now) for one in {code, *leaves, *_inner(catalogue, indicator)}}
    amounts = {leaf: read[leaf] for leaf in leaves}
    for whole in (code, *_inner(catalogue, indicator)):
        rest = _less(read[whole], [read[part] for part in catalogue.indicators[whole].parts])
        if not _is_nothing(indicator, rest):
            amounts[REST + whole] = rest
    found = _broken_down(indicator, read[code], amounts)
    if isinstance(found, Unexplained):
        return found
    return Attribution(indicator, region, pair, found, {key: _name(catalogue, key) for key in amounts}, _codes(amounts))


def drags(indicator: Indicator, found: Mapping[str, Reading], whole: str) -> dict[str, float]:
    """Region → points by which it holds `whole` back (the worse, the lower), from newest readings of one period.

    Weight × (its rate − the whole's) for ratios, turned over where low is good; nothing for other figures.
    """
    total = found.get(whole)
    if total is None or total.value is None or not total.denominator or indicator.aggregation not in _DIVIDED:
        return {}
    sign = {"higher_better": 1.0, "lower_better": -1.0}.get(indicator.direction)
    if sign is None:
        return {}
    return {
        region: sign * drag(one.value, one.denominator / total.denominator, total.value)
        for region, one in found.items()
        if region != whole and one.value is not None and one.denominator and one.period == total.period
    }


def worst(source: Source, *, world: World, code: str, now: datetime) -> str | None:
    """The county that holds the city back most; None where that cannot be told."""
    connection, catalogue, by = source
    city = catalogue.city.code
    places = [city, *(child.code for child in catalogue.children(city))]
    found = latest_in(connection, catalogue, by, world=world, code=code, regions=places, now=now)
    ranked = drags(catalogue.indicators[code], found, city)
    return min(ranked, key=lambda region: ranked[region]) if ranked else None


def _attributed(
    source: Source, world: World, indicator: Indicator, region: str, pair: Pair,
    keys: Mapping[str, tuple[str, str]], now: datetime,
) -> Breakdown | Unexplained:  # fmt: skip
    total = _both(source, world, indicator.code, region, pair, now)
    parts = {key: _both(source, world, code, place, pair, now) for key, (code, place) in keys.items()}
    return _broken_down(indicator, total, parts)


def _broken_down(
    indicator: Indicator, total: tuple[Amounts, Amounts], parts: Mapping[str, tuple[Amounts, Amounts]]
) -> Breakdown | Unexplained:
    if indicator.aggregation == "sum":
        return _sums(total, parts)
    if indicator.aggregation not in _DIVIDED:
        return Unexplained("本指标不由分项相加而成，不作贡献分解")
    before, now = (_fraction(amounts) for amounts in total)
    known = {key: (_fraction(one[0]), _fraction(one[1])) for key, one in parts.items()}
    whole = {key: (then, today) for key, (then, today) in known.items() if then and today}
    if before is None or now is None or len(whole) < len(known):
        return Unexplained("上年同期或本期的分子、分母不全，不能分解")
    work = of_ratio if indicator.aggregation in _RATIO else of_pull
    return work(indicator.scale, before, now, whole)


def _sums(total: tuple[Amounts, Amounts], parts: Mapping[str, tuple[Amounts, Amounts]]) -> Breakdown | Unexplained:
    before, now = total[0][0], total[1][0]
    known = {
        key: (one[0][0], one[1][0]) for key, one in parts.items() if one[0][0] is not None and one[1][0] is not None
    }
    if not before or before < 0 or now is None or len(known) < len(parts):
        return Unexplained("上年同期或本期数据不全，不能分解")
    return of_sum((before, now), known)


def _fraction(amounts: Amounts) -> Fraction | None:
    _, above, below = amounts
    return Fraction(above, below) if above is not None and below is not None and below >= 0 else None


_DAY_BEFORE = {Frequency.HOURLY: 24}


def _pair(source: Source, world: World, code: str, region: str, now: datetime) -> Pair | Unexplained:
    """The newest period and the one a year before, by the lunar calendar where that is fair; hours a day before."""
    connection, catalogue, by = source
    newest = latest_in(connection, catalogue, by, world=world, code=code, regions=[region], now=now).get(region)
    if newest is None or newest.value is None:
        return Unexplained((newest.reason if newest else None) or "没有数据")
    frequency = frequency_of(newest.period)
    if frequency is Frequency.MINUTE:
        return Unexplained("实时数逐分钟变化，不作贡献分解")
    if frequency in _DAY_BEFORE:
        before = following(newest.period, -_DAY_BEFORE[frequency])
        return Pair((newest.period,), (before,), f"与前一日同一小时（{before}）比较", False)
    known = {label for label, value in newest.history if value is not None}
    pair = year_pair(newest.period, newest.basis, known)
    if frequency is Frequency.DAILY and _over(source, world, code, region, pair.before, now) == (None, None, None):
        before = following(newest.period, -7)
        return Pair((newest.period,), (before,), f"上年同期没有数据，与上周同日（{before}）比较", False)
    return pair


def _both(source: Source, world: World, code: str, region: str, pair: Pair, now: datetime) -> tuple[Amounts, Amounts]:
    return _over(source, world, code, region, pair.before, now), _over(source, world, code, region, pair.now, now)


def _over(source: Source, world: World, code: str, region: str, labels: Sequence[str], now: datetime) -> Amounts:
    """Value, numerator and denominator added up over the labels; None where one is missing."""
    connection, catalogue, by = source
    found = history(
        connection, catalogue, by, world=world, code=code, region=region, start=labels[0], end=labels[-1], now=now
    )
    if {one.period for one in found} < set(labels):
        return None, None, None
    chosen = [one for one in found if one.period in labels]
    return (
        _sum([one.value for one in chosen]),
        _sum([o.numerator for o in chosen]),
        _sum([o.denominator for o in chosen]),
    )


def _sum(numbers: Sequence[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def _less(whole: tuple[Amounts, Amounts], parts: Sequence[tuple[Amounts, Amounts]]) -> tuple[Amounts, Amounts]:
    before, now = (_minus(whole[side], [part[side] for part in parts]) for side in (0, 1))
    return before, now


def _minus(whole: Amounts, parts: Sequence[Amounts]) -> Amounts:
    value, above, below = (_difference(whole[kind], [part[kind] for part in parts]) for kind in range(3))
    return value, above, below


def _difference(whole: float | None, parts: Sequence[float | None]) -> float | None:
    known = _sum(parts)
    return None if whole is None or known is None else whole - known


_NOTHING = 1e-9


def _is_nothing(indicator: Indicator, rest: tuple[Amounts, Amounts]) -> bool:
    """True if the parts make the whole: only the noise of floating point is left."""
    kind = 0 if indicator.aggregation == "sum" else 2
    return all(side[kind] is not None and abs(side[kind] or 0.0) < _NOTHING for side in rest)


def _inner(catalogue: Catalogue, indicator: Indicator) -> list[str]:
    """Parts that have parts themselves."""
    found = []
    for code in indicator.parts:
        if catalogue.indicators[code].parts:
            found += [code, *_inner(catalogue, catalogue.indicators[code])]
    return found


def _leaves(catalogue: Catalogue, indicator: Indicator) -> list[str]:
    found: list[str] = []
    for code in indicator.parts:
        found += _leaves(catalogue, catalogue.indicators[code]) if catalogue.indicators[code].parts else [code]
    return found


def _name(catalogue: Catalogue, key: str) -> str:
    """陶瓷工业, 其余特色行业: short enough for a chart."""
    name = catalogue.indicators[key.removeprefix(REST)].name
    for tail in _TAILS:
        name = name.removesuffix(tail)
    return f"其他{name.removeprefix('规模以上').removeprefix('八大')}" if key.startswith(REST) else name


def _codes(keys: Mapping[str, object]) -> dict[str, str]:
    return {key: key for key in keys if not key.startswith(REST)}
