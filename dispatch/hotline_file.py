"""The export of a hotline (工单导出表): each row a report with its work order number, so that a file counts once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import orjson
from sqlalchemy import Engine

from access.actor import Actor, Denied
from database.engine import writing
from datasources.delivery.confined_process import ChildFailed, Limits, answers
from datasources.delivery.period import CITY_TIME
from dispatch.intake import receive
from dispatch.refusal import DispatchError
from dispatch.report import Report, Reporter
from dispatch.rulebook import Rulebook

LARGEST = 50 * 2**20
_HEAD_WITHIN = 20
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "origin_id": ("工单编号", "工单号", "编号", "受理编号", "诉求编号"),
    "title": ("标题", "工单标题", "诉求标题", "主题"),
    "description": ("内容", "诉求内容", "工单内容", "反映内容", "问题描述", "描述"),
    "reported_at": ("受理时间", "来电时间", "创建时间", "上报时间", "登记时间"),
    "category": ("类别代码", "类别编码"),
    "region": ("区域", "所属区域", "区县", "镇街", "事发区域", "地区"),
    "place": ("地址", "事发地址", "地点", "事发地点"),
    "lon": ("经度",),
    "lat": ("纬度",),
    "name": ("姓名", "来电人", "诉求人", "联系人"),
    "phone": ("电话", "联系电话", "来电号码", "手机"),
}
"""Fields and the headings they stand under, as hotlines print them."""
BROKEN = "broken"
NEEDED = ("origin_id", "reported_at")
_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H:%M")


class FileRefused(Exception):
    """The file cannot be read; the message says why."""


@dataclass
class Imported:
    """What became of a file. `refused`: line and reason."""

    taken: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def import_reports(
    engine: Engine, rules: Rulebook, file: Path, *, by: Actor, now: Callable[[], datetime]
) -> Imported:  # fmt: skip
    """Every row a transaction of its own: a bad row spoils no other, and the file may be sent again."""
    found = Imported()
    for line, row in table_of(file):
        try:
            report = _report(row, rules)
            with writing(engine) as connection:
                receipt = receive(connection, rules, report, by=by, now=now())
        except (DispatchError, Denied, ValueError) as refused:
            found.refused.append((line, str(refused)))
            continue
        found.taken, found.unchanged = found.taken + receipt.is_new, found.unchanged + (not receipt.is_new)
    return found


def table_of(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and fields of each row below the heading; FileRefused for what is no such table."""
    content = file.read_bytes()
    if len(content) > LARGEST:
        raise FileRefused(f"文件超过 {LARGEST // 2**20} MB，请分成几个文件")
    heads: dict[str, int] = {}
    for at, (line, cells, why) in enumerate(_rows(content, file.name)):
        if why:
            yield line, {BROKEN: why}
        elif not heads:
            heads = _heads(cells)
            if not heads and at > _HEAD_WITHIN:
                break
        elif any(cell.strip() for cell in cells):
            yield line, {name: cells[place].strip() for name, place in heads.items() if place < len(cells)}
    if not heads:
        needed = "、".join(HEADINGS[name][0] for name in NEEDED)
        raise FileRefused(f"没有找到表头：至少要有 {needed}，以及标题或内容")


def _rows(content: bytes, name: str) -> Iterator[tuple[int, Sequence[str], str]]:
    payload = [json.dumps(name).encode(), b"\n", content]
    try:
        for told in answers("datasources.delivery.table_process:main", payload, Limits()):
            line, cells, *why = orjson.loads(told)
            if cells is None and line == 0:
                raise FileRefused(why[0])
            yield line, cells or [], why[0] if why else ""
    except ChildFailed as failure:
        raise FileRefused("文件无法解析，请在 Excel 中打开并另存后再导入") from failure


def _heads(cells: Sequence[str]) -> dict[str, int]:
    """Which column holds which field; empty if this is no heading."""
    tidy = ["".join(cell.split()) for cell in cells]
    found = {
        name: tidy.index(heading) for name, headings in HEADINGS.items() for heading in reversed(headings)
        if heading in tidy
    }  # fmt: skip
    is_head = all(name in found for name in NEEDED) and ("title" in found or "description" in found)
    return found if is_head else {}


def _report(row: Mapping[str, str], rules: Rulebook) -> Report:
    if BROKEN in row:
        raise ValueError(row[BROKEN])
    text = row.get("description", "")
    title = row.get("title", "") or text[:60]
    return Report(
        title[:120], "hotline", row.get("origin_id", "")[:120], _moment(row.get("reported_at", "")),
        description=text[:4000],
        category=row.get("category") or None, region=_region(row.get("region", ""), rules),
        lon=_number(row.get("lon", "")), lat=_number(row.get("lat", "")), place=row.get("place", "")[:200],
        reporter=Reporter(row.get("name", "")[:60], row.get("phone", "")[:40]), provenance="manual",
    )  # fmt: skip


def _moment(text: str) -> datetime:
    for form in _TIMES:
        try:
            return datetime.strptime(text.replace("T", " "), form).replace(tzinfo=CITY_TIME)
        except ValueError:
            continue
    raise ValueError(f"受理时间“{text[:30]}”读不懂，应为 2026-11-22 14:30")


def _region(text: str, rules: Rulebook) -> str | None:
    """By code or name, the smallest that is named; ValueError for a name that is none of ours."""
    if not text:
        return None
    regions = rules.catalogue.regions
    if text in regions:
        return text
    named = [one for one in regions.values() if one.name in text or text in (one.name, one.short)]
    if not named:
        raise ValueError(f"没有区域“{text[:30]}”")
    return max(named, key=lambda one: len(one.code)).code


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise ValueError(f"经纬度“{text[:20]}”应为数字") from None
