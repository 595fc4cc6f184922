"""The product's interface for programs: /api/v1, the live stream, health and metrics. One resource per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from indicators.cockpit import Cockpit


def mount(server: Flask, cockpit: Cockpit) -> None:
    """Put everything below /api, and /live, /healthz, /readyz, /version, /metrics on `server`."""
    from api import health, hooks, live, metrics, open311, routes

    server.extensions["cockpit"] = cockpit
    for made in (
        health.blueprint(cockpit),
        live.blueprint(cockpit.hub),
        metrics.blueprint(cockpit),
        routes.blueprint(cockpit),
        open311.blueprint(cockpit),
        hooks.blueprint(cockpit),
    ):
        server.register_blueprint(made)
