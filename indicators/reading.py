"""A reading: a number with its unit, time, freshness, provenance and owner, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class World(StrEnum):
    """The real city and the demo city. No query, roll-up, chart or export ever joins the two."""

    REAL = "real"
    DEMO = "demo"


class Freshness(StrEnum):
    """How a value stands against what its source promised."""

    FRESH = "fresh"  # on time
    LATE = "late"  # due, but within the grace the source was given
    STALE = "stale"  # past the grace: shown grey, left out of theme states
    DEAD = "dead"  # several promises missed, or never delivered


class Provenance(StrEnum):
    """Where a value is from; decided by the catalogue's source entry, never by the message."""

    PUBLISHED = "published"
    LIVE = "live"
    SIMULATED = "simulated"
    MANUAL = "manual"


@dataclass(frozen=True)
class Reading:
    """One indicator in one region at one period. `value` None always comes with `reason`."""

    indicator: str
    region: str
    period: str
    value: float | None
    unit: str
    observed_at: datetime | None
    known_at: datetime | None
    freshness: Freshness
    provenance: Provenance
    source: str
    world: World
    dim: str = ""
    numerator: float | None = None
    denominator: float | None = None
    basis: str = "period"
    quality: tuple[str, ...] = ()
    reason: str | None = None
    call_id: int | None = None
    history: tuple[tuple[str, float | None], ...] = ()
    """Earlier values of the same series up to and with this one, oldest first."""
