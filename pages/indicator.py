"""One indicator at `/indicator/<code>`: what it is, what it says now and everywhere, its past as known on any day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import dash
from dash import html
from dash.development.base_component import Component

from components.faces import empty, panel_head
from components.facts import Described, facts
from components.header import crumbs, header
from components.history_table import history_table, known_days, region_table
from components.markup import Tree
from components.proof_chain import proof_chain
from components.times import CITY_TIME, period
from components.value_now import value_now
from datasources.delivery.period import Frequency, following, frequency_of, period_of
from indicators.definition import Indicator
from indicators.proof import proof
from indicators.reading import Reading
from indicators.readings import latest_in, vintages
from pages import sources_view
from pages.panels import panel, slot
from pages.shell import top
from pages.view import Refused, View, readings_in_view, show

READINGS = "readings:{world}"
DAYS_OFFERED = 10
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

dash.register_page(__name__, path_template="/indicator/<code>", title="指标", name="指标", access="indicators.view")


@panel("indicator-head", topics=[READINGS, "sources"], params=["id"], right="indicators.view")
def draw_head(view: View) -> Tree:
    """Where we are."""
    indicator = indicator_in(view)
    theme = view.catalogue.themes[indicator.theme]
    trail = crumbs([("驾驶舱", view.place.to("/")), (theme.short, view.place.theme(theme.id))], indicator.code)
    path, region = f"/indicator/{indicator.code}", view.catalogue.regions[view.region].name
    line = header(indicator.name, region, view.place, path, sources_view.count(view), trail)
    return html.Div(line, className="head")


@panel("indicator-now", topics=[READINGS], params=["id"], right="indicators.view")
def draw_now(view: View) -> Tree:
    """The newest value in the region in view."""
    indicator = indicator_in(view)
    found = readings_in_view(view, [indicator.code]).get(indicator.code)
    return value_now(show(view, indicator, found), view.now)


@panel("indicator-facts", topics=[], params=["id"], soft_seconds=300, right="indicators.view")
def draw_facts(view: View) -> Tree:
    """What the catalogue says of it."""
    indicator, catalogue = indicator_in(view), view.catalogue
    described = Described(
        indicator=indicator,
        theme=catalogue.themes[indicator.theme],
        owner=catalogue.departments[indicator.owner],
        source=catalogue.source_of(indicator.code, view.world),
        band_owner=catalogue.departments[indicator.bands.owner] if indicator.bands else None,
    )
    return [panel_head("指标说明"), facts(described)]


@panel("indicator-regions", topics=[READINGS], params=["id"], right="indicators.view")
def draw_regions(view: View) -> Tree:
    """The newest value of the city and each county; of a county in view, of its towns."""
    indicator, catalogue = indicator_in(view), view.catalogue
    places = [catalogue.city.code, *(region.code for region in catalogue.children(catalogue.city.code))]
    if view.region != catalogue.city.code:
        places += [region.code for region in catalogue.children(view.region)]
    found = latest_in(
        view.connection, catalogue, view.by, world=view.world, code=indicator.code, regions=places, now=view.now
    )
    return [panel_head("分区域最新值"), region_table(indicator, found, catalogue.regions, view.place)]


@panel("indicator-history", topics=[READINGS], params=["id", "known_at", "period"], right="indicators.view")
def draw_history(view: View) -> Tree:
    """Period by period, as known now or at the end of a chosen day."""
    indicator, day = indicator_in(view), known_day(view)
    every = recent_vintages(view, indicator, day)
    found = list({one.period: one for one in every if is_known(one, end_of(day))}.values())
    days = sorted({one.known_at.astimezone(CITY_TIME).date() for one in every if one.known_at}, reverse=True)
    counts = Counter(one.period for one in every)
    note = f"截至 {day} 所知" if day else "按最新所知"
    rows = (
        history_table(indicator, found, counts, view.params.get("period"), view.place)
        if found
        else empty("没有历史数据", "所选区域、所选日期尚未获得本指标的数值")
    )
    offered = known_days(days[:DAYS_OFFERED], day, f"/indicator/{indicator.code}", view.place)
    return [panel_head("历史与修订", note), offered, rows]


@panel("indicator-proof", topics=[READINGS], params=["id", "known_at", "period"], right="indicators.view")
def draw_proof(view: View) -> Tree:
    """What stands behind the newest value, or behind the one of the chosen period."""
    indicator = indicator_in(view)
    label = view.params.get("period")
    if label and not is_label(label):
        raise Refused(f"“{label}”不是时期")
    label = label or _newest(view, indicator)
    found = label and proof(
        view.connection, view.catalogue, view.by, world=view.world, code=indicator.code, region=view.region,
        period=label, known_at=end_of(known_day(view)), now=view.now,
    )  # fmt: skip
    if not found:
        return [panel_head("依据链"), empty("没有数值", "所选区域、时期尚未获得本指标的数值")]
    key = found.reading.source
    source = view.catalogue.source(key).name if view.catalogue.has_source(key) else key
    return [
        panel_head("依据链", period(found.reading.period, found.reading.basis)),
        proof_chain(found, indicator, view.catalogue.regions, source),
    ]


def _newest(view: View, indicator: Indicator) -> str | None:
    """The newest period known, now or at the end of the chosen day."""
    day = known_day(view)
    if day is None:
        return readings_in_view(view, [indicator.code])[indicator.code].period or None
    known = (one.period for one in recent_vintages(view, indicator, day) if is_known(one, end_of(day)))
    return max(known, default=None)


def is_label(text: str) -> bool:
    """True for a period label."""
    try:
        frequency_of(text)
    except ValueError:
        return False
    return True


def indicator_in(view: View) -> Indicator:
    """The indicator the address names; raises Refused."""
    indicator = view.catalogue.indicators.get(view.params.get("id", ""))
    if indicator is None:
        raise Refused("没有这项指标")
    return indicator


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


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    left = [slot(f"indicator-{name}", look="p") for name in ("now", "proof", "facts", "regions")]
    right = [slot("indicator-history", look="p")]
    return html.Div(
        [
            top(slot("indicator-head", look="head")),
            html.Main([html.Div(left, className="side"), html.Div(right, className="side")], className="two"),
        ],
        className="sheet",
    )
