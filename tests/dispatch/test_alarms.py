"""Alarms from the broker: an event once however often they come, poison apart, acknowledged when kept."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from database.dispatch_tables import events
from database.engine import reading
from database.tables import dead_letters
from datasources.mqtt import Message
from dispatch.alarms import Alarms

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
ALARM = {
    "title": "窨井水位超限", "origin_id": "77", "reported_at": "2026-11-18T08:59:00+08:00",
    "lon": 116.6405, "lat": 23.6995, "level": 2,
}  # fmt: skip


def message(body: object, topic: str = "city/445102/alarms") -> Message:
    payload = body if isinstance(body, bytes) else orjson.dumps(body)
    return Message(topic, payload, 1, 1, 1)


@pytest.fixture
def alarms(embedded, rules) -> Alarms:
    return Alarms(embedded, lambda: rules, lambda: NOW)


def kept(alarms: Alarms) -> list[tuple[str, str, str, int]]:
    with reading(alarms.engine) as connection:
        query = select(events.c.world, events.c.origin, events.c.region, events.c.level).order_by(events.c.id)
        return [tuple(row) for row in connection.execute(query)]


def buried(alarms: Alarms) -> list[str]:
    with reading(alarms.engine) as connection:
        return list(connection.execute(select(dead_letters.c.error)).scalars())


@pytest.mark.feature(126)
def test_the_same_alarm_again_is_the_same_event(alarms: Alarms) -> None:
    alarms.take([message(ALARM), message(ALARM)])
    alarms.take([message({"alarms": [ALARM, {**ALARM, "origin_id": "78", "origin": "video"}]})])
    assert [row[1] for row in kept(alarms)] == ["sensor", "video"]
    assert kept(alarms)[0][2].startswith("445102")
    assert not buried(alarms)


def test_poison_lies_apart_and_its_neighbours_are_kept(alarms: Alarms) -> None:
    poison = [
        b"\xff", b"[]", {"alarms": []}, {**ALARM, "surprise": 1}, {**ALARM, "region": "999999"},
        {**ALARM, "reported_at": "2026-11-18T08:59:00"}, {**ALARM, "reported_at": "2099-01-01T00:00:00Z"},
    ]  # fmt: skip
    alarms.take([*(message(one) for one in poison), message(ALARM), message(ALARM, "city/nobody/alarms")])
    assert len(kept(alarms)) == 1
    assert len(buried(alarms)) == len(poison) + 1


def test_a_demo_source_stays_in_the_demo_city(alarms: Alarms, rules) -> None:
    alarms.take([message(ALARM, f"city/{next(iter(rules.catalogue.twins))}/alarms")])
    assert [row[0] for row in kept(alarms)] == ["demo"]


def test_while_the_store_is_down_nothing_is_acknowledged(alarms: Alarms, monkeypatch) -> None:
    def down(*_: object, **__: object) -> None:
        raise OperationalError("insert", {}, Exception("gone"))

    monkeypatch.setattr("dispatch.alarms.receive", down)
    with pytest.raises(OperationalError):
        alarms.take([message(ALARM)])
    assert not buried(alarms)
