"""The history of an indicator as a chart: as known now or on a chosen day, and what happened along it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chart import Cell, Trend, small_multiples, trend
from components.faces import empty, panel_head
from components.history_table import known_days
from components.markup import Tree, element
from components.shown import short_name
from components.theme_facts import beside_facts, span_facts
from components.times import CITY_TIME, period
from datasources.delivery.period import Frequency, following, period_of
from indicators.beside import besides
from indicators.definition import Indicator, Region
from indicators.reading import Reading
from indicators.readings import history, vintages
from pages.notes import notes_on
from pages.outlook import forecast_of
from pages.theme_trend import goal_line
from pages.view import Refused, View, readings_in_view

DAYS_OFFERED = 8
SHOWN = {
    Frequency.YEARLY: 30,
    Frequency.QUARTERLY: 40,
    Frequency.MONTHLY: 48,
    Frequency.DAILY: 62,
    Frequency.HOURLY: 72,
    Frequency.MINUTE: 180,
    Frequency.REALTIME: 180,
}
"""Periods of history a page shows, by frequency."""


def draw(view: View, indicator: Indicator) -> Tree:
    """The chart with its comparisons; with a chosen day also what is known today, behind it."""
    day = known_day(view)
    every = recent_vintages(view, indicator, day)
    then = as_known(every, end_of(day))
    note = f"截至 {day} 所知" if day else "按最新所知"
    head = panel_head("历史走势", note)
    head.children.insert(1, html.Span(_revised(every), className="sub"))
    days = days_of(view, indicator, every, day)
    if not any(one.value is not None for one in then):
        return [head, days, empty("没有历史数据", "所选区域、所选日期尚未获得本指标的数值")]
    recent = [(period(one.period, one.basis), one.value) for one in then]
    told = [*beside_facts(besides(indicator, then), indicator), *span_facts(recent, indicator)]
    facts = html.Dl(told, className="facts2")
    return [head, days, html.Div([_chart(view, indicator, every, then, day), facts], className="split")]


def _chart(
    view: View, indicator: Indicator, every: Sequence[Reading], then: Sequence[Reading], day: date | None
) -> Component:
    labels = [one.period for one in then]
    now = {one.period: one.value for one in as_known(every, None)}
    before = [now.get(label) for label in labels] if day else []
    return trend(
        Trend(
            short_name(indicator), indicator.unit, labels, [one.value for one in then], decimals=indicator.decimals,
            basis=indicator.basis, goal=goal_line(indicator, then[-1]), before=before, before_words="最新所知",
            notes=notes_on(view, indicator, then, labels),
            forecast=None if day else forecast_of(view, indicator, labels[-1]),
        )
    )  # fmt: skip


def _revised(every: Sequence[Reading]) -> str:
    """How many periods have had more than one value."""
    seen: dict[str, int] = {}
    for one in every:
        seen[one.period] = seen.get(one.period, 0) + 1
    count = sum(times > 1 for times in seen.values())
    return f"{len(seen)} 期，其中 {count} 期有修订" if seen else ""


def days_of(view: View, indicator: Indicator, every: Sequence[Reading], day: date | None) -> Component:
    """The latest, or the end of one of the days on which something became known, or any other day."""
    days = sorted({one.known_at.astimezone(CITY_TIME).date() for one in every if one.known_at}, reverse=True)
    offered = known_days(days[:DAYS_OFFERED], day, f"/indicator/{indicator.code}", view.place)
    text = day.isoformat() if day else ""
    field = element(
        "input", type="text", name="known_at", value=text, placeholder="2026-03-31", maxlength="10", size="10"
    )
    label = html.Label(["其他日期 ", field], className="sub")
    other = html.Form(label, className="day", **attributes(data_query="true"))
    return html.Div([offered, other], className="daysrow")


def multiples(view: View, indicator: Indicator, places: Sequence[Region]) -> Component:
    """The same series of every region, one cell each, on one scale."""
    newest = max((readings_in_view(view, [indicator.code], p.code)[indicator.code].period for p in places), default="")
    if not newest:
        return empty("没有数据", "各区域尚未获得本指标的数值")
    start = following(newest, 1 - min(SHOWN[indicator.frequency], 36))
    found = {place.code: _series(view, indicator, place.code, start, newest) for place in places}
    labels = sorted({label for series in found.values() for label in series})
    cells = [
        Cell(
            place.name,
            [found[place.code].get(label) for label in labels],
            view.place.in_region(f"/indicator/{indicator.code}", place.code),
        )
        for place in places
        if found[place.code]
    ]
    return small_multiples(
        f"{short_name(indicator)}分区域", indicator.unit, labels, cells, decimals=indicator.decimals,
        basis=indicator.basis,
    )  # fmt: skip


def _series(view: View, indicator: Indicator, region: str, start: str, end: str) -> dict[str, float | None]:
    found = history(
        view.connection, view.catalogue, view.by, world=view.world, code=indicator.code, region=region, start=start,
        end=end, now=view.now,
    )  # fmt: skip
    return {one.period: one.value for one in found}


def known_day(view: View) -> date | None:
    """The day in `known_at`; None for the latest; raises Refused for what is no day."""
    text = view.params.get("known_at")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"“{text}”不是日期，应写作 2026-03-31") from None


def end_of(day: date | None) -> datetime | None:
    """The instant at which `day` ends in the city."""
    return datetime.combine(day + timedelta(days=1), time(), CITY_TIME).astimezone(UTC) if day else None


def as_known(every: Sequence[Reading], moment: datetime | None) -> list[Reading]:
    """Of each period the last value known at `moment` (None: now), oldest period first."""
    return list({one.period: one for one in every if is_known(one, moment)}.values())


def is_known(one: Reading, moment: datetime | None) -> bool:
    """True if `one` was known at `moment` (None: now)."""
    return moment is None or (one.known_at is not None and one.known_at <= moment)


def recent_vintages(view: View, indicator: Indicator, day: date | None) -> list[Reading]:
    """Everything known of the last periods up to the newest one, or up to `day`; as many as a person will read."""
    newest = readings_in_view(view, [indicator.code])[indicator.code].period if day is None else None
    last = newest or period_of((end_of(day) or view.now) - timedelta(milliseconds=1), indicator.frequency)
    first = following(last, 1 - SHOWN[indicator.frequency])
    return vintages(
        view.connection, view.catalogue, view.by,
        world=view.world, code=indicator.code, region=view.region, start=first, end=last, now=view.now,
    )  # fmt: skip
