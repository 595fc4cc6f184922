"""The main trend of a theme: the figure in focus, its target, the pace of the year, what it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from components import numbers
from components.chart import Forecast, Goal, Trend, trend
from components.faces import empty
from components.marks import seals
from components.markup import Tree
from components.shown import AGAINST, short_name
from components.theme_facts import beside_facts, fact, pacing_facts, rate_facts, span_facts
from components.theme_head import Choice, switch
from components.times import period, when
from datasources.delivery.period import Frequency, following
from indicators.beside import besides
from indicators.comparison import Measure, change, goal_target
from indicators.cycle import Cycle, Gathered, applies, gather, rule_in_words
from indicators.definition import Indicator
from indicators.pacing import Pacing, RatePacing, TooShort, goal_of, is_paced, pacing, rate_pacing, totals, usual_shares
from indicators.reading import Reading
from indicators.readings import history
from pages.notes import notes_on
from pages.outlook import forecast_of
from pages.theme_choice import Chosen, chosen, link, own_cycle
from pages.view import View, readings_in_view

CYCLE_NAMES = {Cycle.MONTH: "月", Cycle.QUARTER: "季", Cycle.YEAR: "年"}
FEW = 3
"""Facts that leave room for highest, lowest and mean."""
OWN_NAMES = {Frequency.DAILY: "日", Frequency.HOURLY: "时", Frequency.MINUTE: "分", Frequency.REALTIME: "实时"}
SHOWN = {Cycle.MONTH: 24, Cycle.QUARTER: 12, Cycle.YEAR: 10}
FINE = {Frequency.DAILY: 62, Frequency.HOURLY: 72, Frequency.MINUTE: 180, Frequency.REALTIME: 180}
"""Periods shown of a figure that is made oftener than monthly."""
BACK = {Frequency.YEARLY: 30, Frequency.QUARTERLY: 24, Frequency.MONTHLY: 60, Frequency.DAILY: 800}
"""Periods read."""


def draw(view: View) -> Tree:
    """The panel."""
    choice = chosen(view)
    series = series_of(view, choice.focus)
    head = _head(view, choice, series)
    if not any(one.value is not None for one in series):
        reason = readings_in_view(view, [choice.focus.code])[choice.focus.code].reason
        return [head, empty("没有数据", reason or "所选区域尚未获得本指标的数值")]
    return [head, html.Div([_chart(view, choice, series), _facts(view, choice, series)], className="split")]


def series_of(view: View, indicator: Indicator, region: str | None = None) -> list[Reading]:
    """As much of the past as the page may need, oldest first."""
    newest = readings_in_view(view, [indicator.code], region)[indicator.code].period
    if not newest:
        return []
    count = BACK.get(indicator.frequency) or FINE[indicator.frequency]
    return history(
        view.connection, view.catalogue, view.by, world=view.world, code=indicator.code,
        region=region or view.region, start=following(newest, 1 - count), now=view.now,
    )  # fmt: skip


def _head(view: View, choice: Chosen, series: Sequence[Reading]) -> Component:
    indicator = choice.focus
    newest = series[-1] if series else None
    origin: list[Component | str] = []
    if newest and newest.value is not None:
        origin = [*seals(newest), when(newest.known_at, view.now)]
    owner = view.catalogue.departments[indicator.owner].short
    cycles = [Choice(words, link(view, cycle=one.value), one is choice.cycle) for one, words in CYCLE_NAMES.items()]
    if own_cycle(indicator) is None:
        cycles.insert(0, Choice(_own(indicator), link(view, cycle=None), choice.cycle is None))
    name = html.A(
        short_name(indicator), href=view.place.indicator(indicator.code), title=f"{indicator.name}：查看指标全貌"
    )
    return html.Div(
        [
            html.H2(name),
            html.Span(_state(view, indicator, series), className="sub"),
            html.Span(className="sp"),
            html.Small([*origin, f" {owner}"]),
            switch("周期", cycles),
        ],
        className="ph",
    )


def _state(view: View, indicator: Indicator, series: Sequence[Reading]) -> str:
    """连续 6 期低于目标; otherwise the region."""
    region = view.catalogue.regions[view.region].name
    if not series:
        return region
    short = 0
    for one in reversed(series):
        goal = goal_target(indicator, one) if indicator.unit == "%" else None
        if one.value is None or goal is None or goal.value is None or one.value >= goal.value:
            break
        short += 1
    return f"{region} · 连续 {short} 期低于目标" if short > 1 else region


def _chart(view: View, choice: Chosen, series: Sequence[Reading]) -> Component:
    if is_paced(choice.focus) and choice.cycle is own_cycle(choice.focus):
        found = _pacing(view, choice.focus, series)
        if isinstance(found, Pacing):
            return trend(_year(choice.focus, series, found))
    cycle = choice.cycle
    gathered = gather(choice.focus, series, cycle) if cycle and applies(choice.focus, cycle) else None
    return trend(_past(view, choice, series, gathered))


def _past(view: View, choice: Chosen, series: Sequence[Reading], gathered: Sequence[Gathered] | None) -> Trend:
    """The series as it is, or by the chosen cycle."""
    indicator = choice.focus
    if gathered is None:
        count = FINE.get(indicator.frequency) or SHOWN[choice.cycle or Cycle.MONTH]
        shown = list(series)[-count:]
        points = [(one.period, one.value) for one in shown]
    else:
        points = [(one.label, one.value) for one in gathered][-SHOWN[choice.cycle or Cycle.MONTH] :]
    labels = [label for label, _ in points]
    ahead = forecast_of(view, indicator, labels[-1]) if gathered is None else None
    return Trend(
        short_name(indicator), indicator.unit, labels, [value for _, value in points], decimals=indicator.decimals,
        basis=indicator.basis, goal=goal_line(indicator, series[-1]), forecast=ahead,
        notes=notes_on(view, indicator, series, labels),
    )  # fmt: skip


def goal_line(indicator: Indicator, newest: Reading) -> Goal | None:
    """The line of a figure that is judged by its single values."""
    if indicator.target and indicator.target.value is not None:
        return Goal(indicator.target.value, "目标" if indicator.target.op == ">=" else "上限")
    target = goal_target(indicator, newest)
    if target and target.value is not None and not is_paced(indicator):
        return Goal(target.value)
    bands = indicator.bands
    edges = (bands.attention_above, bands.attention_below) if bands else ()
    edge = next((edge for edge in edges if edge is not None), None)
    return Goal(edge, "关注界") if edge is not None else None


def _year(indicator: Indicator, series: Sequence[Reading], found: Pacing) -> Trend:
    """The year's running total over last year's, with the goal, and where the usual pace of past years would lead."""
    sums = totals(indicator, [(one.period, one.value) for one in series])
    year = found.period[:4]
    labels = [label for label in sorted(sums) if label[:4] == year]
    before = [sums.get(f"{int(year) - 1}{label[4:]}") for label in labels]
    return Trend(
        short_name(indicator), indicator.unit, labels, [sums[label] for label in labels], decimals=indicator.decimals,
        basis="ytd", goal=Goal(found.goal, "年度目标"), before=before, forecast=_outlook(sums, found), zero=True,
    )  # fmt: skip


def _outlook(sums: dict[str, float], found: Pacing) -> Forecast | None:
    """The rest of the year if it goes as in past years: the mean, the slowest and the quickest of them."""
    rest = []
    label = following(found.period)
    while label[:4] == found.period[:4]:
        rest.append(label)
        label = following(label)
    ratios = []
    for ahead in rest:
        shares = usual_shares(sums, ahead)
        now = usual_shares(sums, found.period)
        ratios.append([shares[year] / now[year] for year in shares if now.get(year)])
    if not rest or not all(ratios):
        return None
    middle = [found.now * sum(row) / len(row) for row in ratios]
    low, high = ([found.now * edge(row) for row in ratios] for edge in (min, max))
    return Forecast(rest, middle, low, high, words="照往年节奏")


def _pacing(view: View, indicator: Indicator, series: Sequence[Reading]) -> Pacing | TooShort:
    newest = next(one for one in reversed(series) if one.value is not None)
    points = [(one.period, one.value) for one in series]
    return pacing(indicator, points, newest.period, goal_of(indicator, newest.period[:4], view.region))


def _rate_pacing(view: View, indicator: Indicator, series: Sequence[Reading]) -> RatePacing | None:
    """For growth rates made of increment over base: last year's full amount is its own last base plus increment."""
    newest = next(one for one in reversed(series) if one.value is not None)
    last = f"{int(newest.period[:4]) - 1}{'-Q4' if 'Q' in newest.period else '-12'}"
    year = next((one for one in series if one.period == last), None)
    whole = year.numerator + year.denominator if year and year.numerator is not None and year.denominator else None
    goal = goal_of(indicator, newest.period[:4], view.region)
    return rate_pacing(goal, newest.value or 0.0, newest.denominator, whole)


