"""Sources that are slow, wrong, huge, repeated, ahead of time, changed, plausibly wrong: S1-S5, S7, S8 of the matrix.

Common to all: the last good value stays with its age and the reason, other sources do not notice, one notice is shown.
"""

from __future__ import annotations

import gzip
import json
import resource
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import text

from database.engine import reading
from datasources.delivery.period import CITY_TIME
from indicators.reading import Reading, World
from indicators.readings import latest
from indicators.refresh import Refresher, refresh
from indicators.sources import health, notices
from servers import wait_until
from small_city import CLERK, NOW, indicator, small_catalogue, source
from stub_server import Request, StubServer

REGION = "445102"
FIELDS = {"values": {"GAU-01": "level"}, "fixed_region": REGION, "observed_at": "at", "frequency": "minute"}
OTHER = {"values": {"GAU-02": "level"}, "fixed_region": REGION, "observed_at": "at", "frequency": "minute"}
MINUTE = timedelta(minutes=1)


def options(server: StubServer, fields: dict[str, object] = FIELDS, **changes: object) -> dict[str, object]:
    usual = {
        "url": f"{server.address}/level", "networks": ["127.0.0.0/8"], "records": "data[*]", "fields": fields,
        "patience": {"seconds": 1.0, "tries": 1},
    }  # fmt: skip
    return {**usual, **changes}


def city(server: StubServer, neighbour: StubServer | None = None, **changes: object):
    gauge = indicator(
        "GAU-01", frequency="minute", basis="point", aggregation="last", source="gauge", unit="m", decimals=2,
        arrival={"low": 0, "high": 20, "stuck_after": 10},
    )  # fmt: skip
    other = indicator("GAU-02", frequency="minute", basis="point", aggregation="last", source="neighbour")
    sources = [source("gauge", kind="http_json", cadence={"every": "5m"}, options=options(server, **changes))]
    if neighbour is not None:
        sources.append(
            source("neighbour", kind="http_json", cadence={"every": "5m"}, options=options(neighbour, OTHER))
        )
    return small_catalogue(gauge, other, sources=tuple(sources))


@pytest.fixture
def server() -> Iterator[StubServer]:
    stub = StubServer()
    yield stub
    stub.end()


@pytest.fixture
def neighbour() -> Iterator[StubServer]:
    stub = StubServer()
    yield stub
    stub.end()


def stamp(at: datetime) -> str:
    return at.astimezone(CITY_TIME).isoformat()


def says(server: StubServer, *rows: tuple[datetime, object], field: str = "level", **more: object) -> None:
    body = json.dumps({"data": [{field: value, "at": stamp(at), **more} for at, value in rows]})
    server.answer = lambda request: request.reply(body)


def shown(engine, catalogue, now: datetime, code: str = "GAU-01") -> Reading:
    with reading(engine) as connection:
        found = latest(connection, catalogue, CLERK, world=World.REAL, region=REGION, codes=[code], now=now)
    return found[code]


def told(engine, catalogue, now: datetime) -> list[str]:
    """Notices about the source under test; the others of the small city never delivered and have their own."""
    with reading(engine) as connection:
        found = notices(health(connection, catalogue, CLERK, World.REAL, now))
    return [notice.message for notice in found if notice.source == "gauge"]


def held(engine) -> list[str]:
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT reasons FROM quarantine ORDER BY id")).scalars()
        return [reason["check"] for row in rows for reason in (json.loads(row) if isinstance(row, str) else row)]


@pytest.fixture
def before(engine, server: StubServer):
    """One good value of 14:32, taken."""
    says(server, (NOW, 3.15))
    assert refresh(engine, city(server), "gauge", now=NOW).receipt.taken == 1


# S1: slow, silent, half an answer


def drip(request: Request) -> None:
    """Headers, then a byte now and then: every read of the socket is in time, the answer never is."""
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    while not request.server.over.wait(0.2):
        request.wfile.write(b" ")


def half(request: Request) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b'{"data": [{"level": 3.')
    request.close_connection = True


def silent(request: Request) -> None:
    request.server.over.wait(30)


@pytest.mark.feature(42)
@pytest.mark.parametrize("answer", [silent, drip, half], ids=["silent", "drip", "half"])
def test_s1_a_slow_source_keeps_the_last_value_with_its_age(engine, server, before, answer):
    server.answer = answer
    later = NOW + 9 * MINUTE
    outcome = refresh(engine, city(server), "gauge", now=later)
    assert not outcome.succeeded
    now_shown = shown(engine, city(server), later)
    assert (now_shown.value, now_shown.freshness, now_shown.observed_at) == (3.15, "late", NOW)
    assert "已 9 分钟没有新数据" in now_shown.reason
    assert len(told(engine, city(server), later)) == 1


