"""Who is on duty at `/duty`: every unit the viewer may see, found by name or pinyin, now or at another time; one unit's
roster with its forms beside it."""

from __future__ import annotations

from datetime import datetime, timedelta

import dash
from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.duty import PATH, Told, duty_table
from components.duty_unit import Roster, files_panel, unit_panel
from components.header import crumbs, header
from components.markup import Tree, element
from components.times import CITY_TIME
from dispatch.duty import POST_NAMES, may_edit, units_of
from dispatch.duty_rosters import files_taken, mobiles, shifts_between
from geography.search import fit
from pages import sources_view
from pages.duty_view import DUTY, is_simulated, own_unit, rules_in_view, standings, told
from pages.panels import panel, slot
from pages.shell import top
from pages.view import Refused, View

RIGHT = "events.view"
ORDER = ("city", "county", "zone", "department", "town")
COMING = timedelta(hours=36)

dash.register_page(__name__, path=PATH, title="值班表", name="值班表", access=RIGHT, walls=False)


@panel("duty-head", topics=["sources"], right=RIGHT)
def draw_head(view: View) -> Tree:
    """Where we are."""
    trail = crumbs([("驾驶舱", view.place.to("/"))], "")
    return html.Div(header("值班表", "", view.place, PATH, sources_view.count(view), trail), className="head")


@panel("duty-search", topics=["catalogue"], params=["q", "at", "post"], right=RIGHT, soft_seconds=300)
def draw_search(view: View) -> Tree:
    """What is looked for, all in the address."""
    word = element(
        "input", name="q", type="search", value=view.params.get("q", ""), placeholder="单位、姓名或拼音", maxlength=40,
        aria_label="查找单位或姓名",
    )  # fmt: skip
    moment = element(
        "input", name="at", type="datetime-local", value=view.params.get("at", ""), aria_label="查看时间，不填为此刻"
    )
    options = [element("option", words, value=key, selected=key == view.params.get("post"))
               for key, words in (("", "全部"), ("gap", "只看有空当的"))]  # fmt: skip
    only = html.Select(options, name="post", **attributes(aria_label="范围"))
    return html.Form([word, moment, only], className="dutys", **attributes(data_query="true"))


@panel("duty-table", topics=[DUTY], params=["q", "at", "post", "unit"], right=RIGHT, soft_seconds=60)
def draw_table(view: View) -> Tree:
    """All units, or those that fit what is sought."""
    moment, sought = _moment(view), view.params.get("q", "").strip()
    found = sorted(standings(view, at=moment), key=lambda one: ORDER.index(one.unit.kind))
    rows = [one for one in told(view, found) if _fits(one, sought)]
    if view.params.get("post") == "gap":
        rows = [one for one in rows if one.standing.gaps]
    kept = {name: view.params.get(name) for name in ("q", "at", "post")}
    return duty_table(
        rows, moment, sought, is_simulated(view), lambda unit: view.place.to(PATH, unit=unit, **kept), _chosen(view)
    )


@panel("duty-unit", topics=[DUTY], params=["unit", "at"], right=RIGHT, personal=True, soft_seconds=60)
def draw_unit(view: View) -> Tree:
    """One unit's roster, of this person: masked numbers, forms of who keeps it."""
    moment = _moment(view)
    found = standings(view, [_chosen(view)], moment)
    if not found:
        raise Refused("没有这个值班单位，或无权查看")
    rules, unit = rules_in_view(view), found[0].unit
    ahead = shifts_between(
        view.connection, view.by, rules, world=view.world.value, begins=moment, ends=moment + COMING, units=[unit.key]
    )
    coming = [shift for shift in ahead if shift.begins_at > moment]
    refs = [shift.ref for shift in (*found[0].now, *coming)]
    may_reveal = view.by.kind == "person" and view.by.may("personal.reveal")
    return unit_panel(
        Roster(
            found[0], coming, mobiles(view.connection, view.by, refs), may_reveal, may_edit(view.by, unit),
            view.world.value, is_simulated(view),
        ),
        moment,
    )  # fmt: skip


@panel("duty-files", topics=[DUTY], right=RIGHT, personal=True, soft_seconds=60)
def draw_files(view: View) -> Tree:
    """What became of the files this person answers for."""
    if not view.by.may("duty.edit"):
        return None
    rules = rules_in_view(view)
    names = {key: unit.name for key, unit in units_of(rules).items()}
    return files_panel(files_taken(view.connection, view.by, rules, world=view.world.value), names)


def _moment(view: View) -> datetime:
    """The time asked about, in city time; now without one."""
    given = view.params.get("at", "")
    if not given:
        return view.now
    try:
        return datetime.fromisoformat(given).replace(tzinfo=CITY_TIME)
    except ValueError:
        raise Refused("时间应为 2026-11-22T14:30") from None


def _chosen(view: View) -> str:
    return view.params.get("unit") or own_unit(view)


def _fits(one: Told, sought: str) -> bool:
    if not sought:
        return True
    found = one.standing
    names = [found.unit.name, found.unit.short, *(shift.name for shift in found.now), *POST_NAMES.values()]
    return any(fit(sought, name) for name in names)


def layout(**_: str) -> Component:
    """Table left, one unit right."""
    return html.Div(
        [
            top(slot("duty-head", look="head"), PATH),
            html.Main(
                [
                    html.Section([slot("duty-search"), slot("duty-table")], className="p"),
                    html.Div([slot("duty-unit", look="p"), slot("duty-files", look="p")], className="sidecol"),
                ],
                className="dutypage",
            ),
        ],
        className="sheet",
    )
