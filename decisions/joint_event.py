"""One click from a surge or hot issue to a joint event: a parent through the one intake, its members merged into it.

Clicking again changes nothing: while a member already belongs to an open joint event, that one takes the others in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from access.actor import Actor, Denied
from database.dispatch_tables import events
from decisions.message import MERGEABLE, Member
from decisions.surge_places import members
from dispatch import records
from dispatch.event import Event, Step
from dispatch.events import visible
from dispatch.intake import receive
from dispatch.moves import move
from dispatch.refusal import DispatchError
from dispatch.report import Report
from dispatch.rulebook import Rulebook
from dispatch.state import OPEN, STATE_NAMES, Action

ORIGIN = "hotspot"
FEWEST, MOST = 2, 60


class NotTogether(Exception):
    """These events cannot become one; the message says why."""


@dataclass(frozen=True)
class Joint:
    """What came of it: the joint event, what was merged into it now, what stayed apart and why."""

    event: Event
    is_new: bool
    merged: tuple[str, ...]
    apart: tuple[tuple[str, str], ...]


def make_joint(
    connection: Connection, rules: Rulebook, numbers: Sequence[str], title: str, *, by: Actor, now: datetime
) -> Joint:
    """Merge the events of these numbers into one joint event. Raises NotTogether, Denied, ReportRefused.

    Members that cannot be merged any more (closed, refused, in another centre's hands) stay as they are.
    """
    by.require("events.dispatch")
    found = _members(connection, by, numbers)
    parent = _standing(connection, by, found)
    is_new = parent is None
    if parent is None:
        receipt = receive(connection, rules, _report(found, title, rules, now), by=by, now=now)
        parent, is_new = receipt.event, receipt.is_new
    merged, apart = [], []
    for one in found:
        why = _merge(connection, rules, one, parent, by, now)
        if why is None:
            merged.append(one.number)
        elif why:
            apart.append((one.number, why))
    if is_new and not merged:
        raise NotTogether("这些事件都已办结、并入他件或由其他中心办理，不能再合并")
    return Joint(records.load(connection, parent.number, by).event, is_new, tuple(merged), tuple(apart))


def _members(connection: Connection, by: Actor, numbers: Sequence[str]) -> list[Member]:
    wanted = list(dict.fromkeys(numbers))
    if not FEWEST <= len(wanted) <= MOST:
        raise NotTogether(f"联合事件应由 {FEWEST} 至 {MOST} 件事件组成")
    query = select(events.c.id, events.c.world).where(visible(by), events.c.number.in_(wanted))
    rows = connection.execute(query).all()
    if len(rows) != len(wanted) or len({row.world for row in rows}) != 1:
        raise NotTogether("有的事件编号不存在，或无权查看")
    return members(connection, by, [row.id for row in rows])


def _standing(connection: Connection, by: Actor, found: Sequence[Member]) -> Event | None:
    """The open joint event some member belongs to already."""
    parents = [one.parent_id for one in found if one.parent_id is not None]
    query = select(*records.EVENT_COLUMNS).where(
        visible(by), events.c.id.in_(parents), events.c.origin == ORIGIN, events.c.state.in_(OPEN)
    )
    row = connection.execute(query.order_by(events.c.id).limit(1)).first()
    return None if row is None else records.event_of(row)


def joint_of(connection: Connection, by: Actor, found: Sequence[Member]) -> str | None:
    """The number of the open joint event that some of them belong to; None without one."""
    parent = _standing(connection, by, found)
    return None if parent is None else parent.number


def _merge(connection: Connection, rules: Rulebook, one: Member, parent: Event, by: Actor, now: datetime) -> str | None:
    """None if it is merged now, '' if it was before, else why not."""
    if one.parent_id == parent.id:
        return ""
    if one.state not in MERGEABLE:
        return f"{STATE_NAMES[one.state]}，不能再合并"
    step = Step(Action.MERGE, note=f"并入联合事件 {parent.number}", other=parent.number, key=f"joint/{parent.number}")
    try:
        move(connection, rules, one.number, step, by=by, now=now)
    except (DispatchError, Denied) as refused:
        return str(refused)
    return None


def _report(found: Sequence[Member], title: str, rules: Rulebook, now: datetime) -> Report:
    """The parent: where most members are, in the category of most, named by the first of them."""
    first, points = found[0], [(one.lon, one.lat) for one in found if one.lon is not None and one.lat is not None]
    region = Counter(one.region for one in found).most_common(1)[0][0]
    named = Counter(one.category for one in found if one.category in rules.categories).most_common(1)
    world = "demo" if first.is_simulated else "real"
    listed = "、".join(one.number for one in found)
    return Report(
        title=title.strip()[:120], origin=ORIGIN, origin_id=f"{world}/{first.number}", reported_at=now,
        occurred_at=min(first.at, now), description=f"由 {len(found)} 件群众反映合并：{listed}"[:4000],
        category=named[0][0] if named else None, region=region, place=first.place[:200],
        lon=sum(lon for lon, _ in points) / len(points) if points else None,
        lat=sum(lat for _, lat in points) / len(points) if points else None,
        world=world, provenance="simulated" if world == "demo" else "live",
    )  # fmt: skip
