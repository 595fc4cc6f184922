"""Refuses, before anything else looks at it, a request that a foreign page made a browser send.

While there are no accounts the listener on loopback is the only gate. A web page elsewhere may still make the browser
of this machine send requests to it: by a form (cross-site request) or by a name that resolves to 127.0.0.1 (rebinding).
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, Response, request

from api.problem import Problem, respond

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY = 12 * 2**20
"""Bytes of any request; operations set less."""


def protect(server: Flask, *, hosts: Iterable[str] = ()) -> None:
    """Guard every route of `server`. `hosts`: further names it may be called by (of PUBLIC_URL)."""
    names = LOOPBACK_NAMES | {name.lower() for name in hosts}
    server.config.setdefault("MAX_CONTENT_LENGTH", LARGEST_BODY)

    def refuse() -> Response | None:
        if host_name(request.host) not in names:
            return respond(Problem(421, "请用本机地址 127.0.0.1 或 localhost 访问。", kind="host"))
        if request.method not in SAFE_METHODS and _is_foreign():
            return respond(Problem(403, "其他网站发起的请求一律拒绝。", kind="origin"))
        return None

    server.before_request(refuse)


def host_name(host: str) -> str:
    """The name in a Host header, without port, in lower case; '' if it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_foreign() -> bool:
    """True if a browser says the request comes from another site. Programs send neither header."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc.lower() != request.host.lower()
