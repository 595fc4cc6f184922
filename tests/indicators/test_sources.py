"""Health of sources: one notice for a silent source, each change of state told exactly once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from access.actor import NOWHERE, Actor, Scope
from database.changes import versions
from database.engine import reading, writing
from datasources.delivery.observation import Unreadable
from datasources.delivery.period import Frequency, period_of
from indicators.calls import record_failure
from indicators.intake import take
from indicators.reading import Freshness, World
from indicators.sources import health, history, notices, promise_in_words, sweep
from small_city import CLERK, NOW, delivery, indicator, row, small_catalogue, source

GAUGES = [
    indicator(f"WAT-{n:02d}", frequency="minute", basis="point", aggregation="last", source="gauges")
    for n in range(1, 13)
]
CATALOGUE = small_catalogue(
    *GAUGES,
    indicator("SUM-01"),
    sources=(
        source("gauges", kind="mqtt", cadence={"every": "5m"}),
        source("planned", connected=False, planned="2027 年一期"),
    ),
)


def deliver(engine, at=NOW, source="gauges", code="WAT-01"):
    one = row(code, "445102", period_of(at, Frequency.MINUTE), 3.1, observed_at=at)
    return take(engine, CATALOGUE, delivery(one, source=source), door="mqtt", by=CLERK, now=at)


def healths(engine, now, by=CLERK, world=World.REAL):
    with reading(engine) as connection:
        return {one.source.key: one for one in health(connection, CATALOGUE, by, world, now)}


@pytest.mark.feature(41)
@pytest.mark.parametrize(
    ("minutes", "freshness"), [(0, "fresh"), (7, "fresh"), (8, "late"), (12, "stale"), (60, "dead")]
)
def test_a_stream_grows_old(engine, minutes, freshness):
    deliver(engine)
    assert healths(engine, NOW + timedelta(minutes=minutes))["gauges"].standing.freshness == freshness


@pytest.mark.feature(42)
def test_a_dead_source_is_one_notice_however_many_figures_hang_on_it(engine):
    for gauge in GAUGES:
        deliver(engine, code=gauge.code)
    now = NOW + timedelta(hours=2)
    with reading(engine) as connection:
        told = notices(health(connection, CATALOGUE, CLERK, World.REAL, now))
    about = [notice for notice in told if notice.source == "gauges"]
    assert [notice.message for notice in about] == [
        "“来源gauges”应每 5 分钟更新，已 2 小时没有新数据。影响 12 项指标，页面保留最后一次有效数据。"
    ]
    assert about[0].owner == "stats"


@pytest.mark.feature(42)
def test_a_failure_keeps_the_last_good_value_and_shows_its_reason(engine):
    deliver(engine)
    now = NOW + timedelta(minutes=9)
    with writing(engine) as connection:
        record_failure(
            connection, "gauges", door="mqtt", origin="x", actor="t", started_at=now, now=now, error="拒绝连接"
        )  # fmt: skip
    one = healths(engine, now)["gauges"]
    assert (one.standing.freshness, one.record.last_error, one.record.failures_in_row) == ("late", "拒绝连接", 1)
    assert one.record.newest_observed_at == NOW
    assert notices([one])[0].message.endswith("最近一次错误：拒绝连接。")
    with reading(engine) as connection:
        assert [call.outcome for call in history(connection, CATALOGUE, CLERK, "gauges")] == ["failed", "taken"]


def test_a_source_not_linked_up_is_no_trouble(engine):
    planned = healths(engine, NOW)["planned"]
    assert planned.standing.reason == "未接入，2027 年一期"
    assert not planned.is_silent
    assert [notice.source for notice in notices(healths(engine, NOW).values()) if notice.source == "planned"] == []


def test_a_source_that_delivers_before_it_is_linked_up_is_judged_like_any_other(engine):
    one = row("SUM-01", "445102", "2026-10", 4.0)
    take(engine, CATALOGUE, delivery(one, source="planned"), door="file", by=CLERK, now=NOW)
    assert healths(engine, NOW)["planned"].standing.freshness == "fresh"


def test_what_waits_in_quarantine_is_counted_per_source_and_scope(engine):
    bad = [row("SUM-01", "445102", "2099-01", 1.0), row("SUM-01", "445103", "2099-01", 1.0)]
    unread = [Unreadable(4, "x", "第 4 行")]
    take(engine, CATALOGUE, delivery(*bad, source="counts", unreadable=unread), door="file", by=CLERK, now=NOW)
    county = Actor("湘桥区", "county", Scope(frozenset({"445102"})))
    assert healths(engine, NOW)["counts"].held == 3
    assert healths(engine, NOW, county)["counts"].held == 1
    assert healths(engine, NOW, Actor("stranger", "none", NOWHERE)) == {}


def test_the_worlds_are_told_apart(engine):
    deliver(engine, source="demo_gauges")
    assert healths(engine, NOW)["gauges"].standing.reason == "从未收到数据"
    twin = healths(engine, NOW, world=World.DEMO)["demo_gauges"]
    assert (twin.standing.freshness, twin.source.provenance, twin.indicators) == ("fresh", "simulated", 12)
    assert "gauges" not in healths(engine, NOW, world=World.DEMO)


# Changes of state


@pytest.mark.feature(41)
def test_each_change_of_state_is_announced_exactly_once(engine):
    deliver(engine)
    told = []
    for minute in range(0, 61):
        made = sweep(engine, CATALOGUE, NOW + timedelta(minutes=minute))
        told += [(minute, change.source, change.before, change.after) for change in made]
    fresh, late, stale, dead = Freshness
    assert told == [
        (0, "gauges", dead, fresh), (8, "gauges", fresh, late), (10, "gauges", late, stale), (50, "gauges", stale, dead)
    ]  # fmt: skip


def test_a_sweep_moves_the_topics_of_what_it_changed_and_nothing_else(engine):
    deliver(engine)
    sweep(engine, CATALOGUE, NOW)
    with reading(engine) as connection:
        before = versions(connection)
    assert sweep(engine, CATALOGUE, NOW + timedelta(minutes=1)) == []
    with reading(engine) as connection:
        assert versions(connection) == before
    sweep(engine, CATALOGUE, NOW + timedelta(minutes=8))
    with reading(engine) as connection:
        after = versions(connection)
    assert {topic for topic in after if after[topic] != before.get(topic)} == {
        "sources", "readings:real", "theme:real:economy"
    }  # fmt: skip


def test_since_when_a_source_is_in_its_state(engine):
    deliver(engine)
    sweep(engine, CATALOGUE, NOW)
    sweep(engine, CATALOGUE, NOW + timedelta(minutes=8))
    sweep(engine, CATALOGUE, NOW + timedelta(minutes=9))
    assert healths(engine, NOW + timedelta(minutes=9))["gauges"].record.since == NOW + timedelta(minutes=8)


def test_two_timetables_sweep_at_once_and_tell_it_once(engine, monkeypatch):
    """Both have read the same announced states; only one of the two writes may count."""
    import indicators.sources as module

    deliver(engine)
    sweep(engine, CATALOGUE, NOW)
    later = NOW + timedelta(minutes=8)
    slower = module._announced
    meanwhile = []

    def overtaken(connection):
        found = slower(connection)
        if not meanwhile:
            meanwhile.append(True)
            meanwhile.append(sweep(engine, CATALOGUE, later))
        return found

    monkeypatch.setattr(module, "_announced", overtaken)
    late = sweep(engine, CATALOGUE, later)
    assert len(meanwhile[1]) == 1
    assert late == []


def test_data_that_arrive_during_a_sweep_are_not_called_late(engine, monkeypatch):
    import indicators.sources as module

    deliver(engine)
    sweep(engine, CATALOGUE, NOW)
    later = NOW + timedelta(minutes=8)
    judge = module._changed

    def interrupted(*given):
        found = list(judge(*given))
        deliver(engine, at=later)
        return found

    monkeypatch.setattr(module, "_changed", interrupted)
    assert sweep(engine, CATALOGUE, later) == []


@pytest.mark.parametrize(
    ("cadence", "words"),
    [
        ({"every": "5m"}, "每 5 分钟"),
        ({"every": "1d"}, "每 1 天"),
        ({"release": "monthly", "day": 20}, "每月 20 日前"),
        ({"release": "monthly"}, "每月末前"),
        ({"release": "quarterly", "day": 18, "at": "09:00"}, "每季后 18 日 09:00前"),
        ({"release": "yearly", "month": 3, "day": 20}, "每年 3 月 20 日前"),
        ({"release": "daily", "at": "08:00"}, "每天 08:00 前"),
        ({"release": "daily"}, "每天"),
        ({"release": "hourly", "at": "00:20"}, "每小时 20 分前"),
    ],
)
def test_the_promise_in_words(cadence, words):
    assert promise_in_words(source("any", cadence=cadence).cadence) == words
