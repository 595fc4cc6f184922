"""Puts texts that want to become program into every shown column of a running product's database, past all doors.

Short columns take one text each, another in every row; long ones all of them one after another. Each begins with a mark
that tells which column it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Column, Connection, Engine, String, Table, Text, func, insert, select, update

from access.actor import Actor
from access.audit import record
from attack.payloads import PAYLOADS
from attack.text_fields import SHOWN
from database.engine import writing
from database.schema import metadata
from database.sealed import Sealed
from raised_warnings import raise_warning

NEWEST = 75
PUSHED = "enterprise_requests"
"""The source whose held row is opened on its page (`attack/visits.py`)."""
"""Rows of each table; of what belongs to events, the rows of so many events."""
BY_EVENT = ("ledger", "requests", "assignments", "attachments", "appeals")
BY_DOOR = ("audit",)
"""Tables that refuse changes: their texts come in by a new row."""
TABLES = metadata.tables


def mark_of(column: str) -> str:
    """What the texts of that column begin with."""
    return f"〔{sorted(SHOWN).index(column)}〕"


def plant(engine: Engine) -> dict[str, str]:
    """Everywhere; names for addresses: an event that has one of everything, one of the real world, a warning."""
    c = TABLES["events"].c
    with writing(engine) as connection:
        event = _busiest(connection)
        warning = _judged_warning(connection, datetime.now(UTC))
        _rows_of_their_own(connection, *event)
        newest = select(c.id).order_by(c.id.desc()).limit(NEWEST)
        events = [event[0], *connection.execute(newest).scalars()]
        real = connection.execute(select(c.number).where(c.world == "real").limit(1)).scalar_one()
        for name in {column.partition(".")[0] for column in SHOWN} - set(BY_DOOR):
            _fill(connection, TABLES[name], events)
        rows = TABLES["quarantine"].c
        of_push = rows.source == PUSHED, rows.state == "held"  # the demo city's sources have rows held at any moment
        held = connection.execute(select(func.max(rows.id)).where(*of_push)).scalar_one()
        latest = TABLES["latest"].c
        of_minute = latest.world == "demo", latest.indicator == "ENG-01", latest.region == "445100"
        period = connection.execute(select(latest.period).where(*of_minute)).scalar_one()
        kept = _keep_line(connection)
        measures = TABLES["review_measures"].c
        done = select(c.number).join(TABLES["review_measures"], measures.event_id == c.id)
        reviewed = connection.execute(done.where(measures.done_at.is_not(None)).limit(1)).scalar_one()
    names = {
        "period": period,
        "kept": kept,
        "teller": mark_of("audit.actor"),
        "number": event[1],
        "real": real,
        "reviewed": reviewed,
        "warning": str(warning),
        "held": str(held),
    }
    return names | {"row": str(_tell(engine))}


def _keep_line(connection: Connection) -> str:
    """A period of ECO-01 whose line in the source's file was kept as it came; the text in place of that line."""
    series, seen, lines = (TABLES[name].c for name in ("series", "observations", "call_rows"))
    query = select(seen.period, seen.call_id, seen.line).join(TABLES["series"], seen.series_id == series.id)
    query = query.join(TABLES["call_rows"], (lines.call_id == seen.call_id) & (lines.line == seen.line))
    query = query.where(series.indicator == "ECO-01", series.region == "445100", series.world == "real")
    found = connection.execute(query.order_by(seen.observed_at.desc()).limit(1)).one()
    text = {"raw": f"{mark_of('call_rows.raw')} {' '.join(PAYLOADS)}"}
    where = lines.call_id == found.call_id, lines.line == found.line
    connection.execute(update(TABLES["call_rows"]).where(*where).values(text))
    return str(found.period)


def _fill(connection: Connection, table: Table, events: list[int]) -> None:
    keys = list(table.primary_key.columns)
    query = select(table).order_by(*(key.desc() for key in keys))
    found = connection.execute(
        query.where(table.c.event_id.in_(events)) if table.name in BY_EVENT else query.limit(NEWEST)
    )
    columns = [column for column in table.columns if f"{table.name}.{column.name}" in SHOWN]
    for n, row in enumerate(found.mappings().all()):
        values = {column.name: _text(column, n, row[column]) for column in columns}
        connection.execute(update(table).where(*(key == row[key] for key in keys)).values(values))


def _text(column: Column[Any], n: int, old: Any) -> Any:
    mark = mark_of(f"{column.table.name}.{column.name}")
    if isinstance(column.type, JSON):
        return _within(old, f"{mark} {PAYLOADS[n % len(PAYLOADS)]}")
    if isinstance(column.type, Text | Sealed) or (column.type.length or 0) > 4000:
        return f"{mark} {' '.join(PAYLOADS[n % 25 :] + PAYLOADS[: n % 25])}"
    assert isinstance(column.type, String)
    return f"{mark} {PAYLOADS[n % len(PAYLOADS)]}"[: column.type.length]


def _within(old: Any, text: str) -> Any:
    """JSON of the same shape with the text in place of every text that is no key of the program."""
    if isinstance(old, dict):
        return {key: _within(value, text) for key, value in old.items()}
    if isinstance(old, list):
        return [_within(value, text) for value in old]
    return text if isinstance(old, str) else old


