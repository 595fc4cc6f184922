"""The right column of a theme: guided path, what the rule says, related warnings and events."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from components.chip import chip, expected_chip
from components.faces import panel_head
from components.marks import LIGHT, light
from components.markup import Tree
from components.shown import gap_words, short_name
from components.sla import sla
from components.theme_head import Step, guide
from components.times import period_near, when
from decisions.warning import Warning
from decisions.warnings import in_force
from dispatch.event import Event
from dispatch.events import Wanted, listed
from dispatch.loop_queries import titled
from indicators.contributions import worst
from indicators.definition import DrillStep
from indicators.reading import Reading
from pages.theme_choice import PARAMS, Chosen, chosen, link
from pages.view import View, lit_theme, readings_in_view, show

MOST, WITH_GUIDE = 3, 2
"""Figures off track that are named; fewer below a guided path."""
ROOM, ROOM_WITH_GUIDE = 5, 3
"""Lines the panel has for figures, warnings and events together."""


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
    """Warnings in force of the theme, then open events its lead units handle; each only for those who may see it."""
    found = _warnings(view, choice) if view.by.may("warnings.view") else []
    cases = _events(view, choice) if view.by.may("events.view") else []
    first, rest = _share(len(found), len(cases), _room(view, choice))
    rows = [*(_warning(one, view) for one in found[:first]), *(_event(one, view) for one in cases[:rest])]
    note = f"预警 {len(found)} · 在办 {len(cases)}" if rows else ""
    if not rows:
        words = "没有生效预警，牵头单位没有在办事件；规则与受理运行中"
        return [panel_head("关联预警与事件"), html.P(words, className="sub")]
    return [panel_head("关联预警与事件", note), html.Ul(rows, className="ru")]


def _room(view: View, choice: Chosen) -> int:
    """Lines that are left below the figures off track; two at least."""
    most, room = (WITH_GUIDE, ROOM_WITH_GUIDE) if choice.theme.drill else (MOST, ROOM)
    off = len(lit_theme(view, choice.theme.id).state.off_track)
    return max(2, room - min(off, most) - (off > most))


def _share(warnings: int, events: int, room: int) -> tuple[int, int]:
    """How many of each are listed: half the room for events where there are as many."""
    first = min(warnings, max(room - events, room - room // 2))
    return first, min(events, room - first)


def _warnings(view: View, choice: Chosen) -> list[Warning]:
    inside = {region.code for region in view.catalogue.within(view.region)}
    found = in_force(view.connection, view.by, world=view.world.value, regions=inside)
    return [one for one in found if one.theme == choice.theme.id and one.quiet is None]


def _warning(one: Warning, view: View) -> Component:
    level = int(one.level) if one.level is not None else 0
    mark = expected_chip(level) if one.is_forecast and level else chip(level, "" if level else "关注")
    place = view.catalogue.regions[one.region].short
    line = f"{place} · {when(one.began_at, view.now)} 触发 · {view.catalogue.departments[one.owner].short}"
    name = html.A(one.name, href=view.place.in_region(f"/indicator/{one.indicator}", one.region))
    return html.Li([mark, html.Div([html.B(name), html.Span(line, className="sub")])])


def _events(view: View, choice: Chosen) -> list[Event]:
    """Of each lead unit, most urgent first; without a theme of their own, events belong to who handles them."""
    inside = frozenset(region.code for region in view.catalogue.within(view.region))
    found: dict[str, Event] = {}
    for unit in choice.theme.lead:
        wanted = Wanted(world=view.world.value, department=unit, open_only=True, within=inside, region=view.region)
        found |= {one.number: one for one in listed(view.connection, view.by, wanted, limit=20).events}
    return sorted(found.values(), key=lambda one: (one.case_due_at or one.reported_at, one.number))


def _event(one: Event, view: View) -> Component:
    place = view.catalogue.regions[one.region].short if one.region in view.catalogue.regions else ""
    line = " · ".join(part for part in (place, one.state_name, "督办" if one.supervised else "") if part)
    name = html.A(titled(one.title), href=view.place.to(f"/event/{one.number}"))
    clock = sla(one.case_due_at, view.now) if one.case_due_at else None
    mark = chip(one.level) if one.level in {1, 2, 3, 4} else chip(0, "督" if one.supervised else "")
    return html.Li([mark, html.Div([html.B(name), html.Span(line, className="sub")]), clock])
