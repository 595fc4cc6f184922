"""Alarms of devices from the broker: each becomes an event once; a batch is one transaction, poison is kept apart."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Engine

from access.actor import TIMETABLE, Actor
from database.engine import writing
from datasources import mqtt
from datasources.delivery.observation import SourceFailed
from dispatch.intake import receive
from dispatch.report import Report
from dispatch.rulebook import Rulebook
from indicators.dead_letters import DeadLetter, bury
from indicators.stream import TRIES, Spoiled, is_store_down, tried

log = logging.getLogger(__name__)

LARGEST = 200_000
MOST = 100


class Alarm(BaseModel):
    """One alarm as sent; fields as of POST /events. The number the device gives makes it one event."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    title: Annotated[str, Field(min_length=1, max_length=120)]
    origin_id: Annotated[str, Field(min_length=1, max_length=80)]
    reported_at: AwareDatetime
    origin: Annotated[str, Field(max_length=24)] = "sensor"
    description: Annotated[str, Field(max_length=4000)] = ""
    category: str | None = None
    region: str | None = None
    lon: Annotated[float | None, Field(allow_inf_nan=False)] = None
    lat: Annotated[float | None, Field(allow_inf_nan=False)] = None
    place: Annotated[str, Field(max_length=200)] = ""
    level: Annotated[int | None, Field(ge=0, le=4)] = None


@dataclass(frozen=True)
class Alarms:
    """Takes batches of messages; returns when every one is stored or buried. Raises only if the store is down."""

    engine: Engine
    rules: Callable[[], Rulebook]
    now: Callable[[], datetime]
    by: Actor = TIMETABLE

    def take(self, batch: Sequence[mqtt.Message]) -> None:
        """Store a batch: all of it in one transaction, or, if a message spoils that, each by itself."""
        rules, now = self.rules(), self.now()
        good: list[tuple[mqtt.Message, list[Report]]] = []
        letters: list[DeadLetter] = []
        for message in batch:
            try:
                good.append((message, reports_of(message, rules)))
            except SourceFailed as wrong:
                letters.append(DeadLetter(message.topic, message.payload, str(wrong), TRIES))
        letters += self._stored(good, rules, now)
        if letters:
            with writing(self.engine) as connection:
                bury(connection, letters, now)

    def _stored(
        self, good: Sequence[tuple[mqtt.Message, list[Report]]], rules: Rulebook, now: datetime
    ) -> list[DeadLetter]:
        letters: list[DeadLetter] = []
        try:
            self._store([report for _, reports in good for report in reports], rules, now)
        except Exception as error:
            if is_store_down(error):
                raise
            log.warning("a batch of %d alarms is taken one by one: %s", len(good), error)
            for message, reports in good:
                try:
                    tried(partial(self._store, reports, rules, now))
                except Spoiled as spoiled:
                    letters.append(DeadLetter(message.topic, message.payload, str(spoiled), TRIES))
        return letters

    def _store(self, reports: Sequence[Report], rules: Rulebook, now: datetime) -> None:
        with writing(self.engine) as connection:
            for report in reports:
                receive(connection, rules, report, by=self.by, now=now)


def is_alarm(message: mqtt.Message) -> bool:
    """True for messages of city/<source or region>/alarms."""
    return message.topic.endswith("/alarms")


def reports_of(message: mqtt.Message, rules: Rulebook) -> list[Report]:
    """The alarms of a message: one, or a list under `alarms`; SourceFailed names what is wrong."""
    sender = message.topic.split("/")[1]
    catalogue = rules.catalogue
    if not (catalogue.has_source(sender) or sender in catalogue.regions):
        raise SourceFailed(f"目录中没有来源或区域“{sender}”", permanent=True)
    world = "demo" if sender in catalogue.twins else "real"
    try:
        told = orjson.loads(message.payload) if len(message.payload) <= LARGEST else None
        given = told["alarms"] if isinstance(told, dict) and "alarms" in told else [told]
        alarms = [Alarm.model_validate(one) for one in given]
    except (orjson.JSONDecodeError, ValidationError, TypeError) as wrong:
        raise SourceFailed(f"报警消息无法读取：{str(wrong)[:300]}", permanent=True) from wrong
    if not 1 <= len(alarms) <= MOST:
        raise SourceFailed(f"一条消息应有 1 至 {MOST} 条报警", permanent=True)
    region = sender if sender in catalogue.regions else None
    return [_report(one, sender, region, world) for one in alarms]


def _report(alarm: Alarm, sender: str, region: str | None, world: str) -> Report:
    given = alarm.model_dump()
    given["origin_id"] = f"{sender}:{alarm.origin_id}"
    given["region"] = alarm.region or (region if alarm.lon is None else None)
    return Report(**given, world=world, provenance="simulated" if world == "demo" else "live")
