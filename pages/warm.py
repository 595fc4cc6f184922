"""Before anybody asks: a new server process draws the wall once for nobody and compresses the browser's own files.

The first drawing of a process loads shapes, words and templates, three times the work of the next; without this the
first viewer after a start waits for it. What is drawn is thrown away: nothing of it is kept for any viewer. What the
process holds after that it holds for as long as it lives: the collector of garbage need not look through it again (some
200,000 objects, 0.15 s in which nobody is answered).
"""

from __future__ import annotations

import gc
import logging
import re
import threading

from flask import Flask

from access.actor import TIMETABLE
from components.markup import markup
from indicators.cockpit import Cockpit
from pages.assets_served import KINDS, bundle
from pages.brought import is_roomy
from pages.panels import PANELS, rehearse
from pages.wall_layout import composition, head_slot

log = logging.getLogger(__name__)
_NAMED = re.compile(r'<section ([^<>]*?id="panel-([a-z0-9-]+)"[^<>]*)>')


def begin(server: Flask, cockpit: Cockpit) -> threading.Thread:
    """Start on a thread of its own, beside the first requests."""
    thread = threading.Thread(target=_all, args=(server, cockpit), name="warm", daemon=True)
    thread.start()
    return thread


def first_panels() -> list[str]:
    """The panels that any wall shows."""
    found = _NAMED.findall(markup(composition(head_slot())))
    return [name for head, name in found if not is_roomy(head)]


def _all(server: Flask, cockpit: Cockpit) -> None:
    for kind in KINDS:
        server.test_client().get(bundle(kind).address, headers={"Accept-Encoding": "br"})
    for name in first_panels():
        try:
            rehearse(PANELS[name], cockpit, TIMETABLE)
        except Exception as trouble:  # a rehearsal costs nobody anything; whoever asks is told what is wrong
            log.info("rehearsal of %s: %s", name, trouble)
    gc.collect()
    gc.freeze()
