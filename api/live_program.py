"""The small gevent program of the production layout: it holds the streams and hands out panels it fetched once.

Knows neither database nor drawing: building one figure here would hold up every client. Versions come from Redis,
where the page servers leave them, or from a page server itself while Redis is down. A panel is fetched from a page
server once per version and address, however many screens ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from api.panel_copies import PanelCopies
from api.upstream import Answer, Upstream, UpstreamDown
from database.hub import VERSIONS_KEY, Hub, number_of
from database.listeners import AudienceFull, Change, stream
from database.redis_link import RedisLink

CAPACITY = 1500
StartResponse = Callable[[str, list[tuple[str, str]]], object]
JSON = "application/json"
PROBLEM = "application/problem+json"
_PHRASES = {200: "200 OK", 304: "304 Not Modified", 404: "404 Not Found", 503: "503 Service Unavailable"}


class LiveProgram:
    """The WSGI application: /live, /live/version, /panel/…, /healthz."""

    def __init__(self, hub: Hub, panels: PanelCopies, now: Callable[[], datetime]) -> None:
        self.hub = hub
        self._panels = panels
        self._now = now
        self._routes: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "/live/version": self._version,
            "/healthz": lambda _: Answer(200, {"Content-Type": "text/plain"}, b"ok\n"),
        }

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/live":
            return self._stream(environ, start_response)
        if path.startswith("/panel/"):
            answer = self._panel(environ, path)
        else:
            answer = self._routes.get(path, self._lost)(environ)
        return _send(_conditional(answer, environ), start_response)

    def _stream(self, environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        try:
            listener = self.hub.subscribe()
        except AudienceFull:
            return _send(
                _problem(503, "实时通道已满，页面将改为每 5 秒查询一次。", {"Retry-After": "5"}), start_response
            )
        headers = [("Content-Type", "text/event-stream; charset=utf-8"), ("Cache-Control", "no-store")]
        start_response("200 OK", [*headers, ("X-Accel-Buffering", "no"), ("X-Content-Type-Options", "nosniff")])
        told = stream(listener, self._first(environ), lambda: self.hub.version)
        return _Told(told, lambda: self.hub.listeners.leave(listener))

    def _first(self, environ: Mapping[str, Any]) -> Change:
        given = str(environ.get("HTTP_LAST_EVENT_ID", ""))
        version = self.hub.version
        is_new = not given.isdigit() or given == str(version)
        return Change(() if is_new else tuple(sorted(self.hub.versions)), version)

    def _version(self, environ: Mapping[str, Any]) -> Answer:
        versions = dict(self.hub.versions)
        body = orjson.dumps({"version": number_of(versions), "topics": versions})
        headers = {"Content-Type": JSON, "Cache-Control": "no-cache", "ETag": f'"{number_of(versions):x}"'}
        return Answer(200, headers, body)

    def _panel(self, environ: Mapping[str, Any], path: str) -> Answer:
        query = environ.get("QUERY_STRING", "")
        try:
            answer = self._panels.get(f"{path}?{query}" if query else path, self.hub.versions)
        except UpstreamDown:
            return _problem(503, "画面服务暂时没有响应，正在重试。", {"Retry-After": "3"})
        moment = self._now().isoformat(timespec="milliseconds")
        return Answer(answer.status, {**answer.headers, "X-Now": moment}, answer.body)

    def _lost(self, environ: Mapping[str, Any]) -> Answer:
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
    return LiveProgram(hub, PanelCopies(upstream), now or (lambda: datetime.now(UTC)))


def read_versions(link: RedisLink | None, upstream: Upstream) -> Mapping[str, int]:
    """The versions the page servers left in Redis at most ten seconds ago; failing that, as one of them tells."""
    left = link.call(lambda: link.client.get(VERSIONS_KEY)) if link else None
    told = orjson.loads(left) if isinstance(left, bytes) else orjson.loads(upstream.get("/live/version").body)
    versions: Mapping[str, int] = told["topics"]
    return versions


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
