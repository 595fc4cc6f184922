"""Rosters as kept: who is on duty at a moment, as far as the actor may see; mobile numbers masked, for few roles."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, or_, select

from access.actor import Actor
from access.personal import masked
from database.readiness_tables import duty_files, duty_shifts
from dispatch.duty import AHEAD, Shift, Standing, TakenFile, Unit, may_edit, may_see, standing, units_of

if TYPE_CHECKING:
    from dispatch.rulebook import Rulebook

VIEW, EDIT, REVEAL = "events.view", "duty.edit", "personal.reveal"
_C = duty_shifts.c
COLUMNS = (
    _C.ref, _C.unit, _C.post, _C.begins_at, _C.ends_at, _C.name, _C.office, _C.origin, _C.said, _C.allowed_by,
)  # fmt: skip


def topic_of(world: str) -> str:
    """The topic of all rosters of one world."""
    return f"duty:{world}"


def seen_units(by: Actor, rules: Rulebook) -> list[Unit]:
    """The units whose roster the actor may see, in the order of the house."""
    by.require(VIEW)
    return [unit for unit in units_of(rules).values() if may_see(by, unit, rules.catalogue)]


def shifts_between(
    connection: Connection, by: Actor, rules: Rulebook, *, world: str, begins: datetime, ends: datetime,
    units: Collection[str] | None = None, known_at: datetime | None = None,
) -> list[Shift]:  # fmt: skip
    """The shifts of units the actor may see that touch the time; with `known_at` as the rosters stood then."""
    wanted = [unit.key for unit in seen_units(by, rules) if units is None or unit.key in units]
    query = select(*COLUMNS).where(
        _C.world == world, _C.unit.in_(wanted), _C.ends_at > begins, _C.begins_at < ends, _C.ends_at > _C.begins_at
    )
    if known_at is None:
        query = query.where(_C.gone_at.is_(None))
    else:
        query = query.where(_C.known_at <= known_at, or_(_C.gone_at.is_(None), _C.gone_at > known_at))
    return [Shift(**row._mapping) for row in connection.execute(query.order_by(_C.begins_at, _C.id))]


def on_duty(
    connection: Connection, by: Actor, rules: Rulebook, *, world: str, at: datetime,
    units: Collection[str] | None = None, known_at: datetime | None = None,
) -> list[Standing]:  # fmt: skip
    """Every unit the actor may see at `at`: who is on, who follows, where nobody is."""
    found = shifts_between(
        connection, by, rules, world=world, begins=at, ends=at + AHEAD + timedelta(hours=12), units=units,
        known_at=known_at,
    )  # fmt: skip
    seen = [unit for unit in seen_units(by, rules) if units is None or unit.key in units]
    return [standing(unit, found, rules.rules.duty, at) for unit in seen]


def mobiles(connection: Connection, by: Actor, refs: Collection[str]) -> dict[str, str]:
    """Mobile numbers of these shifts, masked; for persons who may reveal them, else none at all.

    The caller gives only refs of shifts the actor was shown.
    """
    if by.kind != "person" or not by.may(REVEAL) or not refs:
        return {}
    query = select(_C.ref, _C.region, _C.mobile).where(_C.ref.in_(sorted(refs)), _C.mobile.is_not(None))
    rows = [dict(row._mapping) for row in connection.execute(query)]
    mine = [row for row in rows if by.scope.allows(row["region"])]
    return {row["ref"]: str(masked(duty_shifts, row, by)["mobile"]) for row in mine}


def has_roster(connection: Connection, world: str) -> bool:
    """True once anybody sent a roster."""
    return connection.execute(select(_C.id).where(_C.world == world).limit(1)).first() is not None


def files_taken(connection: Connection, by: Actor, rules: Rulebook, *, world: str, at_most: int = 5) -> list[TakenFile]:
    """The newest files for rosters the actor keeps."""
    mine = [unit.key for unit in units_of(rules).values() if may_edit(by, unit)]
    c = duty_files.c
    query = select(duty_files).where(c.world == world, c.unit.in_(mine)).order_by(c.id.desc()).limit(at_most)
    return [
        TakenFile(
            row.unit, row.name, row.rows, row.taken, row.unchanged, tuple((line, why) for line, why in row.held),
            row.at, row.by,
        )
        for row in connection.execute(query)
    ]  # fmt: skip
