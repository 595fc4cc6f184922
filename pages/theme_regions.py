"""The region panel of a theme: the figure in focus everywhere, last year beside now, ranked where that is fair."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chart import Goal, Row, dot_plot
from components.faces import empty, panel_head
from components.markup import Tree
from components.shown import short_name
from components.theme_head import Choice, switch
from components.theme_regions import drag_words, ranking_table
from components.times import period
from indicators.comparison import goal_target
from indicators.contributions import drags
from indicators.definition import Indicator, Region
from indicators.lunar import year_pair
from indicators.ranking import rank
from indicators.reading import Reading
from indicators.readings import latest_in
from pages.theme_choice import Chosen, chosen, link
from pages.view import View

PEOPLE = "HLT-08"
"""Its denominator is the number of residents."""


def draw(view: View) -> Tree:
    """The panel."""
    choice = chosen(view)
    indicator, whole = choice.focus, parent_of(view)
    places = [whole, *view.catalogue.children(whole.code)]
    if len(places) == 1 or places[1].kind not in indicator.levels:
        return [panel_head("分区域对比"), empty("不分区域", f"{short_name(indicator)}只按{whole.name}统计")]
    found = everywhere(view, indicator, places)
    if whole.code not in found:
        return [panel_head("分区域对比"), empty("没有可比区域", f"当前身份看不到{whole.name}的数值")]
    if all(one.value is None for one in found.values()):
        return [panel_head("分区域对比"), empty("没有数据", "各区域尚未获得本指标的数值")]
    held = drags(indicator, found, whole.code)
    drag = _drag(view, choice, held)
    if choice.is_ranked:
        return [_head(view, choice, found, whole), drag, _ranks(view, indicator, found, whole, held)]
    goal = _goal(indicator, found, whole)
    return [_head(view, choice, found, whole), _plot(view, indicator, found, whole, held, goal), drag, _legend(goal)]


def _head(view: View, choice: Chosen, found: Mapping[str, Reading], whole: Region) -> Component:
    newest = found[whole.code]
    note = period(newest.period, newest.basis) if newest.period else ""
    choices = [
        Choice("对比", link(view, rank=None), not choice.is_ranked),
        Choice("名次", link(view, rank="1"), choice.is_ranked),
    ]
    parts = [html.H2(_title(view, whole)), html.Span(note, className="sub"), html.Span(className="sp")]
    return html.Div([*parts, switch("看法", choices)], className="ph")


def _legend(goal: Goal | None) -> Component:
    keys = [_key("○", "上年同期"), _key("●", "本期"), *([_key("│", "目标")] if goal else [])]
    return html.Div(keys, className="sub keys")


def parent_of(view: View) -> Region:
    """The region whose parts are compared: the county in view if it has towns with this figure, else what it is in."""
    region, catalogue = view.catalogue.regions[view.region], view.catalogue
    levels = chosen(view).focus.levels
    inside = catalogue.children(region.code)
    if inside and inside[0].kind in levels:
        return region
    return catalogue.regions.get(region.parent or catalogue.city.code, catalogue.regions[catalogue.city.code])


def everywhere(view: View, indicator: Indicator, places: list[Region]) -> dict[str, Reading]:
    """The newest reading in each place."""
    return latest_in(
        view.connection, view.catalogue, view.by, world=view.world, code=indicator.code,
        regions=[place.code for place in places], now=view.now,
    )  # fmt: skip


def _title(view: View, whole: Region) -> str:
    children = view.catalogue.children(whole.code)
    return "四区对比" if whole.code == view.catalogue.city.code and len(children) == 4 else f"{whole.short}各镇街对比"


def _key(mark: str, words: str) -> Component:
    return html.Span([html.I(mark, **attributes(aria_hidden="true")), words], className="key")


def _plot(
    view: View,
    indicator: Indicator,
    found: Mapping[str, Reading],
    whole: Region,
    held: Mapping[str, float],
    goal: Goal | None,
) -> Component:
    """The whole first, then the parts: the hardest drag last, as given where nothing drags."""
    parts = [code for code in found if code != whole.code]
    ordered = sorted(parts, key=lambda code: -held.get(code, 0.0)) if held else parts
    rows = [
        Row(
            _name(view, code),
            found[code].value,
            before=_before(found[code]),
            href=link(view, region=code),
            strong=code in {whole.code, view.region},
        )
        for code in (whole.code, *ordered)
    ]
    rows = [row for row in rows if row.value is not None]
    return dot_plot("分区域对比", indicator.unit, rows, goal=goal, decimals=indicator.decimals)


def _name(view: View, code: str) -> str:
    return "全市" if code == view.catalogue.city.code else view.catalogue.regions[code].name


def _goal(indicator: Indicator, found: Mapping[str, Reading], whole: Region) -> Goal | None:
    """The line only for rates: an amount of the city is no yardstick for a county."""
    if indicator.unit != "%" and indicator.aggregation == "sum":
        return None
    target = indicator.target if indicator.target and indicator.target.value is not None else None
    target = target or (goal_target(indicator, found[whole.code]) if found[whole.code].period else None)
    return Goal(target.value) if target and target.value is not None else None


def _before(one: Reading) -> float | None:
    if not one.period or one.value is None or len(one.period) > 10:
        return None
    known = dict(one.history)
    pair = year_pair(one.period, one.basis, known.keys())
    return known.get(pair.before[0]) if len(pair.before) == 1 else None


def _drag(view: View, choice: Chosen, held: Mapping[str, float]) -> Component | None:
    """Who holds the whole back most, as a link that puts the page into that region."""
    worst = min(held, key=lambda code: held[code], default=None)
    if worst is None or held[worst] >= 0:
        return None
    words = drag_words(view.catalogue.regions[worst].name, held[worst], choice.focus.unit)
    return html.A(
        [html.I(className="lt at"), html.B(words), html.Span("点开看原因", className="sub")],
        href=link(view, region=worst, side="parts" if choice.focus.parts else None),
        className="drag",
    )


def _ranks(
    view: View, indicator: Indicator, found: Mapping[str, Reading], whole: Region, held: Mapping[str, float]
) -> Component:
    parts = {code: one for code, one in found.items() if code != whole.code}
    made = rank(indicator, parts, people_of(view, list(parts)))
    says = made.refused or f"{made.basis}；{'市内县区互为同组' if whole.parent is None else '同县区镇街互为同组'}"
    return html.Div(
        [
            html.P(says, className="sub"),
            ranking_table(
                made, indicator, view.catalogue.regions, held, lambda code: link(view, region=code), view.region
            ),
        ],
        className="ranks",
    )


def people_of(view: View, regions: list[str]) -> dict[str, float]:
    """Residents by region, from the denominator of the figure that is per resident."""
    found = latest_in(
        view.connection, view.catalogue, view.by, world=view.world, code=PEOPLE, regions=regions, now=view.now
    )
    return {code: one.denominator for code, one in found.items() if one.denominator}
