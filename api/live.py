"""/live: the stream of change notices; /live/version: the same by asking, for when the stream is down."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from api.problem import Problem, respond
from database.hub import Hub
from database.listeners import AudienceFull, Change, stream

STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
FULL = Problem(503, "实时通道已满，页面将改为每 5 秒查询一次。", "full", headers={"Retry-After": "5"})


def blueprint(hub: Hub) -> Blueprint:
    """Both routes for one hub."""
    made = Blueprint("live", __name__)

    @made.get("/live")
    def live() -> Response:
        try:
            listener = hub.subscribe()
        except AudienceFull:
            return respond(FULL)
        told = stream(listener, first_news(hub, _last_heard()), lambda: hub.version)
        response = Response(told, headers=STREAM_HEADERS, content_type="text/event-stream; charset=utf-8")
        response.call_on_close(lambda: hub.listeners.leave(listener))  # also if it never began to read
        return response

    @made.get("/live/version")
    def version() -> Response:
        body, etag = version_document(hub)
        headers = {"ETag": f'"{etag}"', "Cache-Control": "no-cache"}
        if etag in request.if_none_match:
            return Response(status=304, headers=headers)
        return Response(body, headers=headers, mimetype="application/json")

    return made


def first_news(hub: Hub, last_heard: int | None) -> Change:
    """Where things stand, for a client that last heard version `last_heard`: everything, if it missed something."""
    versions, version = hub.versions, hub.version
    is_new = last_heard is None or last_heard == version
    return Change(() if is_new else tuple(sorted(versions)), version)


def version_document(hub: Hub) -> tuple[bytes, str]:
    """The JSON of /live/version and its tag."""
    version = hub.version
    return orjson.dumps({"version": version, "topics": dict(hub.versions)}), f"{version:x}"


def _last_heard() -> int | None:
    """The version the browser heard last: by itself when it reconnects, or in `since`."""
    given = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 else None
