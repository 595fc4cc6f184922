"""Small panels about duty on other pages: the desk, one event, a county, the phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from components.duty import PATH, duty_list, duty_panel
from components.markup import Tree
from components.phone_parts import card
from dispatch.duty import Gap
from dispatch.duty_gaps import near_gaps
from dispatch.event import Event
from pages.case_view import PARAMS as EVENT_PARAMS
from pages.case_view import detail_in
from pages.county_scope import county_of, in_county
from pages.duty_view import DUTY, is_simulated, own_unit, rules_in_view, standings, told, units_of_event
from pages.panels import panel
from pages.view import View

RIGHT = "events.view"
MOST_WARNED = 3
EVENTS = ("events:real", "events:demo")


@panel("desk-duty", topics=[DUTY, *EVENTS], params=["event"], right=RIGHT, soft_seconds=60)
def draw_desk(view: View) -> Tree:
    """The own centre, those of the event that is open, and what is about to be empty anywhere below."""
    keys = [own_unit(view)]
    event = _event(view)
    wanted = keys if event is None else [*keys, *units_of_event(*event)]
    near = near_gaps(view.connection, view.by, rules_in_view(view), world=view.world.value, now=view.now)
    return _drawn(view, wanted, [(unit.name, gap) for unit, gap in near if unit.key not in wanted][:MOST_WARNED])


@panel("event-duty", topics=[DUTY, *EVENTS], params=EVENT_PARAMS, right=RIGHT, soft_seconds=60)
def draw_event(view: View) -> Tree:
    """Whom to call about this event."""
    event = _event(view)
    if event is None:
        return None
    there = replace(view, place=replace(view.place, world=type(view.world)(event[0].world)))
    return _drawn(there, units_of_event(*event))


@panel("county-duty", topics=[DUTY], params=["id"], right=RIGHT, soft_seconds=60)
def draw_county(view: View) -> Tree:
    """The centre of the region, the one above, the city's."""
    here = in_county(view)
    return _drawn(here, [here.region, county_of(here).code, here.catalogue.city.code])


@panel("phone-duty", topics=[DUTY], params=["tab", "theme", "event"], right=RIGHT, soft_seconds=60)
def draw_phone(view: View) -> Tree:
    """On the first card page alone: one tap to call."""
    if any(view.params.get(name) for name in ("tab", "theme", "event")):
        return None
    rows = told(view, standings(view, [own_unit(view), view.catalogue.city.code]))
    if not any(one.standing.now for one in rows):
        return None
    note = "模拟 · 点号码拨打" if is_simulated(view) else "点号码拨打"
    return card("值班", note, [duty_list(rows, view.now)], "dutyp")


def _event(view: View) -> tuple[Event, list[str]] | None:
    found = detail_in(view)
    if found is None:
        return None
    return found.case.event, [one.department for one in found.case.assignments if one.ended is None]


def _drawn(view: View, units: list[str], warned: Sequence[tuple[str, Gap]] = ()) -> Tree:
    rows = told(view, standings(view, units))
    href = "" if view.by.kind == "screen" else view.place.to(PATH)
    return duty_panel(rows, view.now, simulated=is_simulated(view), href=href, warned=warned)