def _busiest(connection: Connection) -> tuple[int, str]:
    """Number and name of the newest event that had a request and was dispatched."""
    events, requests = TABLES["events"], TABLES["requests"]
    query = select(events.c.id, events.c.number).join(requests, requests.c.event_id == events.c.id)
    found = connection.execute(query.order_by(events.c.id.desc()).limit(1)).one()
    return found.id, found.number


def _rows_of_their_own(connection: Connection, event_id: int, number: str) -> None:
    """Rows for tables that are empty in the demo city."""
    now, users, tokens = datetime.now(UTC), TABLES["users"], TABLES["tokens"]
    for table, values in _made(event_id, number, now):
        connection.execute(insert(TABLES[table]).values(values))
    user = connection.execute(select(func.max(users.c.id))).scalar_one()
    screen = connection.execute(select(func.max(tokens.c.id)).where(tokens.c.kind == "screen")).scalar_one()
    linked = {"issuer": "https://sso.example.gov", "subject": "x", "user_id": user, "linked_at": now}
    connection.execute(insert(TABLES["identities"]).values(linked))
    shown = {"screen": screen, "path": "/wall", "by": "x", "since": now, "until": now + timedelta(hours=1)}
    connection.execute(insert(TABLES["screen_views"]).values(shown))


def _made(event_id: int, number: str, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    place = {"world": "demo", "region": "445100"}
    for n in range(4):
        yield "devices", {
            "key": f"z{n}", "kind": "vehicle", "name": "x", "lon": 116.70 + n / 100, "lat": 23.70, "at": now,
            "received_at": now, "provenance": "simulated", **place,
        }  # fmt: skip
    yield "attachments", {
        "event_id": event_id, "sha256": "0" * 64, "kind": "before", "name": "x", "mime": "application/pdf", "bytes": 1,
        "added_by": "x", "added_at": now,
    }  # fmt: skip
    yield "appeals", {
        "event_id": event_id, "department": "urban_management_bureau", "measure": "*", "reason": "x", "asked_by": "x",
        "asked_at": now,
    }  # fmt: skip
    yield "appeals", {
        "event_id": event_id, "department": "housing_construction_bureau", "measure": "*", "reason": "x",
        "asked_by": "x", "asked_at": now, "outcome": "granted", "decided_by": "x", "decided_at": now, "note": "x",
    }  # fmt: skip
    hours = timedelta(hours=1)
    yield "duty_shifts", {
        "ref": "x", "unit": "445100", "post": "chief", "begins_at": now - hours, "ends_at": now + 20 * hours,
        "name": "林海", "origin": "swap", "said": "x", "allowed_by": "x", "known_at": now, "entered_by": "x", **place,
    }  # fmt: skip
    yield "duty_files", {
        "unit": "445100", "name": "x", "digest": "0" * 64, "rows": 1, "taken": 0, "unchanged": 0, "held": [[3, "x"]],
        "at": now, "by": "x", **place,
    }  # fmt: skip
    yield "response_steps", {
        "plan": "relief", "seq": 1, "act": "start", "level": 4, "at": now - hours, "recorded_at": now, "reason": "x",
        "basis_kind": "document", "basis_ref": "x", "basis_words": "x", "actor": "x", "account": "x", "role": "县领导",
        **place,
    }  # fmt: skip
    yield "handovers", {"id": 9001, "from_actor": "x", "drafted_at": now, **place}
    yield "handover_items", {"handover_id": 9001, "position": 1, "kind": "note", "words": "x"}
    yield "snapshots", {
        "id": "0" * 16, "world": "demo", "title": "x", "path": "x", "look": "", "body": "", "parts": [],
        "sha256": "0" * 64, "size": 0, "made_at": now, "account": "x", "made_by": "x", "role_name": "市值班员",
        "regions": None, "rights": [], "release": "x", "keep_until": now + 99 * hours,
    }  # fmt: skip
    yield "desk_viewers", {
        "number": number, "account": "x", "name": "x", "role": "县值班员", "seen_at": now + timedelta(hours=2),
    }  # fmt: skip


def _judged_warning(connection: Connection, now: datetime) -> int:
    """A warning somebody took up and somebody judged."""
    return raise_warning(
        connection, acknowledged_by="x", acknowledged_at=now, comment="x", keep_until=now + timedelta(days=1),
        verdict="confirmed", verdict_by="x", verdict_at=now, verdict_note="x",
    )  # fmt: skip


def _tell(engine: Engine) -> int:
    """Into the record, by its only door; the number of the last row."""
    with writing(engine) as connection:
        for n, text in enumerate(PAYLOADS):
            who = Actor(f"{mark_of('audit.actor')} {text}"[:100], "", user=f"payload-{n}")
            record(
                connection, by=who, action="user.add", object=f"{mark_of('audit.object')} {text}"[:100],
                detail={"note": f"{mark_of('audit.detail')} {text}"}, now=datetime.now(UTC),
            )  # fmt: skip
        return int(connection.execute(select(func.max(TABLES["audit"].c.id))).scalar_one())
