"""What the line on every page and the page of responses share: levels as the viewer may see them, with names."""

from __future__ import annotations

from access.personal import mask_text
from components.response import Shown
from dispatch.response import Course, Step
from dispatch.response_basis import BASES
from dispatch.responses import courses, plans_of
from dispatch.rulebook import Rulebook, rulebook
from indicators.reading import World
from pages.view import View

RESPONSES = "responses:{world}"


def rules_in_view(view: View) -> Rulebook:
    """The rules in force."""
    return rulebook(view.catalogue, view.live.folder if view.live else None)


def courses_in_view(view: View) -> list[Course]:
    """Every response the viewer may see, newest first."""
    return courses(view.connection, view.by, view.catalogue, world=view.world.value)


def shown(view: View, course: Course) -> Shown:
    """With the names of plan, region and basis."""
    plan, region = plans_of(rules_in_view(view)).get(course.plan), view.catalogue.regions.get(course.region)
    last = course.steps[-1] if course.steps else course.asked
    return Shown(
        course, plan.name if plan else course.plan, region.name if region else course.region,
        _basis_words(last) if last else "", _basis_href(view, last) if last else "", view.world is World.DEMO,
        [mask_text(step.reason) for step in course.steps],
    )  # fmt: skip


def _basis_words(step: Step) -> str:
    words = step.basis.words
    return f"{BASES[step.basis.kind]} {words}" if step.basis.kind != "document" else words


def _basis_href(view: View, step: Step) -> str:
    if view.by.kind == "screen":
        return ""
    ways = {"warning": view.place.to("/warnings", warning=step.basis.ref, region=None),
            "event": view.place.event(step.basis.ref)}  # fmt: skip
    return ways.get(step.basis.kind, "")
