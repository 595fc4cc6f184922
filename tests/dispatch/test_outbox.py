"""Deliveries: once each, in order, tried again, given up visibly; nothing simulated leaves the house."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from desk_people import CHEN, Desk, report
from sqlalchemy import select

from database.dispatch_tables import outbox
from database.engine import reading, writing
from dispatch import outbox as sending
from dispatch.channels import mail, open311, webhook, wecom
from dispatch.outbox import Delivery, deliver, of_event, pause_after
from dispatch.rulebook import Rulebook
from dispatch.undelivered import NotDelivered
from indicators.duties import Channel

WEBHOOK = Channel(department="water_bureau", kind="webhook", options={"url": "http://127.0.0.1:9/", "secret": "HOOK"})


@pytest.fixture
def wired(embedded, rules: Rulebook) -> Desk:
    """The water bureau has a webhook beside its inbox."""
    duties = rules.catalogue.duties
    own = replace(duties, rules=duties.rules.model_copy(update={"channels": (WEBHOOK,)}))
    return Desk(embedded, replace(rules, catalogue=replace(rules.catalogue, duties=own)))


@pytest.fixture
def sent(monkeypatch) -> Iterator[list[Delivery]]:
    """What went out, instead of going out. A delivery whose title says so fails."""
    gone: list[Delivery] = []

    class Recorder:
        def send(self, delivery: Delivery, secret) -> None:
            if "失败" in delivery.payload["title"]:
                raise NotDelivered("对方返回 503")
            gone.append(delivery)

    monkeypatch.setattr(sending, "channel", lambda kind: Recorder())
    yield gone


def waiting(desk: Desk) -> list:
    with reading(desk.engine) as connection:
        return list(connection.execute(select(outbox).where(outbox.c.channel == "webhook").order_by(outbox.c.id)))


def test_a_delivery_is_sent_once_with_a_key_that_stays_the_same(wired: Desk, sent: list[Delivery]) -> None:
    number = wired.registered()
    wired.do(number, "dispatch", department="water_bureau")
    for _ in range(3):
        deliver(wired.engine, wired.rules, now=wired.now)
    assert [one.key for one in sent] == [f"{number}/5/water_bureau"]
    assert [row.state for row in waiting(wired)] == ["sent"]


def test_a_department_that_is_down_is_tried_again_and_its_order_kept(wired: Desk, sent: list[Delivery]) -> None:
    bad = wired.registered(report("1", title="失败的一件"))
    good = wired.registered(report("2"))
    wired.do(bad, "dispatch", department="water_bureau")
    wired.do(good, "dispatch", department="water_bureau")
    assert deliver(wired.engine, wired.rules, now=wired.now).failed == 1
    assert sent == []
    with reading(wired.engine) as connection:
        found = connection.execute(select(outbox.c.event_id).where(outbox.c.channel == "webhook")).scalars().first()
        told = of_event(connection, found or 0)
    assert any(row["error"] == "对方返回 503" for row in told)
    now = wired.now
    for _ in range(sending.TRIES + 2):
        now += timedelta(hours=1)
        deliver(wired.engine, wired.rules, now=now)
    assert [row.state for row in waiting(wired)] == ["failed", "sent"]
    with writing(wired.engine) as connection:
        assert sending.again(connection, waiting(wired)[0].id, now)


def test_two_senders_send_it_once(wired: Desk, sent: list[Delivery]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for number in range(3):
        wired.do(wired.registered(report(str(number))), "dispatch", department="water_bureau")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: deliver(wired.engine, wired.rules, now=wired.now), range(2)))
    deliver(wired.engine, wired.rules, now=wired.now)
    assert len(sent) == len({one.key for one in sent}) == 3


def test_nothing_of_the_demo_city_leaves_the_house(wired: Desk) -> None:
    number = wired.registered(report(world="demo", provenance="simulated"))
    wired.do(number, "dispatch", department="water_bureau")
    assert waiting(wired) == []


def test_a_channel_that_was_taken_away_is_told_so(wired: Desk, rules: Rulebook) -> None:
    wired.do(wired.registered(), "dispatch", department="water_bureau")
    deliver(wired.engine, rules, now=wired.now)
    assert waiting(wired)[0].state == "failed"


def test_pauses_double_up_to_an_hour() -> None:
    assert [pause_after(tries).total_seconds() for tries in (1, 2, 3, 30)] == [10, 20, 40, 3600]


def delivery(**options: object) -> Delivery:
    payload = {
        "number": "CZ-20261118-0001", "action": "dispatch", "action_name": "派遣", "title": "积水*[点这里](x)*",
        "category": "S0403", "category_name": "道路积水", "region_name": "意溪", "place": "涵洞", "lon": 116.64,
        "lat": 23.7, "due_at": None,
    }  # fmt: skip
    return Delivery(1, "water_bureau", payload, options, datetime(2026, 11, 18, tzinfo=UTC), "CZ-1/5/water_bureau")


@pytest.mark.feature(124)
def test_a_webhook_is_signed_and_an_old_or_changed_one_is_not_genuine() -> None:
    now = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
    made = webhook.signed(b"{}", "key", "k", now)
    told = made["X-Cockpit-Time"], made["X-Cockpit-Signature"]
    assert webhook.is_genuine(b"{}", "key", *told, now)
    assert not webhook.is_genuine(b"{ }", "key", *told, now)
    assert not webhook.is_genuine(b"{}", "other", *told, now)
    assert not webhook.is_genuine(b"{}", "key", *told, now + timedelta(minutes=6))
    assert not webhook.is_genuine(b"{}", "key", "soon", told[1], now)


@pytest.mark.parametrize("kind", [webhook, wecom, open311])
def test_a_missing_secret_is_for_good_and_named(kind) -> None:
    options = {"secret": "MISSING_KEY"} | ({} if kind is wecom else {"url": "http://127.0.0.1:9/"})
    with pytest.raises(NotDelivered, match="MISSING_KEY") as refused:
        kind.send(delivery(**options), lambda _: None)
    assert refused.value.permanent


def test_a_door_that_is_shut_is_tried_again() -> None:
    with pytest.raises(NotDelivered) as refused:
        webhook.send(delivery(url="http://127.0.0.1:9/", secret="HOOK"), lambda _: "key")
    assert not refused.value.permanent


def test_what_groups_and_mailboxes_read_is_plain() -> None:
    text = str(wecom.message(delivery())["markdown"])
    assert "[点这里]" not in text
    spec = mail.Spec(host="mail", to="a@b", sender="c@d")
    made = mail.message(delivery(), spec)
    assert made["Subject"].startswith("[CZ-20261118-0001] 派遣")
    assert made["Message-ID"] == "<CZ-1.5.water_bureau@d>"


def test_open311_forwards_the_place_by_coordinates() -> None:
    spec = open311.Spec(url="http://127.0.0.1:9", secret="KEY", services={"S0403": "flood"})
    made = open311.fields(delivery(), spec, "k")
    assert (made["service_code"], made["lat"], made["long"]) == ("flood", "23.7", "116.64")
    assert CHEN.name not in str(made)
