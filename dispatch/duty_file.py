"""A roster as an office sends it: CSV in GBK or UTF-8, or XLSX with merged headings; every row with its fate.

Bytes are read in the confined process that reads figures and hotline exports; here only cells arrive.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

import orjson

from datasources.delivery.confined_process import ChildFailed, Limits, answers
from dispatch.duty_words import day_of, hours_of, is_mobile, month_in, numbers_of, people_of, shared_out

LARGEST = 5 * 2**20
_HEAD_WITHIN = 15
DAY, HOURS, UNIT, OFFICE, NOTE, SKIP = "day", "hours", "unit", "office", "note", "skip"
_PLAIN: Mapping[str, tuple[str, ...]] = {
    DAY: ("日期", "值班日期", "时间日期", "日"),
    HOURS: ("班次", "值班时间", "时段", "值班时段", "时间"),
    UNIT: ("单位", "值班单位", "部门", "镇街", "镇（街道）", "地点"),
    OFFICE: ("值班电话", "办公电话", "值班室电话", "固定电话", "座机", "电话（座机）"),
    NOTE: ("备注", "说明"),
    SKIP: ("星期", "序号", "周次"),
}
_POSTS: Mapping[str, tuple[str, ...]] = {
    "leader": ("带班领导", "值班领导", "带班", "领导"),
    "chief": ("值班长", "值班主任", "班长", "值班组长"),
    "officer": ("值班员", "值班人员", "值班干部", "主班", "副班", "值班"),
}
"""Headings a post stands under; longer words are looked for first."""
_NUMBERS = ("电话", "手机", "联系方式", "号码")
_SECOND = frozenset({"姓名", "电话", "手机", "联系电话", "手机号码", "办公电话", "职务", "值班电话"})
_BELOW = ("备注", "注：", "注:", "说明", "制表", "填表", "审核", "联系人", "值班要求", "值班电话：")


class RosterRefused(Exception):
    """The whole file is turned away; the message says why and what to do."""


@dataclass(frozen=True)
class Written:
    """One person on one post for a time, as a row says it. `unit` is the text of the row, '' for none."""

    unit: str
    post: str
    name: str
    begins_at: datetime
    ends_at: datetime
    office: str
    mobile: str


@dataclass(frozen=True)
class Line:
    """One row below the heading: what it says, or why it is not taken."""

    number: int
    written: tuple[Written, ...] = ()
    why: str = ""


@dataclass
class _Table:
    """What was found on the way down: which column is what, the month, the day a merged cell still stands for."""

    changeover: time
    month: tuple[int, int] | None
    columns: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Column → (post or kind, 'name' or 'number')."""
    day: str = ""
    unit: str = ""


def lines_of(content: bytes, filename: str, *, changeover: time, month: tuple[int, int] | None) -> Iterator[Line]:
    """Every row below the heading. RosterRefused for a file that is no roster."""
    if len(content) > LARGEST:
        raise RosterRefused(f"文件超过 {LARGEST // 2**20} MB，值班表不应这么大")
    table = _Table(changeover, month or month_in(filename))
    for at, (line, cells, why) in enumerate(_rows(content, filename)):
        if table.columns:
            if _is_second_heading(cells, table):
                _sharpen(table, cells)
            elif why:
                yield Line(line, why=why)
            elif any(cells) and not _is_below(cells):
                yield _line(line, cells, table)
            continue
        table.month = table.month or month_in("".join(cells))
        table.columns = _columns(cells)
        if not table.columns and at > _HEAD_WITHIN:
            break
    if not table.columns:
        raise RosterRefused("没有找到表头：至少要有“日期”，以及“带班领导”“值班长”“值班员”中的一列")


def _rows(content: bytes, name: str) -> Iterator[tuple[int, list[str], str]]:
    payload = [json.dumps(name).encode(), b"\n", content]
    try:
        for told in answers("datasources.delivery.table_process:main", payload, Limits()):
            line, cells, *why = orjson.loads(told)
            if cells is None and line == 0:
                raise RosterRefused(why[0])
            yield line, [str(cell).strip() for cell in cells or []], why[0] if why else ""
    except ChildFailed as failure:
        raise RosterRefused("文件无法解析，请在 Excel 中打开并另存后再导入") from failure


