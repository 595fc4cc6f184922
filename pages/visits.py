"""Counts pages that were opened: documents that a person or a wall was given, not the panels that renew themselves."""

from __future__ import annotations

from dash._pages import _path_to_page
from flask import Flask, Response, request

from access.session import actor_of_request
from access.usage import Counting
from indicators.cockpit import Cockpit

PAGE_RULES = frozenset({"/", "/<path:path>"})
OFFICE_RULES = frozenset({"/account", "/admin/accounts", "/admin/screens", "/admin/usage"})


def mount(server: Flask, cockpit: Cockpit) -> Counting:
    """Count from now on; the counts are written by themselves."""
    counting = Counting(cockpit.engine, cockpit.now)

    def count(response: Response) -> Response:
        page = page_opened(response)
        actor = actor_of_request() if page else None
        if page and actor:
            counting.look(page, actor.role)
        return response

    server.after_request(count)
    return counting


def page_opened(response: Response) -> str:
    """The page the present request opened, its variables left open; '' if it opened none."""
    rule = request.url_rule.rule if request.url_rule else ""
    if request.method != "GET" or response.status_code != 200 or response.mimetype != "text/html":
        return ""
    if rule in OFFICE_RULES:
        return rule
    return _dash_page() if rule in PAGE_RULES else ""


def _dash_page() -> str:
    page, _ = _path_to_page(request.path.strip("/"))
    return str(page.get("path_template") or page.get("path") or "") if page else ""
