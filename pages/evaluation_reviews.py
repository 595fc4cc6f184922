"""The lowest panel of `/evaluation`: reviews of big events and the measures that came of them."""

from __future__ import annotations

from components.markup import Tree
from components.review_link import Due, review_lists
from components.times import CITY_TIME
from dispatch.review_lists import listed, open_measures, without_review
from pages.evaluation_view import rules_in
from pages.view import View

MOST = 8


def draw_reviews(view: View) -> Tree:
    """As far as the viewer may see the events."""
    world, rules = view.world.value, rules_in(view)
    waiting = without_review(view.connection, view.by, world=world, now=view.now, limit=MOST)
    written = listed(view.connection, view.by, world=world, limit=MOST)
    due = [
        Due(number, one, rules.department_name(one.department), _href(view, number))
        for number, one in open_measures(view.connection, view.by, world=world)
    ]
    return review_lists(
        [(one, _href(view, one.number)) for one in waiting], [(one, _href(view, one.number)) for one in written],
        due[: 2 * MOST], view.now, view.now.astimezone(CITY_TIME).date(),
    )  # fmt: skip


def _href(view: View, number: str) -> str:
    return view.place.to(f"/review/{number}", region=None)
