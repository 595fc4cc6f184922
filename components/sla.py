"""Sla: the clock of a time limit, text, then outline, then fill. Its colour means time limits and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from dash import html
from dash.development.base_component import Component

from components.times import remaining, stamp

NEAR_SHARE = 0.3
"""A limit is near when this part of it is left (design, section 4), unless the rules table sets another."""


class Standing(StrEnum):
    """How a time limit stands."""

    OK = "ok"
    NEAR = "near"
    OVER = "over"


SPOKEN = {Standing.OK: "按期", Standing.NEAR: "临期", Standing.OVER: "超期"}


def standing(due: datetime, now: datetime, near: timedelta) -> Standing:
    """Over from the very instant the limit has passed; near while at most `near` is left."""
    left = due - now
    if left < timedelta(0):
        return Standing.OVER
    return Standing.NEAR if left <= near else Standing.OK


def near_of(limit: timedelta) -> timedelta:
    """The time left at which a limit of this length counts as near."""
    return limit * NEAR_SHARE


def sla(due: datetime, now: datetime, near: timedelta = timedelta(hours=1)) -> Component:
    """剩 05:40, 剩 00:21 outlined, 超 02:14 filled; from 24 hours in days."""
    found = standing(due, now, near)
    words = f"{'超' if found is Standing.OVER else '剩'} {remaining(abs(due - now))}"
    return html.I(words, className=f"sla {found}", title=f"{SPOKEN[found]}，时限 {stamp(due)}")


def overdue(count: int) -> Component | None:
    """超 4: how many are over; nothing for none."""
    return html.I(f"超 {count}", className="sla over", title=f"超期 {count} 件") if count else None
