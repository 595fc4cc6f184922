"""The events behind one figure of an evaluation: each as it stood at the moment the figure speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from access.actor import Actor
from database.dispatch_tables import events
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
    c = events.c
    query = select(c.id, c.number, c.version, c.title, c.level).where(visible(by), c.number.in_(list(numbers)))
    found = {row.number: row for row in connection.execute(query)}
    wanted = [found[number] for number in numbers if number in found]
    facts = all_facts(connection, {row.id: row.version for row in wanted}, rules, period.as_of)
    return [CaseLine(row.title, row.level, facts[row.id]) for row in wanted if row.id in facts]
