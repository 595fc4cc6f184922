"""Alarms from a real broker: QoS 1, acknowledged after the commit; a broker or a store that dies loses none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import orjson
import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from database.dispatch_tables import events
from database.engine import reading
from database.tables import dead_letters
from datasources.mqtt import Broker, listen
from dispatch.alarms import Alarms
from indicators.stream import TRIES
from servers import Server, wait_until

pytestmark = pytest.mark.mqtt
TOPIC = "city/445102/alarms"


def alarm(number: int) -> bytes:
    return orjson.dumps({
        "title": f"窨井水位超限 {number}", "origin_id": str(number), "reported_at": datetime.now(UTC).isoformat(),
        "lon": 116.6405, "lat": 23.6995, "level": 3,
    })  # fmt: skip


@pytest.fixture
def alarms(embedded, rules) -> Alarms:
    return Alarms(embedded, lambda: rules, lambda: datetime.now(UTC))


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


def send(server: Server, contents: list[bytes], topic: str = TOPIC) -> None:
    """Publish; each is with the broker when this returns."""
    with publishing(server) as client:
        for one in [client.publish(topic, content, qos=1) for content in contents]:
            one.wait_for_publish(10)


def count(alarms: Alarms, table=events) -> int:
    with reading(alarms.engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.feature(126, 51)
def test_the_broker_dies_between_alarms_and_every_alarm_is_one_event(alarms: Alarms, broker: Server) -> None:
    listener = listen(Broker(broker.url), alarms.take)
    try:
        assert listener.connected.wait(10)
        send(broker, [alarm(number) for number in range(20)])
        broker.kill()
        broker.start()
        assert listener.connected.wait(10)
        send(broker, [alarm(number) for number in range(10, 40)])
        wait_until(lambda: count(alarms) >= 40, 20, "40 events")
    finally:
        listener.stop()
    assert (count(alarms), count(alarms, dead_letters)) == (40, 0)


@pytest.mark.feature(126)
def test_an_alarm_is_acknowledged_after_the_commit_only(alarms: Alarms, broker: Server) -> None:
    """The store fails while the alarm is in hand and the listener ends: the broker still has it for the next one."""
    asked: list[int] = []

    def down(batch) -> None:
        asked.append(len(batch))
        raise OperationalError("insert", {}, Exception("gone"))

    first = listen(Broker(broker.url), down)
    try:
        assert first.connected.wait(10)
        send(broker, [alarm(1)])
        wait_until(lambda: bool(asked), 10, "the alarm in hand")
    finally:
        first.stop()
    assert count(alarms) == 0
    second = listen(Broker(broker.url), alarms.take)
    try:
        wait_until(lambda: count(alarms) == 1, 20, "the alarm that was not acknowledged")
    finally:
        second.stop()


@pytest.mark.feature(126)
def test_poison_is_buried_after_three_tries_and_the_stream_goes_on(alarms: Alarms, broker: Server, monkeypatch) -> None:
    from dispatch import alarms as module

    store, tries = module.receive, []

    def fragile(connection, rules, report, **named):
        if report.origin_id.endswith(":13"):
            tries.append(report.origin_id)
            raise ValueError("a defect of ours")
        return store(connection, rules, report, **named)

    monkeypatch.setattr(module, "receive", fragile)
    listener = listen(Broker(broker.url), alarms.take)
    try:
        assert listener.connected.wait(10)
        send(broker, [b"\xff not json", *(alarm(number) for number in range(12, 16))])
        wait_until(lambda: count(alarms) == 3 and count(alarms, dead_letters) == 2, 20, "three events, two letters")
    finally:
        listener.stop()
    with reading(alarms.engine) as connection:
        told = {tuple(row) for row in connection.execute(select(dead_letters.c.topic, dead_letters.c.tries))}
    assert told == {(TOPIC, TRIES)}
    assert len(tries) in range(TRIES, TRIES + 2), "once with its neighbours if they came together, then alone"
