"""A real broker that is late, killed, frozen and restarted: nothing acknowledged too early, nothing lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from datasources.delivery.observation import SourceFailed
from datasources.mqtt import Broker, Listener, Message, Spec, decode, listen, source_of
from servers import Server, mosquitto_broker, wait_until

CAPTURED = Path(__file__).parent / "fixtures" / "mqtt"
NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)


# Messages, without a broker


def message(payload: bytes, topic: str = "city/water_stations/readings") -> Message:
    return Message(topic, payload, 1, 1, 1)


@pytest.mark.feature(126)
@pytest.mark.parametrize("name", ["good.json", "empty.json", "nasty.json"])
def test_captured_messages(name: str) -> None:
    rows = {"good.json": (2, 0), "empty.json": (0, 0), "nasty.json": (1, 2)}[name]
    delivery = decode(message((CAPTURED / name).read_bytes()), "water_stations", Spec(), NOW)
    assert (len(delivery.observations), len(delivery.unreadable)) == rows
    assert delivery.source == "water_stations"
    assert delivery.origin == "city/water_stations/readings"


def test_a_malformed_message_is_poison() -> None:
    with pytest.raises(SourceFailed, match="不是有效的 JSON"):
        decode(message((CAPTURED / "malformed.bin").read_bytes()), "water_stations", Spec(), NOW)


@pytest.mark.feature(126)
def test_a_source_may_not_speak_for_another() -> None:
    with pytest.raises(SourceFailed, match="与主题"):
        decode(message(b'{"source": "tax_bureau", "readings": []}'), "water_stations", Spec(), NOW)


@pytest.mark.parametrize("topic", ["city/readings", "town/x/readings", "city/x/alarms", "city/x/readings/y", ""])
def test_other_topics_are_refused(topic: str) -> None:
    with pytest.raises(SourceFailed, match="应为 city/<来源>/readings"):
        source_of(topic)


# A real broker


@dataclass
class Taker:
    """Stands for the store: keeps what was committed, and fails as often as told."""

    failures: int = 0
    batches: list[list[bytes]] = field(default_factory=list)
    tried: int = 0
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def __call__(self, batch: Sequence[Message]) -> None:
        self.tried += 1
        self.gate.wait(30)
        if self.failures:
            self.failures -= 1
            raise ConnectionError("database down")
        self.batches.append([one.payload for one in batch])

    @property
    def taken(self) -> list[bytes]:
        return [payload for batch in self.batches for payload in batch]


@contextmanager
def listening(server: Server, take: Callable[[Sequence[Message]], None], **changes: object) -> Iterator[Listener]:
    listener = listen(Broker(server.url, **changes), take)  # type: ignore[arg-type]
    try:
        assert listener.connected.wait(10)
        yield listener
    finally:
        listener.stop()


@contextmanager
def publishing(server: Server) -> Iterator[Client]:
    client = Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", server.port)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def publish(client: Client, payloads: Sequence[bytes], topic: str = "city/water_stations/readings") -> None:
    sent = [client.publish(topic, payload, qos=1) for payload in payloads]
    for one in sent:
        one.wait_for_publish(20)


def numbered(count: int, first: int = 0) -> list[bytes]:
    return [orjson.dumps({"readings": [], "n": n}) for n in range(first, first + count)]


@pytest.mark.mqtt
@pytest.mark.feature(49)
def test_batches_stay_small_and_whole(broker: Server) -> None:
    taker = Taker()
    with listening(broker, taker, batch_messages=50), publishing(broker) as client:
        publish(client, numbered(300))
        wait_until(lambda: len(taker.taken) >= 300, 15, "300 messages")
    assert sorted(taker.taken) == sorted(numbered(300))
    assert max(len(batch) for batch in taker.batches) <= 50


@pytest.mark.mqtt
@pytest.mark.feature(126)
def test_nothing_is_acknowledged_before_it_is_stored(broker: Server) -> None:
    """The store hangs, the product dies: the next one is given the same messages again."""
    hanging = Taker()
    hanging.gate.clear()
    with listening(broker, hanging), publishing(broker) as client:
        publish(client, numbered(5))
        wait_until(lambda: hanging.tried, 10, "the first try")
    assert hanging.taken == []
    successor = Taker()
    with listening(broker, successor):
        wait_until(lambda: len(successor.taken) >= 5, 15, "the messages of the first")
    hanging.gate.set()
    assert set(successor.taken) == set(numbered(5))


@pytest.mark.mqtt
def test_what_was_stored_does_not_come_again(broker: Server) -> None:
    first = Taker()
    with listening(broker, first), publishing(broker) as client:
        publish(client, numbered(5))
        wait_until(lambda: len(first.taken) >= 5, 10, "5 messages")
        publish(client, numbered(1, first=99))
        wait_until(lambda: len(first.taken) >= 6, 10, "the sixth")
    second = Taker()
    with listening(broker, second), publishing(broker) as client:
        publish(client, numbered(1, first=100))
        wait_until(lambda: second.taken, 10, "the next message")
    assert set(second.taken) <= {*numbered(1, first=99), *numbered(1, first=100)}


@pytest.mark.mqtt
@pytest.mark.feature(126)
def test_the_store_is_down_for_a_while(broker: Server) -> None:
    taker = Taker(failures=3)
    with listening(broker, taker), publishing(broker) as client:
        publish(client, numbered(20))
        wait_until(lambda: len(taker.taken) >= 20, 15, "20 messages after 3 failures")
    assert sorted(taker.taken) == sorted(numbered(20))


@pytest.mark.mqtt
@pytest.mark.feature(126)
def test_m1_broker_killed_and_restarted(broker: Server) -> None:
    taker = Taker()
    with listening(broker, taker) as listener:
        with publishing(broker) as client:
            publish(client, numbered(50))
            wait_until(lambda: len(set(taker.taken)) >= 50, 10, "50 messages")
        broker.kill()
        wait_until(lambda: not listener.connected.is_set(), 10, "the loss of the broker to be seen")
        broker.start()
        back = time.monotonic()
        assert listener.connected.wait(10)
        assert time.monotonic() - back <= 10
        with publishing(broker) as client:
            publish(client, numbered(50, first=50))
            wait_until(lambda: len(set(taker.taken)) >= 100, 10, "100 messages")
    assert set(taker.taken) == set(numbered(100))


@pytest.mark.mqtt
@pytest.mark.feature(126)
def test_m1_broker_frozen(broker: Server) -> None:
    taker = Taker()
    with listening(broker, taker, keepalive=2) as listener:
        broker.freeze()
        try:
            wait_until(lambda: not listener.connected.is_set(), 15, "the frozen broker to be noticed")
        finally:
            broker.thaw()
        thawed = time.monotonic()
        assert listener.connected.wait(10)
        assert time.monotonic() - thawed <= 10
        with publishing(broker) as client:
            publish(client, numbered(10))
            wait_until(lambda: len(set(taker.taken)) >= 10, 10, "10 messages after the thaw")


@pytest.mark.mqtt
@pytest.mark.slow
@pytest.mark.feature(126)
def test_m1_a_backlog_of_10000_waits_for_us() -> None:
    taker = Taker()
    with mosquitto_broker(survives_a_kill=False) as broker:
        with listening(broker, taker):
            pass
        with publishing(broker) as client:
            publish(client, numbered(10_000))
        with listening(broker, taker):
            wait_until(lambda: len(set(taker.taken)) >= 10_000, 60, "the backlog")
    assert set(taker.taken) == set(numbered(10_000))


@pytest.mark.mqtt
def test_an_unreachable_broker_does_not_hold_up_the_end(broker: Server) -> None:
    listener = listen(Broker(broker.url), Taker())
    assert listener.connected.wait(10)
    broker.kill()
    wait_until(lambda: not listener.connected.is_set(), 10, "the loss of the broker to be seen")
    begun = time.monotonic()
    listener.stop()
    assert time.monotonic() - begun < 3


def test_a_message_of_a_lost_connection_is_not_acknowledged_over_the_next() -> None:
    """Its number may stand for another message there, which would then be lost."""
    listener = Listener(Broker("mqtt://127.0.0.1:1"), Taker())
    acknowledged: list[int] = []
    listener._client.ack = lambda number, _: acknowledged.append(number)  # type: ignore[method-assign,assignment]
    old = Message("city/x/readings", b"", 7, 1, listener._connection)
    listener._acknowledge([old])
    listener._on_disconnect()
    listener._acknowledge([old])
    listener._acknowledge([Message("city/x/readings", b"", 8, 1, listener._connection)])
    assert acknowledged == [7, 8]
