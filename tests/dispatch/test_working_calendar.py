"""Working time: a table of cases over weekends, holidays and make-up workdays, and the sums that must hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasources.delivery.period import CITY_TIME
from dispatch.clocks import Meter
from dispatch.rulebook import Limit, Unit
from dispatch.working_calendar import CalendarWrong, WorkingCalendar, load, problems_of

ROOT = Path(__file__).resolve().parents[2]
CALENDAR = load(ROOT)


def at(text: str) -> datetime:
    """'2026-09-30 17:00' in the city."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CITY_TIME).astimezone(UTC)


# Start, working minutes, when they are over. Hours 08:30-12:00 and 14:30-17:30 make 390 minutes a day.
CASES = [
    # an ordinary day: morning, noon, afternoon, evening, night
    ("2026-11-18 08:30", 60, "2026-11-18 09:30"),
    ("2026-11-18 08:00", 60, "2026-11-18 09:30"),
    ("2026-11-18 00:00", 60, "2026-11-18 09:30"),
    ("2026-11-18 11:30", 30, "2026-11-18 12:00"),
    ("2026-11-18 11:30", 31, "2026-11-18 14:31"),
    ("2026-11-18 12:00", 1, "2026-11-18 14:31"),
    ("2026-11-18 13:00", 60, "2026-11-18 15:30"),
    ("2026-11-18 14:30", 180, "2026-11-18 17:30"),
    ("2026-11-18 17:00", 60, "2026-11-19 09:00"),
    ("2026-11-18 17:30", 1, "2026-11-19 08:31"),
    ("2026-11-18 20:00", 390, "2026-11-19 17:30"),
    ("2026-11-18 23:59", 1, "2026-11-19 08:31"),
    ("2026-11-18 08:30", 390, "2026-11-18 17:30"),
    ("2026-11-18 08:30", 391, "2026-11-19 08:31"),
    ("2026-11-18 10:00", 390, "2026-11-19 10:00"),
    # weekends
    ("2026-11-20 17:00", 60, "2026-11-23 09:00"),
    ("2026-11-20 17:30", 30, "2026-11-23 09:00"),
    ("2026-11-21 10:00", 30, "2026-11-23 09:00"),
    ("2026-11-22 23:00", 30, "2026-11-23 09:00"),
    ("2026-11-20 08:30", 780, "2026-11-23 17:30"),
    # National Day 2026: 1 to 7 October off, work on Sunday 20 September and Saturday 10 October
    ("2026-09-20 08:30", 60, "2026-09-20 09:30"),
    ("2026-09-18 17:00", 60, "2026-09-20 09:00"),
    ("2026-09-30 17:00", 60, "2026-10-08 09:00"),
    ("2026-10-01 09:00", 30, "2026-10-08 09:00"),
    ("2026-10-07 23:59", 30, "2026-10-08 09:00"),
    ("2026-10-09 17:00", 60, "2026-10-10 09:00"),
    ("2026-10-10 17:00", 60, "2026-10-12 09:00"),
    # Mid-Autumn 2026: 25 to 27 September
    ("2026-09-24 17:00", 60, "2026-09-28 09:00"),
    ("2026-09-25 10:00", 390, "2026-09-28 17:30"),
    # Spring Festival 2026: 15 to 23 February off, work on 14 and 28 February
    ("2026-02-13 17:00", 60, "2026-02-14 09:00"),
    ("2026-02-14 17:00", 60, "2026-02-24 09:00"),
    ("2026-02-17 12:00", 390, "2026-02-24 17:30"),
    ("2026-02-27 17:00", 60, "2026-02-28 09:00"),
    ("2026-02-28 17:00", 60, "2026-03-02 09:00"),
    # Tomb Sweeping 2026: 4 to 6 April
    ("2026-04-03 17:00", 60, "2026-04-07 09:00"),
    # Labour Day 2026: 1 to 5 May off, work on 9 May
    ("2026-04-30 17:00", 60, "2026-05-06 09:00"),
    ("2026-05-08 17:00", 60, "2026-05-09 09:00"),
    ("2026-05-09 17:00", 60, "2026-05-11 09:00"),
    # Dragon Boat 2026: 19 to 21 June
    ("2026-06-18 17:00", 60, "2026-06-22 09:00"),
    # New Year 2026: 1 to 3 January off, work on Sunday 4 January
    ("2025-12-31 17:00", 60, "2026-01-04 09:00"),
    ("2026-01-04 17:00", 60, "2026-01-05 09:00"),
    # month ends, leap day, year end
    ("2026-11-30 17:00", 60, "2026-12-01 09:00"),
    ("2024-02-28 17:00", 60, "2024-02-29 09:00"),
    ("2024-02-29 17:00", 60, "2024-03-01 09:00"),
    ("2025-02-28 17:00", 60, "2025-03-03 09:00"),
    ("2026-12-31 17:00", 60, "2027-01-04 09:00"),
    # 2025: eight days of October
    ("2025-09-30 17:00", 60, "2025-10-09 09:00"),
    ("2025-09-28 08:30", 60, "2025-09-28 09:30"),
    ("2025-10-10 17:00", 60, "2025-10-11 09:00"),
    ("2025-01-26 08:30", 60, "2025-01-26 09:30"),
    ("2025-01-27 17:00", 60, "2025-02-05 09:00"),
    ("2025-02-08 08:30", 60, "2025-02-08 09:30"),
    # provisional 2027
    ("2027-02-04 17:00", 60, "2027-02-11 09:00"),
    ("2027-04-30 17:00", 60, "2027-05-05 09:00"),
    ("2027-06-08 17:00", 60, "2027-06-10 09:00"),
    ("2027-09-14 17:00", 60, "2027-09-16 09:00"),
    ("2027-09-30 17:00", 60, "2027-10-06 09:00"),
    # long
    ("2026-11-18 08:30", 5 * 390, "2026-11-24 17:30"),
    ("2026-11-18 08:30", 10 * 390, "2026-12-01 17:30"),
    ("2026-09-18 08:30", 10 * 390, "2026-10-08 17:30"),
]


