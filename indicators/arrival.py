"""What may enter: a table of checks on every arriving value. What fails waits in quarantine for a person."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from datasources.delivery.observation import Observation
from datasources.delivery.period import CITY_TIME
from indicators.catalogue import Catalogue
from indicators.definition import Indicator
from indicators.expectation import Points, Surprise, is_jump, slipped_by, surprise

CLOCK_TOLERANCE = timedelta(minutes=5)
_FIRST_CLOCK_YEAR = "2000"  # a device that reports an earlier instant has lost its clock
_CLOCKED = 13  # labels of this length or longer name an hour or a minute


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a value was held: the name of the check, and a sentence for the person who decides."""

    check: str
    message: str


@dataclass(slots=True)
class Case:
    """One arriving value with everything the checks look at."""

    indicator: Indicator
    candidate: Observation
    value: float
    recent: Points
    now: datetime
    found: Surprise | None


def inspect(indicator: Indicator, candidate: Observation, recent: Points, now: datetime) -> list[Reason]:
    """Everything that speaks against `candidate`, nothing if it may enter.

    `recent` holds the known values of the same series (label, value), oldest first. The present is the caller's `now`.
    """
    value = candidate.value
    if value is None:
        return _failing(_ALWAYS, Case(indicator, candidate, 0.0, recent, now, None))
    if not math.isfinite(value):
        return [Reason("number", "不是有效数字（NaN 或无穷大），请核对原表")]
    basis, arrival = candidate.basis, indicator.arrival
    comparable = basis is None or basis == indicator.basis
    found = surprise(indicator, candidate.period, value, recent) if comparable and recent else None
    checks = _with_work(
        found is not None,
        len(candidate.period) >= _CLOCKED,
        arrival.low is not None or arrival.high is not None,
        arrival.stuck_after is not None,
        candidate.numerator is not None,
    )
    return _failing(checks, Case(indicator, candidate, value, recent, now, found))


Check = Callable[[Case], str | None]


def _failing(checks: Sequence[tuple[str, Check]], case: Case) -> list[Reason]:
    return [Reason(name, message) for name, check in checks if (message := check(case)) is not None]


# When


def _future(case: Case) -> str | None:
    observed_at = case.candidate.observed_at
    label = case.candidate.period
    if observed_at is not None and len(label) >= _CLOCKED and observed_at > case.now + CLOCK_TOLERANCE:
        return f"时钟异常：观测时间 {observed_at.astimezone(CITY_TIME):%Y-%m-%d %H:%M} 晚于当前时间，请核对设备时钟"
    if label > _present(case.now, len(label), "Q" in label):
        return f"时钟异常：{label} 尚未开始，请核对日期"
    return None


@lru_cache(maxsize=64)
def _present(now: datetime, length: int, quarterly: bool) -> str:
    """The newest label of this length that has begun, with the tolerance for clocks."""
    local = (now + CLOCK_TOLERANCE).astimezone(CITY_TIME)
    return f"{local:%Y}-Q{(local.month + 2) // 3}" if quarterly else f"{local:%Y-%m-%dT%H:%M}"[:length]


def _ancient(case: Case) -> str | None:
    label = case.candidate.period
    if len(label) >= _CLOCKED and label < _FIRST_CLOCK_YEAR:
        return f"时钟异常：{label} 早于 {_FIRST_CLOCK_YEAR} 年，疑似设备时钟未校准"
    return None


# How much


def _missing(case: Case) -> str | None:
    return None if case.candidate.quality else "缺少数值，也没有说明原因；请补数值，或注明“暂缺”“不适用”"


def _range(case: Case) -> str | None:
    low, high = case.indicator.arrival.low, case.indicator.arrival.high
    if (low is None or case.value >= low) and (high is None or case.value <= high):
        return None
    bounds = f"{'不限' if low is None else f'{low:g}'} 至 {'不限' if high is None else f'{high:g}'}"
    return f"{case.value:g}{_unit(case.indicator)} 超出可能范围（{bounds}）"


_FACTORS = {100.0: "约 100 倍", 10_000.0: "约 1 万倍", 0.01: "约百分之一", 0.0001: "约万分之一"}


def _unit_slip(case: Case) -> str | None:
    if case.found is None:
        return None
    factor = slipped_by(case.found, case.value, tuple(_FACTORS))
    if factor is None:
        return None
    return f"疑似单位写错：{case.value:g} 是近期水平的{_FACTORS[factor]}{_unit_wanted(case.indicator)}"


def _unit(indicator: Indicator) -> str:
    return "" if indicator.unit == "-" else f" {indicator.unit}"


def _unit_wanted(indicator: Indicator) -> str:
    return "" if indicator.unit == "-" else f"，应以“{indicator.unit}”为单位"


def _jump(case: Case) -> str | None:
    if case.found is None:
        return None
    if not is_jump(case.found, case.indicator, case.recent, case.candidate.period, case.value):
        return None
    return f"变动过大：{case.value:g} 与近期走势相差悬殊，去年同期也没有类似变动，请核实"


