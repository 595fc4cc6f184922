"""Who calls: until accounts exist, whoever sits at this machine (the server listens on loopback only)."""

from __future__ import annotations

from access.actor import LOOPBACK, Actor


def caller() -> Actor:
    """The actor of the present request. Names in the request are never believed."""
    return LOOPBACK
