"""What the panels of `/warnings` share: what the address asks for, warnings in words, where links lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dash.development.base_component import Component

from components.theme_head import Choice, switch
from components.times import CITY_TIME, stamp
from components.warning_list import WarningLine
from decisions.live_rules import at_hand
from decisions.warning import Warning
from decisions.warning_acts import VERDICTS
from decisions.warning_rules import Rules, in_force
from decisions.warning_words import bound_words, measured
from indicators.problems import CatalogueErrors
from indicators.reading import World
from pages.view import Refused, View

PATH = "/warnings"
TABS = {"now": "当前", "past": "历史", "rules": "规则", "scores": "记分"}
STATES = {"open": "待接手", "taken": "已接手", "event": "已转事件", "quiet": "静默中"}
FILTERS = ("level", "theme", "of", "rule", "state", "since")
PARAMS = ("view", *FILTERS, "warning", "before")
TOPIC = "warnings:{world}"
RIGHT = "warnings.view"
USUAL_LOOK = timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """The address taken apart. `region` None is all the viewer may see."""

    tab: str
    level: int | None
    theme: str | None
    region: str | None
    rule: str | None
    state: str | None
    since: datetime | None
    warning: int | None
    before: int | None


def asked(view: View) -> Asked:
    """Refused for what does not exist."""
    given = {name: view.params.get(name) or None for name in PARAMS}
    tab, state, region, theme = given["view"] or "now", given["state"], given["of"], given["theme"]
    if tab not in TABS or (state and state not in STATES) or (theme and theme not in view.catalogue.themes):
        raise Refused("没有这一栏、这种状态或这个主题")
    if region and (region not in view.catalogue.regions or not view.by.scope.allows(region)):
        raise Refused("没有这个区域，或无权查看")
    return Asked(
        tab, _number(given["level"]), theme, region, given["rule"], state, _day(given["since"]),
        _number(given["warning"]), _number(given["before"]),
    )  # fmt: skip


def rules_in_view(view: View) -> Rules:
    """The rules in force with the changes made on screen; Refused with the first problem while the file is wrong."""
    if view.live is None:
        raise Refused("没有预警规则")
    try:
        return in_force(view.connection, at_hand(view.live).current())
    except CatalogueErrors as errors:
        raise Refused(f"预警规则文件有误：{errors.problems[0]}") from errors


def link(here: View, /, **more: str | None) -> str:
    """This page with the same filters and other parts of the address."""
    kept = {name: here.params.get(name) for name in ("view", *FILTERS)}
    return here.place.to(PATH, **(kept | more))


def tabs(view: View) -> Component:
    """The four sides of the page."""
    here = asked(view).tab
    return switch(
        "栏目",
        [Choice(words, view.place.to(PATH, view=None if key == "now" else key), key == here)
         for key, words in TABS.items()],
    )  # fmt: skip


def line(view: View, one: Warning, *, chosen: int | None = None) -> WarningLine:
    """A warning in words."""
    owner = view.catalogue.departments.get(one.owner)
    unit = str(one.evidence.get("unit") or "")
    said = f"{measured(one.measure, one.peak, unit)}，{bound_words(one, one.bound, unit)}"
    return WarningLine(
        id=one.id, level=int(one.level or one.peak_level), name=one.name, place=place(view, one.region), said=said,
        owner=owner.short if owner else one.owner, since=one.began_at, ended=one.lifted_at,
        is_forecast=one.is_forecast, is_simulated=is_simulated(view, one), is_late=one.is_late, quiet=one.quiet,
        taken=_taken(view, one), verdict=VERDICTS.get(one.verdict or "", ""), event=one.event,
        event_href=view.place.to(f"/event/{one.event}") if one.event else None,
        href=link(view, warning=str(one.id)), is_chosen=one.id == chosen,
    )  # fmt: skip


def is_simulated(view: View, one: Warning) -> bool:
    """True for everything of the demo city, and for warnings made from simulated figures."""
    return view.world is World.DEMO or one.evidence.get("provenance") == "simulated"


def place(view: View, code: str | None) -> str:
    """Short name of a region; nothing for the city itself."""
    region = view.catalogue.regions.get(code or "")
    return "" if region is None or region.code == view.catalogue.city.code else region.short


def _taken(view: View, one: Warning) -> str:
    if not one.is_taken_up(view.now):
        return ""
    return f"{one.acknowledged_by} 已接手（至 {stamp(one.keep_until)[-5:]}）"


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CITY_TIME)
    except ValueError as error:
        raise Refused(f"“{text}”不是日期") from error
