"""Answers travel compressed: brotli where the browser takes it, else gzip; the same bytes are compressed once.

Files, Dash's suites, panels and map data, and the documents of pages: a page holds no secret of its viewer (the word
against forgery is a cookie). The door's documents and forms are left alone, so that no secret is ever compressed
together with text of someone else's choosing. Streams never.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from threading import Lock

import brotli
from flask import Flask, Response, g, request

PATHS = ("/assets/", "/_dash-component-suites/", "/_dash-", "/panel/", "/api/v1/map/")
TYPES = frozenset(
    {"text/css", "text/html", "text/javascript", "application/javascript", "application/json", "application/geo+json"}
    | {"image/svg+xml", "text/plain"}
)
ALONE = "page_document"
"""Marks the present request (`flask.g`) as a page's document: compressed for this viewer, not remembered."""
LEAST = 1024
"""Bytes below which compression gains nothing."""
_LASTING, _PASSING = 9, 5
"""Brotli's quality for files and for answers that change. 11 would save a tenth and cost thirty times as much."""


class Compressor:
    """Remembers what it has compressed, up to `most` bytes, the least used go first."""

    def __init__(self, most: int = 24_000_000) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, int, bytes], bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def compress(self, body: bytes, encoding: str, quality: int) -> bytes:
        """`body` in `encoding` (br or gzip)."""
        key = (encoding, quality, sha256(body).digest())
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = _ENCODERS[encoding](body, quality)
        self._keep(key, made)
        return made

    def _keep(self, key: tuple[str, int, bytes], made: bytes) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = made
            self._size += len(made)
            while self._size > self._most:
                _, gone = self._kept.popitem(last=False)
                self._size -= len(gone)


def mount(server: Flask) -> None:
    """Compress the answers of `server`."""
    compressor = Compressor()

    def complete(response: Response) -> Response:
        encoding = _encoding() if _is_meant(response) else None
        if encoding is None:
            return response
        response.direct_passthrough = False
        body = response.get_data()
        if len(body) >= LEAST:
            compress = _ENCODERS[encoding](body, _PASSING) if g.get(ALONE) else None
            response.set_data(compress or compressor.compress(body, encoding, _quality()))
            response.headers["Content-Encoding"] = encoding
        return response

    server.after_request(complete)


def _is_meant(response: Response) -> bool:
    meant = (
        (request.path.startswith(PATHS) or g.get(ALONE, False))
        and response.mimetype in TYPES
        and response.status_code == 200
    )
    if meant:
        response.vary.add("Accept-Encoding")
    return meant and request.method in {"GET", "POST"} and "Content-Encoding" not in response.headers


def _encoding() -> str | None:
    accepted = request.accept_encodings
    return next((name for name in ("br", "gzip") if accepted[name] > 0), None)


def _quality() -> int:
    return _LASTING if request.path.startswith(PATHS[:2]) else _PASSING


_ENCODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "br": lambda body, quality: brotli.compress(body, quality=quality),
    "gzip": lambda body, quality: gzip.compress(body, compresslevel=quality, mtime=0),
}
