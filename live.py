"""Starts the live program of the production layout: `gunicorn -k gevent live:server`."""

from __future__ import annotations

from typing import Any

from api.live_program import LiveProgram, create_live
from settings import Settings, from_environment


def create_program(settings: Settings) -> LiveProgram:
    """The live program beside the page servers on this machine."""
    return create_live(redis_url=settings.redis_url, pages_url=settings.near_url, now=settings.now)


def __getattr__(name: str) -> Any:
    """`live:server` for gunicorn, made when it is asked for: importing this file starts nothing."""
    if name == "server":
        return create_program(from_environment())
    raise AttributeError(name)
