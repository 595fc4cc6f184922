"""The stamp on what leaves the product: who took it and when, so that a copy leads back to its origin."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from access.actor import Actor
from access.visible_text import one_line

CITY_TIME = ZoneInfo("Asia/Shanghai")


def person(by: Actor) -> str:
    """Name and the last four characters of the account: enough to know who, too little to sign in."""
    return " ".join(part for part in (one_line(by.name, 40), by.user[-4:]) if part)


def stamp(by: Actor, now: datetime, request_id: str = "") -> str:
    """李明 ming 2026-11-22 14:32:08, with the request under which the audit record knows it."""
    when = f"{now.astimezone(CITY_TIME):%Y-%m-%d %H:%M:%S}"
    return " ".join(part for part in (person(by), when, request_id) if part)
