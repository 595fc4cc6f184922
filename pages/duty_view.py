"""What the panels about duty share: standings as the viewer may see them, of the regions and events in view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from components.duty import PATH, Told
from dispatch.duty import Standing
from dispatch.duty_gaps import warned_before
from dispatch.duty_rosters import on_duty
from dispatch.event import Event
from dispatch.rulebook import Rulebook, rulebook
from indicators.reading import World
from pages.view import View

DUTY = "duty:{world}"


def rules_in_view(view: View) -> Rulebook:
    """The rules in force."""
    return rulebook(view.catalogue, view.live.folder if view.live else None)


def standings(view: View, units: Iterable[str] | None = None, at: datetime | None = None) -> list[Standing]:
    """Units the viewer may see, of these alone if given, in the order given."""
    wanted = None if units is None else list(dict.fromkeys(units))
    found = on_duty(
        view.connection, view.by, rules_in_view(view), world=view.world.value, at=at or view.now, units=wanted
    )
    return found if wanted is None else sorted(found, key=lambda one: wanted.index(one.unit.key))


def told(view: View, found: Sequence[Standing]) -> list[Told]:
    """With the way to their roster, and gaps that are there or begin soon."""
    until = view.now + warned_before(rules_in_view(view))
    return [
        Told(one, _href(view, one), tuple(gap for gap in one.gaps if not gap.whole and gap.begins_at <= until))
        for one in found
    ]


def own_unit(view: View) -> str:
    """Whose desk it is: the department's, or the centre of the region in view."""
    departments = view.by.scope.departments
    return min(departments) if departments else view.region


def units_of_event(event: Event, joint: Iterable[str] = ()) -> list[str]:
    """Whom to call about an event: its town, county, holding centre, lead and joint departments."""
    keys = [event.holder, event.region, event.county, event.lead or "", *joint]
    return [key for key in keys if key]


def is_simulated(view: View) -> bool:
    """True in the demo city."""
    return view.world is World.DEMO


def _href(view: View, one: Standing) -> str:
    return "" if view.by.kind == "screen" else view.place.to(PATH, unit=one.unit.key, region=None)
