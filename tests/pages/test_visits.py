"""What counts as looking at a page: the document somebody was given; not panels, not refusals, not files."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from access.actor import EVERYWHERE, Actor
from access.usage import used
from database.engine import reading
from pages import visits
from people import TOKEN, known_to

KEEPER = Actor("系统管理员", "system_admin", EVERYWHERE, frozenset({"settings.manage"}), user="keeper")


@pytest.mark.feature(136)
def test_pages_are_counted_by_their_pattern_and_nothing_else_is(app, cockpit) -> None:
    server = Flask("visits_under_test", static_folder=None)
    known_to(server)
    counting = visits.mount(server, cockpit)
    page = lambda path="": Response("<html></html>", 404 if path == "gone" else 200, mimetype="text/html")  # noqa: E731
    server.add_url_rule("/", "home", page)
    server.add_url_rule("/<path:path>", "page", page)
    server.add_url_rule("/admin/usage", "office", page)
    server.add_url_rule("/panel/<name>", "panel", lambda name: Response("<p>", mimetype="text/html"))
    client = server.test_client()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for path in (
        "/",
        "/theme/environment",
        "/theme/water_affairs",
        "/map",
        "/admin/usage",
        "/panel/who",
        "/gone",
        "/no/such",
    ):
        client.get(path, headers=headers)
    client.get("/map")
    client.post("/", headers=headers)
    counting.write()
    with reading(cockpit.engine) as connection:
        found = {one.page: one.views for one in used(connection, KEEPER, days=1, now=cockpit.now())}
    assert found == {"/": 1, "/theme/<theme_id>": 2, "/map": 1, "/admin/usage": 1}
