"""Writes refused requests into the audit record, beside the answer and not on its way."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from access.actor import Actor
from access.audit import AuditError
from access.refusals import Refusals, record_refusal
from access.request_facts import RequestFacts, present, working_for
from access.session import actor_of_request
from database.engine import writing
from database.workers import Workers
from indicators.cockpit import Cockpit

log = logging.getLogger(__name__)
MISSING_RIGHT = "missing_right"
"""Whoever refuses a request for want of a right or scope says so by `flask.g.missing_right = right`."""


def apply(server: Flask, cockpit: Cockpit) -> None:
    """Record what was refused on `server`. A refusal stands whether or not it could be written down."""
    refusals, writers = Refusals(), Workers(1, "refusals")

    def note(response: Response) -> Response:
        right = g.get(MISSING_RIGHT)
        if right is None or response.status_code not in {403, 404}:
            return response
        by = actor_of_request()
        what = f"{request.method} {request.path}"[:160]
        if by is not None and (times := refusals.is_due(by, what, cockpit.now())) and not writers.are_all_busy:
            facts = present()
            writers.submit(lambda: _write(cockpit, facts, by, what, right, times))
        return response

    server.after_request(note)


def _write(cockpit: Cockpit, facts: RequestFacts, by: Actor, what: str, right: str, times: int) -> None:
    try:
        with working_for(facts), writing(cockpit.engine) as connection:
            record_refusal(connection, by, what, right, times, cockpit.now())
    except (SQLAlchemyError, AuditError, OSError) as trouble:
        log.warning("a refusal was not recorded: %s: %s", type(trouble).__name__, trouble)
