"""Who keeps duty (值班): units, shifts of persons, and the times nobody is there. Pure: nothing is read or written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from access.actor import Actor
from dispatch.response import above
from indicators.definition import RegionKind

if TYPE_CHECKING:
    from dispatch.rulebook import Rulebook
    from indicators.catalogue import Catalogue
    from indicators.readiness import DutyRules, UnitKind

POST_NAMES = {"leader": "带班领导", "chief": "值班长", "officer": "值班员"}
CENTRE_NAMES = {
    RegionKind.CITY: "城市运行管理中心",
    RegionKind.COUNTY: "城市运行分中心",
    RegionKind.ZONE: "运行分中心",
    RegionKind.TOWN: "综合网格中心",
}
AHEAD = timedelta(hours=24)
"""So far ahead a roster must reach."""


@dataclass(frozen=True)
class Unit:
    """Who keeps a roster: the centre of a region, or a department. `key` is the region's code or the department's."""

    key: str
    name: str
    short: str
    kind: UnitKind
    region: str
    department: str | None = None
    contact: str = ""


@dataclass(frozen=True)
class Shift:
    """One person on one post for a time. The mobile number is never in here: it is sealed and told apart."""

    ref: str
    unit: str
    post: str
    begins_at: datetime
    ends_at: datetime
    name: str
    office: str = ""
    origin: str = "file"
    said: str = ""
    allowed_by: str = ""

    def holds(self, moment: datetime) -> bool:
        """True if it covers `moment`."""
        return self.begins_at <= moment < self.ends_at


@dataclass(frozen=True)
class Gap:
    """A time in which a post has nobody. `ask`: whom to ask; `whole`: no roster at all."""

    unit: str
    post: str
    begins_at: datetime
    ends_at: datetime
    ask: str
    whole: bool = False


@dataclass(frozen=True)
class Standing:
    """A unit at a moment: who is on, who comes next, where nobody is within a day."""

    unit: Unit
    now: tuple[Shift, ...]
    following: tuple[Shift, ...]
    gaps: tuple[Gap, ...]

    def on(self, post: str) -> tuple[Shift, ...]:
        """Who holds the post now."""
        return tuple(one for one in self.now if one.post == post)

    @property
    def office(self) -> str:
        """The line of the duty room, as its rosters tell it; else the contact of the catalogue."""
        told = next((one.office for one in (*self.now, *self.following) if one.office), "")
        return told or self.unit.contact


@dataclass(frozen=True)
class TakenFile:
    """What became of one file. `held`: (line, reason)."""

    unit: str
    name: str
    rows: int
    taken: int
    unchanged: int
    held: tuple[tuple[int, str], ...]
    at: datetime
    by: str


def units_of(rules: Rulebook) -> Mapping[str, Unit]:
    """Every unit that keeps duty: the city first, then counties each with its towns, zones, departments."""
    catalogue, made = rules.catalogue, dict[str, Unit]()
    governed = {one.department: one.region for one in rules.rules.governments}
    order = [catalogue.city.code]
    for county in catalogue.children(catalogue.city.code):
        order += [county.code, *(town.code for town in catalogue.children(county.code))]
    for code in [*order, *(code for code in catalogue.regions if code not in order)]:
        region = catalogue.regions[code]
        if region.kind in CENTRE_NAMES:
            made[code] = Unit(code, f"{region.name}{CENTRE_NAMES[region.kind]}", region.short, region.kind.value, code)
    for key in rules.rules.duty.departments:
        known = catalogue.departments.get(key)
        if known is not None:
            where = governed.get(key, catalogue.city.code)
            made[key] = Unit(key, known.name, known.short, "department", where, key, known.contact or "")
    return made


def may_see(by: Actor, unit: Unit, catalogue: Catalogue) -> bool:
    """The own unit and those below, the centres above, the city's centre; nothing else."""
    if by.scope.is_nothing:
        return False
    city = catalogue.city.code
    if unit.key == city:
        return True
    if unit.department is not None:
        return by.scope.allows(unit.region, unit.department)
    regions = by.scope.regions
    if by.scope.departments is not None:
        return regions is not None and any(unit.key in above(code, catalogue) for code in regions)
    return by.scope.allows(unit.region) or any(unit.key in above(code, catalogue) for code in regions or ())


def may_edit(by: Actor, unit: Unit) -> bool:
    """True if the actor keeps the roster of this unit: its centre, the one above, or the department itself."""
    if by.kind == "screen" or not by.may("duty.edit"):
        return False
    if unit.department is not None:
        return by.scope.allows(unit.region, unit.department)
    return by.scope.departments is None and by.scope.allows(unit.region)


def standing(unit: Unit, shifts: Sequence[Shift], rules: DutyRules, at: datetime) -> Standing:
    """The unit at `at`. `shifts`: its own, from `at` to a day ahead."""
    mine = [one for one in shifts if one.unit == unit.key]
    now = sorted((one for one in mine if one.holds(at)), key=_order)
    coming = [one for one in mine if one.begins_at > at]
    first = min((one.begins_at for one in coming), default=None)
    following = sorted((one for one in coming if one.begins_at == first), key=_order)
    return Standing(unit, tuple(now), tuple(following), tuple(gaps(unit, mine, rules, at, at + AHEAD)))


def gaps(unit: Unit, shifts: Iterable[Shift], rules: DutyRules, begins: datetime, ends: datetime) -> list[Gap]:
    """Times from `begins` to `ends` in which a post that may never be empty has nobody."""
    mine = list(shifts)
    found: list[Gap] = []
    for post in rules.posts.get(unit.kind, ()):
        covered = sorted((one.begins_at, one.ends_at) for one in mine if one.post == post)
        found += [
            Gap(unit.key, post, start, end, _whom_to_ask(unit, mine), whole=not mine)
            for start, end in _uncovered(covered, begins, ends)
        ]
    return found


def _uncovered(
    covered: Sequence[tuple[datetime, datetime]], begins: datetime, ends: datetime
) -> list[tuple[datetime, datetime]]:
    found, reached = [], begins
    for start, end in covered:
        if reached < min(start, ends):
            found.append((reached, min(start, ends)))
        reached = max(reached, end)
    return [*found, (reached, ends)] if reached < ends else found


def _whom_to_ask(unit: Unit, shifts: Sequence[Shift]) -> str:
    """The leader on duty or any colleague, with the line of the duty room; else the unit itself."""
    known = sorted(shifts, key=_order)
    line = next((one.office for one in known if one.office), unit.contact)
    who = f"{POST_NAMES[known[0].post]}{known[0].name}" if known else unit.name
    return f"{who} {line}".strip()


def _order(one: Shift) -> tuple[int, datetime, str]:
    return (list(POST_NAMES).index(one.post), one.begins_at, one.name)
