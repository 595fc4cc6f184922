"""From the broker into the store: a batch of messages is one transaction, and a bad message never stops the stream."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from access.actor import TIMETABLE, Actor
from database import changes
from database.engine import writing
from datasources import mqtt
from datasources.delivery.observation import Delivery, SourceFailed
from indicators.calls import record_failure
from indicators.catalogue import Catalogue
from indicators.dead_letters import DeadLetter, bury
from indicators.intake import take_many

log = logging.getLogger(__name__)

DOOR = "mqtt"
_STREAMED = frozenset({DOOR, "push"})
"""Kinds of source that may send messages; files and foreign databases come through their own doors."""
TRIES = 3
_DATABASE_DOWN = (OperationalError, InterfaceError, PoolExhausted)

T = TypeVar("T")


class Spoiled(Exception):
    """A message that could not be taken in three tries; the text is the last error."""


@dataclass(frozen=True)
class Stream:
    """Takes batches of messages; returns when every one is stored, held or buried. Raises only if the store is down."""

    engine: Engine
    catalogue: Callable[[], Catalogue]
    now: Callable[[], datetime]
    by: Actor = TIMETABLE

    def take(self, batch: Sequence[mqtt.Message]) -> None:
        """Store a batch: all of it in one transaction, or, if a message spoils that, each by itself."""
        catalogue, now = self.catalogue(), self.now()
        good: list[tuple[mqtt.Message, Delivery]] = []
        letters: list[DeadLetter] = []
        for message in batch:
            try:
                good.append((message, tried(partial(decoded, message, catalogue, now))))
            except Spoiled as spoiled:
                letters.append(_letter(message, spoiled))
        letters += self._stored(good, catalogue, now)
        if letters:
            self._bury(letters, catalogue, now)

    def _stored(
        self, good: Sequence[tuple[mqtt.Message, Delivery]], catalogue: Catalogue, now: datetime
    ) -> list[DeadLetter]:
        """Store them together, else one by one; what could not be stored even alone."""

        def store(deliveries: Sequence[Delivery]) -> None:
            take_many(self.engine, catalogue, deliveries, door=DOOR, by=self.by, now=now)

        letters: list[DeadLetter] = []
        try:
            if good:
                store([delivery for _, delivery in good])
        except Exception as error:
            if is_store_down(error):
                raise
            log.warning("a batch of %d messages is taken one by one: %s", len(good), error)
            for message, delivery in good:
                try:
                    tried(partial(store, [delivery]))
                except Spoiled as spoiled:
                    letters.append(_letter(message, spoiled))
        return letters

    def _bury(self, letters: Sequence[DeadLetter], catalogue: Catalogue, now: datetime) -> None:
        """Bury them, with one recorded failure for each source that is known, not one for each message."""
        with writing(self.engine) as connection:
            bury(connection, letters, now)
            for source, error in _by_source(letters, catalogue).items():
                record_failure(
                    connection, source, door=DOOR, origin=f"city/{source}/readings", actor=self.by.name,
                    started_at=now, now=now, error=error,
                )  # fmt: skip
            changes.bump(connection, [changes.SOURCES])


def tried(attempt: Callable[[], T]) -> T:
    """What `attempt` gives within three tries; Spoiled after the last. That the store is down is not its fault."""
    said = ""
    for _ in range(TRIES):
        try:
            return attempt()
        except SourceFailed as failure:
            said = str(failure)
        except Exception as error:
            if is_store_down(error):
                raise
            said = f"{type(error).__name__}: {error}"
    raise Spoiled(said)


def is_store_down(error: Exception) -> bool:
    """True if trying again later will help: the database does not answer. False if the message is the trouble."""
    return isinstance(error, _DATABASE_DOWN) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def decoded(message: mqtt.Message, catalogue: Catalogue, now: datetime) -> Delivery:
    """The readings of a message for the source its topic names; SourceFailed if that source does not come this way."""
    level = mqtt.source_of(message.topic)
    key = mqtt.named_source(message) if level in catalogue.regions else level
    if not catalogue.has_source(key):
        raise SourceFailed(f"目录中没有来源“{key}”", permanent=True)
    source = catalogue.source(key)
    if source.kind not in _STREAMED:
        raise SourceFailed(f"来源“{key}”不是通过 MQTT 报送的（{source.kind}）", permanent=True)
    spec = mqtt.Spec.model_validate(source.options) if source.kind == DOOR else mqtt.Spec()
    frequencies = {indicator.code: indicator.frequency for indicator in catalogue.indicators_from(key)}
    return mqtt.decode(message, key, spec, now, frequencies)


def _letter(message: mqtt.Message, spoiled: Spoiled) -> DeadLetter:
    return DeadLetter(message.topic, message.payload, str(spoiled), TRIES)


def _by_source(letters: Sequence[DeadLetter], catalogue: Catalogue) -> dict[str, str]:
    errors: dict[str, list[str]] = {}
    for letter in letters:
        key = letter.topic.split("/")[1] if letter.topic.count("/") == 2 else ""
        if catalogue.has_source(key):
            errors.setdefault(key, []).append(letter.error)
    return {key: f"{len(told)} 条消息无法读取：{told[-1]}" for key, told in errors.items()}
