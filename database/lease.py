"""A named lease: of several schedulers one acts, and one that was overtaken while it slept can no longer write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Update, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from database.engine import writing
from database.tables import leases


@dataclass(frozen=True)
class Lease:
    """The right of `holder` to act under `name` until `until`. `token` grows with every new holder."""

    name: str
    holder: str
    token: int
    until: datetime


class LeaseLost(Exception):
    """Another holder has taken over: whatever was being written must not be committed."""


def acquire(engine: Engine, name: str, holder: str, *, lasting: timedelta, now: datetime) -> Lease | None:
    """The lease if it is free, run out or already held by `holder` (then prolonged); None if another one holds it."""
    with writing(engine) as connection:
        if _known(connection, name):
            return _take_over(connection, name, holder, now + lasting, now)
    try:
        with writing(engine) as connection:
            connection.execute(leases.insert().values(name=name, holder=holder, token=1, until=now + lasting))
    except IntegrityError:  # someone else was first
        return None
    return Lease(name, holder, 1, now + lasting)


def renew(engine: Engine, lease: Lease, *, lasting: timedelta, now: datetime) -> Lease:
    """The same lease, prolonged; LeaseLost if someone else has taken over meanwhile."""
    with writing(engine) as connection:
        changed = connection.execute(_mine(lease).values(until=now + lasting))
        if changed.rowcount != 1:
            raise LeaseLost(lease.name)
    return Lease(lease.name, lease.holder, lease.token, now + lasting)


def release(engine: Engine, lease: Lease, *, now: datetime) -> None:
    """Give it back, so that the next one need not wait. Nothing happens if it was lost already."""
    with writing(engine) as connection:
        connection.execute(_mine(lease).values(until=now))


def fence(connection: Connection, lease: Lease) -> None:
    """Call inside a write transaction: LeaseLost if `lease` is no longer the current one. Keeps its row locked."""
    if connection.execute(_mine(lease).values(holder=lease.holder)).rowcount != 1:
        raise LeaseLost(lease.name)


def _known(connection: Connection, name: str) -> bool:
    return bool(connection.execute(select(func.count()).where(leases.c.name == name)).scalar_one())


def _take_over(connection: Connection, name: str, holder: str, until: datetime, now: datetime) -> Lease | None:
    mine = leases.c.holder == holder
    free = (
        update(leases)
        .where(leases.c.name == name, or_(leases.c.until <= now, mine))
        .values(holder=holder, until=until, token=leases.c.token + 1)
        .returning(leases.c.token)
    )
    token = connection.execute(free).scalar_one_or_none()
    return None if token is None else Lease(name, holder, token, until)


def _mine(lease: Lease) -> Update:
    return update(leases).where(leases.c.name == lease.name, leases.c.token == lease.token)
