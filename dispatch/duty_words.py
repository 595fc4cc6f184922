"""How rosters are written: days, hours, people and numbers in the cells offices fill, read without guessing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from datasources.delivery.period import CITY_TIME

_DAYS = (
    re.compile(r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"),
    re.compile(r"(?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})[日号]?"),
    re.compile(r"(?P<d>\d{1,2})[日号]?"),
)
_WEEKDAY = re.compile(r"[（(]?(?:星期|周|礼拜)[一二三四五六日天][）)]?|00:00(?::00)?$")
_MONTH = re.compile(r"(20\d{2})\s*[年./-]\s*(\d{1,2})\s*月?")
_HOURS = re.compile(
    r"(\d{1,2})[:：时点](\d{2})?分?(?:[-—–~～至到]+)(?:次日|翌日|第二天|第二日)?(\d{1,2})[:：时点](\d{2})?"
)
_NAMED_HOURS = {
    "白班": (time(8), time(20)), "日班": (time(8), time(20)), "夜班": (time(20), time(8)), "晚班": (time(20), time(8)),
    "早班": (time(8), time(16)), "中班": (time(16), time(0)),
}  # fmt: skip
"""Used only where no hours stand beside the word."""
_SPLIT = re.compile(r"[、,，;；/\n\r]+")
_NUMBER = re.compile(r"(?<!\d)(?:1\d{2}[- ]?\d{4}[- ]?\d{4}|(?:0\d{2,3}[- ]?)?\d{7,8}(?:[-转]\d{1,5})?|\d{3,6})(?!\d)")
_HAN = re.compile(r"[\u4e00-\u9fff·]+")
_ASIDE = re.compile(r"[（(][^）)\d]*[）)]")


def month_in(text: str) -> tuple[int, int] | None:
    """The year and month a title or a file's name speaks of: 2026年11月值班表."""
    found = _MONTH.search(text)
    return (int(found[1]), int(found[2])) if found and 1 <= int(found[2]) <= 12 else None


def day_of(text: str, month: tuple[int, int] | None) -> date:
    """11月3日（星期二), 2026/11/3, 3日; ValueError with what is wrong."""
    plain = _WEEKDAY.sub("", text.strip()).replace(" ", "").replace("T", "")
    for form in _DAYS:
        found = form.fullmatch(plain)
        if found is None:
            continue
        parts = {key: int(value) for key, value in found.groupdict().items()}
        if month is None and len(parts) < 3:
            raise ValueError(f"日期“{text[:20]}”没有年月，请在表题写明年月")
        year, usual = month or (parts["y"], parts["m"])
        try:
            return date(parts.get("y", year), parts.get("m", usual), parts["d"])
        except ValueError:
            break
    raise ValueError(f"日期“{text[:20]}”读不懂，应为 11月3日 或 2026-11-03")


def hours_of(text: str, day: date, changeover: time) -> tuple[datetime, datetime]:
    """From and to; a whole day from the changeover on where nothing is said. ValueError for words nobody knows."""
    plain = text.replace(" ", "")
    found = _HOURS.search(plain)
    if found:
        start = _clock(found[1], found[2])
        end = _clock(found[3], found[4])
    elif not plain or any(word in plain for word in ("全天", "24小时", "昼夜", "整天")):
        start = end = changeover
    else:
        named = next((hours for word, hours in _NAMED_HOURS.items() if word in plain), None)
        if named is None:
            raise ValueError(f"班次“{text[:20]}”读不懂，应为 08:00-17:30、白班、夜班或全天")
        start, end = named
    begins = datetime.combine(day, start, CITY_TIME)
    ends = datetime.combine(day, end, CITY_TIME)
    return begins, ends if ends > begins else ends + timedelta(days=1)


def _clock(hour: str, minute: str | None) -> time:
    number = int(hour)
    if number > 24 or int(minute or 0) > 59:
        raise ValueError(f"时间“{hour}:{minute or '00'}”不存在")
    return time(number % 24, int(minute or 0))


def people_of(text: str) -> list[tuple[str, list[str]]]:
    """Names with the numbers written beside them: 张三 13800000000、李 四. ValueError for what is no name."""
    found: list[tuple[str, list[str]]] = []
    for part in _SPLIT.split(_ASIDE.sub("", text)):
        numbers = numbers_of(part)
        rest = _NUMBER.sub("", part).strip(" \u3000()（）:：-")
        for name in _names(rest):
            found.append((name, numbers))
    return found


def _names(text: str) -> list[str]:
    """张 三 is one person, 张三 李四 are two."""
    pieces = text.split()
    if not pieces:
        return []
    joined = "".join(pieces)
    names = [joined] if len(joined) <= 4 and all(len(one) == 1 for one in pieces) else pieces
    for name in names:
        if not _HAN.fullmatch(name.removesuffix("（模拟）")) or not 2 <= len(name) <= 8:
            raise ValueError(f"“{name[:12]}”不像姓名")
    return names


def numbers_of(text: str) -> list[str]:
    """Every telephone number in a cell, in order."""
    return [re.sub(r"[ ]", "", found[0]) for found in _NUMBER.finditer(text)]


def is_mobile(number: str) -> bool:
    """True for eleven digits that begin with 1."""
    plain = number.replace("-", "")
    return len(plain) == 11 and plain.startswith("1") and plain.isdigit()


def shared_out(names: Sequence[str], numbers: Sequence[str]) -> list[list[str]]:
    """The numbers of each person; ValueError where it cannot be told whose they are."""
    if not numbers:
        return [[] for _ in names]
    if len(numbers) == len(names):
        return [[number] for number in numbers]
    if len(names) == 1:
        return [list(numbers)]
    offices = [number for number in numbers if not is_mobile(number)]
    if len(numbers) == 1 and offices:
        return [[offices[0]] for _ in names]
    raise ValueError(f"{len(names)} 个姓名对 {len(numbers)} 个电话，分不清是谁的")
