"""The only door from the domain to Flask: who is behind the present request, and the cookies that say so.

In this order: a bearer token, the session cookie, the screen cookie, the name vouched for by a listed gateway. A bearer
token that is no good is not made up for by a cookie. Query strings, bodies and other headers name nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask import Flask, Response, current_app, g, request

from access.actor import Actor
from access.gateway import ISSUER, Front
from access.reception import Reception, Visit

SESSION_COOKIE = "cockpit_session"
SCREEN_COOKIE = "cockpit_screen"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
KEY_PATHS = "/open311/v2/"
ACT_HEADER = "X-Cockpit-Act"
"""Sent by the pages' own script with a request that follows a key or a click, so that reading on counts as presence."""
_EXTENSION = "entrance"
SameSite = Literal["Lax", "Strict"]


@dataclass(frozen=True)
class Entrance:
    """How requests of this server are recognised. `secure`: the public address is https, so are the cookies.

    `tells_whence`: browsers say where a visit to our address comes from (Sec-Fetch-Site; https and the machine itself).
    """

    reception: Reception
    front: Front
    secure: bool
    tells_whence: bool = False

    @property
    def same_site(self) -> SameSite:
        """Strict where a visit from another site is noticed and repeated (`api.refusals.crossing`): it comes without
        the cookie. Elsewhere Lax: whoever follows a link must not find the door shut."""
        return "Strict" if self.tells_whence else "Lax"

    def cookie(self, name: str) -> str:
        """With https the name binds the cookie to this very host (RFC 6265bis 4.1.3.2)."""
        return f"__Host-{name}" if self.secure else name


def install(server: Flask, entrance: Entrance) -> None:
    """Let requests of `server` be recognised there."""
    server.extensions[_EXTENSION] = entrance


def entrance() -> Entrance:
    """As installed."""
    found: Entrance = current_app.extensions[_EXTENSION]
    return found


def actor_of_request() -> Actor | None:
    """Who asks, with rights and scope; None for a stranger and for one whose sign-in is not complete.

    Raises access.reception.CannotTell while the database does not answer and the visitor was not seen shortly before.
    """
    visit = visit_of_request()
    return None if visit is None or visit.pending else visit.actor


def visit_of_request() -> Visit | None:
    """The same with the steps of signing in that are still to be taken; found once per request."""
    if "visit" not in g:
        g.visit = _recognise(entrance())
    found: Visit | None = g.visit
    return found


def forget_visit() -> None:
    """Look again: the present request signed in or out."""
    g.pop("visit", None)


def address_of_request() -> str:
    """The visitor's network address; headers are believed from listed proxies only."""
    return entrance().front.visitor(request.remote_addr or "", ",".join(request.headers.getlist("X-Forwarded-For")))


def comes_by_cookie() -> bool:
    """True if a browser's cookie opened the door: then a foreign page may be behind it, and the form token counts."""
    return "Authorization" not in request.headers and _api_key() is None


def let_in(response: Response, token: str, ends_at: datetime, *, screen: bool = False) -> None:
    """Put the session or screen token into the browser: never readable by scripts, never sent along by other sites."""
    door = entrance()
    name = SCREEN_COOKIE if screen else SESSION_COOKIE
    response.set_cookie(
        door.cookie(name),
        token,
        expires=ends_at if screen else None,  # a session ends with the browser at the latest
        path="/",
        secure=door.secure,
        httponly=True,
        samesite=door.same_site,
    )
    response.headers["Cache-Control"] = "no-store"


def let_out(response: Response, *, screen: bool = False) -> None:
    """Take the token out of the browser; that it opens nothing any more is the session's own matter."""
    door = entrance()
    name = door.cookie(SCREEN_COOKIE if screen else SESSION_COOKIE)
    response.delete_cookie(name, path="/", secure=door.secure, httponly=True, samesite=door.same_site)


def comes_from_elsewhere() -> bool:
    """True for a visit that another site led here: our strict cookies stayed behind, so nobody can be recognised."""
    is_visit = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    is_led = is_visit and request.headers.get("Sec-Fetch-Site") == "cross-site"
    return is_led and entrance().tells_whence and visit_of_request() is None


def _recognise(door: Entrance) -> Visit | None:
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        return door.reception.by_token(token.strip()) if scheme.lower() == "bearer" else None
    if (key := _api_key()) is not None:
        return door.reception.by_token(key.strip())
    if session := request.cookies.get(door.cookie(SESSION_COOKIE)):
        visit = door.reception.by_session(session, is_act=_is_act())
        if visit is not None:
            return visit
    if screen := request.cookies.get(door.cookie(SCREEN_COOKIE)):
        visit = door.reception.by_token(screen)
        return visit if visit and visit.means == "screen" else None
    return _vouched(door)


def _api_key() -> str | None:
    """Open311 clients name themselves in a field, as GeoReport v2 has it; nowhere else does a field name anybody."""
    return request.values.get("api_key") if request.path.startswith(KEY_PATHS) else None


def _vouched(door: Entrance) -> Visit | None:
    named = door.front.vouched(request.remote_addr or "", request.headers.get(door.front.user_header or "-", ""))
    return None if named is None else door.reception.by_identity(ISSUER, named)


def _is_act() -> bool:
    """True if a person is behind it. Panels that renew themselves keep no session open."""
    is_opened = request.headers.get("Sec-Fetch-Mode") == "navigate"
    return is_opened or request.method not in SAFE_METHODS or ACT_HEADER in request.headers
