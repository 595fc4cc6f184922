"""POST /hooks/<source>: signed messages of systems without a token, as this product sends them to others.

HMAC-SHA256 over "<unix seconds>.<body>" with the source's own key (`COCKPIT_HOOK_<SOURCE>` in the environment); at most
five minutes old; the same message again does nothing. Whatever is wrong with a signature, the answer is one and the
same: nobody learns which sources have a key.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import orjson
from flask import Blueprint, Response, request
from pydantic import BaseModel
from sqlalchemy import Connection, delete
from sqlalchemy.dialects import postgresql, sqlite

from access.actor import EVERYWHERE, Actor
from access.audit import record
from access.policy import EVERYBODY
from api.answering import Desk
from api.event_refusals import told
from api.operation import JSON
from api.problem import Problem
from database.engine import writing
from database.hook_tables import hook_messages
from datasources import push
from datasources.delivery.observation import Delivery, SourceFailed
from datasources.mqtt import Message
from dispatch.alarms import reports_of
from dispatch.channels.webhook import is_genuine
from dispatch.intake import receive
from dispatch.outbox import named_secret
from dispatch.report import Report
from dispatch.rulebook import Rulebook, rulebook
from indicators.intake import take_within

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue
    from indicators.cockpit import Cockpit

LARGEST = 1_000_000
MOST_ROWS = 5_000
SHORTEST_KEY = 16
"""Characters of a key; a shorter one is as good as none."""
FORGOTTEN_AFTER = timedelta(hours=1)
RIGHTS = frozenset({"events.view", "events.report", "readings.push"})
RULES = {"/hooks/<source>": EVERYBODY}
"""Whoever can sign may knock; the signature is looked at before anything else."""
_SOURCE = re.compile(r"[a-z][a-z0-9_]{1,49}")


class Received(BaseModel):
    """What became of a message. `is_new` false: it came before, nothing was done."""

    source: str
    is_new: bool
    events: list[str] = []
    readings: int = 0
    quarantined: int = 0


def blueprint(cockpit: Cockpit) -> Blueprint:
    """The door for signed messages."""
    made, desk = Blueprint("hooks", __name__), Desk(cockpit)

    @made.post("/hooks/<source>")
    def answer(source: str) -> Response:
        return desk.guarded(lambda: _answered(cockpit, source))

    return made


def _answered(cockpit: Cockpit, source: str) -> Response:
    request.max_content_length = LARGEST
    body, now, catalogue = request.get_data(), cockpit.now(), cockpit.live_catalogue.current
    signature = _signature(source, body, now)
    if not catalogue.has_source(source):
        raise _refused()
    if request.mimetype != JSON:
        raise Problem(415, f"请以 Content-Type: {JSON} 发送。")
    delivery = _readings(body, source, catalogue, now)
    rules = rulebook(catalogue, cockpit.live_catalogue.folder)
    reports = [] if delivery is not None else _reports(body, source, rules)
    with told(), writing(cockpit.engine) as connection:
        made = _Taking(connection, catalogue, rules, source, now).take(signature, delivery, reports)
    cockpit.hub.refresh()
    return Response(made.model_dump_json(), 200, {"Cache-Control": "no-store"}, mimetype=JSON)


class _Taking:
    """One message into the store, in the caller's transaction."""

    def __init__(
        self, connection: Connection, catalogue: Catalogue, rules: Rulebook, source: str, now: datetime
    ) -> None:
        self._connection, self._catalogue, self._rules = connection, catalogue, rules
        self._source, self._now = source, now
        self._by = Actor(f"hook:{source}", "hook", EVERYWHERE, RIGHTS, role_name="签名报送", kind="program")

    def take(self, signature: str, delivery: Delivery | None, reports: list[Report]) -> Received:
        """Readings or reports, once."""
        if not self._is_new(signature):
            return Received(source=self._source, is_new=False)
        receipts = [receive(self._connection, self._rules, one, by=self._by, now=self._now) for one in reports]
        made = Received(source=self._source, is_new=True, events=[one.event.number for one in receipts])
        if delivery is not None:
            made = self._taken(delivery)
        detail = {"events": len(made.events), "readings": made.readings, "held": made.quarantined}
        record(
            self._connection, by=self._by, action="hooks.received", object=f"source {self._source}", detail=detail,
            now=self._now,
        )  # fmt: skip
        return made

    def _taken(self, delivery: Delivery) -> Received:
        (receipt,) = take_within(self._connection, self._catalogue, [delivery], door="push", by=self._by, now=self._now)
        return Received(source=self._source, is_new=True, readings=receipt.rows, quarantined=len(receipt.held))

    def _is_new(self, signature: str) -> bool:
        """Claim the signature; False if the message came before. Old ones can no longer be valid and go."""
        table, insert = hook_messages, sqlite.insert
        if self._connection.dialect.name == "postgresql":
            insert = postgresql.insert  # type: ignore[assignment]
        self._connection.execute(delete(table).where(table.c.at < self._now - FORGOTTEN_AFTER))
        claim = insert(table).values(source=self._source, signature=signature, at=self._now)
        return self._connection.execute(claim.on_conflict_do_nothing()).rowcount == 1


def _signature(source: str, body: bytes, now: datetime) -> str:
    """The signature of the present request, without its prefix; Problem 401 unless it is genuine and fresh."""
    key = (named_secret(f"COCKPIT_HOOK_{source.upper()}") or "") if _SOURCE.fullmatch(source) else ""
    moment, given = request.headers.get("X-Cockpit-Time", ""), request.headers.get("X-Cockpit-Signature", "")
    if len(key) < SHORTEST_KEY or not given.isascii() or not is_genuine(body, key, moment, given, now):
        raise _refused()
    return given.removeprefix("sha256=")


def _refused() -> Problem:
    return Problem(401, "签名无效，或时间相差超过五分钟。", "signature")


def _readings(body: bytes, source: str, catalogue: Catalogue, now: datetime) -> Delivery | None:
    """The readings of the message; None if it carries none. They are the source's, whatever the message says."""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem(400, "不是有效的 JSON（UTF-8）。") from error
    if not isinstance(given, dict) or "readings" not in given:
        return None
    if given.get("source", source) != source:
        raise Problem(422, "source 与地址中的数据源不一致。", "misfit")
    frequencies = {code: indicator.frequency for code, indicator in catalogue.indicators.items()}
    spec = push.Spec(max_bytes=2 * LARGEST, max_rows=MOST_ROWS)
    try:
        return push.accept(orjson.dumps({**given, "source": source}), spec, now, frequencies)
    except SourceFailed as wrong:
        raise Problem(422, str(wrong), "misfit") from wrong


def _reports(body: bytes, source: str, rules: Rulebook) -> list[Report]:
    """One report or a list under `alarms`, as over MQTT."""
    try:
        return reports_of(Message(f"city/{source}/alarms", body, 0, 1, 1), rules)
    except SourceFailed as wrong:
        raise Problem(422, str(wrong), "misfit") from wrong