def _tidy(cell: str) -> str:
    return "".join(cell.split())


def _columns(cells: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Which column is what; empty if this row is no heading. A number belongs to the post left of it."""
    found: dict[int, tuple[str, str]] = {}
    post = ""
    for place, cell in enumerate(cells):
        text = _tidy(cell)
        kind = next((key for key, words in _PLAIN.items() if text in words), "")
        named = _post_in(text)
        if kind:
            found[place] = (kind, "name")
        elif named:
            post = named
            found[place] = (post, "number" if any(word in text for word in _NUMBERS) else "name")
        elif text and any(word in text for word in _NUMBERS):
            found[place] = (post or OFFICE, "number")
        elif not text and post and place - 1 in found and found[place - 1][0] == post:
            found[place] = (post, "number")  # under a merged heading: 姓名 | 电话
    kinds = {kind for kind, _ in found.values()}
    return found if DAY in kinds and kinds & set(_POSTS) else {}


def _post_in(text: str) -> str:
    ranked = sorted(((word, post) for post, words in _POSTS.items() for word in words), key=lambda one: -len(one[0]))
    return next((post for word, post in ranked if word in text), "")


def _is_second_heading(cells: Sequence[str], table: _Table) -> bool:
    words = {_tidy(cell) for cell in cells if cell}
    return not table.day and bool(words) and words <= _SECOND


def _sharpen(table: _Table, cells: Sequence[str]) -> None:
    """What the second row of a merged heading says of each column."""
    for place, cell in enumerate(cells):
        text = _tidy(cell)
        kind = table.columns.get(place, ("", ""))[0]
        if text == "职务":
            table.columns[place] = (SKIP, "name")
        elif text and kind in _POSTS:
            table.columns[place] = (kind, "name" if text == "姓名" else "number")


def _is_below(cells: Sequence[str]) -> bool:
    first = next((cell for cell in cells if cell), "")
    return first.startswith(_BELOW)


def _line(number: int, cells: Sequence[str], table: _Table) -> Line:
    told: dict[tuple[str, str], list[str]] = {}
    for place, key in table.columns.items():
        if place < len(cells) and cells[place]:
            told.setdefault(key, []).append(cells[place])
    table.day = next(iter(told.get((DAY, "name"), [])), table.day)
    table.unit = next(iter(told.get((UNIT, "name"), [])), table.unit)
    try:
        return Line(number, tuple(_written(told, table)))
    except ValueError as wrong:
        return Line(number, why=str(wrong))


def _written(told: Mapping[tuple[str, str], list[str]], table: _Table) -> Iterator[Written]:
    if not table.day:
        raise ValueError("没有日期")
    day = day_of(table.day, table.month)
    begins, ends = hours_of(" ".join(told.get((HOURS, "name"), [])), day, table.changeover)
    line = next(iter(numbers_of(" ".join(told.get((OFFICE, "name"), []) + told.get((OFFICE, "number"), [])))), "")
    anybody = False
    for post in _POSTS:
        people = [one for cell in told.get((post, "name"), []) for one in people_of(cell)]
        beside = [number for cell in told.get((post, "number"), []) for number in numbers_of(cell)]
        for name, numbers in _with_numbers(people, beside):
            anybody = True
            mobile = next((one for one in numbers if is_mobile(one)), "")
            office = next((one for one in numbers if not is_mobile(one)), line)
            yield Written(table.unit, post, name, begins, ends, office, mobile)
    if not anybody:
        raise ValueError("这一行没有人名")


def _with_numbers(people: Sequence[tuple[str, list[str]]], beside: Sequence[str]) -> list[tuple[str, list[str]]]:
    if any(numbers for _, numbers in people):
        return list(people)
    shares = shared_out([name for name, _ in people], beside) if people else []
    return [(name, share) for (name, _), share in zip(people, shares, strict=True)]
