"""The closed loop as screens draw it: stages with counts, the newest acts, what awaits a decision, pins on the map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dispatch.stage import FOLD_NAMES, FOLD_OF, STAGE_NAMES, Fold, Stage

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from access.actor import Actor
    from dispatch.rulebook import Rulebook

NEWEST = 8
"""Ticker rows given: 4 on an ordinary wall, 8 on a very wide one."""


@dataclass(frozen=True)
class Share:
    """A rate with what it is made of. `value` is None while there is nothing to divide by."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """Percent, unrounded."""
        return 100.0 * self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class LoopStage:
    """One stage. `reached`: events that came so far today; `median_s`: seconds spent in it by those that left it today.

    `overdue`: of those in it now; `returned`: how often events were sent back from it today.
    """

    stage: Stage
    in_stage: int = 0
    reached: int = 0
    median_s: float | None = None
    overdue: int = 0
    returned: int = 0

    @property
    def name(self) -> str:
        """受理, 立案 …"""
        return STAGE_NAMES[self.stage]


@dataclass(frozen=True)
class LoopFold:
    """One of the plan's four stages."""

    fold: Fold
    in_stage: int
    reached: int
    overdue: int
    returned: int

    @property
    def name(self) -> str:
        """事件受理, 事件分拨, 联动处置, 评价监管."""
        return FOLD_NAMES[self.fold]


@dataclass(frozen=True)
class Loop:
    """The loop of one world and region on the civil day of `as_of`; `stages` are always the eight, in order."""

    world: str
    region: str
    as_of: datetime
    stages: tuple[LoopStage, ...]
    accepted: int = 0
    """Events accepted today."""
    on_time: Share = Share(0, 0)
    """Closed in time, of those that had to be closed by now of today's 应结案数."""
    open: int = 0
    overdue: int = 0
    due_soon: int = 0
    supervised: int = 0
    simulated: bool = False

    @property
    def folds(self) -> tuple[LoopFold, ...]:
        """The eight stages folded into the plan's four."""
        return tuple(_folded(fold, [one for one in self.stages if FOLD_OF[one.stage] is fold]) for fold in Fold)


@dataclass(frozen=True)
class TickerRow:
    """Something that was just done: `said` is '湘桥区 → 城管局', `level` 0 to 4 (see LEVEL_NAMES)."""

    at: datetime
    number: str
    level: int
    title: str
    said: str
    simulated: bool = False


@dataclass(frozen=True)
class DecisionRow:
    """What only a leader can settle. Exactly one of `since` and `eta`; `sla` is the deadline, if it has one."""

    level: int
    title: str
    owner: str
    suggestion: str
    number: str
    since: datetime | None = None
    eta: datetime | None = None
    sla: datetime | None = None
    overdue: bool = False
    actions: tuple[str, ...] = ()
    simulated: bool = False


@dataclass(frozen=True)
class MapPin:
    """An open event on the map, WGS84. `sure` is False where the place is only the middle of a town."""

    number: str
    lon: float
    lat: float
    level: int
    title: str
    stage: Stage
    overdue: bool
    county: str
    since: datetime
    sure: bool = True
    simulated: bool = False


def loop(connection: Connection, by: Actor, *, world: str, region: str, now: datetime) -> Loop:
    """The loop of `region` and all below it, as far as `by` may see it; Denied without the right to see events."""
    from dispatch.loop_queries import loop_now

    return loop_now(connection, by, world=world, region=region, now=now)


def ticker(
    connection: Connection, by: Actor, *, world: str, region: str, now: datetime, limit: int = NEWEST
) -> tuple[TickerRow, ...]:
    """The newest acts, newest first."""
    from dispatch.loop_queries import newest_acts

    return newest_acts(connection, by, world=world, region=region, now=now, limit=limit)


def decisions(
    connection: Connection,
    by: Actor,
    *,
    world: str,
    region: str,
    now: datetime,
    limit: int = 20,
    rules: Rulebook | None = None,
) -> tuple[DecisionRow, ...]:
    """What awaits a leader: waiting requests, cases sent back too often, far overdue ones; most urgent first.

    Departments are named in full words where `rules` is given.
    """
    from dispatch.loop_decisions import awaiting

    return awaiting(connection, by, world=world, region=region, now=now, limit=limit, rules=rules)


def pins(connection: Connection, by: Actor, *, world: str, region: str, now: datetime) -> tuple[MapPin, ...]:
    """Every open event with a place, most urgent first."""
    from dispatch.loop_queries import open_pins

    return open_pins(connection, by, world=world, region=region, now=now)


def _folded(fold: Fold, stages: list[LoopStage]) -> LoopFold:
    return LoopFold(
        fold,
        sum(one.in_stage for one in stages),
        stages[0].reached,
        sum(one.overdue for one in stages),
        sum(one.returned for one in stages),
    )
