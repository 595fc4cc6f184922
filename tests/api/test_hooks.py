"""Signed messages: taken once, refused alike whatever is wrong with them, never with more rights than to hand in."""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson
import pytest
from served import client_of, serve
from sqlalchemy import func, select

from database.audit_tables import audit
from database.dispatch_tables import events
from database.engine import reading
from database.hook_tables import hook_messages
from dispatch.channels.webhook import signed
from indicators.cockpit import Cockpit

KEY = "a key of the tests, long enough"
HOOK = "/hooks/video_ai_iot_alarms"
ALARM = {
    "title": "窨井水位超限", "origin_id": "77", "reported_at": "2026-11-22T14:30:00+08:00", "lon": 116.6405,
    "lat": 23.6995,
}  # fmt: skip


@pytest.fixture
def hook(small_cockpit: Cockpit, now: datetime, monkeypatch: pytest.MonkeyPatch):
    """Sends a body as somebody who has the key, unless told otherwise; a stranger as far as sessions go."""
    monkeypatch.setenv("COCKPIT_HOOK_VIDEO_AI_IOT_ALARMS", KEY)
    client = client_of(serve(small_cockpit), "")

    def send(body: object, *, key: str = KEY, at: datetime = now, path: str = HOOK, **more: str):
        content = orjson.dumps(body)
        headers = signed(content, key, "unused", at) | more
        return client.post(path, data=content, headers=headers)

    return send


def count(cockpit: Cockpit, table) -> int:
    with reading(cockpit.engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.feature(124)
def test_a_signed_alarm_is_an_event_once_and_a_replay_does_nothing(hook, small_cockpit: Cockpit) -> None:
    first = hook(ALARM)
    assert first.status_code == 200 and first.json["is_new"], first.json
    again = hook(ALARM)
    assert (again.status_code, again.json["is_new"], again.json["events"]) == (200, False, [])
    later = hook(ALARM, at=small_cockpit.now() + timedelta(seconds=1))
    assert later.json["events"] == first.json["events"], "signed anew it is still the same alarm"
    assert (count(small_cockpit, events), count(small_cockpit, hook_messages)) == (1, 2)
    with reading(small_cockpit.engine) as connection:
        who = connection.execute(select(audit.c.actor).where(audit.c.action == "hooks.received")).scalars().all()
    assert who == ["hook:video_ai_iot_alarms"] * 2


@pytest.mark.feature(124)
def test_whatever_is_wrong_with_a_signature_the_answer_is_the_same(hook, small_cockpit: Cockpit, now) -> None:
    refusals = [
        hook(ALARM, key="another key, as long as it is"),
        hook(ALARM, at=now - timedelta(minutes=6)),
        hook(ALARM, at=now + timedelta(minutes=6)),
        hook(ALARM, path="/hooks/waterlogging_gauges"),
        hook(ALARM, path="/hooks/nobody"),
        hook(ALARM, path="/hooks/PATH"),
        hook(ALARM, **{"X-Cockpit-Signature": ""}),
        hook(ALARM, **{"X-Cockpit-Time": "soon"}),
        hook(ALARM, **{"X-Cockpit-Signature": "sha256=\u00e9"}),
    ]
    assert {one.status_code for one in refusals} == {401}
    assert len({one.json["detail"] for one in refusals}) == 1
    assert (count(small_cockpit, events), count(small_cockpit, hook_messages)) == (0, 0)


def test_a_key_that_is_too_short_opens_nothing(hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCKPIT_HOOK_VIDEO_AI_IOT_ALARMS", "short")
    assert hook(ALARM, key="short").status_code == 401


@pytest.mark.feature(124)
def test_readings_come_in_by_the_same_door_for_their_own_source_only(hook, small_cockpit: Cockpit) -> None:
    row = {"indicator": "EVT-11", "region": "445102", "period": "2026-11-21", "numerator": 3, "denominator": 10}
    taken = hook({"readings": [{**row, "value": None}]})
    assert (taken.status_code, taken.json["readings"], taken.json["quarantined"]) == (200, 1, 0), taken.json
    foreign = hook({"source": "air_stations_hourly", "readings": [row]})
    assert foreign.status_code == 422


def test_what_cannot_be_read_is_refused_and_may_be_sent_again(hook, small_cockpit: Cockpit) -> None:
    for wrong in ([], {"alarms": []}, {**ALARM, "surprise": 1}, {**ALARM, "region": "999999"}, {"readings": 5}):
        assert hook(wrong).status_code == 422, wrong
    assert count(small_cockpit, hook_messages) == 0
    assert hook(ALARM).json["is_new"]
