"""Sources that publish to an MQTT broker: connect, gather small batches, acknowledge only what was taken.

QoS 1 with a persistent session: the broker keeps what we have not acknowledged, over our restarts and its own. The
price is duplicates, which the store ignores. paho acknowledges around the callback unless told otherwise (paho issues
348, 867), therefore `manual_ack`.
"""

from __future__ import annotations

import queue
import random
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

import orjson
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from pydantic import BaseModel, ConfigDict, Field

from datasources.delivery.message import Limits, delivery_of
from datasources.delivery.observation import Delivery, SourceFailed
from datasources.delivery.period import Frequency
from datasources.delivery.reconcile import Reconcile

TOPICS = ("city/+/readings", "city/+/alarms")
"""Where sources publish: the second level is the source, or a region, and then the message names the source."""


class Spec(BaseModel):
    """What one message may hold, and where the same figures can be fetched if messages were lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_bytes: int = Field(default=1_000_000, gt=0, description="largest message in bytes")
    max_rows: int = Field(default=10_000, gt=0, description="most readings in one message")
    reconcile: Reconcile | None = Field(default=None, description="pull source of the same figures, to fill gaps")


@dataclass(frozen=True)
class Broker:
    """Where to listen, and how patiently. Lengths of time in seconds."""

    url: str
    client_id: str = "cockpit-timetable"
    keepalive: int = 4
    connect_seconds: float = 2.0
    slowest_reconnect: float = 6.0
    batch_seconds: float = 0.2
    batch_messages: int = 500
    idle_seconds: float = 0.003
    """A batch ends early when nothing came for so long: brokers hold back further messages until we acknowledge."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came. `connection` tells over which connection: only there it can be acknowledged."""

    topic: str
    payload: bytes
    number: int
    qos: int
    connection: int


Take = Callable[[Sequence[Message]], None]
"""Takes a batch; returns when all of it is stored. If it raises, nothing is acknowledged and the batch comes again."""


def source_of(topic: str) -> str:
    """The source key in 'city/<source>/readings'; SourceFailed for another topic."""
    levels = topic.split("/")
    if len(levels) != 3 or levels[0] != "city" or levels[2] != "readings":
        raise SourceFailed(f"主题“{topic}”应为 city/<来源>/readings", permanent=True)
    return levels[1]


def named_source(message: Message) -> str:
    """The source the message itself names, '' if none; for topics that name a region instead."""
    try:
        body = orjson.loads(message.payload)
    except orjson.JSONDecodeError as broken:
        raise SourceFailed(f"消息不是 JSON：{broken}", permanent=True) from broken
    named = body.get("source", "") if isinstance(body, dict) else ""
    return named if isinstance(named, str) else ""


def decode(
    message: Message, source: str, spec: Spec, now: datetime, frequencies: Mapping[str, Frequency] | None = None
) -> Delivery:
    """The readings of one message of `source`; SourceFailed (permanent) if it is none, or names another source."""
    limits = Limits(spec.max_bytes, spec.max_rows)
    found = delivery_of(message.payload, origin=message.topic, now=now, limits=limits, frequencies=frequencies)
    if found.source not in ("", source):
        raise SourceFailed(f"消息中的来源“{found.source}”与主题“{message.topic}”不符", permanent=True)
    return Delivery(source, message.topic, now, found.observations, found.unreadable, found.digest)


