"""`POST /snapshot` freezes a page, `GET /snapshot/<key>` shows a frozen one: a document without the product's program.

Nothing in it can be fetched or sent: its policy allows no connection. It shows then, and only then.
"""

from __future__ import annotations

from typing import Any

import orjson
from flask import Flask, Response, request

from access.actor import Actor, Denied, OutOfScope
from access.session import actor_of_request
from access.stamp import person
from components.snapshot import frozen_document
from database.engine import reading, writing
from indicators import snapshot
from indicators.cockpit import Cockpit
from indicators.snapshot import SnapshotRefused
from indicators.snapshots import Damaged, keep, opened
from pages.assets_served import ASSETS, bundle, mark
from pages.freeze import draw
from pages.view import Refused

MAKE, SHOW = "/snapshot", "/snapshot/<key>"
OPENED = {MAKE: snapshot.MAKE, SHOW: snapshot.SEE}
"""What both ask for."""
SCRIPTS = ("63-figure-parts.js", "64-figures.js", "65-charts.js", "frozen.js")
"""Charts are drawn by the browser from the figures in the frozen page; the last one puts buttons to rest."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'none'"
)
GONE = "没有这份快照，或无权查看，或已到保存期限。"
BROKEN = "快照内容与保存时的校验值不符，不能作为依据，请联系系统管理员。"


def mount(server: Flask, cockpit: Cockpit, days: int) -> None:
    """Serve both; kept for `days`."""

    @server.post(MAKE)
    def freeze() -> Response:
        by = actor_of_request()
        asked = request.get_json(silent=True)
        if by is None or not isinstance(asked, dict) or not isinstance(asked.get("path"), str):
            return _problem(422, "请写明页面地址（path）")
        try:
            return _frozen(cockpit, by, asked, days)
        except (Refused, SnapshotRefused) as refused:
            return _problem(422, str(refused))
        except OutOfScope as lost:
            return _problem(404, str(lost))
        except Denied as denied:
            return _problem(403, str(denied))

    @server.get(SHOW)
    def show(key: str) -> Response:
        by = actor_of_request()
        return _shown(cockpit, by, key) if by else _problem(404, GONE)


def _frozen(cockpit: Cockpit, by: Actor, asked: dict[str, Any], days: int) -> Response:
    draft = draw(cockpit, by, _address(asked), str(asked.get("scheme") or ""))
    with writing(cockpit.engine) as connection:
        made = keep(connection, by, draft, days=days, now=cockpit.now())
    told = {"id": made.id, "address": f"/snapshot/{made.id}", "title": made.title, "sha256": made.sha256}
    missing = [{"panel": part.panel, "reason": part.reason} for part in made.missing]
    body = orjson.dumps(told | {"shown_at": made.shown_at, "keep_until": made.keep_until, "missing": missing})
    return Response(body, status=201, mimetype="application/json")


def _address(asked: dict[str, Any]) -> str:
    """The page's address; `as_of` given apart is put into it."""
    path, as_of = str(asked["path"]).strip(), str(asked.get("as_of") or "").strip()
    if not as_of:
        return path
    return f"{path}{'&' if '?' in path else '?'}as_of={as_of}"


def _shown(cockpit: Cockpit, by: Actor, key: str) -> Response:
    try:
        with reading(cockpit.engine) as connection:
            found = opened(connection, by, key[:32], now=cockpit.now())
    except Damaged:
        return _problem(500, BROKEN)
    if found is None:
        return _problem(404, GONE)
    kept, body = found
    headers = {"Cache-Control": "private, no-cache", "Content-Security-Policy": POLICY}
    document = frozen_document(kept, body, [bundle("css").address, _file("frozen.css")], _scripts(), person(by))
    answer = Response(document, mimetype="text/html", headers=headers)
    answer.set_etag(mark(document.encode()))
    answer.make_conditional(request)
    return answer


def _scripts() -> list[str]:
    return [_file(name) for name in SCRIPTS]


def _file(name: str) -> str:
    return f"/assets/{name}?v={mark((ASSETS / name).read_bytes())}"


def _problem(status: int, detail: str) -> Response:
    body = orjson.dumps({"type": "about:blank", "title": "快照", "status": status, "detail": detail})
    return Response(body, status=status, mimetype="application/problem+json")
