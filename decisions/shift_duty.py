"""What a handover says of the roster: who takes over by it, and where nobody will."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from access.actor import Actor
from datasources.delivery.period import CITY_TIME
from dispatch.duty import POST_NAMES, Standing
from dispatch.duty_gaps import gap_words, near_gaps
from dispatch.duty_rosters import on_duty
from dispatch.handover import Item
from dispatch.rulebook import Rulebook

MOST_GAPS = 6


def next_on_duty(
    connection: Connection, by: Actor, rules: Rulebook, *, world: str, region: str, now: datetime
) -> list[Item]:
    """One item for the next shift of the centre, one for each gap of the units it sees."""
    found = on_duty(connection, by, rules, world=world, at=now, units={region})
    items = [Item("duty", _following(one), one.unit.key) for one in found if one.following]
    near = near_gaps(connection, by, rules, world=world, now=now)[:MOST_GAPS]
    return items + [Item("duty", f"值班空当　{gap_words(unit, gap, now)}"[:400], unit.key) for unit, gap in near]


def _following(one: Standing) -> str:
    begins = one.following[0].begins_at.astimezone(CITY_TIME)
    posts = [
        f"{words} {'、'.join(names)}"
        for post, words in POST_NAMES.items()
        if (names := [shift.name for shift in one.following if shift.post == post])
    ]
    return f"下一班（值班表）　{begins:%H:%M} 起　{'　'.join(posts)}"
