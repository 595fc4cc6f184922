"""What the panels of `/messages` share: what the address asks for, rules, words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from dash.development.base_component import Component

from components.theme_head import Choice, switch
from decisions.findings import topic_of
from decisions.issues import HotIssue, Issues, hot_issues
from dispatch.rulebook import Rulebook, rulebook
from pages.view import Refused, View

PATH = "/messages"
RIGHT = "events.view"
EVENTS, FINDINGS = "events:{world}", topic_of("{world}")
PARAMS = ("days", "issue")
WINDOWS = {"1": "近 24 小时", "3": "近 3 天", "7": "近 7 天", "30": "近 30 天"}
USUAL = "7"


@dataclass(frozen=True)
class Asked:
    """The address taken apart."""

    days: int
    issue: str | None

    @property
    def span(self) -> timedelta:
        """How far back is looked."""
        return timedelta(days=self.days)


def asked(view: View) -> Asked:
    """Refused for a window there is not."""
    days = view.params.get("days") or USUAL
    if days not in WINDOWS:
        raise Refused("没有这个时段")
    return Asked(int(days), view.params.get("issue") or None)


def rules_of(view: View) -> Rulebook:
    """The rules in force."""
    return rulebook(view.catalogue, view.live.folder if view.live else None)


def link(view: View, **more: str | None) -> str:
    """This page with the same window and other parts of the address."""
    kept = {name: view.params.get(name) for name in PARAMS}
    return view.place.to(PATH, **(kept | more))


def windows(view: View) -> Component:
    """The stretches of time to choose from."""
    here = str(asked(view).days)
    made = [
        Choice(words, link(view, days=None if key == USUAL else key, issue=None), key == here)
        for key, words in WINDOWS.items()
    ]
    return switch("时段", made)


def issues_in_view(view: View) -> Issues:
    """The hot issues of the window and region in view."""
    return hot_issues(
        view.connection, rules_of(view), view.by, world=view.world.value, region=view.region,
        since=view.now - asked(view).span, until=view.now,
    )  # fmt: skip


def chosen(view: View, found: Issues) -> HotIssue | None:
    """The issue the address names; without a name the hottest."""
    wanted = asked(view).issue
    if wanted is None:
        return found.found[0] if found.found else None
    return next((one for one in found.found if one.key == wanted), None)
