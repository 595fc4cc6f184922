"""Forecasts that cross an edge of attention the newest figure is still inside of, with how far ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from database.foresight_tables import forecasts
from decisions.digest import Fact, Item, Section
from decisions.digest_ground import Ground
from decisions.digest_words import amount, named, period, sized
from decisions.forecast_ledger import Issued, issued_of
from decisions.warning_inputs import instant_of
from indicators.definition import Bands, Indicator
from indicators.reading import Reading
from indicators.states import is_past_promise

MOST = 4
SHARE = 80
"""The interval told beside an expected value, in per cent."""
NEAR = timedelta(days=100)
"""Crossings later than this are left to the indicator's own page."""


@dataclass(frozen=True)
class Crossing:
    """The first coming period whose expected value is past an edge."""

    indicator: Indicator
    forecast: Issued
    place: int
    side: str
    edge: float


def crossings(on: Ground) -> list[Item]:
    """The nearest first."""
    found = [one for code, issued in _newest(on).items() if (one := _crossing(on, code, issued))]
    found.sort(key=lambda one: (instant_of(one.forecast.steps[one.place].period), one.indicator.code))
    return [_told(on, one) for one in found[:MOST]]


def _newest(on: Ground) -> dict[str, Issued]:
    """The last forecast of each figure of the region that has an edge, where the model speaks."""
    banded = [code for code, one in on.catalogue.indicators.items() if one.bands is not None and on.concerns(one)]
    table = forecasts
    last = (
        select(func.max(table.c.id))
        .where(
            table.c.world == on.subject.world, table.c.region == on.region, table.c.indicator.in_(banded),
            table.c.issued_at <= on.now,
        )
        .group_by(table.c.indicator)
    )  # fmt: skip
    rows = on.connection.execute(select(table).where(table.c.id.in_(last)))
    return {row.indicator: issued_of(row) for row in rows if row.reason is None}


def _crossing(on: Ground, code: str, issued: Issued) -> Crossing | None:
    indicator, now = on.catalogue.indicators[code], on.readings.get(code)
    if indicator.bands is None or not _can_cross(indicator.bands, now):
        return None
    for place, step in enumerate(issued.steps):
        at = instant_of(step.period)
        found = past_edge(indicator.bands, step.mean) if on.now < at <= on.now + NEAR else None
        if found is not None and _differ(indicator, step.mean, found[1]):
            return Crossing(indicator, issued, place, *found)
    return None


def _differ(indicator: Indicator, value: float, edge: float) -> bool:
    """True if the two are different as they are printed."""
    unit, decimals = indicator.unit, indicator.decimals
    return amount(value, unit, decimals) != amount(edge, unit, decimals)


def _can_cross(bands: Bands, now: Reading | None) -> bool:
    """Only a current figure inside the edges can be told to cross one."""
    known = now is not None and now.value is not None and not is_past_promise(now)
    return known and now is not None and past_edge(bands, now.value or 0.0) is None


def past_edge(bands: Bands, value: float) -> tuple[str, float] | None:
    """'上限' or '下限' with the edge; None inside."""
    if bands.attention_above is not None and value > bands.attention_above:
        return "上限", bands.attention_above
    if bands.attention_below is not None and value < bands.attention_below:
        return "下限", bands.attention_below
    return None


def _told(on: Ground, one: Crossing) -> Item:
    step, indicator = one.forecast.steps[one.place], one.indicator
    made = sized("预计", step.mean, indicator, when=period(step.period, indicator.basis), nature=on.nature)
    facts = {
        "name": named("指标", indicator.name, f"indicator:{indicator.code}"),
        "mean": made,
        "share": Fact("区间", amount(SHARE, "%", 0), SHARE, "%"),
        "low": sized("下端", step.lo80, indicator),
        "high": sized("上端", step.hi80, indicator),
        "side": named("界限", one.side),
        "edge": Fact("关注界限", amount(one.edge, indicator.unit, indicator.decimals), one.edge, indicator.unit),
        "lead": _lead(instant_of(step.period), on.now),
        "model": Fact("方法", one.forecast.model, when=period(one.forecast.origin), source="预测台账"),
    }
    key = f"crossing:{indicator.code}:{step.period}:{one.side}"
    return Item(Section.WATCH, "crossing", key, "indicators.view", facts)


def _lead(at: datetime, now: datetime) -> Fact:
    hours = (at - now).total_seconds() / 3600
    value, unit = (round(hours / 24), "天") if hours >= 48 else (max(round(hours), 1), "小时")
    return Fact("提前", f"{value}{unit}", float(value), unit)
