"""A page stands in its document before Dash has started: its layout as HTML, which the browser's panels fill at once.

Layouts hold no data, so this is a frame of empty panels; Dash draws the same frame again and `assets/60-panels.js`
moves the content over (docs/decisions/057).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from dash import Dash
from dash._pages import _path_to_page
from flask import request

from components.markup import Markup, markup
from pages.doors import is_lost

PLACE, HIDDEN = "<!--early-->", ' id="react-entry-point" hidden'
NAVIGATE = Path(__file__).resolve().parent.parent / "assets" / "70-navigate.js"
_LIGHT = re.compile(r"LIGHT = new Set\(\[([^\]]*)\]\)")
_LOOK = re.compile(r'data-scheme="\w+" data-page="\w+"')


def mount(app: Dash) -> None:
    """Put the page an address asks for into the document of `app`."""
    inner = app.interpolate_index

    def interpolate(**parts: str) -> str:
        return stood(str(inner(**parts)), request.path)

    app.interpolate_index = interpolate  # type: ignore[method-assign,assignment]  # Dash offers it


def stood(document: str, path: str) -> str:
    """`document` with the page of `path` in it, in its usual look. Without a page Dash's own place is left in sight."""
    drawn = standing(path)
    if not drawn:
        return document.replace(HIDDEN, HIDDEN.removesuffix(" hidden"))
    return _LOOK.sub(look(path), document, count=1).replace(PLACE, drawn, 1)


def standing(path: str) -> Markup:
    """The layout of the page at `path` as its viewer may see it; nothing if there is no page."""
    page, variables = _path_to_page(path.strip("/"))
    if not page or is_lost(page):
        return Markup()
    return markup(page["layout"](**(variables or {})))


@cache
def light() -> frozenset[str]:
    """Kinds of pages that are light unless somebody chose, as the browser's program names them."""
    named = _LIGHT.search(NAVIGATE.read_text(encoding="utf-8"))
    return frozenset(re.findall(r'"(\w+)"', named[1])) if named else frozenset()


def look(path: str) -> str:
    """The kind of page and its usual look, for the style sheet."""
    kind = "wall" if path == "/" else path.split("/")[1]
    return f'data-scheme="{"light" if kind in light() else "dark"}" data-page="{kind}"'
