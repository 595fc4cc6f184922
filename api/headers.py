"""What every response tells the browser: run nothing foreign, frame nothing, guess nothing. For API and pages alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Flask, Response, request

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
API_POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
DOOR_PATHS = ("/sign-in", "/sign-out", "/account", "/admin/")
API_PATHS = ("/api/", "/live", "/healthz", "/readyz", "/version", "/metrics", "/panel/")


def page_policy(script_hashes: Iterable[str] = (), maps: Iterable[str] = ()) -> str:
    """The policy of Dash's pages: own scripts and the inline ones of these hashes (`app.csp_hashes()`).

    Styles may be inline: Leaflet and Plotly set them on elements they make. Data and blob pictures: drawn marks.
    `maps`: hosts of a base map, if one is set; without them nothing outside may be asked.
    """
    scripts, own = " ".join(["'self'", *script_hashes]), " ".join(["'self'", *maps])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src {own} data: blob:; "
        f"font-src 'self'; connect-src {own}; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )


DOOR_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""The pages of the door: nothing inline, nothing asked for in the background."""
SECURE = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
"""Where PUBLIC_URL is https: a browser never again tries without."""


def apply(server: Flask, *, policy: Callable[[], str], is_secure: bool = False) -> None:
    """Put the headers on every response of `server`; `policy` gives the pages' own and is asked at the first page."""
    kept: list[str] = []
    always = ALWAYS | SECURE if is_secure else ALWAYS

    def complete(response: Response) -> Response:
        for name, value in always.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", _policy(kept, policy))
        response.headers.pop("Server", None)
        if response.mimetype == "text/html":  # pages hold what their viewer may see: nobody keeps them
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    server.after_request(complete)


def _policy(kept: list[str], pages: Callable[[], str]) -> str:
    if request.path.startswith(API_PATHS):
        return API_POLICY
    if request.path.startswith(DOOR_PATHS):
        return DOOR_POLICY
    if not kept:
        kept.append(pages())
    return kept[0]
