"""What the next shift must know, drafted: pressing events, sources that are late, rules kept quiet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from access.actor import Actor
from database.changes import bump
from decisions.shift_duty import next_on_duty
from decisions.warning_rules import Rules
from decisions.warnings import silences
from dispatch.handover import Item, drafted_items, hand_over
from dispatch.rulebook import Rulebook
from indicators.reading import World
from indicators.sources import Health, health

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

MOST_SOURCES = 12
LONGEST_NOTE = 500


def topic_of(world: str) -> str:
    """What changes when a shift is handed over or an item is acknowledged."""
    return f"dispatch:{world}"


def draft(
    connection: Connection, by: Actor, rules: Rulebook, warning_rules: Rules, *, world: str, region: str, now: datetime
) -> tuple[Item, ...]:
    """The items in the order they matter: events, sources, rules."""
    by.require("events.accept", region)
    found = list(drafted_items(connection, by, rules, world=world, region=region, now=now))
    if by.may("sources.view"):
        found += _late_sources(connection, by, rules.catalogue, World(world), now)
    if by.may("warnings.view"):
        found += _quiet_rules(connection, by, rules, warning_rules, world, now)
    found += next_on_duty(connection, by, rules, world=world, region=region, now=now)
    return tuple(replace(one, position=at) for at, one in enumerate(found, 1))


def hand_over_draft(
    connection: Connection, by: Actor, rules: Rulebook, warning_rules: Rules, *, world: str, region: str, now: datetime,
    note: str = "", left_out: Collection[tuple[str, str]] = (),
) -> int:  # fmt: skip
    """Hand over what is drafted now, less what was `left_out` (kind, ref), and the note; the handover's number."""
    items = [
        one
        for one in draft(connection, by, rules, warning_rules, world=world, region=region, now=now)
        if (one.kind, one.ref) not in left_out
    ]
    words = note.strip()[:LONGEST_NOTE]
    items += [Item("note", words)] if words else []
    number = hand_over(connection, items, world=world, region=region, by=by, now=now)
    bump(connection, [topic_of(world)])
    return number


def _late_sources(connection: Connection, by: Actor, catalogue: Catalogue, world: World, now: datetime) -> list[Item]:
    silent = [one for one in health(connection, catalogue, by, world, now) if one.is_silent]
    return [
        Item(
            "source", f"数据源过期　{one.source.name}　{catalogue.departments[one.source.owner].short}", one.source.key
        )
        for one in silent[:MOST_SOURCES]
    ]


def _owner(catalogue: Catalogue, one: Health) -> str:
    return catalogue.departments[one.source.owner].short


def _quiet_rules(
    connection: Connection, by: Actor, rules: Rulebook, warning_rules: Rules, world: str, now: datetime
) -> list[Item]:
    made = []
    for one in silences(connection, by, world=world, now=now):
        known = warning_rules.rules.get(one.rule)
        where = rules.region_name(one.region) if one.region else "全市"
        name = known.name if known else one.rule
        made.append(Item("rule", f"预警静默　{name}　{where}　{one.reason}", f"{one.id}"))
    return made
