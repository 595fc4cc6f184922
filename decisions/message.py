"""A message among others: one report of an issue or surge, and a surge with its reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from decisions.surge import Surge
from dispatch.state import BEFORE_DISPATCH, IN_HANDS, State

MERGEABLE = frozenset((*BEFORE_DISPATCH, *IN_HANDS))


@dataclass(frozen=True)
class Member:
    """An event of a surge or issue, as everybody who may see it is told of it: no reporter, masked texts."""

    id: int
    number: str
    title: str
    place: str
    category: str
    state: State
    county: str
    region: str
    origin: str
    at: datetime
    lon: float | None
    lat: float | None
    parent_id: int | None

    @property
    def is_simulated(self) -> bool:
        """Of the demo city."""
        return self.number.startswith("MN")

    @property
    def may_be_merged(self) -> bool:
        """While it waits or is with a department."""
        return self.state in MERGEABLE


@dataclass(frozen=True)
class Place:
    """A surge with its name, its middle and its events, oldest first."""

    surge: Surge
    name: str
    members: tuple[Member, ...]
    lon: float | None
    lat: float | None

    @property
    def sentence(self) -> str:
        """One line for the duty officer."""
        return f"{self.name}：{self.surge.hours} 小时 {self.surge.count} 件，{self.surge.usual}"
