"""The desk's queue: unfinished events in few columns, sorted into tabs and groups. Free text stays sealed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from access.actor import Actor
from database.dispatch_tables import events, requests
from dispatch.events import in_region, standing, visible
from dispatch.rulebook import Rulebook
from dispatch.stage import Stage
from dispatch.state import ACTION_NAMES, OPEN, STAGE_OF, STATE_NAMES, Action, State

FRESH = timedelta(minutes=10)
"""So long a report is marked as new."""
GROUPS = {"overdue": "超期", "due_soon": "临期", "in_time": "按期", "paused": "挂账", "done": "待评价"}
"""The groups of the queue in their order; the first three run against a clock."""


@dataclass(frozen=True)
class Line:
    """One event as the queue needs it. `asked` is the request that waits for a decision: 申请延期, or ''."""

    id: int
    number: str
    version: int
    state: State
    title: str
    place: str
    level: int
    category: str
    region: str
    county: str
    holder: str
    origin: str
    lead: str | None
    returns: int
    reworks: int
    supervised: bool
    callers: int
    referred_from: str | None
    reported_at: datetime
    moved_at: datetime
    stage_due_at: datetime | None
    asked: str = ""

    @property
    def state_name(self) -> str:
        """待受理, 处置中 …"""
        return STATE_NAMES[self.state]

    @property
    def stage(self) -> Stage | None:
        """The stage of the loop."""
        return STAGE_OF.get(self.state)

    def is_fresh(self, now: datetime) -> bool:
        """Reported minutes ago."""
        return now - self.reported_at < FRESH


@dataclass(frozen=True)
class Tab:
    """One tab: `says` in full what lies there; shown to whoever has `right` ('' is everybody)."""

    key: str
    name: str
    says: str
    right: str
    holds: Callable[[Line], bool]


def _in(*states: State) -> Callable[[Line], bool]:
    return lambda line: line.state in states


TABS: tuple[Tab, ...] = (
    Tab(
        "intake", "待受理", "待受理、待核实、待立案", "events.accept",
        _in(State.REPORTED, State.ACCEPTED, State.CONFIRMED),
    ),
    Tab("dispatch", "待派遣", "已立案，等待派遣给责任单位", "events.dispatch", _in(State.REGISTERED)),
    Tab("sign", "待签收", "已派遣，责任单位尚未签收", "events.handle", _in(State.ASSIGNED)),
    Tab(
        "handle", "待处置", "已签收、处置中和挂账", "events.handle",
        _in(State.SIGNED, State.HANDLING, State.SUSPENDED),
    ),
    Tab(
        "verify", "待核查", "已反馈、待核查、待结案", "events.verify",
        _in(State.ANSWERED, State.CHECKING, State.VERIFIED),
    ),
    Tab("approve", "待审批", "退单、转派、延期、挂账、作废申请", "events.approve", lambda line: bool(line.asked)),
    Tab("supervised", "督办", "正在督办", "", lambda line: line.supervised),
    Tab("all", "全部", "全部在办", "", lambda line: True),
)  # fmt: skip
BY_TAB = {tab.key: tab for tab in TABS}
ALL = "all"


@dataclass(frozen=True)
class Sought:
    """What of the queue is looked for; '' and None leave a filter out. `area` is a region with all below it."""

    tab: str = ALL
    group: str = ""
    stage: Stage | None = None
    level: int | None = None
    area: str = ""
    origin: str = ""
    department: str = ""
    category: str = ""
    text: str = ""


@dataclass(frozen=True)
class Board:
    """The queue as it stands: groups in order, and how many lie in each tab and group under the other filters."""

    groups: Mapping[str, tuple[Line, ...]]
    tabs: Mapping[str, int]
    by_group: Mapping[str, int]

    @property
    def total(self) -> int:
        """All events shown in groups."""
        return sum(map(len, self.groups.values()))


_COLUMNS = [events.c[name] for name in Line.__dataclass_fields__ if name != "asked"]


def lines(
    connection: Connection,
    by: Actor,
    *,
    world: str,
    region: str,
    within: frozenset[str] | None = None,
    states: Collection[State] = OPEN,
) -> tuple[Line, ...]:
    """Every event of these states in the region the actor may see; Denied without the right."""
    query = select(*_COLUMNS).where(
        visible(by), events.c.world == world, in_region(region, within), events.c.state.in_(states)
    )
    asked = _asked(connection)
    return tuple(_line(row, asked) for row in connection.execute(query).all())


def _line(row: Any, asked: Mapping[int, str]) -> Line:
    number, name, version, state, *rest = row  # in the order of _COLUMNS
    return Line(number, name, version, State(state), *(*rest, asked.get(number, "")))


def _asked(connection: Connection) -> dict[int, str]:
    """What waits for a decision, by event."""
    query = select(requests.c.event_id, requests.c.action).where(requests.c.outcome == "waiting")
    return {row.event_id: ACTION_NAMES[Action(row.action)] for row in connection.execute(query)}


def tabs_of(by: Actor) -> tuple[Tab, ...]:
    """The tabs that are work of this actor, and those everybody has."""
    return tuple(tab for tab in TABS if not tab.right or by.may(tab.right))


def arranged(found: Iterable[Line], sought: Sought, rules: Rulebook, now: datetime) -> Board:
    """The queue under these filters. Each group ascends by what is left; counts of tabs follow the other filters."""
    inside = rules.within(sought.area) if sought.area else None
    kept = [line for line in found if matches(line, sought, inside)]
    tabs = {tab.key: sum(map(tab.holds, kept)) for tab in TABS}
    groups: dict[str, list[Line]] = {name: [] for name in GROUPS}
    for line in kept:
        if BY_TAB[sought.tab].holds(line):
            groups[group_of(line, rules, now)].append(line)
    by_group = {name: len(some) for name, some in groups.items()}
    chosen = groups if not sought.group else {sought.group: groups[sought.group]}
    return Board({name: tuple(sorted(some, key=_pressing)) for name, some in chosen.items()}, tabs, by_group)


def group_of(line: Line, rules: Rulebook, now: datetime) -> str:
    """One of GROUPS."""
    return standing(line, now, rules) if line.state in OPEN else "done"


def _pressing(line: Line) -> tuple[bool, datetime, int]:
    return line.stage_due_at is None, line.stage_due_at or line.moved_at, line.id


def matches(line: Line, sought: Sought, inside: frozenset[str] | None) -> bool:
    """True if every filter but the tab and the group lets it through; `inside`: the regions of the area sought."""
    same = ((sought.origin, line.origin), (sought.department, line.lead), (sought.category, line.category))
    return (
        all(not wanted or wanted == value for wanted, value in same)
        and (sought.level is None or sought.level == line.level)
        and (sought.stage is None or sought.stage is line.stage)
        and (inside is None or line.region in inside)
        and _says(line, sought.text)
    )


def _says(line: Line, text: str) -> bool:
    wanted = text.strip().casefold()
    return not wanted or any(wanted in part.casefold() for part in (line.number, line.title, line.place))


def present(found: Sequence[Line], key: Callable[[Line], str | None]) -> dict[str, int]:
    """What occurs among the lines and how often, most frequent first: the choices of a filter."""
    counted = Counter(value for value in map(key, found) if value)
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
