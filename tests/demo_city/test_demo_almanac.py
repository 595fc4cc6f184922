"""The calendar of the demo city: rest days as announced, 春节, school, and years nobody has announced yet."""

from __future__ import annotations

import numpy as np
import pytest

from demo_city import almanac


def _days(*dates: str) -> np.ndarray:
    return np.array(dates, dtype="datetime64[D]").astype(np.int64)


@pytest.mark.parametrize(
    ("date", "rest"),
    [
        ("2026-02-14", 0),  # Saturday worked in exchange for 春节
        ("2026-02-17", 1),  # first day of the lunar year, a Tuesday
        ("2026-10-10", 0),  # Saturday worked in exchange for 国庆
        ("2026-10-11", 1),  # plain Sunday
        ("2025-10-08", 1),  # eighth day of the long holiday of 2025
        ("2026-11-23", 0),  # plain Monday
        ("2027-02-06", 1),  # 春节 of a year without a notice
        ("2031-05-10", 1),  # Saturday beyond the table
        ("2019-05-13", 0),  # Monday before the table
    ],
)
def test_days_off_follow_the_notice_and_not_only_the_weekday(date: str, rest: int) -> None:
    assert almanac.is_rest(_days(date))[0] == rest


def test_every_day_of_the_table_is_there_once_and_in_order() -> None:
    days = almanac._notices()[0]
    assert (np.diff(days) > 0).all()


@pytest.mark.parametrize("first", almanac.SPRING_FESTIVALS)
def test_the_city_is_fullest_of_the_festival_on_its_first_day(first: str) -> None:
    day = _days(first)
    kept = [almanac.spring_festival(day + shift)[0] for shift in (-20, -5, 0, 6, 10, 20)]
    assert kept[0] == 0 and kept[2] == 1 and kept[3] == 1 and kept[5] == 0
    assert 0 < kept[1] < 1 and 0 < kept[4] < 1


def test_school_is_out_in_summer_and_at_the_festival() -> None:
    assert almanac.in_term(_days("2026-08-01", "2026-02-18", "2026-03-10", "2026-11-23", "2026-01-10")).tolist() == [
        0, 0, 1, 1, 1,
    ]  # fmt: skip
