"""Comparisons around 春节: which earlier period is chosen, and that the screen can say which."""

from __future__ import annotations

from datetime import date

import pytest

from indicators.lunar import FESTIVALS, day_pair, week_pair, year_pair

MONTHS = {f"{year}-{month:02d}" for year in (2025, 2026) for month in range(1, 13)}


@pytest.mark.feature(30)
def test_january_and_february_are_compared_together_and_it_is_said() -> None:
    pair = year_pair("2026-02", "period", MONTHS)
    assert (pair.now, pair.before) == (("2026-01", "2026-02"), ("2025-01", "2025-02"))
    assert pair.is_aligned
    assert "2026 年在 2 月 17 日" in pair.words and "2025 年在 1 月 29 日" in pair.words and "1–2 月合并" in pair.words


@pytest.mark.feature(30)
def test_before_february_is_known_the_months_that_hold_the_festival_are_a_pair() -> None:
    """In 2025 the festival fell in January, in 2024 in February."""
    known = {"2025-01", "2024-01", "2024-02"}
    pair = year_pair("2025-01", "period", known)
    assert pair.before == ("2024-02",) and pair.is_aligned and "2025-01 对 2024-02" in pair.words
    alone = year_pair("2026-01", "period", {"2026-01", "2025-01"})
    assert alone.before == ("2025-01",) and not alone.is_aligned and "错月" in alone.words


def test_cumulative_figures_keep_their_period_and_say_what_they_hold() -> None:
    february, january = year_pair("2026-02", "ytd", MONTHS), year_pair("2026-01", "ytd", MONTHS)
    assert february.before == ("2025-02",) and "含整个节期" in february.words
    assert "只到 1 月底" in january.words


def test_other_months_quarters_and_years_are_left_alone() -> None:
    assert year_pair("2026-10", "period", MONTHS).before == ("2025-10",)
    assert year_pair("2026-Q1", "ytd", set()).before == ("2025-Q1",)
    assert year_pair("2026", "point", set()).before == ("2025",)


@pytest.mark.feature(30)
@pytest.mark.parametrize(
    ("day", "other", "words"),
    [
        ("2026-02-17", "2025-01-29", "正月初一"),
        ("2026-02-16", "2025-01-28", "除夕"),
        ("2026-02-26", "2025-02-07", "正月初十"),
        ("2026-03-03", "2025-02-12", "正月十五"),
        ("2026-03-08", "2025-02-17", "正月二十"),
        ("2026-03-09", "2025-02-18", "正月廿一"),
        ("2026-02-10", "2025-01-22", "春节前 7 天"),
    ],
)
def test_days_near_the_festival_are_paired_by_their_distance_from_it(day, other, words) -> None:
    pair = day_pair(date.fromisoformat(day))
    assert pair.before == (other,) and pair.is_aligned and words in pair.words and other in pair.words


def test_days_far_from_the_festival_are_paired_with_the_same_weekday() -> None:
    pair = day_pair(date(2026, 11, 21))
    assert not pair.is_aligned
    assert date.fromisoformat(pair.before[0]).weekday() == date(2026, 11, 21).weekday()


def test_the_week_of_the_festival_is_aligned_day_by_day() -> None:
    pair = week_pair(date(2026, 2, 23))
    assert (pair.now[0], pair.before[0], pair.before[-1]) == ("2026-02-17", "2025-01-29", "2025-02-04")
    assert pair.is_aligned and len(pair.now) == len(pair.before) == 7
    assert not week_pair(date(2026, 6, 30)).is_aligned


def test_beyond_the_table_nothing_is_invented() -> None:
    assert not day_pair(date(2000, 2, 6)).is_aligned, "1999 is not in the table"
    assert not day_pair(date(2055, 2, 1)).is_aligned
    assert len(FESTIVALS) == 51 and all((1, 21) <= (f.month, f.day) <= (2, 20) for f in FESTIVALS.values())