def _facts(view: View, choice: Chosen, series: Sequence[Reading]) -> Component:
    """Pace, comparisons, rule of the cycle."""
    indicator = choice.focus
    facts: list[Component] = []
    if indicator.aggregation == "weighted" and indicator.goals and (rate := _rate_pacing(view, indicator, series)):
        facts += rate_facts(rate)
    elif is_paced(indicator):
        facts += pacing_facts(_pacing(view, indicator, series), indicator)
    facts += beside_facts(besides(indicator, series), indicator)
    if step := _step_fact(indicator, series):
        facts.append(step)
    if len(facts) <= FEW:
        facts += span_facts([(period(one.period, one.basis), one.value) for one in series], indicator)
    words = rule_in_words(indicator, choice.cycle) if choice.cycle else "按指标自身周期逐期显示"
    facts.append(fact("周期口径", f"{CYCLE_NAMES[choice.cycle]}度" if choice.cycle else _own(indicator), words))
    return html.Dl(facts, className="facts2")


def _own(indicator: Indicator) -> str:
    return OWN_NAMES.get(indicator.frequency, "本期")


def _step_fact(indicator: Indicator, series: Sequence[Reading]) -> Component | None:
    """For what is made oftener than monthly: the step since the same weekday or hour before."""
    newest = next(one for one in reversed(series) if one.value is not None)
    known = tuple((one.period, one.value) for one in series)
    found = change(indicator, replace(newest, history=known)) if indicator.frequency in FINE else None
    if found is None:
        return None
    unit = {Measure.PERCENT: "%", Measure.POINTS: "pp", Measure.UNITS: ""}[found.measure]
    decimals = indicator.decimals if found.measure is Measure.UNITS else 1
    return fact(AGAINST[found.against], numbers.change(found.amount, decimals, unit), f"对 {period(found.earlier)}")
