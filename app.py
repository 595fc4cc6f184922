"""Introduces everyone: settings, database, catalogue, cache, Flask, Dash. `server` is the WSGI program for gunicorn."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import plotly.io
from dash import Dash
from flask import Flask

import api
from access.policy import SIGNED_IN
from api import callbacks, guard, headers, mounting, refused_record, tiles
from opening import entrance_of, open_cockpit
from pages import assets_served, compressed, doors, early, panels, shell, snapshot_door, visits, warm, watermark
from settings import Settings, from_environment

OPENED: mounting.Opened = {
    "/": doors.page_need,
    "/<path:path>": doors.page_need,
    "/panel/<name>": doors.panel_need,
    watermark.ADDRESS: SIGNED_IN,
    **snapshot_door.OPENED,
}
"""Addresses of the pages and panels, with who says what each asks for."""


def create_app(settings: Settings) -> Dash:
    """The whole web side. Call it once per process: Dash registers pages and callbacks globally."""
    cockpit = open_cockpit(settings)
    server = Flask("cockpit", static_folder=None)
    server.secret_key = settings.secret_key
    compressed.mount(server)
    hosts = guard.names([guard.host_name(urlsplit(settings.public_url).netloc)])
    mounting.shut(server, entrance_of(settings, cockpit), hosts=hosts, opened=OPENED)
    headers.apply(
        server,
        policy=lambda: policy,
        is_secure=settings.is_secure,
    )
    if settings.people.provider:
        from api import oidc  # loaded where it is used: most installations have neither

        oidc.mount(server, settings.people.provider, settings.public_url)
    if settings.people.directory:
        from api import ldap

        ldap.mount(server, settings.people.directory)
    api.mount(server, cockpit)
    tiles.mount(server, settings.data_folder / "tiles")
    panels.mount(server, cockpit)
    watermark.mount(server, cockpit)
    snapshot_door.mount(server, cockpit, settings.snapshot_days)
    visits.mount(server, cockpit)
    refused_record.apply(server, cockpit)
    spare_numbers()
    app = Dash(
        "cockpit",
        server=server,  # type: ignore[arg-type]  # dash's stub forgets that a Flask is welcome
        use_pages=True,
        pages_folder="pages",
        assets_folder="assets",
        assets_ignore=".",  # put into the page by assets_served
        title="潮州市城市运行管理中心",
        update_title="",
        suppress_callback_exceptions=True,
        serve_locally=True,
        index_string=shell.INDEX,
        enable_mcp=False,
    )
    assets_served.mount(app)
    early.mount(app, cockpit)
    app.layout = shell.layout()
    doors.shut_layouts()
    callbacks.shield(server, lambda: app.callback_map)
    set_up(server)
    policy = headers.page_policy(app.csp_hashes(), tiles.hosts_of(settings.map_tiles))
    cockpit.hub.start()
    return app


def set_up(server: Flask) -> None:
    """Have Dash put itself together now. It does so at the first request, and of two at once one would see half of it:
    a page whose scripts its own policy forbids."""
    server.test_client().get("/healthz")


def spare_numbers() -> None:
    """Have Dash write JSON by the standard library: the faster encoder loads numpy (12 MB) at the first layout."""
    plotly.io.json.config.default_engine = "json"


def __getattr__(name: str) -> Any:
    """`app:server` for gunicorn, made when it is asked for: importing this file starts nothing."""
    if name == "server":
        server = create_app(from_environment()).server
        warm.begin(server, server.extensions["cockpit"])
        return server
    raise AttributeError(name)
