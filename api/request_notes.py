"""Notes before each request where it came from and how it is called; the answer carries that name too."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

from access import request_facts
from access.session import address_of_request

NAME = "X-Request-Id"
_ENTRANCE = "entrance"


def apply(server: Flask) -> None:
    """Every request of `server` has its facts at hand while it is worked on."""

    def take_note() -> None:
        is_open = _ENTRANCE in current_app.extensions
        address = address_of_request() if is_open else request.remote_addr
        request_facts.note(request_facts.facts_of(address, request.headers.get(NAME)))

    def tell(response: Response) -> Response:
        response.headers.setdefault(NAME, request_facts.present().request_id)
        return response

    server.before_request(take_note)
    server.after_request(tell)
