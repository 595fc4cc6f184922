"""What the address of the desk asks for, checked: filters of the queue, the event chosen, how many rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.desk_queue import ALL, BY_TAB, GROUPS, Line, Sought, lines
from dispatch.rulebook import Rulebook, rulebook
from dispatch.stage import LEVEL_NAMES, Stage
from dispatch.state import OPEN, State
from pages.view import Refused, View

if TYPE_CHECKING:
    from components.case_queue import Link

HOME = "/desk"
EVENTS = "events:{world}"
FILTERS = ("level", "area", "origin", "department", "category")
PARAMS = ("tab", "group", "stage", "q", *FILTERS)
WINDOW = 200
"""Rows drawn at first, and more at each wish."""
MOST_ROWS = 5000


def rules_of(view: View) -> Rulebook:
    """The rules in force."""
    return rulebook(view.catalogue, view.live.folder if view.live else None)


def sought(view: View) -> Sought:
    """The filters of the address; Refused for what is none."""
    given = view.params
    tab, group, stage = given.get("tab", ALL), given.get("group", ""), given.get("stage", "")
    level, area = given.get("level", ""), given.get("area", "")
    if tab not in BY_TAB or (group and group not in GROUPS) or (stage and stage not in set(Stage)):
        raise Refused("没有这个分类")
    if level and level not in {str(one) for one in LEVEL_NAMES}:
        raise Refused("没有这个级别")
    if area and (area not in view.catalogue.regions or not view.by.scope.allows(area)):
        raise Refused("没有这个区域，或无权查看")
    return Sought(
        tab, group, Stage(stage) if stage else None, int(level) if level else None, area,
        given.get("origin", ""), given.get("department", ""), given.get("category", ""), given.get("q", ""),
    )  # fmt: skip


def rows_wanted(view: View) -> int:
    """How many rows are drawn."""
    given = view.params.get("rows", "")
    return min(int(given), MOST_ROWS) if given.isascii() and given.isdigit() and int(given) > WINDOW else WINDOW


def found_lines(view: View, stage: Stage | None = None) -> tuple[Line, ...]:
    """Everything the desk lists in the region in view: what is open; closed events where their stage is asked for."""
    city = view.region == view.catalogue.city.code
    within = None if city else rules_of(view).within(view.region)
    states = (*OPEN, State.CLOSED) if stage is Stage.EVALUATE else OPEN
    return lines(
        view.connection, view.by, world=view.world.value, region=view.region, within=within, states=states
    )  # fmt: skip


def desk_link(view: View) -> Link:
    """Addresses of the desk that keep what is chosen now."""
    kept = {key: view.params.get(key) for key in (*PARAMS, "rows", "event")}

    def link(**changes: str | None) -> str:
        return view.place.to(HOME, **(kept | changes))

    return link