@pytest.mark.feature(42)
def test_s1_a_slow_source_delays_no_other(engine, server, neighbour):
    catalogue = city(server, neighbour, patience={"seconds": 20.0, "tries": 1})
    server.answer = silent
    says(neighbour, (NOW, 8.0))
    refresher = Refresher(engine, lambda: catalogue, lambda: NOW, rng=Random(1))
    refresher.start_due()
    wait_until(lambda: refresher.in_flight == {"gauge"}, 10, "the neighbour to be taken")
    assert shown(engine, catalogue, NOW, "GAU-02").value == 8.0
    assert refresher.start_due() == []
    assert len(server.seen) <= 1


# S2: garbage

GARBAGE = {
    "html": b"<!DOCTYPE html><html><body>login</body></html>",
    "text": b'"maintenance"',
    "list": b"[1, 2, 3]",
    "wrong type": b'{"data": 5}',
    "gbk": '{"data": "维护中"}'.encode("gbk"),
    "deep": b'{"data":' + b"[" * 200_000,
}


@pytest.mark.feature(42)
@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE)
def test_s2_garbage_instead_of_an_answer(engine, server, before, body):
    server.answer = lambda request: request.reply(body)
    outcome = refresh(engine, city(server), "gauge", now=NOW + MINUTE)
    assert not outcome.succeeded
    assert outcome.error
    assert shown(engine, city(server), NOW + MINUTE).value == 3.15


@pytest.mark.feature(42)
@pytest.mark.parametrize("body", [b"", b"null", b'{"data": []}'])
def test_s2_an_empty_answer_erases_nothing_and_makes_nothing_fresher(engine, server, before, body):
    server.answer = lambda request: request.reply(body)
    refresh(engine, city(server), "gauge", now=NOW + 9 * MINUTE)
    now_shown = shown(engine, city(server), NOW + 9 * MINUTE)
    assert (now_shown.value, now_shown.freshness) == (3.15, "late")
    assert len(told(engine, city(server), NOW + 9 * MINUTE)) == 1


@pytest.mark.feature(44)
@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "1e999", '"--"', '""', "null", "-1", "1e308", '"3.2万"', '"31%"', "true", "[3]", "{}"]
)
def test_s2_garbage_instead_of_a_value(engine, server, before, value):
    """The row waits in quarantine or the answer is refused; the old value stays and the reason is on record."""
    body = f'{{"data": [{{"level": {value}, "at": "{stamp(NOW + MINUTE)}"}}]}}'
    server.answer = lambda request: request.reply(body)
    outcome = refresh(engine, city(server), "gauge", now=NOW + MINUTE)
    assert outcome.receipt is None or (outcome.receipt.taken, len(outcome.receipt.held)) == (0, 1)
    assert outcome.error or outcome.receipt.held[0].reasons[0].message
    assert shown(engine, city(server), NOW + MINUTE).value == 3.15


# S3: huge


def flood(request: Request) -> None:
    request.send_response(200)
    request.end_headers()
    for _ in range(500):
        if request.server.over.is_set():
            return
        request.wfile.write(b"x" * 1_000_000)


def bomb(request: Request) -> None:
    request.reply(gzip.compress(b" " * 500_000_000, 1), Content_Encoding="gzip")


def many(request: Request) -> None:
    rows = ",".join('{"level": 3.1, "at": "2026-11-22T14:32:00+08:00"}' for _ in range(150_000))
    request.reply(f'{{"data": [{rows}]}}')


@pytest.mark.slow
@pytest.mark.feature(42)
@pytest.mark.parametrize("answer", [flood, bomb, many], ids=["500 MB", "gzip bomb", "too many rows"])
def test_s3_a_huge_answer_is_cut_off(engine, server, before, answer):
    catalogue = city(server, patience={"seconds": 20.0, "tries": 1})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    server.answer = answer
    outcome = refresh(engine, catalogue, "gauge", now=NOW + MINUTE)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024
    assert not outcome.succeeded
    assert grown < (100 if answer is not bomb else 650)  # the bomb is made in this very process
    assert shown(engine, catalogue, NOW + MINUTE).value == 3.15


# S4: duplicates, disorder, yesterday again


@pytest.mark.feature(47)
def test_s4_repeated_and_disordered_answers_are_idempotent(engine, server):
    catalogue = city(server)
    rows = [(NOW - n * MINUTE, 3.0 + n / 100) for n in range(6)]
    says(server, *rows[3:])
    refresh(engine, catalogue, "gauge", now=NOW)
    says(server, *reversed(rows), *rows[:2])
    refresh(engine, catalogue, "gauge", now=NOW)
    says(server, *rows[4:])  # yesterday's answer out of some cache
    refresh(engine, catalogue, "gauge", now=NOW + MINUTE)
    now_shown = shown(engine, catalogue, NOW + MINUTE)
    assert (now_shown.value, now_shown.observed_at) == (3.0, NOW)
    assert [value for _, value in now_shown.history] == [3.05, 3.04, 3.03, 3.02, 3.01, 3.0]
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM observations")).scalar_one() == 6
    assert held(engine) == []