@dataclass
class Listener:
    """A running connection to the broker with its two threads: paho's network loop, and the one that takes batches."""

    broker: Broker
    take: Take
    connected: threading.Event = field(default_factory=threading.Event)
    _connection: int = 0
    _stopping: threading.Event = field(default_factory=threading.Event)
    _current: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._waiting: queue.Queue[Message] = queue.Queue(maxsize=4 * self.broker.batch_messages)
        self._client = self._make_client()
        self._worker = threading.Thread(target=self._work, name="mqtt-intake", daemon=True)

    def start(self) -> Listener:
        """Begin; an unreachable broker is tried again until `stop`."""
        self._client.loop_start()
        self._worker.start()
        return self

    def stop(self, patience: float = 2.5) -> None:
        """End both threads within `patience` seconds. What is not acknowledged comes again next time."""
        self._stopping.set()
        self._client.disconnect()
        ending = threading.Thread(target=self._client.loop_stop, name="mqtt-end", daemon=True)
        ending.start()
        self._worker.join(patience / 2)
        ending.join(patience / 2)

    # Network thread

    def _make_client(self) -> Client:
        address = urlsplit(self.broker.url)
        chosen = parse_qs(address.query).get("client_id", [self.broker.client_id])[0]
        client = Client(CallbackAPIVersion.VERSION2, client_id=chosen, clean_session=False, manual_ack=True)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_connect_fail = lambda *_: self._draw_pause()
        client.on_message = self._on_message
        client.connect_timeout = self.broker.connect_seconds
        if address.username:
            client.username_pw_set(unquote(address.username), unquote(address.password or ""))
        if address.scheme in ("mqtts", "ssl", "tls"):
            client.tls_set_context(ssl.create_default_context())
        port = address.port or (8883 if address.scheme in ("mqtts", "ssl", "tls") else 1883)
        client.connect_async(address.hostname or "127.0.0.1", port, keepalive=self.broker.keepalive)
        self._client = client
        self._draw_pause()
        return client

    def _draw_pause(self) -> None:
        """Each installation draws its own pauses, so that a broker that returns is not stormed."""
        fastest = random.uniform(0.3, 1.0)  # noqa: S311 -- no secret
        slowest = random.uniform(0.6, 1.0) * self.broker.slowest_reconnect  # noqa: S311 -- no secret
        self._client.reconnect_delay_set(fastest, slowest)  # type: ignore[arg-type]  # seconds may be fractions

    def _on_connect(self, client: Client, _: object, __: object, reason: object, ___: object) -> None:
        if getattr(reason, "is_failure", False):
            return
        with self._current:
            self._connection += 1
        client.subscribe([(topic, 1) for topic in TOPICS])

    def _on_subscribe(self, *_: object) -> None:
        """Only now the broker keeps messages for us: whoever waits for `connected` may publish."""
        self.connected.set()

    def _on_disconnect(self, *_: object) -> None:
        with self._current:
            self._connection += 1
        self.connected.clear()
        self._draw_pause()

    def _on_message(self, _: Client, __: object, message: MQTTMessage) -> None:
        """Hand over; wait while the store is behind, which makes the broker wait too."""
        arrived = Message(_topic(message), bytes(message.payload), message.mid, message.qos, self._connection)
        while not self._stopping.is_set():
            try:
                self._waiting.put(arrived, timeout=0.2)
            except queue.Full:
                continue
            return

    # Worker thread

    def _work(self) -> None:
        for batch in self._batches():
            if self._taken(batch):
                self._acknowledge(batch)

    def _batches(self) -> Iterator[list[Message]]:
        while not self._stopping.is_set():
            try:
                batch = [self._waiting.get(timeout=0.2)]
            except queue.Empty:
                continue
            self._fill(batch)
            yield batch

    def _fill(self, batch: list[Message]) -> None:
        """Add what comes soon: until the time is up, the batch is full or the broker falls silent."""
        until = time.monotonic() + self.broker.batch_seconds
        while len(batch) < self.broker.batch_messages and time.monotonic() < until:
            try:
                batch.append(self._waiting.get(timeout=self.broker.idle_seconds))
            except queue.Empty:
                return

    def _taken(self, batch: Sequence[Message]) -> bool:
        """Try until it is stored or we end; the broker keeps the messages meanwhile."""
        pause = 0.1
        while not self._stopping.is_set():
            try:
                self.take(batch)
            except Exception:
                self._stopping.wait(pause)
                pause = min(pause * 2, 5.0)
            else:
                return True
        return False

    def _acknowledge(self, batch: Sequence[Message]) -> None:
        """Only over the connection it came by: numbers are reused, and an old one could stand for a new message."""
        for message in batch:
            with self._current:
                if message.connection == self._connection:
                    self._client.ack(message.number, message.qos)


def listen(broker: Broker, take: Take) -> Listener:
    """Start listening to all sources of `broker`; end it with `stop()`."""
    return Listener(broker, take).start()


def _topic(message: MQTTMessage) -> str:
    try:
        return message.topic
    except UnicodeDecodeError:
        return repr(message._topic)
