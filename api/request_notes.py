"""Notes before each request where it came from and how it is called; the answer carries that name too."""

from __future__ import annotations

from flask import Flask, Response, request

from access import request_facts
from access.session import address_of_request

NAME = "X-Request-Id"


def apply(server: Flask) -> None:
    """Every request of `server` has its facts at hand while it is worked on."""

    def take_note() -> None:
        request_facts.note(request_facts.facts_of(address_of_request(), request.headers.get(NAME)))

    def tell(response: Response) -> Response:
        response.headers.setdefault(NAME, request_facts.present().request_id)
        return response

    def forget(_: BaseException | None) -> None:
        request_facts.note(request_facts.NOT_A_REQUEST)

    server.teardown_request(forget)
    server.before_request(take_note)
    server.after_request(tell)
