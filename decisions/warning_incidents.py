"""What did happen: events of a rule's category that were reported by others, against which the rule is scored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from access.actor import Actor
from database.dispatch_tables import events
from database.foresight_tables import warnings
from decisions.warning_event import ORIGIN
from decisions.warning_rule import Rule
from decisions.warning_scores import Incident


def incidents(
    connection: Connection, by: Actor, rules: Mapping[str, Rule], *, world: str, city: str, since: datetime,
    until: datetime,
) -> dict[str, list[Incident]]:  # fmt: skip
    """Incidents by rule, of rules that name a category; the city's rules answer for every county.

    Nothing counts from before the first warning of the world: nobody watched then. An event opened from a warning
    proves nothing about the warning and is left out. `region` of an incident is where the rule should have spoken: the
    county, or the city for rules of the city alone.
    """
    named = {key: rule for key, rule in rules.items() if rule.category}
    if not named or not by.may("events.view"):
        return {}
    watched = connection.execute(select(func.min(warnings.c.known_at)).where(warnings.c.world == world)).scalar()
    if watched is None:
        return {}
    rows = connection.execute(
        select(events.c.category, events.c.county, events.c.region, events.c.reported_at, events.c.occurred_at).where(
            events.c.world == world, events.c.reported_at >= max(since, watched), events.c.reported_at < until,
            events.c.origin != ORIGIN, events.c.category.in_({rule.category for rule in named.values()}),
        )
    ).all()  # fmt: skip
    seen = [row for row in rows if by.scope.allows(row.region)]
    return {
        key: [
            Incident(city if rule.regions == "city" else row.county, row.occurred_at or row.reported_at)
            for row in seen
            if row.category == rule.category
        ]
        for key, rule in named.items()
    }
