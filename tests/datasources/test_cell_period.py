"""Periods as departments write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.delivery.chinese_period import NotAPeriod, Written, period_in, read_period
from datasources.delivery.fitted_period import fitted
from datasources.delivery.period import Frequency, frequency_of

pytestmark = pytest.mark.feature(49)

DAYS = st.dates(min_value=date(1990, 1, 2), max_value=date(2100, 12, 31))
NUMERALS = "〇一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "label", "basis"),
    [
        ("2026", "2026", None),
        ("2025年度", "2025", None),
        ("2025年末", "2025", None),
        ("全年", "2026", None),
        ("2026年1月", "2026-01", None),
        ("2026.1", "2026-01", None),
        ("2026.10", "2026-10", None),
        ("202601", "2026-01", None),
        ("2026/1", "2026-01", None),
        ("26年9月", "2026-09", None),
        ("９月份", "2026-09", None),
        ("十二月", "2026-12", None),
        ("二〇二六年十一月", "2026-11", None),
        ("截至2026年9月末", "2026-09", None),
        ("1-9月", "2026-09", "ytd"),
        ("1—9月", "2026-09", "ytd"),
        ("1至9月份", "2026-09", "ytd"),
        ("2025年1-9月", "2025-09", "ytd"),
        ("2026年1月-2026年9月", "2026-09", "ytd"),
        ("202601-202609", "2026-09", "ytd"),
        ("2026.01-09", "2026-09", "ytd"),
        ("9月累计", "2026-09", "ytd"),
        ("一季度", "2026-Q1", None),
        ("2026年第三季度", "2026-Q3", None),
        ("2026年Ⅲ季度", "2026-Q3", None),
        ("2026Q3", "2026-Q3", None),
        ("前三季度", "2026-Q3", "ytd"),
        ("1-3季度", "2026-Q3", "ytd"),
        ("上半年", "2026-Q2", "ytd"),
        ("2026/1/3", "2026-01-03", None),
        ("2026.1.3", "2026-01-03", None),
        ("20260103", "2026-01-03", None),
        ("1月3日", "2026-01-03", None),
        ("2026年1月3日(星期六)", "2026-01-03", None),
        ("46025", "2026-01-03", None),
        ("46025.5", "2026-01-03T12:00", None),
        ("2026年1月3日 14时", "2026-01-03T14", None),
        ("2026年1月3日14点05分", "2026-01-03T14:05", None),
        ("2026010314", "2026-01-03T14", None),
        ("2026-01-03 14:05:59", "2026-01-03T14:05", None),
        ("2026-01-03T06:05:00Z", "2026-01-03T14:05", None),
        ("2026-12-31 24:00", "2027-01-01T00:00", None),
    ],
)
def test_a_period_is_read(text: str, label: str, basis: str | None) -> None:
    assert read_period(text, year=2026) == Written(label, basis)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "去年",
        "3-9月",
        "下半年",
        "9月上旬",
        "第36周",
        "2026-02-30",
        "2026年13月",
        "1899",
        "3026年1月",
        "12",
        "20261",
        "99999",
        "2026-1-1-1",
        "九",
    ],
)
def test_what_is_no_period_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(NotAPeriod, match="请"):
        read_period(text, year=2026)


def test_a_month_without_a_year_needs_one_from_the_title() -> None:
    with pytest.raises(NotAPeriod, match="没有年份"):
        read_period("9月")


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("潮州市2026年1-9月主要经济指标（快报）", ("2026-09", "ytd")),
        ("2026年前三季度各县区", ("2026-Q3", "ytd")),
        ("202609_各县区.xlsx", ("2026-09", None)),
        ("2026年9月累计", ("2026-09", "ytd")),
        ("空气质量日报 2026-01-03", ("2026-01-03", None)),
        ("2026年度统计表", ("2026", None)),
        ("表2-1", None),
    ],
)
def test_a_title_tells_its_period(title: str, written: tuple[str, str | None] | None) -> None:
    assert period_in(title) == written


@pytest.mark.parametrize(
    ("label", "basis", "frequency", "fits"),
    [
        ("2026-Q3", "ytd", "monthly", ("2026-09", "ytd")),
        ("2026-Q1", None, "monthly", ("2026-03", "ytd")),
        ("2026-Q3", None, "monthly", ("2026-Q3", None)),
        ("2026-09", "ytd", "quarterly", ("2026-Q3", "ytd")),
        ("2026-08", "ytd", "quarterly", ("2026-08", "ytd")),
        ("2026-12", "ytd", "yearly", ("2026", None)),
        ("2026", None, "monthly", ("2026-12", "ytd")),
        ("2026", None, "quarterly", ("2026-Q4", "ytd")),
        ("2026-09-01", None, "monthly", ("2026-09", None)),
        ("2026-09-30", None, "monthly", ("2026-09", None)),
        ("2026-09-15", None, "monthly", ("2026-09-15", None)),
        ("2026-09-01T00:00", None, "monthly", ("2026-09", None)),
        ("2026-09-03T00:00", None, "daily", ("2026-09-03", None)),
        ("2026-09-03T14:00", None, "hourly", ("2026-09-03T14", None)),
        ("2026-09-03T14:05", None, "hourly", ("2026-09-03T14:05", None)),
        ("2026-09-03T14:05", None, "realtime", ("2026-09-03T14:05", None)),
    ],
)
def test_a_period_takes_the_frequency_of_its_indicator(
    label: str, basis: str | None, frequency: str, fits: tuple
) -> None:
    assert fitted(Written(label, basis), Frequency(frequency)) == fits


@given(DAYS, st.integers(0, 23), st.integers(0, 59))
def test_every_way_of_writing_a_day_is_the_same_day(day: date, hour: int, minute: int) -> None:
    serial = (day - date(1899, 12, 30)).days
    label = day.isoformat()
    for text in (
        label,
        f"{day:%Y/%m/%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        str(serial),
    ):
        assert read_period(text) == (label, None), text
    if serial - 1462 >= 32874:
        assert read_period(str(serial - 1462), date1904=True) == (label, None)
    clock = f"{hour:02d}:{minute:02d}"
    for text in (f"{label} {clock}", f"{label}T{clock}:07", f"{day.year}年{day.month}月{day.day}日{hour}时{minute}分"):
        assert read_period(text) == (f"{label}T{clock}", None), text


@given(st.integers(1990, 2100), st.integers(1, 12))
def test_every_way_of_writing_a_month_is_the_same_month(year: int, month: int) -> None:
    label = f"{year}-{month:02d}"
    chinese = "".join(NUMERALS[int(digit)] for digit in str(year))
    for text in (
        label,
        f"{year}年{month}月",
        f"{year}{month:02d}",
        f"{year}/{month}",
        f"{year}.{month:02d}",
        f"{chinese}年{month}月",
        f" {year} 年 {month} 月份 ",
    ):
        assert read_period(text) == (label, None), text
    for text in (f"{year}年1-{month}月", f"{year}年1月—{month}月", f"{year}年1～{month}月累计"):
        assert read_period(text) == (label, "ytd"), text


@given(
    st.text(alphabet=st.sampled_from("0123456789年月日时季度前一三九十上半.-/ ~Q:T①（）累计"), max_size=30)
    | st.text(max_size=80)
)
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    try:
        frequency_of(read_period(text, year=2026).label)
    except NotAPeriod as problem:
        assert str(problem)
