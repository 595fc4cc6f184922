"""Who asks: an actor with rights and a scope. Nothing is seen and nothing is allowed by default."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Literal

from access.rights import ALL_RIGHTS, RIGHTS

ActorKind = Literal["person", "program", "screen"]
_LONGEST_KEY = 60


class Denied(Exception):
    """The right or the scope is missing. The message is for the one who asked and names nothing of others."""

    def __init__(self, message: str = "没有这项权限，如需办理请联系本单位管理员。", *, right: str = "") -> None:
        super().__init__(message)
        self.right = right


class OutOfScope(Denied):
    """The right is there, the thing is another's. To be answered exactly like something that does not exist."""

    def __init__(self, message: str = "没有这一项，或无权查看。", *, right: str = "") -> None:
        super().__init__(message, right=right)


@dataclass(frozen=True)
class Scope:
    """The regions and departments a person or program may see. `None` is all of them; an empty set is nothing.

    `regions` holds everything below as well: the scope of a county names its towns. Both must allow a thing.
    """

    regions: frozenset[str] | None = frozenset()
    departments: frozenset[str] | None = None

    def allows(self, region: str, department: str | None = None) -> bool:
        """True if things of `region` may be seen, and of `department` where one is given."""
        is_inside = self.regions is None or region in self.regions
        return is_inside and (department is None or self.allows_department(department))

    def allows_department(self, department: str) -> bool:
        """True if what is in the hands of `department` may be seen, in the regions allowed."""
        return self.departments is None or department in self.departments

    def holds(self, other: Scope) -> bool:
        """True if all that `other` may see may be seen here too."""
        return other.is_nothing or (_holds(self.regions, other.regions) and _holds(self.departments, other.departments))

    def narrowed(self, other: Scope) -> Scope:
        """What both may see."""
        return Scope(_both(self.regions, other.regions), _both(self.departments, other.departments))

    @property
    def is_nothing(self) -> bool:
        """True if nothing at all may be seen."""
        return self.regions == frozenset() or self.departments == frozenset()

    @cached_property
    def key(self) -> str:
        """A short text that differs whenever what may be seen differs; part of every cache key."""
        if self.is_nothing:
            return ""
        regions = _key(self.regions)
        return regions if self.departments is None else f"{regions}@{_key(self.departments)}"


def _holds(outer: frozenset[str] | None, inner: frozenset[str] | None) -> bool:
    return outer is None or (inner is not None and inner <= outer)


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _key(codes: Collection[str] | None) -> str:
    """The codes themselves, or '#' and their digest where there are many."""
    if codes is None:
        return "*"
    told = ",".join(sorted(codes))
    return told if len(told) <= _LONGEST_KEY else "#" + sha256(told.encode()).hexdigest()[:32]


NOWHERE = Scope()
EVERYWHERE = Scope(regions=None)


@dataclass(frozen=True)
class Actor:
    """A person or program, as written into the record of what was done.

    `name` is shown to people, `user` is the account's own name: it never changes and is '' for the product itself.
    A person with several roles acts in one at a time, so `rights` and `scope` always belong together.
    """

    name: str
    role: str
    scope: Scope = NOWHERE
    rights: frozenset[str] = frozenset()
    user: str = ""
    role_name: str = ""
    kind: ActorKind = "person"
    department: str = ""
    home: str = ""
    """The region the account belongs to, '' for the product itself."""

    def may(self, right: str) -> bool:
        """True if the role gives `right`. A word that is no right is a mistake in the program: KeyError."""
        RIGHTS[right]
        return right in self.rights

    def may_any(self, *rights: str) -> bool:
        """True if the role gives at least one of them."""
        return any(self.may(right) for right in rights)

    def require(self, right: str, region: str | None = None, department: str | None = None) -> None:
        """Denied without the right; OutOfScope if the region or department is another's."""
        if not self.may(right):
            raise Denied(f"没有“{RIGHTS[right].words}”的权限，如需办理请联系本单位管理员。", right=right)
        if region is not None and not self.scope.allows(region, department):
            raise OutOfScope(right=right)


TIMETABLE = Actor("timetable", "system", EVERYWHERE, ALL_RIGHTS, role_name="系统", kind="program")
"""The scheduled work of the product itself."""

LOOPBACK = Actor("loopback", "operator", EVERYWHERE, ALL_RIGHTS, role_name="本机", kind="program")
"""Whoever works with manage.py at this very machine. Never the actor of a request."""
