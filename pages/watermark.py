"""`/watermark.svg`: the viewer's own watermark, a picture of this server that the style sheet repeats over the page."""

from __future__ import annotations

from flask import Flask, Response

from access.session import actor_of_request
from access.stamp import person
from components.times import stamp
from components.watermark import no_watermark, watermark
from indicators.cockpit import Cockpit

ADDRESS = "/watermark.svg"
_KEPT_SECONDS = 300
"""The time on it is at most so old; it is the viewer's browser that keeps it, nobody else."""


def mount(server: Flask, cockpit: Cockpit) -> None:
    """Serve it to whoever is signed in; screens get an empty one."""

    @server.get(ADDRESS)
    def draw() -> Response:
        by = actor_of_request()
        shown = by is not None and by.kind != "screen"
        body = watermark(person(by), stamp(cockpit.now())) if by and shown else no_watermark()
        headers = {"Cache-Control": f"private, max-age={_KEPT_SECONDS}", "Vary": "Cookie"}
        return Response(body, mimetype="image/svg+xml", headers=headers)
