"""Fetching: one call per source, failures recorded and survived, gaps of a push source filled."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest

from database.changes import versions
from database.engine import reading
from datasources.delivery.observation import SourceFailed
from indicators.calls import calls_of
from indicators.intake import take
from indicators.refresh import Refresher, fetch, pull_of, pulled_sources, refresh
from indicators.source_records import source_records
from servers import wait_until
from small_city import CLERK, NOW, delivery, indicator, row, small_catalogue, source
from stub_server import StubServer

LEVELS = [
    indicator(f"WAT-0{n}", frequency="minute", basis="point", aggregation="last", source="gauges") for n in (1, 2, 3)
]
ROWS = [
    {"code": "WAT-01", "place": "445102", "time": "2026-11-22T14:30:00+08:00", "value": 5.3},
    {"code": "WAT-02", "place": "445102", "time": "2026-11-22T14:30:00+08:00", "value": 2.1},
]


@pytest.fixture
def server() -> Iterator[StubServer]:
    stub = StubServer()
    stub.answer = lambda request: request.reply(json.dumps(ROWS))
    yield stub
    stub.end()


FIELDS = {"indicator": "code", "value": "value", "region": "place", "observed_at": "time", "frequency": "minute"}


def options(server: StubServer, **changes):
    usual = {
        "url": f"{server.address}/levels", "networks": ["127.0.0.0/8"], "records": "[*]",
        "fields": FIELDS,
        "patience": {"seconds": 2.0, "tries": 1},
    }  # fmt: skip
    return {**usual, **changes}


def city_with(*sources):
    return small_catalogue(*LEVELS, sources=sources)


def gauges(server, **changes):
    return source("gauges", kind="http_json", cadence={"every": "5m"}, options=options(server, **changes))


@pytest.mark.feature(49)
def test_one_fetch_feeds_every_figure_of_a_source(engine, server):
    outcome = refresh(engine, city_with(gauges(server)), "gauges", now=NOW)
    assert outcome.succeeded
    assert str(outcome) == "共 2 行，采纳 2，未变 0，隔离 0"
    assert len(server.seen) == 1
    with reading(engine) as connection:
        assert [(call.door, call.outcome, call.taken) for call in calls_of(connection, "gauges")] == [
            ("pull", "taken", 2)
        ]


def test_asking_again_brings_nothing_twice(engine, server):
    catalogue = city_with(gauges(server))
    refresh(engine, catalogue, "gauges", now=NOW)
    again = refresh(engine, catalogue, "gauges", now=NOW + timedelta(minutes=5))
    assert (again.receipt.taken, again.receipt.unchanged) == (0, 2)


@pytest.mark.feature(42)
def test_a_failure_is_recorded_told_and_followed_by_success(engine, server):
    catalogue = city_with(gauges(server))
    refresh(engine, catalogue, "gauges", now=NOW)
    server.answer = lambda request: request.reply("<html>502</html>", 502)
    with reading(engine) as connection:
        before = versions(connection)
    for minute in (5, 10):
        outcome = refresh(engine, catalogue, "gauges", now=NOW + timedelta(minutes=minute))
        assert not outcome.succeeded
        assert str(outcome).startswith("失败：")
    with reading(engine) as connection:
        record = source_records(connection)["gauges"]
        assert [call.outcome for call in calls_of(connection, "gauges")] == ["failed", "failed", "taken"]
        assert versions(connection)["sources"] > before["sources"]
    assert (record.failures_in_row, record.newest_observed_at) == (2, NOW - timedelta(seconds=128))
    server.answer = lambda request: request.reply(json.dumps(ROWS))
    assert refresh(engine, catalogue, "gauges", now=NOW + timedelta(minutes=15)).succeeded
    with reading(engine) as connection:
        assert source_records(connection)["gauges"].failures_in_row == 0


def test_an_unexpected_error_of_a_kind_is_a_failure_of_the_source(engine, server, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("surprise")

    monkeypatch.setattr("datasources.http_json.read", broken)
    outcome = refresh(engine, city_with(gauges(server)), "gauges", now=NOW)
    assert "ZeroDivisionError" in outcome.error


def test_a_fetch_that_never_returns_is_given_up(server):
    over = server.over
    server.answer = lambda request: over.wait(30)
    catalogue = city_with(gauges(server, patience={"seconds": 60.0, "tries": 1}))
    with pytest.raises(SourceFailed, match=r"超过 0\.2 秒没有完整答复"):
        fetch(pull_of(catalogue.source("gauges")), catalogue, NOW, longest=0.2)


def test_what_is_fetched_and_what_is_not(server):
    catalogue = city_with(
        gauges(server),
        source("planned", kind="http_json", options=options(server), connected=False),
        source("files", kind="file"),
        source("messages", kind="mqtt", cadence={"every": "1m"}),
    )
    assert pulled_sources(catalogue) == ["gauges"]


def test_a_simulated_twin_never_asks_the_real_system(engine, server):
    catalogue = city_with(gauges(server))
    assert catalogue.has_source("demo_gauges")
    outcome = refresh(engine, catalogue, "demo_gauges", now=NOW)
    assert "不能主动获取" in outcome.error
    assert server.seen == []


def test_a_pushing_source_cannot_be_fetched(engine, server):
    catalogue = city_with(gauges(server))
    assert "由对方报送" in refresh(engine, catalogue, "desk", now=NOW).error
    assert refresh(engine, catalogue, "gauge", now=NOW).error == "目录中没有来源“gauge”，您是否想填“gauges”？"
    with reading(engine) as connection:
        assert calls_of(connection, "desk") == []


# Lost pushes


@pytest.mark.feature(50)
@pytest.mark.parametrize("kind", ["push", "mqtt"])
def test_what_a_lost_push_left_open_is_filled_by_asking(engine, server, kind):
    again = {"kind": "http_json", "every": "1h", "options": options(server)}
    catalogue = city_with(source("gauges", kind=kind, cadence={"every": "5m"}, options={"reconcile": again}))
    arrived = row("WAT-01", "445102", "2026-11-22T14:30", 5.3, observed_at=NOW - timedelta(seconds=128))
    take(engine, catalogue, delivery(arrived, source="gauges"), door=kind, by=CLERK, now=NOW)
    assert pulled_sources(catalogue) == ["gauges"]
    outcome = refresh(engine, catalogue, "gauges", now=NOW + timedelta(minutes=1))
    assert (outcome.receipt.taken, outcome.receipt.unchanged) == (1, 1)
    repeated = refresh(engine, catalogue, "gauges", now=NOW + timedelta(minutes=2))
    assert (repeated.receipt.taken, repeated.receipt.unchanged) == (0, 2)


@pytest.mark.feature(50)
def test_reconciliation_keeps_its_own_time(server):
    again = {"kind": "http_json", "every": "2h", "options": options(server)}
    pushing = source("gauges", kind="push", cadence={"every": "5m"}, options={"reconcile": again})
    assert pull_of(pushing).every == timedelta(hours=2)


# Due and in flight


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


def test_one_fetch_in_flight_per_source_and_others_are_not_held_up(engine, server):
    gate = threading.Event()
    slow = StubServer()
    slow.answer = lambda request: (gate.wait(20), request.reply(json.dumps(ROWS)))
    patient = source(
        "sluggish", kind="http_json", cadence={"every": "1m"},
        options=options(slow, patience={"seconds": 20.0, "tries": 1}),
    )  # fmt: skip
    catalogue = city_with(patient, gauges(server))
    refresher = Refresher(engine, lambda: catalogue, Clock(), rng=Random(1))
    try:
        assert refresher.start_due() == ["sluggish", "gauges"]
        wait_until(lambda: refresher.in_flight == {"sluggish"}, 10, "the quick source to be done")
        assert not refresher.start("sluggish")
        assert refresher.start("gauges")
        wait_until(lambda: len(server.seen) == 2 and refresher.in_flight == {"sluggish"}, 10, "the second quick fetch")
        gate.set()
        wait_until(lambda: not refresher.in_flight, 10, "the slow source to end")
        assert len(slow.seen) == 1
    finally:
        gate.set()
        slow.end()


def test_due_again_after_its_cadence_and_sooner_after_a_failure(engine, server):
    clock = Clock()
    hourly = source("gauges", kind="http_json", cadence={"release": "monthly", "day": 20}, options=options(server))
    catalogue = city_with(hourly)
    refresher = Refresher(engine, lambda: catalogue, clock, rng=Random(1))

    def due_after(pause: timedelta) -> list[str]:
        clock.now += pause
        begun = refresher.start_due()
        wait_until(lambda: not refresher.in_flight, 10, "the fetch")
        return begun

    assert due_after(timedelta()) == ["gauges"]
    assert due_after(timedelta(minutes=5)) == []
    server.answer = lambda request: request.reply("no", 500)
    assert due_after(timedelta(hours=6)) == ["gauges"]
    assert due_after(timedelta(minutes=4)) == []
    assert due_after(timedelta(minutes=2)) == ["gauges"]


def test_the_database_is_down_during_a_refresh(engine, server, monkeypatch):
    """The thread survives, and the source is tried again."""
    clock = Clock()
    catalogue = city_with(gauges(server))
    refresher = Refresher(engine, lambda: catalogue, clock, rng=Random(1))

    def down(*_, **__):
        raise ConnectionError("database down")

    with monkeypatch.context() as broken:
        broken.setattr("indicators.refresh.take", down)
        refresher.start_due()
        wait_until(lambda: not refresher.in_flight, 10, "the failed refresh")
    clock.now += timedelta(minutes=5)
    assert refresher.start_due() == ["gauges"]
    wait_until(lambda: not refresher.in_flight, 10, "the second refresh")
    with reading(engine) as connection:
        assert calls_of(connection, "gauges")[0].taken == 2
