"""The audit record as the auditor reads it: newest first, narrowed by who, what, where, when and how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from access.actor import Actor
from database.audit_tables import audit

LARGEST_EXPORT = 100_000
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Wanted:
    """What the auditor looks for; '' and None are anything. `actor`, `action` and `object` may be beginnings.

    `leave_out`: an action that is not wanted, unless `action` asks for it.
    """

    actor: str = ""
    action: str = ""
    object: str = ""
    region: str = ""
    result: str = ""
    since: datetime | None = None
    until: datetime | None = None
    leave_out: str = ""


@dataclass(frozen=True)
class AuditRow:
    """One row of the record."""

    id: int
    at: datetime
    actor: str
    account: str
    role: str
    region: str
    address: str
    action: str
    object: str
    result: str
    request_id: str
    detail: Mapping[str, Any]
    hash: str


_FIELDS = tuple(AuditRow.__dataclass_fields__)


def audit_rows(
    connection: Connection, by: Actor, wanted: Wanted, *, limit: int = 100, before: int | None = None
) -> list[AuditRow]:
    """Rows the actor may see, newest first; page on with the last id as `before`. Denied without `audit.view`.

    Rows of no region are for those who may see the whole city.
    """
    query = _narrowed(select(*(audit.c[name] for name in _FIELDS)), by, wanted)
    if before is not None:
        query = query.where(audit.c.id < before)
    return [_row(found) for found in connection.execute(query.order_by(audit.c.id.desc()).limit(limit))]


def count(connection: Connection, by: Actor, wanted: Wanted, *, at_most: int) -> int:
    """How many rows that are, counted up to `at_most`."""
    some = _narrowed(select(audit.c.id), by, wanted).limit(at_most).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def every(connection: Connection, by: Actor, wanted: Wanted, most: int = LARGEST_EXPORT) -> Iterator[AuditRow]:
    """All of them, newest first, some thousand at a time; at most `most`."""
    before, left = None, most
    while left > 0:
        page = audit_rows(connection, by, wanted, limit=min(_AT_ONCE, left), before=before)
        if not page:
            return
        yield from page
        before, left = page[-1].id, left - len(page)


def _narrowed(query: Select[Any], by: Actor, wanted: Wanted) -> Select[Any]:
    by.require("audit.view")
    if by.scope.regions is not None:
        query = query.where(audit.c.region.in_(sorted(by.scope.regions)))
    return query.where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.actor:
        yield or_(audit.c.actor.startswith(wanted.actor, autoescape=True), audit.c.account == wanted.actor)
    for column, begin in ((audit.c.action, wanted.action), (audit.c.object, wanted.object)):
        if begin:
            yield column.startswith(begin, autoescape=True)
    for column, exact in ((audit.c.region, wanted.region), (audit.c.result, wanted.result)):
        if exact:
            yield column == exact
    if wanted.leave_out and not wanted.action:
        yield audit.c.action != wanted.leave_out
    if wanted.since is not None:
        yield audit.c.at >= wanted.since
    if wanted.until is not None:
        yield audit.c.at < wanted.until


def _row(found: Any) -> AuditRow:
    return AuditRow(**{**found._mapping, "detail": orjson.loads(found.detail)})
