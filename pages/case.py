"""One event as a column: head, everything known, whom to send, what may be done. Desk and page show the same.

Four panels, `case-head`, `case-main`, `case-match`, `case-acts` (Dash allows no dots in ids), which take the number
from the address: `event` on the desk, the last part of the path on the event's own page.
"""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components.case_acts import case_acts
from components.case_head import case_head
from components.case_main import case_main
from components.case_match import case_match
from components.case_seen import Seen
from components.faces import block, empty
from components.markup import Tree
from decisions.crews import crews_for
from pages.case_evidence import evidence_in
from pages.case_forms import bar_in
from pages.case_view import PARAMS, RIGHT, TOPICS, seen_in
from pages.panels import panel, slot
from pages.view import View

SECONDS = 10.0


@panel("case-head", topics=TOPICS, params=PARAMS, soft_seconds=SECONDS, right=RIGHT)
def draw_head(view: View) -> Tree:
    """Title, clock, stages; a sentence while nothing is chosen."""
    seen = seen_in(view)
    return empty("未选择事件", "选一件打开，或按编号查找") if seen is None else case_head(seen)


@panel("case-main", topics=TOPICS, params=PARAMS, soft_seconds=SECONDS, right=RIGHT)
def draw_main(view: View) -> Tree:
    """What was reported, who works on it, what was done."""
    seen = seen_in(view, whole=True)
    return None if seen is None else case_main(seen, evidence_in(view, seen))


@panel("case-match", topics=TOPICS, params=PARAMS, soft_seconds=30, right=RIGHT)
def draw_match(view: View) -> Tree:
    """Whom the power list names, with load and record; to be chosen while the event waits to be dispatched."""
    seen = seen_in(view)
    return None if seen is None else _match(view, seen)


@panel("case-acts", topics=TOPICS, params=PARAMS, soft_seconds=SECONDS, right=RIGHT, personal=True)
def draw_acts(view: View) -> Tree:
    """The legal moves of this person, each with the form of what must be given."""
    seen = seen_in(view, whole=True)
    return None if seen is None else case_acts(seen, bar_in(view, seen), view.by.user or view.by.name)


def _match(view: View, seen: Seen) -> Tree:
    crews = crews_for(view.connection, seen.rules, seen.event.number, by=view.by, now=view.now)
    return case_match(seen, crews, may_dispatch=view.by.may("events.dispatch"))


def case_column() -> Component:
    """The column without data."""
    return html.Div(
        [
            slot("case-head", [block(20, 2), block(34), block(34, 3)], look="c-head"),
            slot("case-main", [block(30), block(34, 12)], look="c-main"),
            slot("case-match", [block(8), block(34, 6)], look="c-match"),
            slot("case-acts", [block(34, 2.6)], look="c-acts"),
        ],
        className="case",
    )
