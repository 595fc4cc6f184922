"""Reports become events: stored with ledger, audit and deliveries in one transaction, then acknowledged."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from access.actor import Actor
from database import changes
from database.dispatch_tables import event_counts, events, idempotency_keys
from database.storable import storable
from datasources.delivery.period import CITY_TIME
from dispatch import outbox, records
from dispatch.deciding import timed
from dispatch.event import Case, Event, LedgerRow
from dispatch.hands import identity
from dispatch.lifecycle import Effect
from dispatch.moves import audited, topics
from dispatch.power_list import categorise, prioritise
from dispatch.refusal import KeyReused, ReportRefused
from dispatch.report import ORIGIN_NAMES, PUBLIC, Receipt, Report
from dispatch.rulebook import Rulebook
from dispatch.state import Action, State
from dispatch.telling import messages
from dispatch.whereabouts import Whereabouts, locate

KEYS_KEPT = timedelta(days=30)
"""Idempotency keys are remembered at least seven days; we keep them for thirty."""
LONGEST_TITLE, LONGEST_DESCRIPTION = 120, 4000
EARLY = timedelta(minutes=5)
"""A report from further in the future than this has a wrong clock."""
_PREFIX = {"real": "CZ", "demo": "MN"}


def receive(
    connection: Connection, rules: Rulebook, report: Report, *, by: Actor, now: datetime, key: str | None = None
) -> Receipt:
    """Take a report. The same key with the same content, or the same (origin, origin_id), is the same event.

    Raises ReportRefused, KeyReused or access.actor.Denied; then nothing may be committed.
    """
    refuse_unusable(report, rules, now)
    known = None if key is None else _known(connection, key, report, by)
    if known is not None:
        return Receipt(known, False)
    twin = _twin(connection, report)
    if twin is not None:
        return _remembered(connection, Receipt(twin, False), key, report, by, now)
    case = drafted(report, rules, by=by, now=now, number=_number(connection, report.world, now))
    stored = _store(connection, rules, case, report, by, now)
    if stored is None:  # another writer was faster with the same origin
        found = _twin(connection, report)
        if found is None:
            raise ReportRefused((("origin_id", "同一来源的上报正在写入，请稍后重试"),))
        return _remembered(connection, Receipt(found, False), key, report, by, now)
    return _remembered(connection, Receipt(stored.event, True), key, report, by, now)


def drafted(report: Report, rules: Rulebook, *, by: Actor, now: datetime, number: str) -> Case:
    """The event as it would be stored, with its first ledger row; OutOfScope if it lies in another's territory."""
    where = locate(report, rules)
    by.require("events.report", where.region)
    category, category_reason = categorise(report, rules)
    priority = prioritise(report, category, rules)
    reasons = {"region": where.reason, "category": category_reason, "level": priority.reason}
    event = Event(
        id=0, world=report.world, number=number, version=1, state=State.REPORTED,
        title=storable(report.title.strip(), LONGEST_TITLE),
        description=storable(report.description.strip(), LONGEST_DESCRIPTION),
        category=category, region=where.region, county=where.county, holder=holder_of(by, where, rules),
        level=priority.level, impact=priority.impact, urgency=priority.urgency, reasons=reasons,
        origin=report.origin, origin_id=report.origin_id, provenance=report.provenance,
        must_check=report.origin in PUBLIC, reported_at=min(report.reported_at, now), received_at=now, moved_at=now,
        placed=where.placed, place=storable(report.place.strip(), 200), lon=where.lon, lat=where.lat,
        episode=report.episode, occurred_at=report.occurred_at,
    )  # fmt: skip
    said = f"{rules.region_name(where.region)} {ORIGIN_NAMES.get(report.origin, report.origin)}上报"
    row = LedgerRow(
        1, now, Action.OPEN, State.REPORTED, Effect.RUN, 0, by.name, by.user, by.role, said,
        data={"origin": report.origin, "origin_id": report.origin_id},
    )  # fmt: skip
    return timed(Case(event, (row,)), rules)


def holder_of(by: Actor, where: Whereabouts, rules: Rulebook) -> str:
    """The centre that takes it first: the reporter's own if the event lies in its territory, else the city's."""
    city = rules.catalogue.city.code
    home = by.home if rules.knows(by.home) else city
    return home if where.region in rules.within(home) else city