# S5: time


@pytest.mark.feature(44)
@pytest.mark.parametrize(
    ("at", "word"),
    [
        (stamp(NOW + timedelta(hours=1)), "时钟异常"),
        ("2099-01-01T00:00:00+08:00", "时钟异常"),
        ("1970-01-01T08:00:00+08:00", "时钟异常"),
        ("1904-01-01T00:00:00+08:00", "时钟异常"),
        ("2026-11-22T24:00:00+08:00", None),
        ("2026-13-01T00:00:00+08:00", None),
        ("", None),
    ],
)
def test_s5_impossible_times_are_held_and_do_not_block_true_ones(engine, server, before, at, word):
    server.answer = lambda request: request.reply(json.dumps({"data": [{"level": 3.2, "at": at}]}))
    outcome = refresh(engine, city(server), "gauge", now=NOW + MINUTE)
    if outcome.receipt is not None:
        assert outcome.receipt.taken == 0
        assert word is None or word in outcome.receipt.held[0].reasons[0].message
    says(server, (NOW + 2 * MINUTE, 3.3))
    assert refresh(engine, city(server), "gauge", now=NOW + 2 * MINUTE).receipt.taken == 1
    assert shown(engine, city(server), NOW + 2 * MINUTE).value == 3.3


def test_s5_a_clock_five_minutes_ahead_is_let_in(engine, server, before):
    says(server, (NOW + 4 * MINUTE, 3.2))
    assert refresh(engine, city(server), "gauge", now=NOW).receipt.taken == 1


# S7: another shape


@pytest.mark.feature(42)
def test_s7_a_renamed_column_is_a_failure_that_names_it(engine, server, neighbour, before):
    catalogue = city(server, neighbour)
    says(server, (NOW + MINUTE, 3.2), field="water_level")
    says(neighbour, (NOW + MINUTE, 8.0))
    outcome = refresh(engine, catalogue, "gauge", now=NOW + MINUTE)
    assert not outcome.succeeded
    assert "level" in outcome.error
    assert "water_level" in outcome.error
    assert refresh(engine, catalogue, "neighbour", now=NOW + MINUTE).succeeded
    assert shown(engine, catalogue, NOW + MINUTE).value == 3.15
    assert shown(engine, catalogue, NOW + MINUTE, "GAU-02").freshness == "fresh"


def test_s7_an_added_column_changes_nothing(engine, server, before):
    says(server, (NOW + MINUTE, 3.2), station="北堤", battery=87)
    assert refresh(engine, city(server), "gauge", now=NOW + MINUTE).receipt.taken == 1


# S8: plausible but wrong


@pytest.mark.feature(44)
@pytest.mark.parametrize(("factor", "check"), [(100, "range"), (0.01, "unit"), (4, "jump")])
def test_s8_a_changed_unit_is_held_at_once(engine, server, factor, check):
    catalogue = city(server)
    says(server, *((NOW - n * MINUTE, 3.1 + n % 5 / 100) for n in range(1, 20)))
    refresh(engine, catalogue, "gauge", now=NOW)
    says(server, (NOW, 3.12 * factor))
    assert refresh(engine, catalogue, "gauge", now=NOW).receipt.taken == 0
    assert check in held(engine)
    assert shown(engine, catalogue, NOW).value == 3.11


@pytest.mark.feature(44)
def test_s8_a_flat_line_is_held_once_it_is_long_enough(engine, server):
    catalogue = city(server)
    says(server, *((NOW - n * MINUTE, 3.1) for n in range(9, 0, -1)))
    assert refresh(engine, catalogue, "gauge", now=NOW).receipt.taken == 9
    says(server, (NOW, 3.1))
    assert refresh(engine, catalogue, "gauge", now=NOW).receipt.taken == 0
    assert held(engine) == ["stuck"]


def test_a_fault_is_told_once_however_often_it_is_tried(engine, server, before):
    """E5: one alarm, not one per try."""
    server.answer = lambda request: request.reply("no", 500)
    threads = threading.active_count()
    for minute in range(8, 13):
        refresh(engine, city(server), "gauge", now=NOW + minute * MINUTE)
        assert len(told(engine, city(server), NOW + minute * MINUTE)) == 1
    assert threading.active_count() <= threads + 2
