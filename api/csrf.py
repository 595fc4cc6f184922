"""A word that only our own pages know: bound to the session, asked of every request that changes something.

It comes on top of SameSite cookies and the check of Origin. The browser reads it from a cookie of its own and sends it
back as a header (scripts; Dash's renderer does so by itself) or as a hidden field (forms without scripts).
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from flask import Request, Response, current_app, request

from access.session import SCREEN_COOKIE, SESSION_COOKIE, comes_by_cookie, entrance, visit_of_request

COOKIE = "_csrf_token"
HEADERS = ("X-CSRFToken", "X-CSRF-Token")
FIELD = "csrf"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def word() -> str:
    """The word of the present browser; '' for programs and strangers, who have nothing to lose by it."""
    ground = _ground()
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, b"csrf:" + ground.encode(), sha256).hexdigest()[:40] if ground else ""


def is_told(asked: Request, expected: str) -> bool:
    """True if the request carries the word `expected`."""
    told = next((asked.headers[name] for name in HEADERS if name in asked.headers), "")
    if not told and asked.mimetype in _FORMS:
        told = asked.form.get(FIELD, "")
    return hmac.compare_digest(told.encode(), expected.encode())


def give(response: Response) -> Response:
    """Have the browser know its word before it needs it: with every page."""
    if response.mimetype == "text/html" and "Authorization" not in request.headers:
        expected = word()
        if expected and request.cookies.get(COOKIE) != expected:
            response.set_cookie(COOKIE, expected, path="/", secure=entrance().secure, samesite="Strict")
    return response


def _ground() -> str:
    """What opens the door for this browser: its cookies, or the gateway's word."""
    if not comes_by_cookie():
        return ""
    door = entrance()
    held = [request.cookies.get(door.cookie(name), "") for name in (SESSION_COOKIE, SCREEN_COOKIE)]
    if any(held):
        return "\0".join(held)
    visit = visit_of_request()
    return f"gateway:{visit.actor.user}" if visit else ""
