"""Who asks: an actor with a scope. Nothing is seen by default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """The regions a person or program may see. `regions=None` is the whole city; an empty set is nothing."""

    regions: frozenset[str] | None = frozenset()

    def allows(self, region: str) -> bool:
        """True if readings of `region` may be shown."""
        return self.regions is None or region in self.regions

    @property
    def key(self) -> str:
        """A short text that differs whenever what may be seen differs; part of every cache key."""
        return "*" if self.regions is None else ",".join(sorted(self.regions))


NOWHERE = Scope()
EVERYWHERE = Scope(regions=None)


@dataclass(frozen=True)
class Actor:
    """A person or program, as written into the record of what was done."""

    name: str
    role: str
    scope: Scope = NOWHERE


TIMETABLE = Actor("timetable", "system", EVERYWHERE)
"""The scheduled work of the product itself."""

LOOPBACK = Actor("loopback", "operator", EVERYWHERE)
"""Whoever sits at this very machine: the only caller while there are no accounts (we listen on loopback)."""
