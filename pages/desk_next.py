"""The panel `desk-next`: while no event is chosen, what waits for whoever sits at the desk, most pressing first."""

from __future__ import annotations

from collections.abc import Iterator

from components.desk_next import Waiting, desk_next
from components.markup import Tree
from dispatch.desk_queue import ALL, Sought, arranged, tabs_of
from pages.desk_queue import row_of
from pages.desk_view import EVENTS, desk_link, found_lines, rules_of
from pages.panels import panel
from pages.view import View

SHOWN = 5
"""Events listed of each kind of work."""


@panel("desk-next", topics=[EVENTS], params=["event"], right="events.view")
def draw_next(view: View) -> Tree:
    """Nothing while an event is chosen: then the column is about that one."""
    return None if view.params.get("event") else desk_next(list(_waiting(view)))


def _waiting(view: View) -> Iterator[Waiting]:
    """The tabs of this person that hold anything; `ALL` is the queue itself."""
    rules, link, found = rules_of(view), desk_link(view), found_lines(view)
    for tab in tabs_of(view.by):
        board = arranged(found, Sought(tab.key), rules, view.now)
        if tab.key == ALL or not board.total:
            continue
        pressing = [line for group in board.groups.values() for line in group][:SHOWN]
        rows = [(row_of(view, line), link(event=line.number, tab=tab.key)) for line in pressing]
        yield Waiting(tab.name, tab.says, board.total, link(tab=tab.key), rows)
