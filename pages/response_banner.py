"""The line on top of every page while a response level is in force. `assets/98-response.js` asks for it."""

from __future__ import annotations

from access.policy import SIGNED_IN
from components.markup import Tree
from components.response import PATH, banner
from dispatch.response import Course, ruling
from pages.panels import panel
from pages.response_view import RESPONSES, courses_in_view, shown
from pages.view import View


@panel("response", topics=[RESPONSES], right=SIGNED_IN, soft_seconds=60)
def draw_banner(view: View) -> Tree:
    """What holds in the region in view; nothing if nothing does. Everybody inside sees it, walls too."""
    found = courses_in_view(view)
    holding = ruling(found, view.region, view.catalogue, view.now)
    below = _graver_below(view, found, holding)
    leads = view.by.may("events.view") and view.by.kind != "screen"
    href = view.place.to(PATH) if leads else None
    return banner([shown(view, one) for one in holding], [shown(view, one) for one in below], view.now, href)


def _graver_below(view: View, found: list[Course], holding: list[Course]) -> list[Course]:
    """Levels of regions below the one in view that are graver than its own under the same plan."""
    own = {one.plan: one.level_at(view.now) for one in holding}
    inner = {region.code for region in view.catalogue.within(view.region)}
    graver = [
        one for one in found
        if one.region in inner and (level := one.level_at(view.now)) and level < own.get(one.plan, 9)
    ]  # fmt: skip
    return sorted(graver, key=lambda one: (one.level_at(view.now), one.id))
