"""Which earlier period a period near 春节 is fairly compared with, and why, in words for the screen.

Months: January and February are taken together, because the festival moves between them. Days from two weeks before
the festival to three weeks after it are compared with the day at the same distance from last year's festival.
Nothing is estimated: only the choice of the period changes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from datasources.delivery.period import Frequency, following, frequency_of

_FESTIVALS = (
    "2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29 2007-02-18 2008-02-07 2009-01-26 "
    "2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 "
    "2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 "
    "2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 "
    "2040-02-12 2041-02-01 2042-01-22 2043-02-10 2044-01-30 2045-02-17 2046-02-06 2047-01-26 2048-02-14 2049-02-02 "
    "2050-01-23"
)
FESTIVALS = {int(text[:4]): date.fromisoformat(text) for text in _FESTIVALS.split()}
"""First day of the lunar year by the rules of GB/T 33661-2017 《农历的编算和颁行》, as printed by 紫金山天文台."""

BEFORE, AFTER = 14, 21
"""Days around the festival in which life follows the lunar calendar: from 小年 to past 元宵."""
_WEEK = 7
_SAME_WEEKDAY = 52 * _WEEK
_NUMERALS = "〇一二三四五六七八九十"
_TENS = {1: "十", 2: "廿"}


@dataclass(frozen=True)
class Pair:
    """Periods compared: those of now, those a year before, and in words which pair it is and why."""

    now: tuple[str, ...]
    before: tuple[str, ...]
    words: str
    is_aligned: bool
    """True if the lunar calendar chose the earlier one; False for the same period of the solar year."""


def year_pair(label: str, basis: str, known: Collection[str]) -> Pair:
    """The year-on-year pair of a period. `known`: labels of which there are values."""
    frequency = frequency_of(label)
    if frequency is Frequency.DAILY:
        return day_pair(date.fromisoformat(label))
    if frequency is Frequency.MONTHLY and label[5:] in {"01", "02"} and int(label[:4]) in FESTIVALS:
        return _month_pair(label, basis, known)
    return _plain(label, frequency)


def day_pair(day: date) -> Pair:
    """A day and its counterpart of the year before: by distance from 春节 near it, else the same weekday."""
    now, offset = _near(day)
    before = FESTIVALS.get(now.year - 1) if now else None
    if now is None or before is None:
        other = day - timedelta(days=_SAME_WEEKDAY)
        return Pair((day.isoformat(),), (other.isoformat(),), f"与上年同一星期几（{other}）比较", False)
    other = before + timedelta(days=offset)
    words = f"按农历对齐：{_lunar_day(offset)}（{day}）对上年{_lunar_day(offset)}（{other}）"
    return Pair((day.isoformat(),), (other.isoformat(),), words, True)


def week_pair(last: date) -> Pair:
    """The seven days up to `last` and their seven counterparts, each day aligned by itself."""
    days = [last - timedelta(days=back) for back in range(_WEEK - 1, -1, -1)]
    pairs = [day_pair(day) for day in days]
    is_aligned = any(pair.is_aligned for pair in pairs)
    before = tuple(pair.before[0] for pair in pairs)
    span = f"{days[0]} 至 {last} 对 {before[0]} 至 {before[-1]}"
    words = f"近 7 日逐日按农历对齐：{span}" if is_aligned else f"近 7 日与上年同一星期比较：{span}"
    return Pair(tuple(day.isoformat() for day in days), before, words, is_aligned)


def _month_pair(label: str, basis: str, known: Collection[str]) -> Pair:
    """January and February: both together where known; else the months that hold the festival; else a caution."""
    year = int(label[:4])
    told = f"春节 {year} 年在 {_on(year)}，{year - 1} 年在 {_on(year - 1)}"
    both = [(f"{one}-01", f"{one}-02") for one in (year, year - 1)]
    if basis == "ytd":
        holds = "累计数" + ("含整个节期" if label[5:] == "02" else "只到 1 月底，受节期早晚影响，宜看 1–2 月")
        return Pair((label,), (following(label, -12),), f"{told}；{holds}，与上年同期比较", False)
    if all(part in known for pair in both for part in pair):
        return Pair(both[0], both[1], f"{told}；1–2 月合并比较（{year}年1–2月对{year - 1}年1–2月）", True)
    mine, other = _month_of(year), _month_of(year - 1)
    if label == mine and other is not None and other in known:
        words = f"{told}；2 月数据未齐，以春节所在月对春节所在月（{mine} 对 {other}）"
        return Pair((label,), (other,), words, other != following(label, -12))
    return Pair((label,), (following(label, -12),), f"{told}；单月同比受节期错月影响，待 1–2 月合并", False)


def _plain(label: str, frequency: Frequency) -> Pair:
    steps = {Frequency.YEARLY: 1, Frequency.QUARTERLY: 4, Frequency.MONTHLY: 12}.get(frequency)
    if steps is None:
        begin = date.fromisoformat(label[:10])
        other = day_pair(begin)
        return Pair((label,), (other.before[0] + label[10:],), other.words, other.is_aligned)
    before = following(label, -steps)
    return Pair((label,), (before,), f"与上年同期（{before}）比较", False)


def _near(day: date) -> tuple[date | None, int]:
    """The festival a day belongs to and its distance from it; None outside the season."""
    for year in (day.year, day.year + 1):
        festival = FESTIVALS.get(year)
        if festival and -BEFORE <= (offset := (day - festival).days) <= AFTER:
            return festival, offset
    return None, 0


def _lunar_day(offset: int) -> str:
    """除夕, 正月初三, 正月十五; before the eve by the days that are left."""
    if offset < -1:
        return f"春节前 {-offset} 天"
    if offset == -1:
        return "除夕"
    tens, ones = divmod(offset + 1, 10)
    if not tens or (tens, ones) == (1, 0):
        return f"正月初{_NUMERALS[offset + 1]}"
    return f"正月{_TENS[tens] if ones else '二十'}{_NUMERALS[ones] if ones else ''}"


def _on(year: int) -> str:
    festival = FESTIVALS.get(year)
    return f"{festival.month} 月 {festival.day} 日" if festival else "（无历表）"


def _month_of(year: int) -> str | None:
    festival = FESTIVALS.get(year)
    return f"{festival:%Y-%m}" if festival else None
