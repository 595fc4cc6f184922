"""Early warning at `/warnings`: what is in force, what was, the rules, and how well each rule did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import dash
from dash import html
from dash.development.base_component import Component

from components.faces import block, empty, panel_head
from components.header import crumbs, header
from components.markup import Tree
from components.warning_list import counts, filters, history_table, warning_list, watchdog
from decisions.warning import Warning
from decisions.warning_rule import CHARACTERS
from decisions.warnings import engine_trouble, families, in_force, past, silences
from pages import sources_view, warnings_detail, warnings_rules, warnings_scores
from pages.map_areas import AREA_NEWS
from pages.panels import panel, slot
from pages.shell import top
from pages.view import View
from pages.warnings_view import (
    PARAMS,
    PATH,
    RIGHT,
    STATES,
    TOPIC,
    USUAL_LOOK,
    Asked,
    asked,
    line,
    link,
    rules_in_view,
    tabs,
)

ROWS_A_PAGE = 60
BEAT_SECONDS = 15.0

dash.register_page(__name__, path=PATH, title="预警", name="预警", access=RIGHT)


@panel("warnings-head", topics=["sources"], right=RIGHT)
def draw_head(view: View) -> Tree:
    """Where we are."""
    trail = crumbs([("驾驶舱", view.place.to("/"))], "")
    line = header("预警", "规则、依据、处置与记分", view.place, PATH, sources_view.count(view), trail)
    return html.Div(line, className="head")


@panel("warnings-state", topics=[TOPIC], params=PARAMS, soft_seconds=BEAT_SECONDS, right=RIGHT)
def draw_state(view: View) -> Tree:
    """Whether the engine lives, what is in force by level, the sides of the page."""
    found = in_force(view.connection, view.by, world=view.world.value)
    spoken = [one for one in found if one.quiet is None]
    official = Counter(int(one.level or one.peak_level) for one in spoken if not one.is_forecast)
    kept = silences(view.connection, view.by, world=view.world.value, now=view.now)
    told = counts(official, sum(one.is_forecast for one in spoken), len(found) - len(spoken), len(kept))
    return [
        watchdog(engine_trouble(view.connection, view.now)),
        html.Div([told, html.Span(className="sp"), tabs(view)], className="wtop"),
    ]


@panel("warnings-filters", topics=["catalogue"], params=PARAMS, soft_seconds=300, right=RIGHT)
def draw_filters(view: View) -> Tree:
    """What is looked for; every change goes into the address."""
    ask = asked(view)
    if ask.tab in _OTHER_TOOLS:
        return _OTHER_TOOLS[ask.tab](view)
    rules = rules_in_view(view).rules
    themes = dict.fromkeys(view.catalogue.indicators[rule.indicator].theme for rule in rules.values())
    regions = [view.catalogue.city.code, *(one.code for one in view.catalogue.children(view.catalogue.city.code))]
    fields = [
        ("level", "级别", [(str(int(level)), f"{words}色") for level, words in CHARACTERS.items()]),
        ("theme", "主题", [(key, view.catalogue.themes[key].short) for key in themes]),
        ("of", "区域", [(code, view.catalogue.regions[code].name) for code in regions if view.by.scope.allows(code)]),
        ("rule", "规则", [(key, rule.name) for key, rule in rules.items()]),
        ("state", "状态", list(STATES.items())),
    ]
    given = {name: value for name in PARAMS if (value := view.params.get(name))}
    return filters(given, fields)


@panel("warnings-main", topics=[TOPIC, "catalogue"], params=[*PARAMS, "days"], soft_seconds=30, right=RIGHT)
def draw_main(view: View) -> Tree:
    """The list of the side in view."""
    ask = asked(view)
    if ask.tab == "rules":
        return warnings_rules.draw_list(view)
    if ask.tab == "scores":
        return warnings_scores.draw(view)
    return _history(view, ask) if ask.tab == "past" else _current(view, ask)


_OTHER_TOOLS = {"rules": warnings_rules.draw_words, "scores": warnings_scores.draw_span}
"""What stands in place of the filters."""


def _current(view: View, ask: Asked) -> Tree:
    found = _in_force(view, ask)
    spoken = [one for one in found if one.quiet is None]
    chosen = _chosen(view, ask)
    quiet = [line(view, one, chosen=chosen) for one in found if one.quiet is not None]
    groups = [[line(view, one, chosen=chosen) for one in family] for family in families(spoken)]
    head = panel_head("生效预警", f"{len(spoken)} 条，合为 {len(groups)} 组" if spoken else "")
    return [head, warning_list(groups, quiet, view.now)]


def _history(view: View, ask: Asked) -> Tree:
    wanted, chosen = _ever(view, ask), _chosen(view, ask)
    shown = [line(view, one, chosen=chosen) for one in wanted[:ROWS_A_PAGE]]
    older = link(view, before=str(shown[-1].id)) if len(wanted) > ROWS_A_PAGE else None
    return [panel_head("预警历史", f"自 {_since(view, ask):%Y-%m-%d} 起"), history_table(shown, older)]


def _in_force(view: View, ask: Asked) -> list[Warning]:
    return [one for one in in_force(view.connection, view.by, world=view.world.value) if _is_wanted(view, ask, one)]


def _ever(view: View, ask: Asked) -> list[Warning]:
    found = past(
        view.connection, view.by, world=view.world.value, since=_since(view, ask), until=view.now, rule=ask.rule,
        before=ask.before, at_most=10 * ROWS_A_PAGE,
    )  # fmt: skip
    return [one for one in found if _is_wanted(view, ask, one)]


def _since(view: View, ask: Asked) -> datetime:
    return ask.since or view.now - USUAL_LOOK


def _chosen(view: View, ask: Asked) -> int | None:
    """The warning the address names, else the first of the list: the gravest in force, the newest of the past."""
    if ask.warning is not None:
        return ask.warning
    if ask.tab == "past":
        found = _ever(view, ask)
    else:
        found = [family[0] for family in families([one for one in _in_force(view, ask) if one.quiet is None])]
    return found[0].id if found else None


def _is_wanted(view: View, ask: Asked, one: Warning) -> bool:
    inside = None if ask.region is None else {region.code for region in view.catalogue.within(ask.region)}
    return all((
        ask.level is None or int(one.level or one.peak_level) == ask.level,
        ask.theme is None or one.theme == ask.theme,
        inside is None or one.region in inside,
        ask.rule is None or one.rule == ask.rule,
        ask.since is None or one.began_at >= ask.since,
        ask.state is None or ask.state in _states(view, one),
    ))  # fmt: skip


def _states(view: View, one: Warning) -> Sequence[str]:
    states = ["quiet"] if one.quiet else []
    if one.event:
        states.append("event")
    states.append("taken" if one.is_taken_up(view.now) else "open")
    return states


@panel(
    "warnings-detail", topics=[TOPIC, "catalogue"], params=[*PARAMS, *warnings_rules.TRIED], soft_seconds=30,
    right=RIGHT,
)  # fmt: skip
def draw_detail(view: View) -> Tree:
    """The warning or the rule the address names."""
    ask = asked(view)
    if ask.tab == "rules":
        return warnings_rules.draw_rule(view, ask.rule)
    if ask.tab == "scores":
        return warnings_scores.draw_words()
    chosen = _chosen(view, ask)
    if chosen is None:
        hint = "规则在按周期检测，越过界限时在这里列出依据、经过和可做的处置"
        return [panel_head("预警详情"), empty("没有可看的预警", hint), *warnings_detail.draw_silences(view)]
    return warnings_detail.draw(view, chosen)


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("warnings-head", look="head"), PATH),
            html.Main(
                [
                    slot("warnings-state", [block(40, 2)], look="p wide"),
                    slot(AREA_NEWS, look="p wide"),
                    slot("warnings-filters", [block(40, 3)], look="p wide"),
                    slot("warnings-main", [block(8), block(40, 20)], look="p"),
                    slot("warnings-detail", [block(8), block(30, 20)], look="p"),
                ],
                className="warns",
            ),
        ],
        className="sheet",
    )
