"""Periods as departments write them, turned into the canonical labels of `period.py`.

`2026年1月`, `2026.1`, `202601`, `1-9月` under a title of 2026, `前三季度`, `上半年`, Excel serials, real dates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from datasources.delivery.period import Frequency, following, frequency_of, period_of

YTD = "ytd"


class Written(NamedTuple):
    """A period found in a file. `basis` is "ytd" where the text says that the value runs from 1 January."""

    label: str
    basis: str | None = None


class NotAPeriod(ValueError):
    """The text names no period we can be sure of; the message gives the way out."""


_WAY_OUT = "请写成 2026-09、2026年9月、2026年1-9月、2026年三季度 或 2026-09-03"
_NUMERALS = {
    "〇": "0",
    "零": "0",
    "一": "1",
    "二": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
    "两": "2",
}
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十两]+(?=[年月日号至到~-]|季度|个?季|时|点)")
_ROMANS = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_ROMAN = re.compile(r"(?:III|II|IV|I)(?=季)")
_DASHES = re.compile(r"\s*[-‐‑‒–—―−~～至到]\s*")
_PREFIX = re.compile(r"^(?:截至|截止到?|统计期间?[:：]?|报告期[:：]?|时间[:：]?|期别[:：]?)")
_SUFFIX = re.compile(r"(?:累计数?|止累计|止)$")
_EDGE = re.compile(r"(?:份|末|底|初步数|快报数|数据|情况)$")
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?")
_Y = r"(?:(?P<y>\d{4}|\d{2}(?=年))年?度?[-./]?)?"
_CLOCK = r"(?P<h>\d{1,2})(?::(?P<mi>\d{2})(?::\d{2}(?:\.\d+)?)?|[时点](?:(?P<mi2>\d{1,2})分(?:\d{1,2}秒)?|整)?)?"
_EPOCH_1900, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 -- serial dates carry no zone


def read_period(text: str, *, year: int | None = None, date1904: bool = False) -> Written:
    """The period a text names; `year` completes texts without one (from the title). NotAPeriod otherwise."""
    try:
        frequency_of(text)
    except ValueError:
        return _read_written(text, year, date1904)
    return Written(_sensible(text))


def _read_written(text: str, year: int | None, date1904: bool) -> Written:
    shown = _tidy(text)
    if not shown or len(shown) > 60:
        raise NotAPeriod(f"“{text[:40]}”不是时期。{_WAY_OUT}")
    bare = _SUFFIX.sub("", shown)
    basis = YTD if bare != shown else None
    bare = _EDGE.sub("", bare)
    for pattern, build in _FORMS:
        found = pattern.fullmatch(bare)
        if found:
            return _built(build, found, text, year, date1904, basis)
    raise NotAPeriod(f"看不懂时期“{text[:40]}”。{_WAY_OUT}")


def _built(
    build: _Build, found: re.Match[str], text: str, year: int | None, date1904: bool, basis: str | None
) -> Written:
    try:
        label, own = build(found, year, date1904)
        frequency_of(label)
        return Written(_sensible(label), own or basis)
    except NotAPeriod:
        raise
    except (ValueError, OverflowError) as problem:
        raise NotAPeriod(f"没有“{text[:40]}”这个日期。{_WAY_OUT}") from problem


def _sensible(label: str) -> str:
    if not 1949 <= int(label[:4]) <= 2100:
        raise NotAPeriod(f"年份 {label[:4]} 不在 1949 至 2100 之间。请核对时期")
    return label


def _tidy(text: str) -> str:
    """Half-width, no spaces but one before a clock, one kind of dash, Arabic numerals."""
    shown = unicodedata.normalize("NFKC", re.sub(r"[①-⓿*※]+$", "", text.strip())).strip("'\"= ")
    shown = _ROMAN.sub(lambda found: _ROMANS[found[0]], shown)
    shown = _NUMERAL.sub(lambda found: _arabic(found[0]), _WEEKDAY.sub("", _PREFIX.sub("", shown)))
    shown = re.sub(r"(?<=\d)T(?=\d)", " ", _DASHES.sub("-", shown))
    shown = re.sub(r"(?<=[\d日号])\s+(?=\d{1,2}[:时点])", "@", shown)
    shown = re.sub(r"(?<=[日号])(?=\d{1,2}[:时点])", "@", shown)
    return re.sub(r"\s+", "", shown).replace("@", " ").strip("()[]【】")


def _arabic(numerals: str) -> str:
    if "十" not in numerals:
        return "".join(_NUMERALS[one] for one in numerals)
    tens, _, ones = numerals.partition("十")
    return str((int(_NUMERALS[tens]) if tens else 1) * 10 + (int(_NUMERALS[ones]) if ones else 0))


_Build = Callable[[re.Match[str], "int | None", bool], tuple[str, "str | None"]]


def _year(found: re.Match[str], year: int | None) -> int:
    written = found["y"]
    if written:
        return int(written) + (2000 if len(written) == 2 else 0)
    if year is None:
        raise NotAPeriod(f"时期“{found[0]}”没有年份，标题中也找不到年份。{_WAY_OUT}")
    return year


def _yearly(found: re.Match[str], year: int | None, date1904: bool) -> tuple[str, str | None]:
    return f"{_year(found, year):04d}", None


def _quarter(found: re.Match[str], year: int | None, date1904: bool) -> tuple[str, str | None]:
    return f"{_year(found, year):04d}-Q{found['q']}", None


def _quarters(found: re.Match[str], year: int | None, date1904: bool) -> tuple[str, str | None]:
    return f"{_year(found, year):04d}-Q{found['q']}", YTD


def _half_year(found: re.Match[str], year: int | None, date1904: bool) -> tuple[str, str | None]:
    return f"{_year(found, year):04d}-Q2", YTD


def _month(found: re.Match[str], year: int | None, date1904: bool) -> tuple[str, str | None]:
    return f"{_year(found, year):04d}-{int(found['m']):02d}", None


def _months(found: re.Match[str], year: int | None, date1904: bool) -> tuple[str, str | None]:
    """Months from January on; `1月-1月` is January itself, cumulative all the same."""
    groups = found.groupdict()
    if int(found["from"]) != 1 or groups.get("y2") not in (None, found["y"]):
        raise NotAPeriod(f"“{found[0]}”不是从 1 月起的累计，无法归入一个时期。{_WAY_OUT}")
    return f"{_year(found, year):04d}-{int(found['m']):02d}", YTD


def _day(found: re.Match[str], year: int | None, date1904: bool) -> tuple[str, str | None]:
    groups = found.groupdict()
    date = f"{_year(found, year):04d}-{int(found['m']):02d}-{int(found['d']):02d}"
    if groups.get("h") is None:
        return date, None
    hour, minute = int(found["h"]), groups.get("mi") or groups.get("mi2")
    if hour == 24 and int(minute or 0) == 0:  # midnight at the end of the day
        date, hour = following(date), 0
    return f"{date}T{hour:02d}" + ("" if minute is None else f":{int(minute):02d}"), None


def _instant(found: re.Match[str], year: int | None, date1904: bool) -> tuple[str, str | None]:
    moment = datetime.fromisoformat(found[0])
    return period_of(moment, Frequency.MINUTE), None


def _serial(found: re.Match[str], year: int | None, date1904: bool) -> tuple[str, str | None]:
    days = float(found[0])
    if not 32874 <= days <= 73415:  # 1990 to 2100
        raise NotAPeriod(f"“{found[0]}”不是日期。{_WAY_OUT}")
    moment = (_EPOCH_1904 if date1904 else _EPOCH_1900) + timedelta(minutes=round(days * 1440))
    return (f"{moment:%Y-%m-%d}" if days == int(days) else f"{moment:%Y-%m-%dT%H:%M}"), None


def _backwards(found: re.Match[str], year: int | None, date1904: bool) -> tuple[str, str | None]:
    raise NotAPeriod(f"“{found[0]}”不是本系统的时期（没有旬、周和下半年）。{_WAY_OUT}")


_FORMS: list[tuple[re.Pattern[str], _Build]] = [
    (re.compile(pattern), build)
    for pattern, build in (
        (r"(?P<y>\d{4}|\d{2}(?=年))年?(?:度|全年|全年度)?", _yearly),
        (r"(?P<y>)全年度?", _yearly),
        (_Y + r"第?(?P<q>[1-4])季度?", _quarter),
        (_Y + r"Q(?P<q>[1-4])", _quarter),
        (_Y + r"前(?P<q>[1-4])个?季度?", _quarters),
        (_Y + r"1季?度?-(?P<q>[2-4])季度?", _quarters),
        (_Y + r"上半年度?", _half_year),
        (_Y + r"(?P<from>\d{1,2})月?-(?P<m>\d{1,2})月", _months),
        (r"(?P<y>\d{4})(?P<from>\d{2})-(?P<y2>\d{4})(?P<m>\d{2})", _months),
        (r"(?P<y>\d{4})[年./](?P<from>\d{1,2})月?-(?P<y2>\d{4})[年./](?P<m>\d{1,2})月?", _months),
        (r"(?P<y>\d{4})[./](?P<from>\d{1,2})-(?P<m>\d{1,2})", _months),
        (_Y + r"(?P<m>\d{1,2})月", _month),
        (r"(?P<y>\d{4})[年./-](?P<m>\d{1,2})", _month),
        (r"(?P<y>\d{4})(?P<m>0[1-9]|1[0-2])", _month),
        (rf"(?:(?P<y>\d{{4}}|\d{{2}}(?=年))年)?(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})[日号](?: ?{_CLOCK})?", _day),
        (rf"(?P<y>\d{{4}})([./-])(?P<m>\d{{1,2}})\2(?P<d>\d{{1,2}})(?: {_CLOCK})?", _day),
        (r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:(?P<h>\d{2})(?:(?P<mi>\d{2})(?:\d{2})?)?)?", _day),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)", _instant),
        (r"\d{5}(?:\.\d+)?", _serial),
        (r".*(?:[上中下]旬|下半年|第?\d+周).*", _backwards),
    )
]


_IN_TEXT = re.compile(
    r"\d{4}年(?:度)?(?:\d{1,2}\s*月?\s*[-—–~～至到]\s*)?\d{1,2}月(?:份)?(?:\d{1,2}日)?|\d{4}年(?:度)?(?:前[一二三四1-4两]个?季度|第?[一二三四1-4]季度|上半年|全年)"
    r"|\d{4}[-./](?:0?[1-9]|1[0-2])(?![\d])(?:[-./](?:0?[1-9]|[12]\d|3[01])(?!\d))?|(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?!\d)|\d{4}年(?:度|末|底)?"
)


def period_in(text: str) -> Written | None:
    """The period named inside a title, sheet or file name (“2026年1-9月主要经济指标”), or None."""
    shown = unicodedata.normalize("NFKC", text).replace(" ", "")
    found = _IN_TEXT.search(shown)
    if found is None:
        return None
    try:
        written = read_period(found[0])
    except NotAPeriod:
        return None
    told = shown[found.end() :].startswith(("累计", "止累计", "份累计"))
    return Written(written.label, YTD) if told else written
