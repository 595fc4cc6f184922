"""The policy of the doors: what each address asks of whoever knocks. What is not listed here is shut for everybody.

Addresses are the rules of the web server's table of routes. Panels, pages and operations name their right where they
are written; their rules are opened with a judge that looks it up. `tests/attack` compares all this with the running
application: a route without an entry turns the tests red.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from access.actor import Actor

EVERYBODY = "everybody"
SIGNED_IN = "signed-in"
MONITOR = "monitor"
"""A program on this very machine, or whoever may see the record or the settings."""
NOBODY = ""
OFF_SCREENS = "off screens: "
"""Before a right: whoever has it, but no wall. What people work at is for persons and their programs."""

Judge = Callable[[str, Mapping[str, str]], str]
"""(method, parts of the address) → what is asked for."""

SIGN_IN = "/sign-in"
OPEN_ASSETS = frozenset(
    {
        "00-tokens.css",
        "10-base.css",
        "door.css",
        "favicon.svg",
        "door.js",
        "fonts/barlow-semi-condensed-latin-500-normal.woff2",
        "fonts/barlow-semi-condensed-latin-600-normal.woff2",
    }
)
"""What the sign-in page is drawn with; the rest of the assets is for those inside."""


def _asset(_: str, parts: Mapping[str, str]) -> str:
    return EVERYBODY if parts.get("filename") in OPEN_ASSETS else SIGNED_IN


FIXED: Mapping[str, str | Judge] = {
    "/healthz": EVERYBODY,
    "/readyz": EVERYBODY,  # in full for those inside
    "/version": EVERYBODY,
    "/metrics": MONITOR,
    "/assets/<path:filename>": _asset,
    "/assets/cockpit-<found>.<kind>": SIGNED_IN,
    "/sign-in": EVERYBODY,
    "/sign-in/code": EVERYBODY,  # the steps ask for a session that waits for them
    "/sign-in/password": EVERYBODY,
    "/sign-in/factor": EVERYBODY,
    "/sign-in/once/<secret>": EVERYBODY,
    "/sign-in/oidc": EVERYBODY,
    "/sign-in/oidc/back": EVERYBODY,
    "/sign-in/screen": EVERYBODY,
    "/sign-in/screen/<secret>": EVERYBODY,
    "/sign-out": EVERYBODY,
    "/live": SIGNED_IN,
    "/live/version": SIGNED_IN,
    "/live/permit": SIGNED_IN,
    "/live/all": MONITOR,
    "/tiles/<path:name>": SIGNED_IN,
    "/api/v1/openapi.json": SIGNED_IN,
    "/api/v1/docs": SIGNED_IN,
    "/api/v1/docs.css": SIGNED_IN,
    "/api": SIGNED_IN,
    "/api/": SIGNED_IN,
    "/api/<path:rest>": SIGNED_IN,
    "/_dash-layout": SIGNED_IN,
    "/_dash-dependencies": SIGNED_IN,
    "/_dash-update-component": SIGNED_IN,
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": SIGNED_IN,
    "/_reload-hash": SIGNED_IN,
    "/_favicon.ico": EVERYBODY,
}


class Policy:
    """The fixed addresses and those that were opened since."""

    def __init__(self, fixed: Mapping[str, str | Judge] = FIXED) -> None:
        self._entries: dict[str, str | Judge] = dict(fixed)

    def open(self, rule: str, need: str | Judge) -> None:
        """List one more address; naming one twice is a mistake in the program."""
        if rule in self._entries:
            raise ValueError(f"{rule} is in the policy already")
        self._entries[rule] = need

    def __contains__(self, rule: str) -> bool:
        return rule in self._entries

    def need(self, rule: str, method: str, parts: Mapping[str, str]) -> str:
        """What `method` at an address of `rule` asks for: a right, EVERYBODY, SIGNED_IN, MONITOR; or NOBODY."""
        entry = self._entries.get(rule, NOBODY)
        return entry if isinstance(entry, str) else entry(method, parts)


def admits(need: str, actor: Actor | None, *, is_near: bool = False) -> bool:
    """True if `actor` (None: a stranger) meets `need`. `is_near`: the caller is a program on this machine."""
    if need == EVERYBODY:
        return True
    if need == MONITOR:
        return is_near or (actor is not None and actor.may_any("settings.manage", "audit.view"))
    if actor is None or need == NOBODY:
        return False
    if need.startswith(OFF_SCREENS):
        return actor.kind != "screen" and admits(need.removeprefix(OFF_SCREENS), actor)
    return need == SIGNED_IN or actor.may(need)


@lru_cache(maxsize=256)
def _rights_key(rights: frozenset[str]) -> str:
    return sha256(" ".join(sorted(rights)).encode()).hexdigest()[:12]


def lens(actor: Actor) -> str:
    """What the actor sees things through: scope, rights, whether a person, a program or a wall. Two actors with
    the same lens may share a kept answer, two with different ones never do; part of every cache key."""
    return f"{actor.scope.key}|{_rights_key(actor.rights)}|{actor.kind}"


TOPIC_RIGHTS: Mapping[str, str] = {
    "readings": "indicators.view",
    "theme": "indicators.view",
    "catalogue": SIGNED_IN,
    "sources": "sources.view",
    "quarantine": "sources.view",
    "entries": "indicators.view",
    "events": "events.view",
    "event": "events.view",
    "dispatch": "events.view",
    "warnings": "warnings.view",
    "findings": "warnings.view",
    "digests": "indicators.view",
    "areas": "warnings.view",
    "snapshots": "indicators.view",
    "audit": "audit.view",
    "mode": SIGNED_IN,
    "responses": SIGNED_IN,
    "duty": "events.view",
    "access": SIGNED_IN,
}
"""By the first word of a topic of change notices: the right that lets its news through."""


_REGION = re.compile(r"\d{6,12}|\d{4}-[A-Z0-9]{2,6}")
"""What a region's code looks like: a division (445102, 445102001) or a zone (4451-FQH)."""


def hears(actor: Actor, topic: str) -> bool:
    """True if `actor` may be told that `topic` changed. A topic that names a region (`events:demo:445102`) is told to
    those who may see that region, one of a kind not listed above to nobody."""
    first, *rest = topic.split(":")
    if not admits(TOPIC_RIGHTS.get(first, NOBODY), actor):
        return False
    return all(actor.scope.allows(word) for word in rest if _REGION.fullmatch(word))
