"""GET /tiles/…: a base map of the city's own, tiles or one .pmtiles file in the data folder, served in ranges."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, send_from_directory
from werkzeug.exceptions import NotFound

A_DAY = 86_400


def mount(server: Flask, folder: Path) -> None:
    """Serve what lies in `folder`; nothing if it is not there."""

    @server.get("/tiles/<path:name>")
    def tile(name: str) -> Response:
        try:
            return send_from_directory(folder.resolve(), name, conditional=True, max_age=A_DAY)
        except NotFound:
            return Response(status=404)


def hosts_of(address: str | None) -> list[str]:
    """Scheme and host of a base map elsewhere: what the pages' policy must allow; [] for our own."""
    parts = urlsplit(address or "")
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
