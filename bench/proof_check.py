"""After the kills: what was acknowledged is there once, and ledger, audit, outbox and keys tell one story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Connection, func, select

from access.anchor import AnchorFile
from access.audit_verify import verify
from bench.proof_clients import Told
from database.audit_tables import audit
from database.dispatch_tables import events, idempotency_keys, ledger, outbox
from database.engine import open_engine, reading
from settings import Settings

Get = Callable[[str], dict[str, Any]]


def over_the_interface(get: Get, told: Iterable[Told]) -> list[str]:
    """As a caller sees it: every acknowledged event and move once, nothing twice, no gap in any ledger."""
    listed = list(_listed(get))
    numbers = Counter(one["origin_id"] for one in listed)
    wrong = [f"{origin} became {count} events" for origin, count in numbers.items() if count > 1]
    by_origin = {one["origin_id"]: one for one in listed}
    for one in told:
        found = by_origin.get(one.origin_id)
        if found is None or found["number"] != one.number or found["id"] != one.id:
            wrong.append(f"acknowledged event {one.number} is lost")
            continue
        wrong += _compared(one, get(f"/api/v1/events/{one.number}/ledger"))
    return wrong


def _compared(one: Told, book: dict[str, Any]) -> Iterable[str]:
    actions = [row["action"] for row in book["items"]]
    if [row["seq"] for row in book["items"]] != list(range(1, len(actions) + 1)) or book["version"] != len(actions):
        yield f"{one.number}: gap in the ledger or another version"
    if actions[: len(one.actions)] != one.actions:
        yield f"{one.number}: acknowledged {one.actions}, the ledger says {actions}"
    if len(actions) != len(set(actions)):
        yield f"{one.number}: a move was done twice: {actions}"


def _listed(get: Get) -> Iterable[dict[str, Any]]:
    cursor = ""
    while True:
        page = get(f"/api/v1/events?origin=proof&limit=500{cursor}")
        yield from page["items"]
        if not page["next"]:
            return
        cursor = f"&cursor={page['next']}"


def in_the_store(settings: Settings) -> list[str]:
    """As the tables stand: each ledger row has its audit row, each dispatch its deliveries, each event its key."""
    engine = open_engine(settings.database_url)
    try:
        report = verify(engine, settings.keyring(), AnchorFile(settings.audit_anchor))
        with reading(engine) as connection:
            found = [wrong for check in CHECKS for wrong in check(connection)]
        return [*found, *(f"audit: {one.message}" for one in report.findings if "anchor" not in one.message)]
    finally:
        engine.dispose()


def _audited(connection: Connection) -> Iterable[str]:
    """One audit row of the same action for each ledger row, and none without a ledger row."""
    pairs = select(ledger.c.action, audit.c.action).join(audit, audit.c.id == ledger.c.audit_id, isouter=True)
    for action, recorded in connection.execute(pairs):
        if recorded != f"events.{action}":
            yield f"ledger says {action}, audit says {recorded}"
    rows = connection.execute(select(func.count()).select_from(ledger)).scalar_one()
    told = audit.c.action.in_([f"events.{name}" for name in ("open", "accept", "confirm", "register", "dispatch")])
    audited = connection.execute(select(func.count()).select_from(audit).where(told, audit.c.result == "ok"))
    if rows != audited.scalar_one():
        yield f"{rows} ledger rows, another number of audit rows"


def _versions(connection: Connection) -> Iterable[str]:
    last = select(ledger.c.event_id, func.max(ledger.c.seq).label("seq")).group_by(ledger.c.event_id).subquery()
    wrong = select(events.c.number).join(last, last.c.event_id == events.c.id, isouter=True)
    for (number,) in connection.execute(wrong.where(func.coalesce(last.c.seq, 0) != events.c.version)):
        yield f"{number}: version and ledger disagree"


def _delivered(connection: Connection) -> Iterable[str]:
    c = outbox.c
    double = select(c.event_id, c.seq).group_by(c.event_id, c.seq, c.department, c.channel).having(func.count() > 1)
    yield from (f"event {event_id} row {seq}: delivered twice" for event_id, seq in connection.execute(double))
    orphans = select(c.event_id, c.seq).join(
        ledger, (ledger.c.event_id == c.event_id) & (ledger.c.seq == c.seq), isouter=True
    )
    for event_id, seq in connection.execute(orphans.where(ledger.c.seq.is_(None), c.seq > 0)):
        yield f"event {event_id} row {seq}: delivery without a move"
    same = (c.event_id == ledger.c.event_id) & (c.seq == ledger.c.seq)
    silent = select(ledger.c.event_id).join(outbox, same, isouter=True)
    for (event_id,) in connection.execute(silent.where(ledger.c.action == "dispatch", c.id.is_(None))):
        yield f"event {event_id}: dispatched, nobody was told"


def _keyed(connection: Connection) -> Iterable[str]:
    orphans = select(idempotency_keys.c.event_id).join(events, events.c.id == idempotency_keys.c.event_id, isouter=True)
    for (event_id,) in connection.execute(orphans.where(events.c.id.is_(None))):
        yield f"key of event {event_id}, which is not there"


CHECKS = (_audited, _versions, _delivered, _keyed)
