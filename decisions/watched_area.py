"""A watched area and what happened there, as values; the words for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from access.actor import Actor
from geography.areas import Area

RIGHT = "warnings.view"
FOR_CENTRE = "warnings.acknowledge"
"""What watching for a whole centre, and answering for it, asks for besides."""


class Way(StrEnum):
    """What happened."""

    EVENT = "event"
    WARNING = "warning"
    ENTER = "enter"
    LEAVE = "leave"
    OVER = "over"
    BACK = "back"


WAY_NAMES: Mapping[Way, str] = {
    Way.EVENT: "新事件",
    Way.WARNING: "预警",
    Way.ENTER: "进入",
    Way.LEAVE: "离开",
    Way.OVER: "越限",
    Way.BACK: "恢复",
}
QUIET_NAMES = {"interval": "间隔之内", "muted": "静音", "late": "补报", "back": "只记录"}
NEEDS = {Way.EVENT: "events.view", Way.WARNING: "warnings.view"}
"""Rights without which the news of a kind are not for the reader; the others speak of objects of the map."""


class AreaRefused(ValueError):
    """An area or an act that cannot be; the message is for people."""


@dataclass(frozen=True)
class Wants:
    """What is told. Levels: 1 red to 4 blue and all that is worse; 0 everything; None nothing."""

    events: int | None = 0
    category: str = ""
    warnings: int | None = 2
    devices: tuple[Way, ...] = (Way.ENTER, Way.LEAVE)
    bounds: bool = True

    def wants_event(self, level: int, category: str) -> bool:
        """True if an event of this level and category is told."""
        return _reaches(self.events, level) and self.category in ("", category)

    def wants_warning(self, level: int) -> bool:
        """True if a warning of this level is told."""
        return _reaches(self.warnings, level)

    @property
    def is_nothing(self) -> bool:
        """True if nothing would ever be told."""
        return self.events is None and self.warnings is None and not self.devices and not self.bounds


def _reaches(wanted: int | None, level: int) -> bool:
    return wanted is not None and (wanted == 0 or 1 <= level <= wanted)


@dataclass(frozen=True)
class WatchedArea:
    """One area. `ground`: groups of region codes, all of a group meaning the same ground; `centre` None: a person's."""

    id: int
    world: str
    name: str
    shape: str
    area: Area
    ground: tuple[tuple[str, ...], ...]
    wants: Wants
    owner: str
    owner_name: str
    centre: str | None
    quiet_minutes: int
    made_at: datetime
    since: datetime
    ends_at: datetime
    ended_by: str | None
    paused_at: datetime | None
    muted_until: datetime | None
    told_at: datetime | None
    version: int

    def is_live(self, now: datetime) -> bool:
        """True while it watches."""
        return self.ended_by is None and self.paused_at is None and now < self.ends_at

    def is_over(self, now: datetime) -> bool:
        """True once it has come to its end."""
        return self.ended_by is not None or now >= self.ends_at

    @property
    def codes(self) -> frozenset[str]:
        """All regions it reaches into."""
        return frozenset(code for group in self.ground for code in group)


@dataclass(frozen=True)
class Crossing:
    """Something that happened in an area. `quiet`: why nobody was told, None if people were."""

    id: int
    area: int
    world: str
    way: Way
    subject: str
    name: str
    region: str
    department: str | None
    level: int
    lon: float | None
    lat: float | None
    at: datetime
    known_at: datetime
    is_late: bool
    quiet: str | None
    evidence: Mapping[str, Any]
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    comment: str | None
    event: str | None

    @property
    def is_open(self) -> bool:
        """True if it was told and nobody has noted it yet."""
        return self.quiet is None and self.acknowledged_by is None


def is_on_own_ground(by: Actor, ground: tuple[tuple[str, ...], ...]) -> bool:
    """True if all of the ground is within the actor's scope; ground outside the city is the city's alone."""
    return by.scope.regions is None or all(any(by.scope.allows(code) for code in group) for group in ground)


def centre_of(by: Actor, city: str) -> str:
    """The region of the actor's centre; '' if he belongs to none."""
    return by.home or (city if by.scope.regions is None else "")


def is_for(by: Actor, one: WatchedArea, city: str) -> bool:
    """True if the area is the actor's own or his centre's, and its ground still his."""
    is_mine = bool(by.user) and by.user == one.owner
    is_ours = one.centre is not None and one.centre == centre_of(by, city)
    return by.kind != "screen" and (is_mine or is_ours) and is_on_own_ground(by, one.ground)