def _stuck(case: Case) -> str | None:
    count = case.indicator.arrival.stuck_after
    if count is None or len(case.recent) < count - 1 or case.recent[-1][0] >= case.candidate.period:
        return None
    if any(number != case.value for _, number in case.recent[1 - count :]):
        return None
    return f"读数停滞：连续 {count} 次都是 {case.value:g}，请检查设备或填报"


def _ratio(case: Case) -> str | None:
    numerator, denominator = case.candidate.numerator, case.candidate.denominator
    if numerator is None or denominator is None or case.indicator.aggregation not in ("ratio", "weighted", "mean"):
        return None
    if denominator == 0 or not math.isfinite(numerator) or not math.isfinite(denominator):
        return f"分母为 0 或不是有效数字（{numerator:g}/{denominator:g}）"
    exact = case.indicator.scale * numerator / denominator
    if abs(exact - case.value) <= max(10.0**-case.indicator.decimals, 0.01 * abs(exact)):
        return None
    return f"数值 {case.value:g} 与分子分母算出的 {exact:g} 不一致"


_ALWAYS: tuple[tuple[str, Check], ...] = (("future", _future), ("clock", _ancient), ("missing", _missing))
_FOR_NUMBERS: tuple[tuple[str, Check], ...] = (
    ("future", _future),
    ("clock", _ancient),
    ("range", _range),
    ("unit", _unit_slip),
    ("jump", _jump),
    ("stuck", _stuck),
    ("ratio", _ratio),
)


@lru_cache(maxsize=32)
def _with_work(
    is_surprising: bool, is_clocked: bool, is_bounded: bool, may_be_stuck: bool, is_divided: bool
) -> tuple[tuple[str, Check], ...]:
    """Those of _FOR_NUMBERS that could find anything: most values of a file need but one or two of the seven."""
    idle = {
        "clock": not is_clocked,
        "range": not is_bounded,
        "unit": not is_surprising,
        "jump": not is_surprising,
        "stuck": not may_be_stuck,
        "ratio": not is_divided,
    }
    return tuple((name, check) for name, check in _FOR_NUMBERS if not idle.get(name, False))


# A delivery as a whole


def inspect_duplicates(observations: Sequence[Observation]) -> dict[int, Reason]:
    """Rows of one delivery that give the same figure different values; none of them may enter.

    Two readings of one minute with different instants are no contradiction: the later one counts.
    """
    first: dict[tuple[str, str, str, str, datetime | None], int] = {}
    contested: dict[int, Reason] = {}
    for index, row in enumerate(observations):
        key = (row.indicator, row.region, row.period, row.dim, row.observed_at)
        other = first.setdefault(key, index)
        if other != index and observations[other].value != row.value:
            for one, against in ((other, row), (index, observations[other])):
                contested.setdefault(one, Reason("duplicate", _contest(against)))
    return contested


def _contest(against: Observation) -> str:
    where = f"第 {against.line} 行" if against.line is not None else "同一批另一行"
    return f"同一批数据中重复且数值不同：{where}为 {against.value}，无法判断以哪个为准"


def inspect_parts(catalogue: Catalogue, observations: Sequence[Observation]) -> dict[int, Reason]:
    """Rows of a total that is not the sum of its parts, where one delivery brings both; all of them are held.

    Tolerance: half a unit of the last digit for every figure involved, for each was rounded on its own.
    """
    where: dict[tuple[str, str, str], dict[str, int]] = {}
    for index, row in enumerate(observations):
        if row.value is not None and _is_additive(catalogue, row.indicator):
            where.setdefault((row.indicator, row.period, row.dim), {})[row.region] = index
    found: dict[int, Reason] = {}
    for (code, period, _), rows in where.items():
        if len(rows) > 1:
            found.update(_unbalanced(catalogue, catalogue.indicators[code], period, rows, observations))
    return found


def _is_additive(catalogue: Catalogue, code: str) -> bool:
    indicator = catalogue.indicators.get(code)
    return indicator is not None and indicator.aggregation == "sum"


def _unbalanced(
    catalogue: Catalogue, indicator: Indicator, period: str, rows: dict[str, int], observations: Sequence[Observation]
) -> dict[int, Reason]:
    found: dict[int, Reason] = {}
    for total, index in rows.items():
        parts = [region.code for region in catalogue.children(total)]
        if not parts or not all(part in rows for part in parts):
            continue
        stated = observations[index].value or 0.0
        added = math.fsum(observations[rows[part]].value or 0.0 for part in parts)
        if abs(stated - added) > 0.5 * 10.0**-indicator.decimals * (len(parts) + 1) * (1 + 1e-9):
            message = f"{period} {catalogue.regions[total].short}合计 {stated:g} 不等于各部分之和 {added:g}，请核对"
            found.update({rows[region]: Reason("parts", message) for region in (total, *parts)})
    return found
