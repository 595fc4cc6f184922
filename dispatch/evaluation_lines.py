"""The events behind one figure of an evaluation: each as it stood at the moment the figure speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from access.actor import Actor
from database.dispatch_tables import events
from dispatch import records
from dispatch.case_facts import Facts
from dispatch.events import visible
from dispatch.facts_kept import all_facts
from dispatch.measures import Period
from dispatch.rulebook import Rulebook


@dataclass(frozen=True)
class CaseLine:
    """One event of a figure: what it is, and what counted."""

    title: str
    level: int
    facts: Facts


def case_lines(
    connection: Connection, by: Actor, rules: Rulebook, numbers: Sequence[str], period: Period
) -> list[CaseLine]:
    """These events in this order, as far as the actor may see them."""
    query = select(*records.EVENT_COLUMNS).where(visible(by), events.c.number.in_(list(numbers)))
    found = {row.number: records.event_of(row) for row in connection.execute(query)}
    wanted = [found[number] for number in numbers if number in found]
    facts = {one.number: one for one in all_facts(connection, wanted, rules, period.as_of)}
    return [CaseLine(one.title, one.level, facts[one.number]) for one in wanted if one.number in facts]
