"""A page stands in its document before Dash has started: its layout as HTML, with the panels that are at hand.

Layouts hold no data, so the frame alone is empty; `pages/brought.py` fills it. Dash, started when the page has been
seen, draws the same frame again and `assets/60-panels.js` moves the content over (docs/decisions/057, 064).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from dash import Dash
from dash._pages import _path_to_page
from flask import Response, g, request

from access.session import actor_of_request
from components.markup import Markup, marks, markup
from indicators.cockpit import Cockpit
from pages.brought import bring, version_heard
from pages.compressed import ALONE
from pages.doors import is_lost

PLACE, HIDDEN = "<!--early-->", ' id="react-entry-point" hidden'
NAVIGATE = Path(__file__).resolve().parent.parent / "assets" / "70-navigate.js"
_LIGHT = re.compile(r"LIGHT = new Set\(\[([^\]]*)\]\)")
_LOOK = re.compile(r'data-scheme="\w+" data-page="\w+"')


def mount(app: Dash, cockpit: Cockpit) -> None:
    """Put the page an address asks for into the document of `app`. Nobody keeps a document: it is one viewer's own."""
    inner = app.interpolate_index

    def interpolate(**parts: str) -> str:
        setattr(g, ALONE, True)
        return filled(str(inner(**parts)), request.path, cockpit)

    app.interpolate_index = interpolate  # type: ignore[method-assign,assignment]  # Dash offers it

    @app.server.after_request
    def forget(response: Response) -> Response:
        if g.get(ALONE):
            response.headers["Cache-Control"] = "no-store"
        return response


def filled(document: str, path: str, cockpit: Cockpit) -> str:
    """`document` with the page of `path` in it, and in the page what its viewer would be given by asking. The version
    to go on hearing from is older than the panels: a change in between is told once more, never missed."""
    by = actor_of_request()
    if by is None:
        return stood(document, path)
    version = version_heard(cockpit, by)
    drawn = bring(standing(path), request, cockpit, by)
    told = marks(data_now=cockpit.now().isoformat(timespec="milliseconds"), data_version=version)
    return stood(document, path, drawn, told)


def stood(document: str, path: str, drawn: Markup | None = None, told: str = "") -> str:
    """`document` with the page of `path` in it, in its usual look. Without a page Dash's own place is left in sight."""
    page = standing(path) if drawn is None else drawn
    if not page:
        return document.replace(HIDDEN, HIDDEN.removesuffix(" hidden"))
    return _LOOK.sub(look(path) + told, document, count=1).replace(PLACE, page, 1)


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
