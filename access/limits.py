"""How long a session may last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Limits:
    """How long a session lasts without an act of the person, and at most. The wall has no session: it has a token."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=12)
    code: timedelta = timedelta(minutes=5)
    """To type the code of the second factor."""
