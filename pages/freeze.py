"""Draws a whole page at one moment: its layout with all its panels, read in one transaction, as bytes to be kept.

What is somebody's own is left out, and so is what only a browser can draw (the map's ground): each says so.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from dash import html
from dash._pages import _path_to_page

from access.actor import Actor, Denied, OutOfScope
from access.policy import admits
from components.faces import cannot_tell
from components.markup import markup
from indicators.cockpit import Cockpit
from indicators.snapshot import Draft, Part
from pages.doors import is_lost, need_of
from pages.early import look
from pages.panels import LOST, NO_PAST, PANELS, PLACES, RELEASE, Panel, drawn
from pages.view import Refused, View, open_view
from pages.who import NAME

log = logging.getLogger(__name__)

LONGEST_PATH = 400
NOT_OWN = frozenset({"/snapshots"})
"""Pages of which no picture is kept."""
_SLOT = re.compile(
    r'<section ([^<>]*?\bid="panel-([a-z0-9-]+)"[^<>]*)>(?:(?!<section ).)*?<div class="fill"></div></section>',
    re.DOTALL,
)
_MAP = re.compile(r'<div [^<>]*id="map-frame"[^<>]*></div>')
_HEADLINE = re.compile(r"<h1[^<>]*>([^<>]+)</h1>")
_SCHEME = re.compile(r'data-scheme="\w+"')
OWN = "个人内容不进快照"
GROUND = "地图由浏览器绘制，不进快照；左侧数值表与此刻一致"


def draw(cockpit: Cockpit, by: Actor, address: str, scheme: str = "") -> Draft:
    """The page at `address` as `by` sees it now. Refused in words for what is no page of his."""
    parts = urlsplit(address)
    page, variables = _path_to_page(parts.path.strip("/"))
    if parts.scheme or parts.netloc or not address.startswith("/") or len(address) > LONGEST_PATH:
        raise Refused("页面地址应以 / 开头，最长 400 个字符")
    if not page or is_lost(page) or parts.path in NOT_OWN or not admits(need_of(page), by):
        raise Refused("没有这个页面，或无权查看")
    asked = _asked(parts.path, parts.query)
    with open_view(cockpit, {key: asked[key] for key in PLACES if key in asked}, by) as view:
        body, drawn = _filled(str(markup(page["layout"](**(variables or {})))), view, asked)
    where = view.catalogue.regions[view.region].name
    kind = _SCHEME.sub(f'data-scheme="{scheme}"', look(parts.path)) if scheme in ("dark", "light") else look(parts.path)
    return Draft(
        view.world.value, f"{_name(body, page)} · {where}", address, kind, body, drawn, view.as_of,
        RELEASE,
    )  # fmt: skip


def _name(body: str, page: Mapping[str, Any]) -> str:
    """The headline of the page, else the name it is registered with."""
    told = _HEADLINE.search(body)
    return unescape(told[1]) if told else str(page.get("title") or page["name"])


def _asked(path: str, query: str) -> dict[str, str]:
    """As the browser's program asks for panels: the last part of a path such as /theme/<id> travels as `id`."""
    found = dict(parse_qsl(query))
    key = [*path.split("/"), "", ""][2]
    return found | ({"id": key} if key else {})


def _filled(layout: str, view: View, asked: Mapping[str, str]) -> tuple[str, tuple[Part, ...]]:
    drawn: list[Part] = []

    def place(found: re.Match[str]) -> str:
        head, name = found.groups()
        if name == NAME:  # who looked at it stands in the bar
            return f"<section {head}></section>"
        part, inside = _part(name, view, asked)
        drawn.append(part)
        return f'<section {head} data-shown="frozen"><div class="fill">{inside}</div></section>'

    body = _SLOT.sub(place, layout)
    if _MAP.search(body):
        body = _MAP.sub(str(markup(cannot_tell(GROUND))), body)
        drawn.append(Part("map-frame", None, GROUND))
    return body, tuple(drawn)


def _part(name: str, view: View, asked: Mapping[str, str]) -> tuple[Part, str]:
    """One panel; what cannot be drawn has its reason in its place, never an older or newer picture."""
    found = PANELS.get(name)
    if found is None or not admits(found.right, view.by):
        return _missing(name, LOST)
    if found.personal:
        return _missing(name, OWN)
    if view.as_of and not found.past:
        return _missing(name, NO_PAST)
    try:
        inside = str(markup(drawn(found, replace(view, params=_params(found, asked)))))
    except (Refused, Denied, OutOfScope) as refused:
        return _missing(name, str(refused))
    except Exception:
        log.exception("panel %s", name)
        return _missing(name, "画面没有生成")
    return Part(name, sha256(inside.encode()).hexdigest()), inside


def _params(found: Panel, asked: Mapping[str, str]) -> dict[str, str]:
    return {key: asked[key] for key in found.params if asked.get(key)}


def _missing(name: str, reason: str) -> tuple[Part, str]:
    return Part(name, None, reason), str(markup(html.Div(cannot_tell(reason))))
