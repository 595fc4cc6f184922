"""A frozen page: what a person saw at a moment, with its parts and their hashes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access.actor import Actor, Scope
from access.rights import RIGHTS

MAKE, SEE = "exports.make", "indicators.view"
"""Freezing a page is taking data out of it; reading one asks besides for all its maker could see."""


class SnapshotRefused(ValueError):
    """A page that cannot be frozen; the message is for people."""


@dataclass(frozen=True)
class Part:
    """One panel of the page: the SHA-256 of its bytes, or why it is not there."""

    panel: str
    sha256: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class Draft:
    """A page as drawn, before it is kept. `look`: kind and scheme of the page; `release`: of the drawing program."""

    world: str
    title: str
    path: str
    look: str
    body: str
    parts: tuple[Part, ...]
    as_of: datetime | None
    release: str


@dataclass(frozen=True)
class Snapshot:
    """A kept page without its body. `scope` and `rights`: what it was seen through."""

    id: str
    world: str
    title: str
    path: str
    look: str
    parts: tuple[Part, ...]
    sha256: str
    size: int
    made_at: datetime
    as_of: datetime | None
    account: str
    made_by: str
    role_name: str
    scope: Scope
    rights: frozenset[str]
    release: str
    keep_until: datetime

    @property
    def shown_at(self) -> datetime:
        """The moment its figures speak of."""
        return self.as_of or self.made_at

    @property
    def missing(self) -> tuple[Part, ...]:
        """Parts that could not be frozen."""
        return tuple(part for part in self.parts if part.sha256 is None)

    def is_for(self, by: Actor) -> bool:
        """True if the reader may see all its maker saw: his scope holds the maker's, and so do his rights to see."""
        return by.may(SEE) and by.scope.holds(self.scope) and self.rights <= seeing(by)


def seeing(by: Actor) -> frozenset[str]:
    """The actor's rights that let see; those that act change buttons alone, which a frozen page does not have."""
    return frozenset(right for right in by.rights if not RIGHTS[right].acts)
