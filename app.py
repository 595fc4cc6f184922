"""Introduces everyone: settings, database, catalogue, cache, Flask, Dash. `server` is the WSGI program for gunicorn."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from dash import Dash
from flask import Flask

import api
from access import sealing
from api import guard, headers, request_notes, tiles
from database.engine import open_engine
from database.hub import open_hub
from database.migrate import migrate
from database.query_cache import open_cache
from database.redis_link import open_link
from indicators.cockpit import Cockpit
from indicators.live_catalogue import LiveCatalogue
from pages import assets_served, compressed, panels, shell
from settings import VERSION, Settings, from_environment


def open_cockpit(settings: Settings) -> Cockpit:
    """Connect what every request needs. A database that is down now is tried again by each request."""
    sealing.use(settings.keyring())
    engine = open_engine(settings.database_url)
    migrate(engine, patient=False)
    live_catalogue = LiveCatalogue(settings.catalogue_folder)
    link = open_link(settings.redis_url)
    hub = open_hub(engine, link, meanwhile=live_catalogue.refresh)
    cache = open_cache(
        link,
        folder=settings.data_folder / "frames",
        secret=settings.secret_key,
        hub=hub,
        catalogue_version=lambda: live_catalogue.current.version,
        now=settings.now,
    )
    return Cockpit(
        engine,
        live_catalogue,
        cache,
        hub,
        settings.now,
        mqtt_url=settings.mqtt_url,
        map_tiles=settings.map_tiles,
        map_review=settings.map_review,
        version=VERSION,
    )


def create_app(settings: Settings) -> Dash:
    """The whole web side. Call it once per process: Dash registers pages and callbacks globally."""
    cockpit = open_cockpit(settings)
    server = Flask("cockpit")
    server.secret_key = settings.secret_key
    compressed.mount(server)
    request_notes.apply(server)
    guard.protect(server, hosts=[guard.host_name(urlsplit(settings.public_url).netloc)])
    headers.apply(server, policy=lambda: headers.page_policy(app.csp_hashes(), tiles.hosts_of(settings.map_tiles)))
    api.mount(server, cockpit)
    tiles.mount(server, settings.data_folder / "tiles")
    panels.mount(server, cockpit)
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
    )
    assets_served.mount(app)
    app.layout = shell.layout()
    cockpit.hub.start()
    return app


def __getattr__(name: str) -> Any:
    """`app:server` for gunicorn, made when it is asked for: importing this file starts nothing."""
    if name == "server":
        return create_app(from_environment()).server
    raise AttributeError(name)
