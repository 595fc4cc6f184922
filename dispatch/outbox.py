"""Deliveries: written in the move's transaction, sent afterwards, tried again per recipient, failures kept."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, func, insert, select, update

from database import changes
from database.dispatch_tables import inbox, outbox
from database.engine import reading, writing
from datasources.delivery.observation import SourceFailed
from datasources.delivery.secrets import secret as in_environment
from dispatch.channel_terms import Terms, quiet_until, terms_of
from dispatch.event import Case
from dispatch.pace import Pace
from dispatch.rulebook import Rulebook
from dispatch.stage import LEVEL_NAMES
from dispatch.telling import Message
from dispatch.undelivered import NotDelivered

EVERY_SECONDS = 5
INBOX = "inbox"
TRIES = 12
"""After so many failures a delivery is given up and shown as failed."""
_FIRST, _LONGEST = timedelta(seconds=10), timedelta(hours=1)
_AT_ONCE = 50
LONGEST_ERROR = 300
UNPACED = frozenset({"webhook", "mail", "open311"})
"""Systems of the departments' own, which are sent as much as there is."""


@dataclass(frozen=True)
class Delivery:
    """One delivery to be sent; `key` is the same for every try, so that the other side may drop repetitions."""

    id: int
    recipient: str
    payload: Mapping[str, Any]
    options: Mapping[str, Any]
    made_at: datetime
    key: str


class Channel(Protocol):
    """A file in dispatch/channels: sends or raises NotDelivered."""

    def send(self, delivery: Delivery, secret: Callable[[str], str | None]) -> None: ...


def put(
    connection: Connection,
    rules: Rulebook,
    case: Case,
    messages: Sequence[Message],
    now: datetime,
    *,
    seq: int | None = None,
) -> None:
    """Write the deliveries of the newest ledger row. The inbox is delivered at once: it lies in the same database.

    Events of the demo city reach inboxes only: nothing simulated ever leaves the house. `seq`: negative for messages
    of the escalation ladder, which belong to no ledger row.
    """
    rows = rows_of(case, messages, first_ways(rules, case.event.level), now, seq)
    if not rows:
        return
    found = connection.execute(insert(outbox).returning(outbox.c.id, sort_by_parameter_order=True), rows).scalars()
    arrived = [arrival(number, row) for number, row in zip(found, rows, strict=True) if row["channel"] == INBOX]
    connection.execute(insert(inbox), arrived)
    changes.bump(connection, [f"inbox:{case.event.world}"])


def rows_of(
    case: Case, messages: Sequence[Message], others: Mapping[str, Sequence[str]], now: datetime, seq: int | None = None
) -> list[dict[str, Any]]:
    """One row for each recipient and channel."""
    made = []
    for message in messages:
        more = () if case.event.world == "demo" else others.get(message.recipient, ())
        for channel in (INBOX, *more):
            made.append(
                {
                    "event_id": case.event.id,
                    "seq": case.ledger[-1].seq if seq is None else seq,
                    "department": message.recipient,
                    "channel": channel,
                    "payload": message.payload,
                    "state": "sent" if channel == INBOX else "waiting",
                    "tries": 1 if channel == INBOX else 0,
                    "next_at": now,
                    "made_at": now,
                    "sent_at": now if channel == INBOX else None,
                }
            )
    return made


