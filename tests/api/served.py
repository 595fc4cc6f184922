"""The interface as the product mounts it, for the API tests."""

from __future__ import annotations

from flask import Flask

import api
from api import guard, headers, request_notes
from indicators.cockpit import Cockpit


def serve(cockpit: Cockpit) -> Flask:
    """The interface as the product mounts it, guard and headers included."""
    server = Flask("cockpit")
    request_notes.apply(server)
    guard.protect(server)
    headers.apply(server, policy=headers.page_policy)
    api.mount(server, cockpit)
    return server
