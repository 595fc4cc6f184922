"""The score card of each rule: how often it spoke, was right, was wrong, was missed, and how early it was.

And the replay: what another set of bounds would have told over the past, beside what the present one tells.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection

from access.actor import Actor
from decisions.warning import Warning
from decisions.warning_course import Turn, replay
from decisions.warning_inputs import plain, rates
from decisions.warning_rule import Level, Rule
from decisions.warning_rules import edited
from decisions.warnings import past
from indicators.catalogue import Catalogue
from indicators.readings import history

CREDIT = timedelta(hours=12)
"""An incident within so long after a warning began was warned of."""
SLACK = timedelta(minutes=30)
"""A warning may come so much later than the incident it speaks of and still be its warning, with a lead below zero."""


@dataclass(frozen=True)
class Incident:
    """Something that did happen in a region and that a rule should have warned of."""

    region: str
    at: datetime


@dataclass(frozen=True)
class ScoreCard:
    """One rule over a stretch of time. `lead` in minutes, median over incidents that were warned of."""

    rule: str
    fired: int
    spoken: int
    """Of these not kept quiet by a cause or a silence."""
    confirmed: int
    false: int
    unjudged: int
    late: int
    missed: int
    lead: float | None
    per_week: float

    @property
    def precision(self) -> float | None:
        """Confirmed of those judged; None while nobody has judged."""
        judged = self.confirmed + self.false
        return self.confirmed / judged if judged else None


def score_cards(
    connection: Connection, by: Actor, *, world: str, since: datetime, until: datetime, rules: Collection[str],
    incidents: Mapping[str, Sequence[Incident]] | None = None,
) -> list[ScoreCard]:  # fmt: skip
    """The cards of `rules`, of warnings the actor may see. Without `incidents` (by rule) nothing counts as missed."""
    found = past(connection, by, world=world, since=since, until=until, at_most=100_000)
    weeks = max((until - since) / timedelta(weeks=1), 1e-9)
    return [
        _card(key, [one for one in found if one.rule == key], (incidents or {}).get(key, ()), weeks) for key in rules
    ]


def _card(key: str, found: Sequence[Warning], incidents: Sequence[Incident], weeks: float) -> ScoreCard:
    leads = [lead for incident in incidents if (lead := _lead(incident, found)) is not None]
    verdicts = [one.verdict for one in found]
    spoken = [one for one in found if one.quiet is None and not one.is_late]
    return ScoreCard(
        rule=key,
        fired=len(found),
        spoken=len(spoken),
        confirmed=verdicts.count("confirmed"),
        false=verdicts.count("false"),
        unjudged=verdicts.count(None),
        late=sum(one.is_late for one in found),
        missed=len(incidents) - len(leads),
        lead=median(leads) if leads else None,
        per_week=len(spoken) / weeks,
    )


def _lead(incident: Incident, found: Sequence[Warning]) -> float | None:
    """Minutes between the first warning of an incident and the incident; None if there was no warning of it."""
    began = [
        one.began_at
        for one in found
        if one.region == incident.region
        and one.began_at <= incident.at + SLACK
        and (one.lifted_at or incident.at) >= incident.at - CREDIT
        and one.began_at >= incident.at - CREDIT
    ]
    return (incident.at - min(began)).total_seconds() / 60 if began else None


@dataclass(frozen=True)
class Told:
    """What a rule tells over a past: beginnings by level reached first, and hours in force."""

    times: int
    levels: Mapping[Level, int]
    hours: float


def replayed(
    connection: Connection, catalogue: Catalogue, by: Actor, rule: Rule, edits: Mapping[str, Any], *, world: str,
    region: str, since: datetime, now: datetime,
) -> tuple[Told, Told]:  # fmt: skip
    """What `rule` as it stands, and with `edits`, tells over the values since then. EditRefused for senseless edits.

    For rules that look at values or rates: forecasts and detectors cannot be asked about the past again.
    """
    tried = edited(rule, edits)
    values = history(
        connection, catalogue, by, world=world, code=rule.indicator, region=region, now=now,
        start=since.date().isoformat(),
    )  # fmt: skip
    points = [(one.period, one.value) for one in values]
    measured = [(p.at, p.measured) for p in (rates(points) if rule.measure == "rate" else plain(points))]
    return _told(rule, measured), _told(tried, measured)


def _told(rule: Rule, measured: Sequence[tuple[datetime, float]]) -> Told:
    levels: dict[Level, int] = {}
    hours, begun = 0.0, None
    for step in replay(rule, measured):
        if step.turn is Turn.LIFTED:
            hours += (step.at - begun).total_seconds() / 3600 if begun else 0.0
            begun = None
        elif begun is None and step.level is not None:
            levels[step.level] = levels.get(step.level, 0) + 1
            begun = step.at
    if begun is not None and measured:
        hours += (measured[-1][0] - begun).total_seconds() / 3600
    return Told(sum(levels.values()), levels, hours)
