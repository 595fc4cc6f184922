"""What the digest of one subject looks at: an open connection, the moment, the indicators concerned, what moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from access.actor import Actor
from decisions.digest import Subject
from indicators.definition import Indicator
from indicators.digest import Digest as Changes
from indicators.digest import digest as changes_since
from indicators.reading import Reading, World
from indicators.readings import latest

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

SPAN = timedelta(hours=24)
"""The digest looks back so far."""
NOTED = 1.0
"""Moves of fewer robust spreads are not looked at; the ones in between are told only where there is room."""


@dataclass(frozen=True)
class Ground:
    """Everything that is read once for a subject. `readings` hold the indicators of the subject by code."""

    connection: Connection
    catalogue: Catalogue
    by: Actor
    subject: Subject
    now: datetime
    since: datetime
    readings: Mapping[str, Reading]
    moved: Changes

    @property
    def world(self) -> World:
        """The world of the subject."""
        return World(self.subject.world)

    @property
    def region(self) -> str:
        """The region of the subject."""
        return self.subject.region

    @property
    def nature(self) -> str:
        """Provenance of what we count ourselves: simulated in the demo city."""
        return "simulated" if self.world is World.DEMO else ""

    @property
    def here(self) -> str:
        """The subject in words: 潮州市, 潮州市环境."""
        theme = self.catalogue.themes.get(self.subject.theme)
        return self.catalogue.regions[self.region].name + (f"“{theme.name}”主题" if theme else "")

    def concerns(self, indicator: Indicator) -> bool:
        """True if the figure belongs to the subject: its theme if it has one, made at its level, still made."""
        in_theme = not self.subject.theme or indicator.theme == self.subject.theme
        kind = self.catalogue.regions[self.region].kind
        return in_theme and not indicator.historical and kind in indicator.levels


def ground(
    connection: Connection, catalogue: Catalogue, by: Actor, subject: Subject, *, now: datetime,
    shared: Ground | None = None,
) -> Ground:  # fmt: skip
    """Read what the digest of `subject` is made from. `shared`: that of the same region, looked through before."""
    if shared is not None:
        return Ground(connection, catalogue, by, subject, now, shared.since, shared.readings, shared.moved)
    world, since = World(subject.world), now - SPAN
    found = latest(connection, catalogue, by, world=world.value, region=subject.region, now=now)
    moved = changes_since(
        connection, catalogue, by, world=world, region=subject.region, since=since, now=now, far=NOTED
    )
    return Ground(connection, catalogue, by, subject, now, since, found, moved)
