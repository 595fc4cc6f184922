"""The browser's own files: all styles as one, all scripts as one, addressed by their content and kept for good.

What a page loads itself (`map-…`) and what comes later (`vendor/…`) stay files of their own. Of Dash's scripts only
what the product uses is loaded: no table, no parts for browsers of 2015.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from dash import Dash
from flask import Flask, Response, abort, request

ASSETS = Path(__file__).resolve().parent.parent / "assets"
FOREVER = "public, max-age=31536000, immutable"
KINDS = {"css": "text/css", "js": "text/javascript"}
FONTS = ("barlow-semi-condensed-latin-500-normal.woff2", "barlow-semi-condensed-latin-600-normal.woff2")
_LASTING = ("/assets/fonts/", "/assets/vendor/")
"""Named by version: another content has another name."""
_UNUSED = re.compile(r'<script src="/_dash-component-suites/dash/(?:dash_table/|deps/polyfill)[^"]*"></script>\n?')


@dataclass(frozen=True)
class Bundle:
    """Files of one kind in the order of their names as one text, and where it is served."""

    kind: str
    text: bytes

    @property
    def address(self) -> str:
        """Beside the files, so that what they name relative to themselves is found."""
        return f"/assets/cockpit-{mark(self.text)}.{self.kind}"


def mark(content: bytes) -> str:
    """A short name for this very content."""
    return sha256(content).hexdigest()[:12]


def bundle(kind: str, folder: Path = ASSETS) -> Bundle:
    """All numbered files of `kind`; read again as soon as one of them has changed."""
    files = sorted(folder.glob(f"[0-9]*.{kind}"))
    return _bundle(kind, tuple((file, file.stat().st_mtime_ns) for file in files))


@cache
def _bundle(kind: str, files: tuple[tuple[Path, int], ...]) -> Bundle:
    joint = b"\n" if kind == "css" else b"\n;\n"
    return Bundle(kind, joint.join(file.read_bytes() for file, _ in files))


def mount(app: Dash) -> None:
    """Serve the bundles, put them into every page's head, and tell browsers what may be kept."""
    _serve(app.server)
    inner = app.interpolate_index

    def interpolate(**parts: str) -> str:
        parts["css"] = f"{_fonts()}\n{parts['css']}\n{_own()}"
        parts["favicon"] = '<link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">'
        parts["scripts"] = _UNUSED.sub("", parts["scripts"])
        return str(inner(**parts))

    app.interpolate_index = interpolate  # type: ignore[method-assign,assignment]  # Dash offers it


def _own() -> str:
    styles = f'<link rel="stylesheet" href="{bundle("css").address}">'
    return f'{styles}\n<script defer src="{bundle("js").address}"></script>'


def _fonts() -> str:
    return "\n".join(
        f'<link rel="preload" href="/assets/fonts/{name}" as="font" type="font/woff2" crossorigin>' for name in FONTS
    )


def _serve(server: Flask) -> None:
    @server.get("/assets/cockpit-<found>.<kind>")
    def bundled(found: str, kind: str) -> Response:
        if kind not in KINDS:
            abort(404)
        now = bundle(kind)
        answer = Response(now.text, mimetype=KINDS[kind])
        is_asked = found == mark(now.text)
        answer.headers["Cache-Control"] = FOREVER if is_asked else "no-cache"
        return answer

    @server.after_request
    def keep(response: Response) -> Response:
        if response.status_code == 200 and _is_lasting():
            response.headers["Cache-Control"] = FOREVER
        return response


def _is_lasting() -> bool:
    """True for addresses whose content never changes."""
    path = request.path
    if path.startswith(_LASTING):
        return True
    if path.startswith("/_dash-component-suites/"):
        return bool(re.search(r"\.v[0-9_]+m\d+\.", path))
    file = ASSETS / path.removeprefix("/assets/")
    asked = request.args.get("v")
    return bool(asked and path.startswith("/assets/map-") and file.is_file() and asked == mark(file.read_bytes()))