@pytest.mark.feature(59)
@pytest.mark.parametrize(("start", "minutes", "end"), CASES, ids=[f"{s} +{m}" for s, m, _ in CASES])
def test_working_minutes(start: str, minutes: int, end: str) -> None:
    assert CALENDAR.after(at(start), minutes * 60) == at(end)
    assert CALENDAR.between(at(start), at(end)) == minutes * 60


def test_there_are_at_least_sixty_cases() -> None:
    assert len(CASES) >= 60


moments = st.datetimes(datetime(2021, 1, 1), datetime(2027, 12, 31)).map(lambda one: one.replace(tzinfo=UTC))
units = st.sampled_from(Unit)


@given(units, moments, moments, moments)
def test_a_stretch_is_the_sum_of_its_parts(unit: Unit, a: datetime, b: datetime, c: datetime) -> None:
    a, b, c = (one.replace(microsecond=0) for one in sorted((a, b, c)))
    meter = Meter(unit, CALENDAR)
    assert meter.between(a, b) + meter.between(b, c) == meter.between(a, c)


@given(moments, st.integers(1, 60 * 390 * 30))
def test_after_is_the_inverse_of_between(start: datetime, seconds: int) -> None:
    start = start.replace(microsecond=0)
    end = CALENDAR.after(start, seconds)
    assert CALENDAR.between(start, end) == seconds
    assert CALENDAR.between(start, end - timedelta(seconds=1)) < seconds


@given(moments, moments)
@settings(max_examples=50)
def test_working_time_never_runs_backwards_or_faster_than_the_clock(a: datetime, b: datetime) -> None:
    a, b = sorted((a, b))
    assert 0 <= CALENDAR.between(a, b) <= (b - a).total_seconds() + 1


def test_working_days_do_not_count_the_day_they_start_on() -> None:
    meter = Meter(Unit.WORKING_DAY, CALENDAR)
    begins = meter.begins(at("2026-11-18 10:00"))
    assert meter.after(begins, meter.seconds(Limit(2, Unit.WORKING_DAY))) == at("2026-11-20 17:30")
    assert meter.begins(at("2026-09-30 10:00")) == at("2026-10-08 08:30")


def test_an_uncovered_year_is_an_error_a_year_ahead() -> None:
    assert not problems_of(ROOT, at("2026-11-22 12:00"))
    assert not problems_of(ROOT, at("2027-12-30 12:00"))
    assert "2029" in str(problems_of(ROOT, at("2028-01-02 12:00"))[0])


def test_a_provisional_year_counts_and_says_so() -> None:
    assert CALENDAR.is_certain(at("2026-12-01 10:00"))
    assert not CALENDAR.is_certain(at("2027-02-08 10:00"))


def test_a_year_nobody_knows_goes_on_by_weekdays() -> None:
    assert CALENDAR.is_workday(date(2030, 1, 2)) and not CALENDAR.is_workday(date(2030, 1, 5))


def test_what_is_wrong_with_the_file_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "working_calendar.yaml").write_text('hours: ["08:30-12:00", "11:00-17:30"]\n', encoding="utf-8")
    with pytest.raises(CalendarWrong, match="互不重叠"):
        load(tmp_path)
    (tmp_path / "working_calendar.yaml").write_text("hours: [8]\nholliday: []\n", encoding="utf-8")
    told = {(problem.line, problem.path) for problem in problems_of(tmp_path, at("2026-11-22 12:00"))}
    assert told >= {(1, "hours.0"), (2, "holliday")}


def test_own_days_overrule_the_shipped_ones() -> None:
    from dispatch.working_calendar import CalendarFile

    own = WorkingCalendar(CalendarFile(holidays=(date(2026, 11, 18),), workdays=(date(2026, 11, 21),)))
    assert not own.is_workday(date(2026, 11, 18))
    assert own.is_workday(date(2026, 11, 21))
