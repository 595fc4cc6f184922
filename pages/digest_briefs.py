"""Briefs of 今日要点 elsewhere: one line on the overview and on themes, a few sentences on counties and the phone."""

from __future__ import annotations

from components.digest_sentences import PATH, brief, none_yet, one_line
from components.faces import panel_head
from components.markup import Tree
from components.phone_parts import card
from decisions import digests
from decisions.digest import Digest, Subject
from pages.county_scope import in_county
from pages.panels import panel
from pages.view import View

RIGHT, TOPIC = "indicators.view", "digests:{world}"


@panel("digest-line", topics=[TOPIC], right=RIGHT, soft_seconds=120)
def draw_line(view: View) -> Tree:
    """The region in view, in one line."""
    found = _newest(view, view.region)
    return one_line(found, view.place.to(PATH)) if found else []


@panel("digest-theme", topics=[TOPIC], params=["id"], right=RIGHT, soft_seconds=120)
def draw_theme(view: View) -> Tree:
    """A theme of the city, in one line."""
    theme = view.params.get("id", "")
    found = _newest(view, view.catalogue.city.code, theme) if theme in view.catalogue.themes else None
    return one_line(found, view.place.to(PATH, theme=theme, region=None)) if found else []


@panel("digest-county", topics=[TOPIC], params=["id"], right=RIGHT, soft_seconds=120)
def draw_county(view: View) -> Tree:
    """A county's few sentences; towns have none of their own."""
    here = in_county(view)
    found = _newest(here, here.region)
    if found is None:
        return [panel_head("今日要点"), none_yet()]
    return brief(found, here.place, here.place.to(PATH))


@panel("digest-phone", topics=[TOPIC], params=["tab", "theme", "event"], right=RIGHT, soft_seconds=120)
def draw_phone(view: View) -> Tree:
    """The card below the overview; nothing on the other tabs."""
    if view.params.get("tab") or view.params.get("event"):
        return []
    theme = view.params.get("theme", "")
    region = view.catalogue.city.code if theme else view.region
    found = _newest(view, region, theme)
    return card("", "", brief(found, view.place, view.place.to(PATH, theme=theme or None)), "dgc") if found else []


def _newest(view: View, region: str, theme: str = "") -> Digest | None:
    return digests.newest(view.connection, view.by, Subject(view.world.value, region, theme))
