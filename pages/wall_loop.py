"""Decisions, the closed loop, what just happened and the leaders' ranking, from dispatch and the readings."""

from __future__ import annotations

from components.markup import Tree
from components.ticker import ticker as ticker_list
from components.wall_decisions import decision_list
from components.wall_loop import happenings, loop_band, supervised_list
from dispatch.loop import DecisionRow, decisions, loop, ticker
from dispatch.rulebook import rulebook
from indicators.attention import Concern, concerns
from indicators.definition import RegionKind
from pages.panels import panel
from pages.view import View, event_way, readings_in_view
from pages.wall_figures import EVENTS, READINGS

STAGE_PAGE, WALLS_PAGE = "/desk", "/theme/event_command"
"""Where a click on a stage leads: the desk with the events of that stage; on a wall the theme of event command."""
TODAY = 40


@panel("wall-decisions", topics=[EVENTS, READINGS], right="events.view")
def draw_decisions(view: View) -> Tree:
    """What only a leader can settle, then what weighs most among the figures off track."""
    rows = waiting_for_leaders(view)
    return decision_list(rows, concerns_in_view(view), region_names(view), view.place, view.now, event_way(view))


@panel("wall-loop", topics=[EVENTS], right="events.view")
def draw_loop(view: View) -> Tree:
    """Today's totals and the stages."""
    found = loop(view.connection, view.by, world=view.world, region=view.region, now=view.now)
    return loop_band(found, view.place, WALLS_PAGE if view.by.kind == "screen" else STAGE_PAGE)


@panel("wall-ticker", topics=[EVENTS], right="events.view")
def draw_ticker(view: View) -> Tree:
    """The newest acts."""
    rows = ticker(view.connection, view.by, world=view.world, region=view.region, now=view.now)
    return ticker_list(rows, view.now, way=event_way(view))


@panel("wall-happenings", topics=[EVENTS], right="events.view")
def draw_happenings(view: View) -> Tree:
    """Today's acts on matters above the everyday."""
    rows = ticker(view.connection, view.by, world=view.world, region=view.region, now=view.now, limit=TODAY)
    return happenings(rows, view.now, event_way(view))


@panel("wall-supervised", topics=[EVENTS], right="events.view")
def draw_supervised(view: View) -> Tree:
    """What waits for a leader with a deadline, the nearest first."""
    rows = waiting_for_leaders(view)
    return supervised_list(rows, view.now, event_way(view))


def waiting_for_leaders(view: View) -> tuple[DecisionRow, ...]:
    """What waits for a leader, with departments by name."""
    rules = rulebook(view.catalogue)
    return decisions(view.connection, view.by, world=view.world, region=view.region, now=view.now, rules=rules)


def region_names(view: View) -> dict[str, str]:
    """Short names of all regions; the city is 全市."""
    names = {code: region.short for code, region in view.catalogue.regions.items()}
    return names | {view.catalogue.city.code: "全市"}


def concerns_in_view(view: View) -> list[Concern]:
    """The leaders' ranking of the region in view and, for the city, of its counties."""
    rule = view.catalogue.attention_rule
    if rule is None:
        return []
    regions = [view.region]
    if view.region == view.catalogue.city.code:
        regions += [one.code for one in view.catalogue.regions.values() if one.kind is RegionKind.COUNTY]
    return concerns(view.catalogue, {code: readings_in_view(view, region=code) for code in regions}, rule)
