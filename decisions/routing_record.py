"""How well routing does in use: what it kept and was right about, what went to people, what they changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Any

from sqlalchemy import Connection, select

from access.actor import Actor
from database.dispatch_tables import events
from database.routing_tables import crew_choices, routings
from decisions.proposals import CHANGED, CONFIRMED, FILLED, LATE, WAITING
from dispatch.events import visible
from dispatch.state import BEFORE_DISPATCH, DONE, SIDE_ENDS

MODEL = "routing"
"""Its name among the findings."""
_CONFUSED = 6
_Z = 1.959964
_UNDECIDED = frozenset((*BEFORE_DISPATCH, *SIDE_ENDS))
_BY_PERSON = frozenset({CONFIRMED, CHANGED})


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    good: int
    of: int

    @property
    def value(self) -> float | None:
        """0 to 1; None of nothing."""
        return self.good / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % Wilson score interval (Wilson 1927), 0 to 1."""
        if not self.of:
            return None
        share, n, z2 = self.good / self.of, self.of, _Z * _Z
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class RoutingRecord:
    """Of proposals since `since`. `kept_right`: filled in by the router and never changed by a person, of those
    filled in and by now dispatched or confirmed; `agreed`: proposals a person confirmed, of those put before one."""

    since: datetime
    proposed: int
    kept_right: Share
    to_person: Share
    agreed: Share
    compared: Share
    """Proposals that equal what people had decided before the router came to the event."""
    corrected: int
    waiting: int
    confused: tuple[tuple[str, str, int], ...]
    """(what it was, what was proposed, how often)."""


@dataclass(frozen=True)
class CrewRecord:
    """Of dispatches since `since`: how often the suggested department was chosen, and how both fared (结案按期)."""

    since: datetime
    followed: Share
    on_time_followed: Share
    on_time_overridden: Share


def routing_record(connection: Connection, by: Actor, *, world: str, since: datetime) -> RoutingRecord:
    """Counted over what `by` may see."""
    c = routings.c
    query = (
        select(c.category, c.standing, events.c.category.label("true"), events.c.state)
        .join(events, events.c.id == c.event_id)
        .where(visible(by), c.world == world, c.routed_at >= since)
    )
    rows = connection.execute(query).all()
    put = [row for row in rows if row.standing != LATE]
    judged = [row for row in rows if row.standing in _BY_PERSON or row.state not in _UNDECIDED]
    filled = [row for row in judged if row.standing == FILLED]
    asked = [row for row in judged if row.standing in (CONFIRMED, CHANGED, WAITING)]
    wrong = Counter((row.true, row.category) for row in judged if row.true != row.category)
    return RoutingRecord(
        since, len(put), _right(filled), Share(sum(row.standing != FILLED for row in put), len(put)),
        _right(asked), _right([row for row in rows if row.standing == LATE]), sum(wrong.values()),
        sum(row.standing == WAITING and row.state in BEFORE_DISPATCH for row in rows),
        tuple((true, said, times) for (true, said), times in wrong.most_common(_CONFUSED)),
    )  # fmt: skip


def _right(rows: Sequence[Any]) -> Share:
    return Share(sum(row.true == row.category for row in rows), len(rows))


def crew_record(connection: Connection, by: Actor, *, world: str, since: datetime) -> CrewRecord:
    """Counted over what `by` may see."""
    c = crew_choices.c
    query = (
        select(c.is_followed, events.c.state, events.c.closed_at, events.c.case_due_at)
        .join(events, events.c.id == c.event_id)
        .where(visible(by), c.world == world, c.at >= since)
    )
    rows = connection.execute(query).all()
    return CrewRecord(
        since, Share(sum(row.is_followed for row in rows), len(rows)),
        _in_time(row for row in rows if row.is_followed), _in_time(row for row in rows if not row.is_followed),
    )  # fmt: skip


def _in_time(rows: Iterable[Any]) -> Share:
    closed = [row for row in rows if row.state in DONE and row.closed_at and row.case_due_at]
    return Share(sum(row.closed_at <= row.case_due_at for row in closed), len(closed))
