"""Who calls: the actor of the session or token, as the guard let it in."""

from __future__ import annotations

from access.actor import Actor
from access.session import actor_of_request
from api.refusals import unknown_caller


def caller() -> Actor:
    """The actor of the present request; Problem 401 without one. Names in the request are never believed."""
    actor = actor_of_request()
    if actor is None:
        raise unknown_caller()
    return actor
