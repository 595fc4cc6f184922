"""The right column of a theme: guided path, what the rule says, related warnings and events."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components.chip import chip
from components.faces import panel_head
from components.marks import LIGHT, light
from components.markup import Tree
from components.shown import gap_words, short_name
from components.theme_head import Step, guide
from components.times import period_near
from indicators.contributions import worst
from indicators.definition import DrillStep
from indicators.reading import Reading
from pages.theme_choice import PARAMS, Chosen, chosen, link
from pages.view import View, lit_theme, readings_in_view, show

MOST, WITH_GUIDE = 4, 2
"""Figures off track that are named; fewer below a guided path."""


def draw(view: View) -> Tree:
    """The panel."""
    choice = chosen(view)
    path = [panel_head("导览", "三步看清"), guide(_steps(view, choice))] if choice.theme.drill else []
    return [*path, *_judgement(view, choice), *related(view, choice)]


def _steps(view: View, choice: Chosen) -> list[Step]:
    found: dict[str, str | None] = {}
    steps = []
    for one in choice.theme.drill:
        region, answer = _place(view, one, found)
        href = _address(view, one, region)
        is_here = one.page == "theme" and one.indicator == choice.focus.code and (region or view.region) == view.region
        steps.append(Step(one.words, href, answer, is_here))
    return steps


def _place(view: View, step: DrillStep, found: dict[str, str | None]) -> tuple[str | None, str]:
    """Where a step looks, and the name of what it found."""
    if step.region == "city":
        return view.catalogue.city.code, ""
    if step.region == "same":
        return view.region, ""
    if step.indicator not in found:
        source = (view.connection, view.catalogue, view.by)
        found[step.indicator] = next(
            (region for region in found.values() if region),
            worst(source, world=view.world, code=step.indicator, now=view.now),
        )
    region = found[step.indicator]
    return region, view.catalogue.regions[region].short if region else "不能判断"


def _address(view: View, step: DrillStep, region: str | None) -> str:
    home = view.catalogue.city.code
    region = None if region == home else region
    if step.page == "indicator":
        blank = {key: None for key in PARAMS if key != "id"}
        return link(view, f"/indicator/{step.indicator}", **(blank | {"region": region}))
    side = "parts" if step.region == "worst" and view.catalogue.indicators[step.indicator].parts else None
    return link(view, focus=step.indicator, region=region, side=side, cycle=None)


def _judgement(view: View, choice: Chosen) -> list[Component]:
    """Which rule shows which light and why; then the figures off track."""
    lit = lit_theme(view, choice.theme.id)
    state = lit.state
    most = WITH_GUIDE if choice.theme.drill else MOST
    off = [view.catalogue.indicators[code] for code in state.off_track]
    found = readings_in_view(view, [one.code for one in off])
    rows = [
        html.Li(
            [
                chip(0, "关注"),
                html.Div(
                    [
                        html.B(html.A(short_name(one), href=link(view, focus=one.code))),
                        html.Span(_line(view, one.code, found), className="sub"),
                    ]
                ),
            ]
        )
        for one in off[:most]
    ]
    more = [html.Li(html.Span(f"另有 {len(off) - most} 项，见指标表", className="sub"))] if len(off) > most else []
    rule = html.P(
        [light(state.light), html.B(LIGHT[state.light]), f" {state.reason}"],
        className="sub verdict",
        title=f"判定规则：{view.catalogue.state_rule.words}",
    )
    note = f"参与判定 {state.judged} · 偏离 {len(off)}"
    return [panel_head("研判", note), rule, html.Ul([*rows, *more], className="ru")]


def _line(view: View, code: str, found: Mapping[str, Reading]) -> str:
    shown = show(view, view.catalogue.indicators[code], found.get(code))
    reading = shown.reading
    when = period_near(reading.period, view.now, reading.basis) if reading and reading.period else ""
    return " · ".join(part for part in (shown.figure.compact, gap_words(shown), when, shown.owner) if part)


def related(view: View, choice: Chosen) -> list[Component]:
    """Warnings and events of the theme."""
    return [panel_head("关联事件"), html.P("没有与本主题关联的在办事件和生效预警", className="sub")]
