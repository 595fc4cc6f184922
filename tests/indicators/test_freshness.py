"""Publication calendars and streams: what is due when, and that nothing becomes fresher by waiting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from datasources.delivery.period import CITY_TIME, Frequency, end, following, period_of
from indicators.definition import Cadence, Source
from indicators.freshness import judge
from indicators.reading import Freshness

FRESH, LATE, STALE, DEAD = Freshness
MILLISECOND = timedelta(milliseconds=1)


def source(grace: str | None = None, connected: bool = True, planned: str | None = None, **cadence: object) -> Source:
    return Source(
        key="statistics", name="统计月报", owner="statistics_bureau", kind="file", provenance="published",
        cadence=Cadence.model_validate(cadence), grace=grace, connected=connected, planned=planned,
    )  # fmt: skip


def city(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY_TIME)


def state(of: Source, newest: str, at: str) -> Freshness:
    return judge(of, newest_period=newest, newest_observed_at=None, now=city(at)).freshness


MONTHLY = source(release="monthly", day=20)
YEARLY = source(release="yearly", month=3, day=20)
DAILY = source(release="daily", at="09:00")
CLOCKS = ["00:00", "08:30", "23:59"]


# Calendars


@pytest.mark.feature(41)
@pytest.mark.parametrize(
    ("newest", "at", "expected"),
    [
        ("2026-09", "2026-11-20T23:59", FRESH),  # the publisher has the whole 20th
        ("2026-09", "2026-11-21T00:00", LATE),
        ("2026-10", "2026-11-21T00:00", FRESH),
        ("2026-09", "2026-12-05T23:00", LATE),  # grace: half a cadence
        ("2026-09", "2026-12-06T00:00", STALE),
        ("2026-09", "2027-01-20T23:59", STALE),
        ("2026-09", "2027-01-21T00:00", DEAD),  # October, November, December missed
        ("2026-10", "2027-03-20T23:59", STALE),
        ("2026-10", "2027-03-21T00:00", DEAD),  # November, December and 1-2月 missed; January is none of its own
    ],
)
def test_monthly_statistics_of_the_20th(newest: str, at: str, expected: Freshness) -> None:
    assert state(MONTHLY, newest, at) is expected


@pytest.mark.feature(41)
@pytest.mark.parametrize(
    ("at", "expected"),
    [("2027-01-21T00:00", FRESH), ("2027-02-21T00:00", FRESH), ("2027-03-20T23:59", FRESH), ("2027-03-21T00:00", LATE)],
)
def test_january_alone_is_not_awaited(at: str, expected: Freshness) -> None:
    assert state(MONTHLY, "2026-12", at) is expected


def test_january_that_came_alone_is_followed_by_february() -> None:
    assert state(MONTHLY, "2027-01", "2027-03-20T12:00") is FRESH
    assert state(MONTHLY, "2027-01", "2027-03-21T12:00") is LATE


@pytest.mark.parametrize(
    ("newest", "due"),
    [
        ("2026-12", "2027-04-01T00:00"),  # 1-2月 by 31 March
        ("2027-02", "2027-05-01T00:00"),  # April has 30 days
        ("2027-10", "2028-01-01T00:00"),  # over the end of the year
        ("2023-12", "2024-04-01T00:00"),
    ],
)
def test_the_31st_means_the_last_day_of_shorter_months(newest: str, due: str) -> None:
    standing = judge(
        source(release="monthly", day=31), newest_period=newest, newest_observed_at=None, now=city("2024-01-01")
    )
    assert standing.due_at == city(due)


@pytest.mark.parametrize(("newest", "due"), [("2023-12", "2024-03-01T00:00"), ("2024-12", "2025-03-01T00:00")])
def test_a_quarter_due_on_29_february(newest: str, due: str) -> None:
    quarterly = source(release="quarterly", day=29)
    assert judge(quarterly, newest_period="2023-Q3", newest_observed_at=None, now=city("2024-01-01")).due_at == city(
        "2024-01-30T00:00"
    )
    yearly = source(release="yearly", month=2, day=29)
    year = str(int(newest[:4]) - 1)
    assert judge(yearly, newest_period=year, newest_observed_at=None, now=city("2024-01-01")).due_at == city(due)


@pytest.mark.parametrize(
    ("cadence", "newest", "due"),
    [
        ({"release": "yearly", "month": 3, "day": 25, "at": "10:00"}, "2025", "2027-03-25T10:00"),
        ({"release": "yearly"}, "2025", "2027-04-01T00:00"),
        ({"release": "quarterly", "day": 18}, "2026-Q4", "2027-04-19T00:00"),
        ({"release": "monthly", "day": 15, "at": "09:30"}, "2026-11", "2027-01-15T09:30"),
        ({"release": "daily", "at": "08:00"}, "2026-12-30", "2027-01-01T08:00"),
        ({"release": "daily"}, "2026-12-30", "2027-01-02T00:00"),
        ({"release": "hourly", "at": "00:20"}, "2026-12-31T22", "2027-01-01T00:20"),
        ({"release": "hourly"}, "2026-12-31T22", "2027-01-01T00:00"),
    ],
)
def test_when_the_next_issue_is_due(cadence: dict[str, object], newest: str, due: str) -> None:
    standing = judge(source(**cadence), newest_period=newest, newest_observed_at=None, now=city("2026-12-31T23:30"))
    assert standing.due_at == city(due)


def test_a_yearly_figure_of_a_monthly_source_is_awaited_once_a_year() -> None:
    assert state(MONTHLY, "2025", "2026-11-22T12:00") is FRESH
    assert state(MONTHLY, "2025", "2027-01-22T12:00") is LATE


def test_a_daily_figure_of_a_monthly_source_waits_for_the_next_issue() -> None:
    assert state(MONTHLY, "2026-10-31", "2026-12-20T12:00") is FRESH
    assert state(MONTHLY, "2026-10-31", "2026-12-21T12:00") is LATE


# Streams


def stream_state(of: Source, age: timedelta) -> Freshness:
    now = city("2026-11-22T14:00")
    return judge(of, newest_period=None, newest_observed_at=now - age, now=now).freshness


@pytest.mark.feature(41)
@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, FRESH), (7.4, FRESH), (7.5, LATE), (9.9, LATE), (10, STALE), (49.9, STALE), (50, DEAD), (5000, DEAD)],
)
def test_a_five_minute_stream(minutes: float, expected: Freshness) -> None:
    assert stream_state(source(every="5m"), timedelta(minutes=minutes)) is expected


def test_a_generous_grace_keeps_the_order_of_states() -> None:
    patient = source(every="1m", grace="30m")
    assert [stream_state(patient, timedelta(minutes=m)) for m in (30, 32, 62, 91)] == [FRESH, LATE, STALE, DEAD]


def test_a_daily_total_of_a_five_minute_stream_is_awaited_daily() -> None:
    stream = source(every="5m")
    assert state(stream, "2026-11-21", "2026-11-22T23:00") is FRESH
    assert state(stream, "2026-11-21", "2026-11-23T01:00") is DEAD


def test_a_clock_that_runs_ahead_is_not_older_than_it_says() -> None:
    assert stream_state(source(every="5m"), timedelta(minutes=-4)) is FRESH


# Sentences


@pytest.mark.feature(42)
@pytest.mark.parametrize(
    ("of", "newest", "at", "sentence"),
    [
        (MONTHLY, "2026-09", "2026-11-22T09:00", "应于 11-20 发布 10 月数据，已迟 2 天"),
        (MONTHLY, "2026-12", "2027-03-21T09:00", "应于 03-20 发布 1-2 月数据，已迟 1 天"),
        (MONTHLY, "2026-06", "2026-11-22T09:00", "应于 08-20 发布 7 月数据，已迟 94 天，已连续缺 3 期"),
        (source(release="quarterly", day=18), "2026-Q2", "2026-10-20T09:00", "应于 10-18 发布 3 季度数据，已迟 2 天"),
        (YEARLY, "2024", "2026-03-22T09:00", "应于 03-20 发布 2025 年数据，已迟 2 天"),
        (DAILY, "2026-11-20", "2026-11-22T11:30", "应于 11-22 发布 11 月 21 日数据，已迟 2 小时"),
        (
            source(release="hourly", at="00:20"), "2026-11-22T08", "2026-11-22T10:45",
            "应于 11-22 10:20 发布 11 月 22 日 9 时数据，已迟 25 分钟",
        ),
    ],
)  # fmt: skip
def test_the_reason_reads_like_a_clerk_wrote_it(of: Source, newest: str, at: str, sentence: str) -> None:
    assert judge(of, newest_period=newest, newest_observed_at=None, now=city(at)).reason == sentence


def test_the_reason_of_a_silent_stream() -> None:
    now = city("2026-11-22T14:00")
    standing = judge(source(every="5m"), newest_period=None, newest_observed_at=now - timedelta(minutes=23), now=now)
    assert standing.reason == "应每 5 分钟更新，已 23 分钟没有新数据"


def test_never_delivered_and_not_linked_up_are_different() -> None:
    never = judge(MONTHLY, newest_period=None, newest_observed_at=None, now=city("2026-11-22"))
    planned = source(release="monthly", connected=False, planned="2027 年一期")
    apart = judge(planned, newest_period=None, newest_observed_at=None, now=city("2026-11-22"))
    assert (never.freshness, never.reason) == (DEAD, "从未收到数据")
    assert (apart.freshness, apart.reason) == (DEAD, "未接入，2027 年一期")


# Properties

CADENCES = st.one_of(
    st.builds(
        lambda n, unit, grace: source(every=f"{n}{unit}", grace=grace),
        st.integers(1, 90), st.sampled_from("smhd"), st.sampled_from([None, "30s", "5m", "2h", "40d"]),
    ),
    st.builds(
        lambda release, month, day, at, grace: source(release=release, month=month, day=day, at=at, grace=grace),
        st.sampled_from(["yearly", "quarterly", "monthly", "daily", "hourly"]),
        st.none() | st.integers(1, 12), st.none() | st.integers(1, 31), st.none() | st.sampled_from(CLOCKS),
        st.sampled_from([None, "30s", "5m", "2h", "40d", "400d"]),
    ),
)  # fmt: skip
INSTANTS = st.datetimes(datetime(1999, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))
LENGTHS = st.integers(0, 800 * 86400).map(lambda seconds: timedelta(seconds=seconds))
FREQUENCIES = st.sampled_from([*Frequency][:6])
ORDER = [FRESH, LATE, STALE, DEAD]


@pytest.mark.feature(41)
@given(CADENCES, INSTANTS, FREQUENCIES, LENGTHS, LENGTHS)
@example(
    source(release="monthly", day=31), datetime(2024, 1, 31, tzinfo=UTC), Frequency.MONTHLY, timedelta(30), timedelta(1)
)
def test_waiting_never_makes_data_fresher(
    of: Source, newest: datetime, frequency: Frequency, wait: timedelta, longer: timedelta
) -> None:
    label = period_of(newest, frequency)
    earlier = judge(of, newest_period=label, newest_observed_at=newest, now=newest + wait)
    later = judge(of, newest_period=label, newest_observed_at=newest, now=newest + wait + longer)
    assert ORDER.index(later.freshness) >= ORDER.index(earlier.freshness)


@pytest.mark.feature(41)
@given(CADENCES, INSTANTS, FREQUENCIES, LENGTHS)
def test_the_next_change_is_exact(of: Source, newest: datetime, frequency: Frequency, wait: timedelta) -> None:
    def at(moment: datetime) -> Freshness:
        return judge(of, newest_period=label, newest_observed_at=newest, now=moment).freshness

    label = period_of(newest, frequency)
    now = newest + wait
    standing = judge(of, newest_period=label, newest_observed_at=newest, now=now)
    change = standing.next_change_at
    if change is None:
        assert standing.freshness is DEAD
        assert at(now + timedelta(days=40_000)) is DEAD
        return
    assert change > now
    assert at(change - MILLISECOND) is standing.freshness
    assert at(change) is not standing.freshness


@given(CADENCES, INSTANTS, FREQUENCIES, st.integers(0, 400))
def test_newer_data_are_never_judged_worse(of: Source, newest: datetime, frequency: Frequency, days: int) -> None:
    now = newest + timedelta(days=days)
    label = period_of(newest, frequency)
    older = judge(of, newest_period=label, newest_observed_at=newest, now=now)
    newer = judge(of, newest_period=following(label), newest_observed_at=end(following(label)), now=now)
    assert ORDER.index(newer.freshness) <= ORDER.index(older.freshness)


@given(CADENCES, INSTANTS)
def test_data_on_time_are_fresh(of: Source, newest: datetime) -> None:
    """Right after an instant arrived, no calendar calls it late."""
    if of.cadence.release is None:
        standing = judge(of, newest_period=None, newest_observed_at=newest, now=newest)
        assert standing.freshness is FRESH
    else:
        label = period_of(newest, Frequency(of.cadence.release))
        assert judge(of, newest_period=label, newest_observed_at=None, now=end(label)).freshness is FRESH
