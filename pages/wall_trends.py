"""Trends of the wide wall: an economic figure and the river with what is expected of them, and the counties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from dash import html
from dash.development.base_component import Component

from components.faces import empty, panel_head
from components.marks import seal
from components.markup import Tree
from components.numbers import figure
from components.shown import as_of, short_name
from components.times import CITY_TIME, period_near
from components.wall_compare import Cell, county_table
from components.wall_trend import Course, course
from datasources.delivery.period import Frequency, following, period_of
from decisions.forecast_ledger import Step, newest
from indicators.comparison import progress
from indicators.definition import Indicator, RegionKind
from indicators.reading import Provenance, Reading
from indicators.readings import history, latest_in
from indicators.states import is_past_promise
from pages.panels import panel
from pages.view import View, readings_in_view
from pages.wall_figures import READINGS

TREND, RIVER = "ECO-08", "WAT-01"
COUNTY_COLUMNS = {"ECO-02": "GDP 增速", "EVT-06": "按期办结率", "HOT-11": "回访满意率", "ENV-01": "AQI"}
MONTHS_AHEAD, HOURS_AHEAD, HOURS_BACK = 4, 6, 48


@panel("wall-trend", topics=[READINGS], right="indicators.view", soft_seconds=300, past=True)
def draw_trend(view: View) -> Tree:
    """The growth of industry by month, what is expected next, and its target."""
    indicator = view.catalogue.indicators.get(TREND)
    found = readings_in_view(view, [TREND]).get(TREND) if indicator else None
    if indicator is None or found is None or found.value is None:
        return [panel_head("趋势"), empty("没有可画的数据", f"{TREND} 尚无数值")]
    known = [(label, value) for label, value in found.history if value is not None]
    ahead = [following(known[-1][0], step + 1) for step in range(MONTHS_AHEAD)]
    labels = [period_near(label, view.now) for label in (*(label for label, _ in known), *ahead)]
    expected = expected_after(view, TREND, view.region, known[-1][0], MONTHS_AHEAD)
    return _drawn(view, indicator, found, [value for _, value in known], labels, expected)


@panel("wall-water", topics=[READINGS], right="indicators.view", soft_seconds=300, past=True)
def draw_water(view: View) -> Tree:
    """The level of the river by the hour over two days, and the next six hours."""
    indicator = view.catalogue.indicators.get(RIVER)
    found = readings_in_view(view, [RIVER], view.catalogue.city.code).get(RIVER) if indicator else None
    if indicator is None or found is None or found.value is None:
        return [panel_head("水位"), empty("没有可画的数据", f"{RIVER} 尚无数值")]
    hours = _by_hour(view)
    if len(hours) < 2:
        return [panel_head(short_name(indicator)), empty("近两日没有连续数据", "水情遥测恢复后自动绘制")]
    last = view.now.astimezone(CITY_TIME)
    labels = [f"{label[11:13]}时" for label in hours]
    labels += [f"{(last + timedelta(hours=step + 1)):%H}时" for step in range(HOURS_AHEAD)]
    expected = expected_after(view, RIVER, view.catalogue.city.code, max(hours), HOURS_AHEAD)
    return _drawn(view, indicator, found, list(hours.values()), labels, expected)


def expected_after(view: View, code: str, region: str, last: str, count: int) -> list[Step]:
    """The steps of the newest forecast that follow `last` at once; none where the model does not speak."""
    found = None if view.as_of else newest(view.connection, view.by, (view.world.value, code, region))
    if found is None or found.reason is not None:
        return []
    coming = [step for step in found.steps if step.period > last][:count]
    return coming if len(coming) == count and coming[0].period == following(last) else []


def _drawn(
    view: View, indicator: Indicator, found: Reading, values: list[float], labels: list[str], expected: Sequence[Step]
) -> Tree:
    stands = progress(indicator, found)
    shown = Course(
        values=values,
        labels=labels if expected else labels[: len(values)],
        decimals=indicator.decimals,
        unit=indicator.unit,
        yardstick=stands.yardstick if stands else None,
        yardstick_name="目标" if indicator.target and indicator.target.value is not None else "界限",
        ahead=[step.mean for step in expected],
        low=[step.lo80 for step in expected],
        high=[step.hi80 for step in expected],
    )
    return [panel_head(short_name(indicator), _origin(view, indicator, found, bool(expected))), course(shown)]


def _origin(view: View, indicator: Indicator, found: Reading, has_forecast: bool) -> Component:
    owner = view.catalogue.departments[indicator.owner].short
    parts: list[Component | str] = [seal(found.provenance), f"{as_of(found, view.now)} {owner}"]
    if has_forecast:
        parts += [" · 预测", seal(Provenance.SIMULATED), "80% 区间"]
    return html.Span(parts)


def _by_hour(view: View) -> dict[str, float]:
    """The last value of each hour; an hour without one is left out, not filled."""
    start = period_of(view.now - timedelta(hours=HOURS_BACK), Frequency.MINUTE)
    found = history(
        view.connection, view.catalogue, view.by, world=view.world, code=RIVER, region=view.catalogue.city.code,
        start=start, now=view.now,
    )  # fmt: skip
    return {reading.period[:13]: reading.value for reading in found if reading.value is not None}


@panel("wall-counties", topics=[READINGS], right="indicators.view", past=True)
def draw_counties(view: View) -> Tree:
    """Four figures of every county, each with its bar."""
    counties = [code for code, one in view.catalogue.regions.items() if one.kind is RegionKind.COUNTY]
    columns = {code: name for code, name in COUNTY_COLUMNS.items() if code in view.catalogue.indicators}
    found = {code: _in_counties(view, code, counties) for code in columns}
    rows = [
        (view.catalogue.regions[county].name, [county_cell(view, code, found[code].get(county)) for code in columns])
        for county in counties
    ]
    return [panel_head("四区对比", "条=相对目标或界限"), county_table(list(columns.values()), rows)]


def _in_counties(view: View, code: str, counties: Sequence[str]) -> dict[str, Reading]:
    return latest_in(
        view.connection, view.catalogue, view.by, world=view.world, code=code, regions=counties, now=view.now
    )


def county_cell(view: View, code: str, reading: Reading | None) -> Cell:
    """One figure of one county."""
    indicator = view.catalogue.indicators[code]
    if reading is None or reading.value is None:
        return Cell("—", grey=True)
    stands = progress(indicator, reading)
    return Cell(
        figure(reading.value, indicator.unit, indicator.decimals).compact,
        stands.completion if stands else None,
        bool(stands and stands.behind),
        is_past_promise(reading),
        view.place.in_region(f"/indicator/{code}", reading.region),
    )
