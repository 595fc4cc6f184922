"""What a document brings along: of the panels in its page those whose answer is at hand or comes in a moment.

They stand in it as they would have been fetched; `assets/60-panels.js` takes each for fetched if its address is the one
it would have asked for, and asks for all others (docs/decisions/064). Only whole, newest answers travel this way: for a
panel that fails, waits or is outdated the document has its empty place, and the browser says what there is to say.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import orjson
from flask import Request
from werkzeug.datastructures import MultiDict

from access.actor import Actor, Denied, OutOfScope
from access.policy import admits, hears
from components.markup import Markup, marks
from database.hub import number_of
from database.query_cache import Cached
from indicators.cockpit import Cockpit
from pages.panels import PANELS, PLACES, Begun, Panel, begin
from pages.view import Refused

PATIENCE = 0.25
"""Seconds a document waits for all its panels together; what is not there by then the browser asks for."""
_SLOT = re.compile(r'<section ([^<>]*?\bid="panel-([a-z0-9-]+)"[^<>]*)>(.*?)<div class="fill"></div>', re.DOTALL)
_ROOMY = re.compile(r'class="[^"]*\b(?:wide|ultra)\b')
"""Places only some screens have room for: the browser knows whether it does, and asks."""
_RECALLED, _RECALLING = "since", ("", "county")
"""The parameter that assets/93-seen.js puts into the address of these pages before anything is asked."""


def bring(frame: Markup, request: Request, cockpit: Cockpit, by: Actor) -> Markup:
    """`frame`, a page without data, with the answers `by` would be given at this address."""
    asked = _asked(request)
    wanted = [name for head, name, _ in _SLOT.findall(frame) if not is_roomy(head) and not _is_recalled(name, request)]
    under_way = {name: begun for name in wanted if (begun := _begun(name, asked, cockpit, by))}
    until = time.monotonic() + PATIENCE
    answers = {name: (begun, begun.wait(max(0.0, until - time.monotonic()))) for name, begun in under_way.items()}

    def place(found: re.Match[str]) -> str:
        head, name, blank = found.groups()
        begun, answer = answers.get(name, (None, None))
        if begun is None or answer is None or answer.degraded:
            return found[0]
        note = _note(PANELS[name], asked, begun, answer)
        return f'<section {head}{note}>{blank}<div class="fill">{answer.body.decode()}</div>'

    return Markup(_SLOT.sub(place, frame))


def is_roomy(head: str) -> bool:
    """True for a place, told by its attributes, that few screens have room for."""
    return _ROOMY.search(head) is not None


def version_heard(cockpit: Cockpit, by: Actor) -> int:
    """The version of all that may be told to `by`: whoever listens from it on misses nothing."""
    return number_of({topic: version for topic, version in cockpit.hub.versions.items() if hears(by, topic)})


def _is_recalled(name: str, request: Request) -> bool:
    """True for a panel whose address the browser alone knows."""
    is_recalling = request.path.split("/")[1] in _RECALLING and _RECALLED not in request.args
    return is_recalling and name in PANELS and _RECALLED in PANELS[name].params


def _begun(name: str, asked: MultiDict[str, str], cockpit: Cockpit, by: Actor) -> Begun | None:
    found = PANELS.get(name)
    if found is None or not admits(found.right, by):
        return None
    try:
        return begin(found, cockpit, asked, by)
    except (Refused, Denied, OutOfScope):  # the panel's own answer says so
        return None


def _asked(request: Request) -> MultiDict[str, str]:
    """The parameters of the page's address; the last part of a path such as /theme/<id> travels as `id`."""
    asked = MultiDict(request.args)
    named = request.path.split("/")[2:3]
    if named and named[0]:
        asked["id"] = named[0]
    return asked


def _address(found: Panel, asked: MultiDict[str, str]) -> str:
    """The address the browser would ask: `address` in assets/60-panels.js."""
    known = {*PLACES, *found.params}
    query = urlencode(sorted((pair for pair in asked.items(multi=True) if pair[0] in known), key=lambda pair: pair[0]))
    return f"/panel/{found.name}" + (f"?{query}" if query else "")


def _note(found: Panel, asked: MultiDict[str, str], begun: Begun, answer: Cached) -> Markup:
    """What the browser would have learned from the answer's headers, as attributes of its place."""
    headers: Mapping[str, str] = answer.headers()
    told = {"etag": headers["ETag"], "frame": headers["X-Frame-At"], "topics": begun.topics}
    return marks(data_shown=_address(found, asked), data_brought=orjson.dumps(told).decode())
