"""The table of all operations below /api/v1, and its way into Flask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import orjson
from flask import Blueprint, Response, request

from api import (
    appeals,
    areas,
    attachments,
    audit,
    cap,
    cap_feed,
    deliveries,
    departments,
    desk,
    devices,
    digest,
    docs,
    duty,
    entries,
    evaluation,
    event_moves,
    event_split,
    event_suggest,
    events,
    feeds,
    findings,
    forecasts,
    indicators,
    layers,
    map_events,
    map_search,
    map_shapes,
    map_values,
    messages,
    personal,
    proof,
    published,
    push,
    quarantine,
    readings,
    regions,
    resources,
    response,
    reviews,
    screens,
    snapshots,
    sources,
    themes,
    warning_rules,
    warnings,
)
from api.answering import Desk, nobody_home
from api.openapi import BASE, document
from api.operation import JSON, Operation
from database.frames import etag_of
from indicators.cockpit import Cockpit

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
OPERATIONS: tuple[Operation, ...] = (
    *themes.OPERATIONS,
    *indicators.OPERATIONS,
    *readings.OPERATIONS,
    *proof.OPERATIONS,
    *push.OPERATIONS,
    *sources.OPERATIONS,
    *quarantine.OPERATIONS,
    *entries.OPERATIONS,
    *published.OPERATIONS,
    *regions.OPERATIONS,
    *departments.OPERATIONS,
    *layers.OPERATIONS,
    *map_values.OPERATIONS,
    *map_events.OPERATIONS,
    *map_shapes.OPERATIONS,
    *map_search.OPERATIONS,
    *screens.OPERATIONS,
    *audit.OPERATIONS,
    *personal.OPERATIONS,
    *warnings.OPERATIONS,
    *areas.OPERATIONS,
    *devices.OPERATIONS,
    *snapshots.OPERATIONS,
    *warning_rules.OPERATIONS,
    *forecasts.OPERATIONS,
    *findings.OPERATIONS,
    *digest.OPERATIONS,
    *events.OPERATIONS,
    *event_moves.OPERATIONS,
    *deliveries.OPERATIONS,
    *event_split.OPERATIONS,
    *event_suggest.OPERATIONS,
    *evaluation.OPERATIONS,
    *appeals.OPERATIONS,
    *reviews.OPERATIONS,
    *attachments.OPERATIONS,
    *cap.OPERATIONS,
    *cap_feed.OPERATIONS,
    *feeds.OPERATIONS,
    *messages.OPERATIONS,
    *resources.OPERATIONS,
    *desk.OPERATIONS,
    *response.OPERATIONS,
    *duty.OPERATIONS,
)


def blueprint(cockpit: Cockpit) -> Blueprint:
    """Every operation, its description, and a plain 404 for the rest of /api."""
    made = Blueprint("api", __name__)
    desk = Desk(cockpit)
    for path, operations in by_path(OPERATIONS).items():
        rule = BASE + path.replace("{", "<").replace("}", ">")
        made.add_url_rule(
            rule, path.replace(".", "_"), desk.view(operations), methods=METHODS, provide_automatic_options=False
        )
    described = document(OPERATIONS, version=cockpit.version)
    _serve(made, "openapi", "/openapi.json", orjson.dumps(described), JSON)
    _serve(made, "docs", "/docs", docs.page(described).encode(), "text/html; charset=utf-8")
    _serve(made, "docs_style", "/docs.css", docs.STYLE.encode(), "text/css; charset=utf-8")
    for rule in ("/api", "/api/", "/api/<path:rest>"):
        made.add_url_rule(rule, f"nobody {rule}", nobody_home, methods=METHODS, provide_automatic_options=False)
    return made


def by_path(operations: Iterable[Operation]) -> dict[str, dict[str, Operation]]:
    """The operations by path and method."""
    found: dict[str, dict[str, Operation]] = defaultdict(dict)
    for operation in operations:
        found[operation.path][operation.method] = operation
    return dict(found)


def _serve(made: Blueprint, name: str, path: str, body: bytes, content_type: str) -> None:
    """A document that stays the same as long as the process runs."""
    etag = etag_of(body)

    def answer() -> Response:
        headers = {"ETag": f'"{etag}"', "Cache-Control": "no-cache"}
        if etag in request.if_none_match:
            return Response(status=304, headers=headers)
        return Response(body, headers=headers, content_type=content_type)

    made.add_url_rule(BASE + path, name, answer)