def refuse_unusable(report: Report, rules: Rulebook, now: datetime) -> None:
    """ReportRefused with everything that is wrong."""
    wrong = []
    if not report.title.strip():
        wrong.append(("title", "请填写标题"))
    if len(report.title) > LONGEST_TITLE:
        wrong.append(("title", f"标题至多 {LONGEST_TITLE} 字"))
    if len(report.description) > LONGEST_DESCRIPTION:
        wrong.append(("description", f"情况说明至多 {LONGEST_DESCRIPTION} 字"))
    if not report.origin.strip() or not report.origin_id.strip():
        wrong.append(("origin_id", "请给出来源和来源编号"))
    if len(report.origin) > 24 or len(report.origin_id) > 120:
        wrong.append(("origin_id", "来源至多 24 个字符，来源编号至多 120 个字符"))
    if report.region is not None and not rules.knows(report.region):
        wrong.append(("region", f"没有区域 {report.region}"))
    if report.category is not None and report.category not in rules.categories:
        wrong.append(("category", f"没有类别 {report.category}"))
    if report.level is not None and report.level not in range(5):
        wrong.append(("level", "级别应为 0 至 4"))
    if report.impact not in (None, 1, 2, 3, 4) or report.urgency not in (None, 1, 2, 3, 4):
        wrong.append(("impact", "影响和紧急程度应为 1 至 4"))
    if (report.lon is None) != (report.lat is None):
        wrong.append(("lon", "经度、纬度要么都给，要么都不给"))
    if report.world not in _PREFIX:
        wrong.append(("world", "world 应为 real 或 demo"))
    if report.reported_at - now > EARLY:
        wrong.append(("reported_at", "上报时间在将来，请检查发送方时钟"))
    if wrong:
        raise ReportRefused(wrong)


def forget_keys(connection: Connection, now: datetime) -> int:
    """Drop idempotency keys older than thirty days; how many."""
    return connection.execute(delete(idempotency_keys).where(idempotency_keys.c.at < now - KEYS_KEPT)).rowcount


# Storing


def _store(
    connection: Connection, rules: Rulebook, case: Case, report: Report, by: Actor, now: datetime
) -> Case | None:
    values = records.values_of(case.event, without=frozenset({"id"})) | reporter_columns(report)
    event_id = records.create(connection, values)
    if event_id is None:
        return None
    stored = Case(Event(**{**vars(case.event), "id": event_id}), case.ledger)
    records.append(connection, stored, [audited(connection, stored, by, now)])
    outbox.put(connection, rules, stored, messages(None, stored, rules), now)
    changes.bump(connection, topics(stored))
    return stored


def reporter_columns(report: Report) -> dict[str, str | None]:
    """Who reported it, for the sealed columns."""
    who = report.reporter
    return {
        "reporter_name": storable(who.name, 60) or None,
        "reporter_phone": storable(who.phone, 40) or None,
        "reporter_address": storable(who.address, 200) or None,
    }


def _known(connection: Connection, key: str, report: Report, by: Actor) -> Event | None:
    if not 1 <= len(key) <= 120:
        raise ReportRefused((("key", "幂等键应为 1 至 120 个字符"),))
    found = connection.execute(_KEY, {"actor": identity(by), "given": key}).first()
    if found is None:
        return None
    if found.digest != report.digest():
        raise KeyReused(key)
    return records.event_of(connection.execute(_EVENTS.where(events.c.id == found.event_id)).one())


def _remembered(
    connection: Connection, receipt: Receipt, key: str | None, report: Report, by: Actor, now: datetime
) -> Receipt:
    """Keep the key. If the same request was faster on another connection it is the same; with other content, refuse."""
    if key is None:
        return receipt
    row = {"actor": identity(by), "key": key, "digest": report.digest(), "event_id": receipt.event.id, "at": now}
    if connection.execute(_keeping(connection.dialect.name), row).first() is None:
        faster = _known(connection, key, report, by)
        if faster is None or faster.id != receipt.event.id:
            raise KeyReused(key)
    return receipt


def _twin(connection: Connection, report: Report) -> Event | None:
    same = {"world": report.world, "by": report.origin, "it": report.origin_id}
    row = connection.execute(_TWIN, same).first()
    return None if row is None else records.event_of(row)


def _number(connection: Connection, world: str, now: datetime) -> str:
    """The next number of the civil day: CZ-20261122-0007. Held until the transaction ends, so none is given twice."""
    day = now.astimezone(CITY_TIME).strftime("%Y%m%d")
    return numbered(world, day, take_numbers(connection, world, day, 1))


def take_numbers(connection: Connection, world: str, day: str, count: int) -> int:
    """Take `count` numbers of a day; the last of them."""
    taken = {"world": world, "day": day, "last": count}
    return int(connection.execute(_counting(connection.dialect.name), taken).scalar_one())


def numbered(world: str, day: str, place: int) -> str:
    """The number of an event, as printed."""
    return f"{_PREFIX[world]}-{day}-{place:04d}"


# Statements made once: putting one together costs as much as carrying it out

_EVENTS = select(*records.EVENT_COLUMNS)
_KEY = select(idempotency_keys.c.digest, idempotency_keys.c.event_id).where(
    idempotency_keys.c.actor == bindparam("actor"), idempotency_keys.c.key == bindparam("given")
)
_TWIN = _EVENTS.where(
    events.c.world == bindparam("world"), events.c.origin == bindparam("by"), events.c.origin_id == bindparam("it")
)


def _insert(dialect: str, table: Table) -> Any:
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)


@cache
def _keeping(dialect: str) -> Any:
    return _insert(dialect, idempotency_keys).on_conflict_do_nothing().returning(idempotency_keys.c.event_id)


@cache
def _counting(dialect: str) -> Any:
    new = _insert(dialect, event_counts)
    more = {"last": event_counts.c.last + new.excluded.last}
    raised = new.on_conflict_do_update(index_elements=["world", "day"], set_=more)
    return raised.returning(event_counts.c.last)
