"""Times on screen: city time whatever the machine says, today short, other years whole."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import times

NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))
OFFSETS = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 22, 6, 5, tzinfo=UTC), "14:05"),
        (datetime(2026, 11, 21, 15, 59, tzinfo=UTC), "11-21"),
        (datetime(2026, 11, 21, 16, 0, tzinfo=UTC), "00:00"),
        (datetime(2025, 12, 31, 12, 0, tzinfo=UTC), "2025-12-31"),
        (None, "—"),
    ],
)
def test_today_by_the_clock_before_by_the_day(moment: datetime | None, text: str) -> None:
    assert times.when(moment, NOW) == text


@pytest.mark.feature(149)
@given(MOMENTS, OFFSETS)
def test_the_zone_an_instant_is_written_in_changes_nothing(moment: datetime, zone: timezone) -> None:
    elsewhere = moment.astimezone(zone)
    assert times.clock(elsewhere) == times.clock(moment)
    assert times.stamp(elsewhere) == times.stamp(moment)
    assert times.when(elsewhere, NOW.astimezone(zone)) == times.when(moment, NOW)


@pytest.mark.feature(149)
def test_the_zone_of_the_server_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = times.stamp(NOW)
    monkeypatch.setitem(os.environ, "TZ", "America/Los_Angeles")
    time.tzset()
    try:
        assert times.stamp(NOW) == before == "2026-11-22 14:32"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("label", "basis", "whole", "near"),
    [
        ("2026-09", "ytd", "2026年1–9月", "1–9月"),
        ("2026-01", "ytd", "2026年1月", "1月"),
        ("2025-09", "period", "2025年9月", "2025年9月"),
        ("2026-10", "point", "2026年10月末", "10月末"),
        ("2026-Q3", "ytd", "2026年1–9月", "1–9月"),
        ("2026-Q3", "period", "2026年三季度", "三季度"),
        ("2025", "period", "2025年", "2025年"),
        ("2026-11-21", "period", "2026-11-21", "11-21"),
        ("2026-11-22T14", "period", "2026-11-22 14:00", "14:00"),
        ("2026-11-20T14:05", "period", "2026-11-20 14:05", "11-20"),
        ("", "period", "—", "—"),
    ],
)
def test_periods_say_their_basis_and_leave_out_what_everybody_knows(
    label: str, basis: str, whole: str, near: str
) -> None:
    assert (times.period(label, basis), times.period_near(label, NOW, basis)) == (whole, near)


@given(st.timedeltas(timedelta(), timedelta(days=4000)))
def test_an_age_is_never_told_longer_than_it_is(span: timedelta) -> None:
    told = times.age(span)
    if told.startswith("不足"):
        assert span < timedelta(minutes=1)
        return
    number, unit = told.split()
    length = int(number) * {"天": timedelta(days=1), "小时": timedelta(hours=1), "分钟": timedelta(minutes=1)}[unit]
    assert length <= span < length + {"天": 1, "小时": 1 / 24, "分钟": 1 / 1440}[unit] * timedelta(days=1)


@pytest.mark.parametrize(
    ("cadence", "words"),
    [
        ({"every": "5m"}, "每5分钟更新"),
        ({"every": None, "release": "monthly", "day_of_month": 20}, "每月20日发布上月数据"),
        ({"every": None, "release": "yearly", "month": 3, "day_of_month": 31}, "每年3月31日发布上年数据"),
        ({"every": None, "release": "hourly", "at": "00:15"}, "每小时第15分发布"),
    ],
)
def test_promises_in_words(cadence: dict, words: str) -> None:
    assert times.promise(**cadence) == words
