"""A warning as it stands: what raised it, how bad it is, who has taken it up, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from decisions.warning_rule import CHARACTERS, Level


@dataclass(frozen=True)
class Warning:
    """One warning of one rule in one region. Values are in the indicator's unit, or as the rule measures."""

    id: int
    world: str
    rule: str
    name: str
    indicator: str
    theme: str
    region: str
    family: str
    measure: str
    level: Level | None
    peak_level: Level
    peak: float | None
    bound: float | None
    began_at: datetime
    known_at: datetime
    turned_at: datetime
    lifted_at: datetime | None
    is_late: bool
    quiet: str | None
    owner: str
    version: int
    evidence: Mapping[str, Any] = field(default_factory=dict)
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    comment: str | None = None
    keep_until: datetime | None = None
    verdict: str | None = None
    verdict_by: str | None = None
    verdict_at: datetime | None = None
    verdict_note: str | None = None
    event: str | None = None

    @property
    def is_open(self) -> bool:
        """True while it is in force."""
        return self.lifted_at is None

    @property
    def is_forecast(self) -> bool:
        """True if it speaks of what may come: drawn as an outline, never filled."""
        return self.measure == "forecast"

    @property
    def colour(self) -> str:
        """红, 橙, 黄 or 蓝: of the level in force, or the worst it had."""
        return CHARACTERS[self.level or self.peak_level]

    def is_taken_up(self, now: datetime) -> bool:
        """True while somebody's acknowledgement holds; it ends at the handover of the shift."""
        return self.acknowledged_at is not None and (self.keep_until is None or now < self.keep_until)


@dataclass(frozen=True)
class WarningStep:
    """One line of a warning's history."""

    at: datetime
    act: str
    level: Level | None
    value: float | None
    by: str
    note: str | None


@dataclass(frozen=True)
class Silence:
    """A rule kept quiet for a while, with the reason."""

    id: int
    world: str
    rule: str
    region: str | None
    reason: str
    by: str
    begins_at: datetime
    ends_at: datetime
