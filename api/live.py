"""/live: the stream of change notices; /live/version: the same by asking; /live/permit and /live/all for the live
program. Everybody hears what he may know and no more, and the version is of those topics alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from flask import Blueprint, Response, current_app, request
from werkzeug.test import create_environ

from access.actor import Actor
from access.session import actor_of_request
from api.caller import caller
from api.live_stream import Audience, LookUp, audible, told
from api.permit import Permit
from api.problem import Problem, respond
from database.hub import Hub, number_of
from database.listeners import AudienceFull

STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
FULL = Problem(503, "实时通道已满，页面将改为每 5 秒查询一次。", "full", headers={"Retry-After": "5"})
NOT_KEPT = {"Cache-Control": "no-store"}


def blueprint(hub: Hub) -> Blueprint:
    """All four routes for one hub."""
    made = Blueprint("live", __name__)

    @made.get("/live")
    def live() -> Response:
        try:
            listener = hub.subscribe()
        except AudienceFull:
            return respond(FULL)
        audience = Audience(caller(), look_up_again(), lambda: hub.versions)
        events = told(listener, audience, audience.first(_last_heard()))
        response = Response(events, headers=STREAM_HEADERS, content_type="text/event-stream; charset=utf-8")
        response.call_on_close(lambda: hub.listeners.leave(listener))  # also if it never began to read
        return response

    @made.get("/live/version")
    def version() -> Response:
        body, etag = version_document(audible(hub.versions, caller()))
        headers = {"ETag": f'"{etag}"', "Cache-Control": "no-cache"}
        if etag in request.if_none_match:
            return Response(status=304, headers=headers)
        return Response(body, headers=headers, mimetype="application/json")

    @made.get("/live/permit")
    def permit() -> Response:
        return Response(Permit(caller()).told(), headers=NOT_KEPT, mimetype="application/json")

    @made.get("/live/all")
    def everything() -> Response:
        return Response(version_document(hub.versions)[0], headers=NOT_KEPT, mimetype="application/json")

    return made


def version_document(versions: Mapping[str, int]) -> tuple[bytes, str]:
    """The JSON of /live/version and its tag."""
    version = number_of(versions)
    return orjson.dumps({"version": version, "topics": dict(versions)}), f"{version:x}"


def look_up_again() -> LookUp:
    """Who sends the present request, asked again later and without it: listening on is no act of a person."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    environ = create_environ(headers=_credentials(), environ_base={"REMOTE_ADDR": request.remote_addr or ""})

    def look_up() -> Actor | None:
        with app.request_context(environ):
            return actor_of_request()

    return look_up


def _credentials() -> dict[str, str]:
    """Every header that may say who it is; none that tells of an act."""
    return {name: value for name, value in request.headers if not name.startswith(("Sec-", "X-Cockpit-", "Content-"))}


def _last_heard() -> int | None:
    """The version the browser heard last: by itself when it reconnects, or in `since`."""
    given = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 else None
