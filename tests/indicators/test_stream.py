"""The stream into the store: whole batches, poison set aside, nothing lost while database or broker are away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from database.changes import versions
from database.engine import open_engine, reading
from database.migrate import migrate
from datasources.delivery.period import CITY_TIME
from datasources.mqtt import Broker, Message, listen
from indicators import stream as module
from indicators.calls import calls_of
from indicators.stream import Stream, is_store_down
from servers import Server, mosquitto_broker, wait_until
from small_city import NOW, indicator, small_catalogue, source

CATALOGUE = small_catalogue(
    *(
        indicator(f"WAT-{n:02d}", frequency="minute", basis="point", aggregation="last", source="gauges")
        for n in range(1, 21)
    ),
    indicator("HRS-01", frequency="hourly", basis="point", aggregation="last", source="gauges"),
    sources=(
        source("gauges", kind="mqtt", cadence={"every": "1m"}),
        source("ledgers", kind="file", cadence={"release": "monthly", "day": 20}),
    ),
)
TOPIC = "city/gauges/readings"


def payload(value: float, code: str = "WAT-01", at: datetime = NOW, **more) -> bytes:
    one = {"indicator": code, "region": "445102", "value": value, "observed_at": at.astimezone(CITY_TIME).isoformat()}
    return orjson.dumps({"readings": [one], **more})


def message(content: bytes, topic: str = TOPIC, number: int = 1) -> Message:
    return Message(topic, content, number, 1, 1)


def stream(engine, now=NOW) -> Stream:
    return Stream(engine, lambda: CATALOGUE, lambda: now)


def count(engine, table: str, where: str = "1=1") -> int:
    with reading(engine) as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one()


def letters(engine) -> list[tuple[str, str, str, int]]:
    with reading(engine) as connection:
        found = connection.execute(text("SELECT topic, payload, error, tries FROM dead_letters ORDER BY id"))
        return [tuple(row) for row in found]


@pytest.mark.feature(126)
def test_a_batch_is_one_transaction(engine, monkeypatch):
    commits = []
    store = module.take_many
    monkeypatch.setattr(module, "take_many", lambda *given, **named: commits.append(1) or store(*given, **named))
    stream(engine).take([message(payload(n, f"WAT-{n:02d}")) for n in range(1, 21)])
    assert len(commits) == 1
    assert count(engine, "observations") == 20


def test_the_frequency_of_the_catalogue_decides_the_period(engine):
    stream(engine).take([message(payload(1.0, "HRS-01"))])
    with reading(engine) as connection:
        assert connection.execute(text("SELECT period FROM latest")).scalars().all() == ["2026-11-22T14"]


@pytest.mark.feature(126)
def test_m2_poison_is_set_aside_and_the_stream_goes_on(engine):
    poison = [
        message(b"\x00\xff not json"),
        message(b'{"readings": 5}'),
        message(payload(1.0), "city/nobody/readings"),
        message(payload(1.0), "city/ledgers/readings"),  # a source of files
        message(payload(1.0, source="counts")),
    ]
    stream(engine).take([message(payload(1.0)), *poison, message(payload(2.0, "WAT-02"))])
    assert count(engine, "observations") == 2
    found = letters(engine)
    assert [topic for topic, *_ in found] == [TOPIC, TOPIC, "city/nobody/readings", "city/ledgers/readings", TOPIC]
    assert {tries for *_, tries in found} == {3}
    assert found[0][1] == "\ufffd\\xff not json"
    assert "没有来源“nobody”" in found[2][2]
    assert "不是通过 MQTT 报送的" in found[3][2]


def test_a_topic_may_name_the_region_and_the_message_the_source(engine):
    stream(engine).take([message(payload(1.0, source="gauges"), "city/445102/readings")])
    assert count(engine, "observations") == 1
    stream(engine).take([message(payload(2.0), "city/445102/readings")])
    assert "没有来源“”" in letters(engine)[0][2]


def test_poison_is_one_failure_of_its_source_not_one_per_message(engine):
    with reading(engine) as connection:
        before = versions(connection).get("sources", 0)
    stream(engine).take([message(b"garbage") for _ in range(50)])
    assert len(letters(engine)) == 50
    with reading(engine) as connection:
        failed = calls_of(connection, "gauges")
        assert versions(connection)["sources"] > before
    assert [(call.outcome, call.error.partition("：")[0]) for call in failed] == [("failed", "50 条消息无法读取")]


@pytest.mark.feature(126)
def test_m2_a_thousand_poison_messages(engine):
    batch = [message(b"%d" % n) for n in range(1000)] + [message(payload(1.0))]
    begun = time.monotonic()
    for first in range(0, len(batch), 500):
        stream(engine).take(batch[first : first + 500])
    assert time.monotonic() - begun < 10
    assert len(letters(engine)) == 1000
    assert count(engine, "observations") == 1


def test_bad_readings_inside_a_good_message_wait_in_quarantine(engine):
    future = payload(1.0, "WAT-02", at=NOW + timedelta(hours=1))
    stream(engine).take([message(payload(1.0)), message(future)])
    assert (count(engine, "observations"), count(engine, "quarantine"), letters(engine)) == (1, 1, [])


def test_a_message_that_breaks_the_store_is_tried_three_times_alone(engine, monkeypatch):
    store, tries = module.take_many, []

    def fragile(engine, catalogue, deliveries, **named):
        if any(one.observations[0].indicator == "WAT-13" for one in deliveries):
            tries.append(len(deliveries))
            raise ValueError("a defect of ours")
        return store(engine, catalogue, deliveries, **named)

    monkeypatch.setattr(module, "take_many", fragile)
    stream(engine).take([message(payload(n, f"WAT-{n:02d}")) for n in range(10, 17)])
    assert tries == [7, 1, 1, 1]
    assert count(engine, "observations") == 6
    assert [(error, tries) for _, _, error, tries in letters(engine)] == [("ValueError: a defect of ours", 3)]


@pytest.mark.feature(126)
def test_a_database_that_is_down_is_no_fault_of_the_message(engine, monkeypatch):
    def down(*_, **__):
        raise OperationalError("INSERT", {}, Exception("server closed the connection"))

    with monkeypatch.context() as broken:
        broken.setattr(module, "take_many", down)
        with pytest.raises(OperationalError):
            stream(engine).take([message(payload(1.0))])
    assert letters(engine) == []
    stream(engine).take([message(payload(1.0))])
    assert count(engine, "observations") == 1


def test_what_counts_as_a_store_that_is_down():
    from sqlalchemy.exc import DataError, IntegrityError

    assert is_store_down(OperationalError("", {}, Exception()))
    assert not is_store_down(IntegrityError("", {}, Exception()))
    assert not is_store_down(DataError("", {}, Exception()))
    assert not is_store_down(ValueError())


@pytest.mark.feature(47)
def test_duplicates_and_disorder_change_nothing(engine):
    """A broker that redelivers in the wrong order: the newest stays, every value is kept once."""
    minutes = [NOW - timedelta(minutes=n) for n in range(5)]
    in_order = [message(payload(float(n), at=at)) for n, at in enumerate(minutes)]
    stream(engine).take([*in_order[3:], *in_order])
    stream(engine).take([*reversed(in_order), in_order[2]])
    assert count(engine, "observations") == 5
    with reading(engine) as connection:
        period, value, history = connection.execute(text("SELECT period, value, history FROM latest")).one()
    assert (period, value) == ("2026-11-22T14:32", 0.0)
    assert [point[1] for point in orjson.loads(history)] == [4.0, 3.0, 2.0, 1.0, 0.0]
    assert count(engine, "quarantine") == 0


# From a real broker into a real database


@pytest.fixture
def embedded(tmp_path):
    opened = open_engine(f"sqlite:///{tmp_path / 'stream.db'}")
    migrate(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def quick_broker() -> Iterator[Server]:
    """A broker that does not write its file at every change."""
    with mosquitto_broker(survives_a_kill=False) as server:
        yield server


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


def live(engine) -> Stream:
    return Stream(engine, lambda: CATALOGUE, lambda: datetime.now(UTC))


def spread(count: int, at: datetime) -> list[bytes]:
    """Distinct readings: 20 gauges, as many minutes as needed."""
    return [payload(n, f"WAT-{n % 20 + 1:02d}", at=at - timedelta(minutes=n // 20)) for n in range(count)]


@pytest.mark.mqtt
@pytest.mark.feature(126)
def test_m1_the_broker_dies_under_load_and_nothing_is_lost(embedded, broker: Server):
    now = datetime.now(UTC)
    sent = spread(400, now)
    listener = listen(Broker(broker.url), live(embedded).take)
    try:
        assert listener.connected.wait(10)
        with publishing(broker) as client:
            for one in [client.publish(TOPIC, content, qos=1) for content in sent[:200]]:
                one.wait_for_publish(10)
        broker.kill()
        broker.start()
        assert listener.connected.wait(10)
        with publishing(broker) as client:
            for one in [client.publish(TOPIC, content, qos=1) for content in [*sent[150:], *sent[:20]]]:
                one.wait_for_publish(10)
        wait_until(lambda: count(embedded, "observations") >= 400, 20, "400 readings")
    finally:
        listener.stop()
    assert count(embedded, "observations") == 400
    assert count(embedded, "quarantine") == 0


@pytest.mark.mqtt
@pytest.mark.slow
@pytest.mark.feature(126)
def test_twenty_thousand_readings_are_all_kept_and_acknowledged_after_commit(embedded, quick_broker: Server):
    now, broker = datetime.now(UTC), quick_broker
    readings = [
        {
            "indicator": f"WAT-{n % 20 + 1:02d}",
            "region": "445102",
            "value": 3 + n % 2 / 10,
            "observed_at": at.isoformat(),
        }
        for n in range(20_000)
        if (at := now - timedelta(minutes=n // 20))
    ]
    sent = [orjson.dumps({"readings": readings[first : first + 20]}) for first in range(0, len(readings), 20)]
    listener = listen(Broker(broker.url), live(embedded).take)
    try:
        assert listener.connected.wait(10)
        with publishing(broker) as client:
            for content in sent:
                client.publish(TOPIC, content, qos=1)
            wait_until(lambda: count(embedded, "observations") >= 20_000, 60, "20,000 readings")
    finally:
        listener.stop()
    assert count(embedded, "observations") == 20_000
