"""How far around an event the page looks, by the address; and what lies there."""

from __future__ import annotations

from components.theme_head import Choice
from decisions.influence import RADII, USUAL, Influence, influence
from dispatch.event import Event
from pages.view import Refused, View


def reach_in(view: View, event: Event) -> tuple[Influence | None, list[Choice]]:
    """What lies within the chosen radius, and the radii to choose from; Refused for another one."""
    usual = USUAL.get(event.level, RADII[0])
    given = view.params.get("reach") or str(usual)
    if given not in {str(one) for one in RADII}:
        raise Refused("没有这个半径")
    metres = int(given)
    found = influence(view.connection, view.catalogue, event, metres, by=view.by, now=view.now)
    return found, [_choice(view, event, one, metres, usual) for one in RADII]


def _choice(view: View, event: Event, metres: int, chosen: int, usual: int) -> Choice:
    words = f"{metres} 米" if metres < 1000 else f"{metres // 1000} 公里"
    href = view.place.to(f"/event/{event.number}", reach=None if metres == usual else str(metres))
    return Choice(words, href, metres == chosen)
