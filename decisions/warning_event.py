"""A warning becomes an event that carries the evidence: by one click, or by its rule."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Connection, select

from access.actor import TIMETABLE, Actor
from database.foresight_tables import warnings
from decisions.warning import Warning
from decisions.warning_acts import ActRefused, OpenEvent, to_event
from decisions.warning_rule import Level, Rule
from decisions.warning_rules import Rules
from decisions.warning_words import account_of, title_of
from dispatch.intake import receive
from dispatch.refusal import ReportRefused
from dispatch.report import Report
from dispatch.rulebook import Rulebook

log = logging.getLogger(__name__)

ORIGIN = "warning"
FROM = {"red": Level.RED, "orange": Level.ORANGE, "yellow": Level.YELLOW}
"""The mildest level at which a rule opens events by itself; `offer` opens none."""


def opener(book: Rulebook, rules: Rules, by: Actor, now: datetime) -> OpenEvent:
    """Opens events through the one intake; the same warning is always the same event."""

    def opened(connection: Connection, one: Warning) -> str:
        try:
            report = report_of(one, rules.rules.get(one.rule), book, now)
            return receive(connection, book, report, by=by, now=now).event.number
        except ReportRefused as refused:
            raise ActRefused(str(refused)) from refused

    return opened


def report_of(one: Warning, rule: Rule | None, book: Rulebook, now: datetime) -> Report:
    """What the intake is told: region, category of the rule, level, and the evidence in sentences."""
    region = book.catalogue.regions.get(one.region)
    indicator = book.catalogue.indicators.get(one.indicator)
    place = "" if region is None or region.code == book.catalogue.city.code else region.short
    return Report(
        title=title_of(one, place),
        origin=ORIGIN,
        origin_id=str(one.id),
        reported_at=now,
        occurred_at=min(one.began_at, now),
        description=account_of(one, place, indicator.name if indicator else ""),
        category=rule.category if rule and rule.category in book.categories else None,
        region=one.region,
        level=int(one.level or one.peak_level),
        world=one.world,
        provenance=str(one.evidence.get("provenance") or "live"),
    )


def open_due(connection: Connection, book: Rulebook, rules: Rules, world: str, now: datetime) -> int:
    """Open the events that rules ask for: of speaking warnings as bad as the rule says; how many."""
    due = [key for key, rule in rules.rules.items() if rule.event in FROM]
    rows = connection.execute(
        select(warnings.c.id, warnings.c.rule, warnings.c.level).where(
            warnings.c.world == world, warnings.c.lifted_at.is_(None), warnings.c.quiet.is_(None),
            warnings.c.event.is_(None), warnings.c.is_late.is_(False), warnings.c.rule.in_(due),
        )
    ).all()  # fmt: skip
    asked = [row.id for row in rows if row.level and row.level <= FROM[rules.rules[row.rule].event]]
    opened = opener(book, rules, TIMETABLE, now)
    return sum(_opened(connection, number, opened, now) for number in asked)


def _opened(connection: Connection, number: int, opened: OpenEvent, now: datetime) -> bool:
    """A report the intake refuses opens nothing and must not stop the engine; the warning still offers the click."""
    try:
        to_event(connection, TIMETABLE, number, opened=opened, now=now)
    except ActRefused as refused:
        log.warning("warning %d opened no event: %s", number, refused)
        return False
    return True
