"""Recipes for indicators the table does not know, or whose entry in the catalogue no longer suits theirs.

A new indicator is one entry in `indicators.yaml`: the demo city must show something sensible for it at once.
"""

from __future__ import annotations

from datasources.delivery.period import Frequency
from demo_city.recipe import Recipe
from indicators.definition import Indicator

_DIVIDED = frozenset({"ratio", "mean", "weighted"})
_RATES = frozenset({"rate", "growth", "good_days", "ytd_mean"})
_SLOW = frozenset({Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.YEARLY})
_QUICK = frozenset({Frequency.HOURLY, Frequency.MINUTE, Frequency.REALTIME})
_SUITS = {
    "growth": _SLOW,
    "month_of": frozenset({Frequency.MONTHLY}),
    "good_days": frozenset({Frequency.DAILY}),
    "ytd_mean": frozenset({Frequency.DAILY}),
    "ytd": _SLOW | {Frequency.DAILY, Frequency.HOURLY},
    "today": _QUICK,
}
"""Ways of making figures that need certain frequencies; the others work with any."""
_USUAL_LEVEL = {"%": 92.0, "分": 90.0, "小时": 12.0, "分钟": 15.0, "工作日": 3.0, "亿元": 80.0, "万元": 2000.0}
_OTHER_LEVEL = 240.0
_CASES = 2000.0


def suits(recipe: Recipe, indicator: Indicator) -> bool:
    """True if the recipe can make what the entry asks for."""
    frequent = indicator.frequency in _SUITS.get(recipe.how, frozenset(Frequency))
    return frequent and (indicator.aggregation not in _DIVIDED or recipe.how in _RATES)


def plain(indicator: Indicator) -> Recipe:
    """A recipe from the entry alone: near its target or baseline, with a little growth and noise."""
    divided = indicator.aggregation in _DIVIDED or indicator.aggregation == "last"
    cumulative = indicator.basis == "ytd" and indicator.frequency in _SUITS["ytd"]
    return Recipe(
        code=indicator.code,
        how="rate" if divided else "ytd" if cumulative else "level",
        level=_level(indicator),
        trend=0.0 if divided else 0.03,
        noise=0.02 * _level(indicator) if divided else 0.02,
        spread=0.02 * _level(indicator) if divided else 0.0,
        base=_CASES,
        low=None,
        high=None,
        shares="people",
        profile="life",
        links=(),
        parts=(),
    )


def _level(indicator: Indicator) -> float:
    if indicator.target is not None and indicator.target.value is not None:
        return indicator.target.value
    if indicator.baseline is not None:
        return indicator.baseline.value
    level = _USUAL_LEVEL.get(indicator.unit, _OTHER_LEVEL)
    low, high = indicator.arrival.low, indicator.arrival.high
    if high is not None and level > high:
        level = (high + (low or 0.0)) / 2.0
    return level if low is None else max(level, low)
