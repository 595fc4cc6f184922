"""The small gevent program of the production layout: it holds the streams and hands out panels it fetched once.

Knows neither database nor drawing: building one figure here would hold up every client. Versions come from Redis,
where the page servers leave them, or from a page server itself while Redis is down. A panel is fetched from a page
server once per version, address and lens, however many screens ask for it. Who asks, a page server says (permits).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import orjson

from access.actor import Actor
from access.request_marks import WROTE_HEADER
from api.live_stream import Audience, audible, told
from api.panel_copies import PanelCopies
from api.permit import Permit
from api.permits import Permits, Stranger, asker, credentials
from api.upstream import Answer, Upstream, UpstreamDown
from database.hub import VERSIONS_KEY, Hub, number_of
from database.listeners import AudienceFull
from database.redis_link import RedisLink

CAPACITY = 1500
StartResponse = Callable[[str, list[tuple[str, str]]], object]
JSON = "application/json"
PROBLEM = "application/problem+json"
STREAM_HEADERS = (
    ("Content-Type", "text/event-stream; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Accel-Buffering", "no"),
    ("X-Content-Type-Options", "nosniff"),
)
_PHRASES = {
    200: "200 OK",
    304: "304 Not Modified",
    401: "401 Unauthorized",
    404: "404 Not Found",
    503: "503 Service Unavailable",
}


class LiveProgram:
    """The WSGI application: /live, /live/version, /panel/…, /healthz."""

    def __init__(self, hub: Hub, panels: PanelCopies, permits: Permits, now: Callable[[], datetime]) -> None:
        self.hub = hub
        self._panels = panels
        self._permits = permits
        self._now = now

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/healthz":
            return _send(Answer(200, {"Content-Type": "text/plain"}, b"ok\n"), start_response)
        headers = credentials(environ)
        try:
            permit = self._permits.find(headers)
            if path == "/live":
                return self._stream(permit, headers, environ, start_response)
            answer = (
                self._panel(permit, headers, environ, path) if path.startswith("/panel/") else self._told(permit, path)
            )
        except Stranger:
            answer = _problem(401, "请先登录，或提供有效的接口令牌。", {})
        except UpstreamDown:
            answer = _problem(503, "画面服务暂时没有响应，正在重试。", {"Retry-After": "3"})
        return _send(_conditional(answer, environ), start_response)

    def _stream(
        self, permit: Permit, headers: Mapping[str, str], environ: Mapping[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        try:
            listener = self.hub.subscribe()
        except AudienceFull:
            full = _problem(503, "实时通道已满，页面将改为每 5 秒查询一次。", {"Retry-After": "5"})
            return _send(full, start_response)
        start_response("200 OK", list(STREAM_HEADERS))
        audience = Audience(permit.actor, lambda: self._still(headers), lambda: self.hub.versions)
        first = audience.first(_last_heard(environ))
        return _Told(told(listener, audience, first), lambda: self.hub.listeners.leave(listener))

    def _still(self, headers: Mapping[str, str]) -> Actor | None:
        """Whoever sent these headers, if he may still listen."""
        try:
            return self._permits.find(headers).actor
        except Stranger:
            return None

    def _told(self, permit: Permit, path: str) -> Answer:
        if path != "/live/version":
            return self._lost()
        versions = audible(self.hub.versions, permit.actor)
        body = orjson.dumps({"version": number_of(versions), "topics": versions})
        headers = {"Content-Type": JSON, "Cache-Control": "no-cache", "ETag": f'"{number_of(versions):x}"'}
        return Answer(200, headers, body)

    def _panel(self, permit: Permit, headers: Mapping[str, str], environ: Mapping[str, Any], path: str) -> Answer:
        query = environ.get("QUERY_STRING", "")
        address = f"{path}?{query}" if query else path
        asked = {**headers, WROTE_HEADER: "1"} if "HTTP_X_COCKPIT_WROTE" in environ else headers
        answer = self._panels.get(address, self.hub.versions, asker(permit, asked))
        moment = self._now().isoformat(timespec="milliseconds")
        return Answer(answer.status, {**answer.headers, "X-Now": moment}, answer.body)

    def _lost(self) -> Answer:
        return _problem(404, "实时服务只提供 /live、/live/version 与 /panel/…。", {})


class _Told:
    """A stream that gives its place back when the server closes it, also if it never began."""

    def __init__(self, events: Iterable[bytes], leave: Callable[[], None]) -> None:
        self._events = events
        self.close = leave

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._events)


def create_live(*, redis_url: str | None, pages_url: str, now: Callable[[], datetime] | None = None) -> LiveProgram:
    """The program for one set of page servers, reached at `pages_url`."""
    upstream = Upstream(pages_url)
    link = RedisLink(redis_url) if redis_url else None
    hub = Hub(lambda: read_versions(link, upstream), link=link, capacity=CAPACITY)
    permits = Permits(upstream, lambda: hub.versions)
    return LiveProgram(hub, PanelCopies(upstream), permits, now or (lambda: datetime.now(UTC)))


def read_versions(link: RedisLink | None, upstream: Upstream) -> Mapping[str, int]:
    """The versions the page servers left in Redis at most ten seconds ago; failing that, as one of them tells."""
    left = link.call(lambda: link.client.get(VERSIONS_KEY)) if link else None
    told = orjson.loads(left) if isinstance(left, bytes) else orjson.loads(upstream.get("/live/all").body)
    versions: Mapping[str, int] = told["topics"]
    return versions


def _last_heard(environ: Mapping[str, Any]) -> int | None:
    """The version the browser heard last: by itself when it reconnects, or in `since`."""
    asked = parse_qs(str(environ.get("QUERY_STRING", ""))).get("since", [""])
    given = str(environ.get("HTTP_LAST_EVENT_ID") or asked[0])
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 else None


def _conditional(answer: Answer, environ: Mapping[str, Any]) -> Answer:
    """304 if the browser has these bytes."""
    etag = answer.headers.get("ETag")
    wanted = [tag.strip().removeprefix("W/") for tag in str(environ.get("HTTP_IF_NONE_MATCH", "")).split(",")]
    if answer.status == 200 and etag and etag in wanted:
        kept = {name: value for name, value in answer.headers.items() if name != "Content-Type"}
        return Answer(304, kept, b"")
    return answer


def _problem(status: int, detail: str, headers: Mapping[str, str]) -> Answer:
    told = {"type": "about:blank", "title": detail, "status": status, "detail": detail}
    return Answer(status, {"Content-Type": PROBLEM, "Cache-Control": "no-store", **headers}, orjson.dumps(told))


def _send(answer: Answer, start_response: StartResponse) -> Iterable[bytes]:
    headers = {**answer.headers, "X-Content-Type-Options": "nosniff", "Content-Length": str(len(answer.body))}
    if answer.status == 304:
        del headers["Content-Length"]
    start_response(_PHRASES.get(answer.status, f"{answer.status} Answer"), list(headers.items()))
    return [answer.body]
