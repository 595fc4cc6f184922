"""The interface as the product mounts it, for the API tests."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

import api
from access.actor import Actor
from api import guard, headers, mounting, refused_record
from indicators.cockpit import Cockpit
from people import TOKEN, known_to


def serve(cockpit: Cockpit, actors: dict[str, Actor] | None = None) -> Flask:
    """The interface as the product mounts it, guard and headers included. `actors`: who is known, by token."""
    server = Flask("cockpit", static_folder=None)
    server.secret_key = "a secret of the tests only"
    entrance = known_to(server, actors, engine=cockpit.engine, now=cockpit.now)
    mounting.shut(server, entrance, hosts=guard.names(), opened={})
    headers.apply(server, policy=headers.page_policy)
    api.mount(server, cockpit)
    refused_record.apply(server, cockpit)
    return server


def client_of(server: Flask, token: str = TOKEN) -> FlaskClient:
    """A client that says with every request who asks; '' for a stranger."""
    client = server.test_client()
    if token:
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client
