"""The phone at `/m`: decisions first, lights, one theme, one event. The home of the province's work app.

`tab`, `theme` and `event` in the address say what is in view; the page itself is never left, so the way back is short.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import dash
from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.faces import empty
from components.markup import Tree
from components.phone_parts import (
    HOME,
    Tab,
    card,
    decision_card,
    event_rows,
    figure_rows,
    figures_card,
    lights_card,
    loop_card,
    phone_head,
    tab_bar,
    theme_rows,
)
from components.shown import Shown
from dispatch.loop import DecisionRow, decisions, loop
from indicators.definition import Theme
from indicators.states import Track
from pages import (
    digest_briefs,  # noqa: F401 -- its card stands below the overview
    duty_panels,  # noqa: F401 -- its panel stands in the layout
)
from pages.county import FUNCTIONS
from pages.county_scope import headlines, pins_in
from pages.panels import panel, slot
from pages.phone_event import draw_acts, draw_event, report_link
from pages.view import Refused, View, lit_theme, lit_themes, readings_in_view, show
from pages.wall_alerts import WARNINGS, alerts_in_force, worst_by_theme

READINGS, EVENTS = "readings:{world}", "events:{world}"
PARAMS = ("tab", "theme", "event")
FIGURES = 6
TRACKS = [Track.OFF, Track.STALE, Track.ON, Track.WITHOUT_YARDSTICK, Track.MISSING]
TABS = {"": "总览", "themes": "专题", "map": "区域", "events": "事件", "decisions": "批示"}

dash.register_page(__name__, path=HOME, title="潮州运行", name="手机", access="indicators.view")


@panel("phone-head", topics=[READINGS], params=PARAMS, right="indicators.view")
def draw_head(view: View) -> Tree:
    """What is in view and the way up."""
    region = view.catalogue.regions[view.region]
    if "theme" in view.params:
        return phone_head(theme_in(view).name, view.place, view.place.to(HOME, tab="themes"))
    if "event" in view.params:
        return phone_head("事件", view.place, view.place.to(HOME, tab="events"))
    name = "潮州运行" if view.region == view.place.city else f"{region.short}运行"
    tab = _tab(view)
    return phone_head(TABS[tab] if tab else name, view.place, view.place.to(HOME) if tab else None)


@panel("phone-body", topics=[READINGS, EVENTS, WARNINGS], params=PARAMS, right="indicators.view")
def draw_body(view: View) -> Tree:
    """The cards of what is in view."""
    if "theme" in view.params:
        return _theme(view)
    if "event" in view.params:
        return draw_event(view)
    return DRAWN[_tab(view)](view)


@panel("phone-acts", topics=[EVENTS], params=PARAMS, right="indicators.view", personal=True)
def draw_what_may_be_done(view: View) -> Tree:
    """批示, 督办 and whatever else this person may do to the event in view; empty elsewhere."""
    return draw_acts(view)


@panel("phone-tabs", topics=[EVENTS], params=PARAMS, right="indicators.view")
def draw_tabs(view: View) -> Tree:
    """The bar at the bottom with the number of open decisions."""
    waiting = len(_decisions(view))
    tabs = [Tab(key, name, waiting if key == "decisions" else 0) for key, name in TABS.items()]
    current = "themes" if "theme" in view.params else "events" if "event" in view.params else _tab(view)
    return tab_bar(tabs, current, view.place)


def theme_in(view: View) -> Theme:
    """The theme the address names; raises Refused."""
    theme = view.catalogue.themes.get(view.params["theme"])
    if theme is None:
        raise Refused("没有这个主题")
    return theme


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            html.Header(
                [slot("phone-head", look="ph1"), html.B(className="n", **attributes(data_clock="time"))], className="pt"
            ),
            html.Main([slot("phone-body", _blank()), slot("phone-acts"), slot("phone-duty"), slot("digest-phone")]),
            slot("phone-tabs", look="tabs"),
        ],
        className="phone",
    )


def _blank() -> list[Component]:
    return [html.Section(html.Span(className="skb"), className="pc blank") for _ in range(3)]


def _tab(view: View) -> str:
    tab = view.params.get("tab", "")
    if tab not in TABS:
        raise Refused("没有这个栏目")
    return tab


def _decisions(view: View) -> tuple[DecisionRow, ...]:
    if not view.by.may("events.view"):
        return ()
    found = decisions(view.connection, view.by, world=view.world.value, region=view.region, now=view.now)
    units = view.catalogue.departments
    return tuple(replace(row, owner=units[row.owner].short if row.owner in units else row.owner) for row in found)


def _overview(view: View) -> Tree:
    wanted = headlines(view)[:FIGURES]
    readings = readings_in_view(view, [indicator.code for indicator in wanted])
    figures = [show(view, indicator, readings.get(indicator.code)) for indicator in wanted]
    return [
        decision_card(_decisions(view), view.place, view.now),
        lights_card(lit_themes(view), FUNCTIONS, view.place, worst_by_theme(alerts_in_force(view))),
        figures_card(figures, view.place, view.now),
        _loop(view),
    ]


def _loop(view: View) -> Component | None:
    if not view.by.may("events.view"):
        return None
    found = loop(view.connection, view.by, world=view.world.value, region=view.region, now=view.now)
    return loop_card(found, view.now)


def _themes(view: View) -> Tree:
    lit = lit_themes(view)
    return card(
        f"{len(lit)} 专题", "警情、关注优先", [theme_rows(lit, view.place, worst_by_theme(alerts_in_force(view)))]
    )


def _theme(view: View) -> Tree:
    theme = theme_in(view)
    state = lit_theme(view, theme.id).state
    rows = figures_of(view, theme.id)
    return [
        card("态势", view.catalogue.regions[view.region].name, [html.P(state.reason)]),
        card("指标", f"{len(rows)} 项", [figure_rows(rows, view.place, view.now)]),
    ]


def figures_of(view: View, theme: str) -> list[Shown]:
    """The figures of a theme that have been heard of, those off track first."""
    entries = [one for one in view.catalogue.indicators_of(theme) if not one.historical]
    found = readings_in_view(view, [one.code for one in entries])
    rows = [show(view, one, found.get(one.code)) for one in entries]
    return sorted((row for row in rows if row.has_value), key=lambda row: TRACKS.index(row.track))


def _events(view: View) -> Tree:
    if not view.by.may("events.view"):
        return card("事件", "", [empty("无权查看事件", "请联系管理员开通")])
    found = pins_in(view)
    return card("在办事件", f"{len(found)} 件", [event_rows(found, view.place, view.now), report_link(view)])


def _regions(view: View) -> Tree:
    """Counties to choose from, and the way to the map."""
    place = view.place
    inner = [view.catalogue.regions[place.city], *view.catalogue.children(place.city)]
    rows = []
    for region in inner:
        if view.by.scope.allows(region.code):
            states = [lit.state.light.value for lit in lit_themes(view, region.code)]
            here = attributes(aria_current="true" if region.code == view.region else None)
            words = f"关注 {states.count('at')} · 过期 {states.count('st')}"
            link = html.A(
                [html.B(region.name), html.Span(words, className="mut"), html.Span("›")],
                href=place.to(HOME, region=None if region.code == place.city else region.code),
                **here,
            )
            rows.append(html.Li(link))
    way = html.A("打开地图", href=place.to("/map"), className="btn pri")
    return card("区域", "选择后各栏目只看该区域", [html.Ul(rows, className="rows regs"), html.Div(way, className="bt")])


def _waiting(view: View) -> Tree:
    rows = _decisions(view)
    return decision_card(rows, view.place, view.now, at_most=len(rows))


DRAWN: dict[str, Callable[[View], Tree]] = {
    "": _overview,
    "themes": _themes,
    "map": _regions,
    "events": _events,
    "decisions": _waiting,
}
