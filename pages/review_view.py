"""What the panels of `/review/<number>` share: the event, its review, the draft up to the moment shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from access.actor import OutOfScope
from components.place import Place
from components.review_parts import Name
from decisions.review_draft import Draft, draft
from dispatch.event import Case
from dispatch.refusal import NoSuchEvent
from dispatch.review import Review, Version
from dispatch.reviews import SIGNS, WRITES, review_of
from dispatch.rulebook import Rulebook
from indicators.reading import World
from pages.case_view import number_in, rules_in
from pages.view import Refused, View

RIGHT = "events.view"
PARAMS = ("id", "v")
TOPICS = ("events:real", "events:demo")


@dataclass(frozen=True)
class Reviewed:
    """`shown`: the version the address names, else the newest; None before the review was begun."""

    case: Case
    review: Review | None
    shown: Version | None
    rules: Rulebook
    place: Place

    @property
    def number(self) -> str:
        """Of the event."""
        return self.case.event.number

    def name(self, key: str) -> str:
        """A department or a centre in words."""
        if key.startswith("centre:"):
            return f"{self.rules.region_name(key.removeprefix('centre:'))}中心"
        return self.rules.department_name(key)

    @property
    def names(self) -> Name:
        """As a function."""
        return self.name

    def href(self, number: str) -> str:
        """The page of an event."""
        return self.place.event(number)


def reviewed(view: View) -> Reviewed:
    """OutOfScope for an event that is not there or not the viewer's; Refused for a version that is none."""
    number = number_in(view)
    try:
        case, found = review_of(view.connection, number, view.by)
    except NoSuchEvent as lost:
        raise OutOfScope(right=RIGHT) from lost
    place = replace(view.place, world=World(case.event.world))
    return Reviewed(case, found, _shown(view, found), rules_in(view), place)


def _shown(view: View, found: Review | None) -> Version | None:
    wanted = view.params.get("v", "")
    if found is None or not wanted:
        return None if found is None else found.newest
    version = next((one for one in found.versions if str(one.version) == wanted), None)
    if version is None:
        raise Refused("没有这一版")
    return version


def draft_in(view: View, seen: Reviewed) -> Draft:
    """The draft as known when the version shown was written."""
    version = seen.shown.version if seen.shown is not None else None
    as_of = view.now if seen.review is None else seen.review.as_of(version, view.now)
    return draft(view.connection, seen.rules, seen.case, by=view.by, now=view.now, as_of=as_of)


def may(view: View, seen: Reviewed, right: str) -> bool:
    """The centre that holds the event writes and signs."""
    scope = view.by.scope
    return view.by.may(right) and scope.departments is None and scope.allows(seen.case.event.holder)


def may_write(view: View, seen: Reviewed) -> bool:
    """True if the viewer may write the review."""
    return may(view, seen, WRITES)


def may_sign(view: View, seen: Reviewed) -> bool:
    """True if the viewer may sign it."""
    return may(view, seen, SIGNS)