def arrival(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """The inbox row of a delivery."""
    payload = row["payload"]
    level = LEVEL_NAMES[payload["level"]]
    return {
        "outbox_id": number,
        "recipient": row["department"],
        "event_id": row["event_id"],
        "title": f"{payload['action_name']}：{payload['title']}"[:200],
        "body": f"{payload['number']} {level} {payload['region_name']} {payload['category_name']}",
        "arrived_at": row["made_at"],
    }


def channels_by_department(rules: Rulebook) -> dict[str, list[str]]:
    """The further channels of each department."""
    found: dict[str, list[str]] = {}
    for one in rules.rules.channels:
        found.setdefault(one.department, []).append(one.kind)
    return found


def first_ways(rules: Rulebook, level: int) -> dict[str, list[str]]:
    """The further channels a message of that level goes by at once: those that are nobody's backup."""
    found: dict[str, list[str]] = {}
    for one in rules.rules.channels:
        terms = terms_in(one.kind, one.options)
        if level in terms.levels and terms.backup_of is None:
            found.setdefault(one.department, []).append(one.kind)
    return found


def terms_in(kind: str, options: Mapping[str, Any]) -> Terms:
    """When, how often and of what a channel speaks; a kind that does not exist has none."""
    try:
        return terms_of(getattr(channel(kind), "Spec", None), options)
    except NotDelivered:
        return Terms()


# Sending

PACE = Pace()
"""What this process sent in the last minute."""


@dataclass(frozen=True)
class Sent:
    """What one round did."""

    delivered: int = 0
    failed: int = 0


def named_secret(name: str) -> str | None:
    """What the environment variable holds; None if it is not set."""
    try:
        return in_environment(name)
    except SourceFailed:
        return None


def deliver(
    engine: Engine, rules: Rulebook, *, now: datetime, secret: Callable[[str], str | None] = named_secret
) -> Sent:
    """Send what is due, one after the other per recipient in the order of the events; no lock is held while sending."""
    with reading(engine) as connection:
        due = _due(connection, now)
    delivered = failed = 0
    stuck: set[tuple[str, str]] = set()
    for row in due:
        lane = (row.department, row.channel)
        if lane in stuck or _has_to_wait(engine, row, rules, now) or not _claim(engine, row, now):
            continue
        error = _attempt(row, rules, secret)
        PACE.note(_address(row), now)
        _settle(engine, row, error, now)
        delivered, failed = delivered + (error is None), failed + (error is not None)
        if error is not None:
            stuck.add(lane)
    return Sent(delivered, failed)


def _has_to_wait(engine: Engine, row: Any, rules: Rulebook, now: datetime) -> bool:
    """True in quiet hours and when the service has been asked too often; the delivery is put off, no try is lost."""
    options = _options(row, rules)
    if options is None or "secret" not in options:
        return False
    terms = terms_in(row.channel, options)
    until, why = quiet_until(terms, row.payload["level"], now), "静默时段"
    if until is None and row.channel not in UNPACED:
        until, why = PACE.free_at(_address(row), terms.per_minute, now), "发送频率已到上限"
    if until is None:
        return False
    with writing(engine) as connection:
        held = outbox.c.id == row.id, outbox.c.state == "waiting", outbox.c.tries == row.tries
        connection.execute(update(outbox).where(*held).values(next_at=until, error=why))
    return True


def _address(row: Any) -> str:
    return f"{row.department} {row.channel}"


def _options(row: Any, rules: Rulebook) -> Mapping[str, Any] | None:
    return next(
        (one.options for one in rules.rules.channels if (one.department, one.kind) == (row.department, row.channel)),
        None,
    )


def _due(connection: Connection, now: datetime) -> list[Any]:
    """What is due, oldest first, but nothing that would overtake an older delivery that failed to the same recipient.

    What was only put off (quiet hours, pace: no try was made) holds up nothing: red and orange pass it.
    """
    waiting = outbox.c.state == "waiting"
    held = select(outbox.c.department, outbox.c.channel, func.min(outbox.c.id)).where(
        waiting, outbox.c.next_at > now, outbox.c.tries > 0
    )
    blocked = {
        (department, channel): first
        for department, channel, first in connection.execute(held.group_by(outbox.c.department, outbox.c.channel))
    }
    query = select(outbox).where(waiting, outbox.c.next_at <= now).order_by(outbox.c.id).limit(_AT_ONCE)
    found = connection.execute(query)
    return [row for row in found if row.id < blocked.get((row.department, row.channel), row.id + 1)]


def _claim(engine: Engine, row: Any, now: datetime) -> bool:
    """Take this try for ourselves: of two senders one gets it. A sender that dies leaves it to be tried again."""
    with writing(engine) as connection:
        taken = connection.execute(
            update(outbox)
            .where(outbox.c.id == row.id, outbox.c.state == "waiting", outbox.c.tries == row.tries)
            .values(tries=row.tries + 1, next_at=now + pause_after(row.tries + 1))
        )
        return taken.rowcount == 1


def _attempt(row: Any, rules: Rulebook, secret: Callable[[str], str | None]) -> NotDelivered | None:
    options = _options(row, rules)
    try:
        if options is None:
            raise NotDelivered("departments.yaml 中已没有这条送达方式", permanent=True)
        key = f"{row.payload['number']}/{row.seq}/{row.department}"
        channel(row.channel).send(Delivery(row.id, row.department, row.payload, options, row.made_at, key), secret)
    except NotDelivered as error:
        return error
    except Exception as error:  # a channel's mistake must not stop the others
        return NotDelivered(f"{type(error).__name__}: {error}")
    return None


def _settle(engine: Engine, row: Any, error: NotDelivered | None, now: datetime) -> None:
    if error is None:
        values: dict[str, Any] = {"state": "sent", "sent_at": now, "error": None}
    else:
        over = error.permanent or row.tries + 1 >= TRIES
        values = {"state": "failed" if over else "waiting", "error": str(error)[:LONGEST_ERROR]}
        if error.after is not None:
            values["next_at"] = now + max(error.after, pause_after(row.tries + 1))
    with writing(engine) as connection:
        connection.execute(update(outbox).where(outbox.c.id == row.id, outbox.c.state == "waiting").values(values))
        changes.bump(connection, [f"events:{row.payload['world']}"])


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many tries: 10 s, doubling, at most an hour."""
    return min(_LONGEST, _FIRST * 2 ** max(0, tries - 1))


def again(connection: Connection, number: int, now: datetime) -> bool:
    """Try a failed delivery again now; False if it is not failed."""
    taken = connection.execute(
        update(outbox)
        .where(outbox.c.id == number, outbox.c.state == "failed")
        .values(state="waiting", tries=0, next_at=now)
    )
    return taken.rowcount == 1


def channel(kind: str) -> Channel:
    """The channel of that name: the folder is the registry."""
    try:
        return importlib.import_module(f"dispatch.channels.{kind}")
    except ModuleNotFoundError as missing:
        if missing.name != f"dispatch.channels.{kind}":
            raise
        raise NotDelivered(f"没有送达方式 {kind}", permanent=True) from None


def of_event(connection: Connection, event_id: int) -> list[dict[str, Any]]:
    """The deliveries of an event, for its page: to whom, by what, when, or why not."""
    columns = (
        outbox.c.id, outbox.c.seq, outbox.c.department, outbox.c.channel, outbox.c.state, outbox.c.tries,
        outbox.c.sent_at, outbox.c.error,
    )  # fmt: skip
    query = select(*columns).where(outbox.c.event_id == event_id).order_by(outbox.c.id)
    return [dict(row._mapping) for row in connection.execute(query)]
