"""No page is forgotten: whoever adds one adds it to the screens that are pictured, searched for cuts, read by axe."""

from __future__ import annotations

import re

import dash

from screens import SCREENS

ELSEWHERE = {
    "/not-found-404": "has no panels: tests/browser/test_first_picture.py",
}


def test_every_page_is_among_the_screens(app) -> None:
    pictured = [screen.path.partition("?")[0] for screen in SCREENS]
    forgotten = []
    for page in dash.page_registry.values():
        template = page["path_template"] or page["path"]
        pattern = re.compile(re.sub(r"<\w+>", "[^/]+", template))
        if template not in ELSEWHERE and not any(pattern.fullmatch(path) for path in pictured):
            forgotten.append(template)
    assert not forgotten


def test_what_is_looked_at_elsewhere_is_a_page(app) -> None:
    templates = {page["path_template"] or page["path"] for page in dash.page_registry.values()}
    assert ELSEWHERE.keys() <= templates
