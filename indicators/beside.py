"""A newest figure beside the year before and the period before, and in words which periods were compared.

Amounts over several periods (January and February together, seven days) are added up, ratios divide the sums of their
parts; where a part is missing there is no comparison, only the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from datasources.delivery.period import Frequency, following, frequency_of
from indicators.comparison import Measure, measure_of
from indicators.definition import Indicator
from indicators.lunar import Pair, week_pair, year_pair
from indicators.reading import Reading

_DATED = frozenset({Frequency.YEARLY, Frequency.QUARTERLY, Frequency.MONTHLY, Frequency.DAILY})
_DIVIDED = frozenset({"ratio", "weighted", "mean"})


@dataclass(frozen=True)
class Beside:
    """One comparison: 同比, 环比, 近 7 日. `amount` None with `reason`."""

    name: str
    pair: Pair
    now: float | None
    before: float | None
    amount: float | None
    measure: Measure
    reason: str | None = None


def besides(indicator: Indicator, series: Sequence[Reading]) -> list[Beside]:
    """The comparisons that make sense for the newest of `series` (oldest first); none within the day."""
    known = {one.period: one for one in series if one.value is not None}
    if not known:
        return []
    newest = known[max(known)]
    if frequency_of(newest.period) not in _DATED:
        return []
    pairs = [("同比", year_pair(newest.period, newest.basis, known.keys()))]
    if frequency_of(newest.period) is Frequency.DAILY and indicator.basis == "period":
        pairs.append(("近 7 日同比", week_pair(date.fromisoformat(newest.period))))
    if indicator.basis != "ytd" or indicator.aggregation != "sum":
        pairs.append(_step(indicator, newest))
    return [_beside(indicator, name, pair, known) for name, pair in pairs]


def _step(indicator: Indicator, newest: Reading) -> tuple[str, Pair]:
    """To the period before; a cumulative rate is compared with its own last state, not called 环比."""
    before = following(newest.period, -1)
    if indicator.basis == "ytd" and before[5:] == "01" and frequency_of(before) is Frequency.MONTHLY:
        before = f"{int(before[:4]) - 1}-12"
    name = "较上期" if newest.basis == "ytd" else "环比"
    return name, Pair((newest.period,), (before,), f"与上期（{before}）比较", False)


def _beside(indicator: Indicator, name: str, pair: Pair, known: dict[str, Reading]) -> Beside:
    now, before = (_over(indicator, labels, known) for labels in (pair.now, pair.before))
    if now is None or before is None:
        missing = [label for label in (*pair.before, *pair.now) if label not in known]
        reason = f"缺 {missing[0]} 的数据" if missing else "分子、分母不全"
        return Beside(name, pair, now, before, None, Measure.UNITS, reason)
    measure = measure_of(indicator, now, before)
    amount = 100 * (now - before) / abs(before) if measure is Measure.PERCENT else now - before
    return Beside(name, pair, now, before, amount, measure)


def _over(indicator: Indicator, labels: Sequence[str], known: dict[str, Reading]) -> float | None:
    chosen = [known[label] for label in labels if label in known]
    if len(chosen) < len(labels):
        return None
    if len(chosen) == 1:
        return chosen[0].value
    if indicator.aggregation not in _DIVIDED:
        return sum(one.value or 0.0 for one in chosen)
    above, below = sum(one.numerator or 0.0 for one in chosen), sum(one.denominator or 0.0 for one in chosen)
    return indicator.scale * above / below if below else None
