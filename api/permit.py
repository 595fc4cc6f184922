"""Who listens, as the page server tells the live program: an actor on the wire, without the name."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from access.actor import Actor, Scope
from access.policy import lens


@dataclass(frozen=True)
class Permit:
    """An actor with the key under which answers may be shared."""

    actor: Actor

    @property
    def key(self) -> str:
        """Two listeners with the same key may get the same bytes: same lens, same person."""
        return f"{lens(self.actor)}|{self.actor.kind}|{self.actor.user}"

    def told(self) -> bytes:
        """As JSON."""
        actor = self.actor
        regions, departments = actor.scope.regions, actor.scope.departments
        return orjson.dumps(
            {
                "user": actor.user,
                "role": actor.role,
                "kind": actor.kind,
                "rights": sorted(actor.rights),
                "regions": None if regions is None else sorted(regions),
                "departments": None if departments is None else sorted(departments),
            }
        )

    @classmethod
    def read(cls, told: bytes) -> Permit:
        """From JSON of a page server."""
        known = orjson.loads(told)
        regions, departments = known["regions"], known["departments"]
        scope = Scope(
            None if regions is None else frozenset(regions), None if departments is None else frozenset(departments)
        )
        rights = frozenset(known["rights"])
        return cls(Actor(known["user"], known["role"], scope, rights, user=known["user"], kind=known["kind"]))
