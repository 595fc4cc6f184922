"""The export of a hotline: every row an event once, whatever the headings are called; bad rows are named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from desk_people import CHEN
from openpyxl import Workbook
from sqlalchemy import select

from database.dispatch_tables import events
from database.engine import reading
from dispatch.hotline_file import FileRefused, import_reports

NOW = datetime(2026, 11, 22, 6, 32, tzinfo=UTC)
HEAD = ["工单编号", "标题", "诉求内容", "受理时间", "镇街", "来电人", "联系电话"]
ROWS = [
    ["RX-1", "涵洞积水", "锡美村涵洞积水", "2026-11-22 09:10:00", "意溪镇", "张伟", "13800138000"],
    ["RX-2", "", "路灯不亮，影响出行", "2026/11/22 09:20", "饶平县", "", ""],
    ["RX-3", "坏行", "时间不对", "昨天", "湘桥区", "", ""],
    ["RX-4", "外地", "不在本市", "2026-11-22 09:30", "澄海区", "", ""],
]


def take(engine, rules, file: Path):
    return import_reports(engine, rules, file, by=CHEN, now=lambda: NOW)


@pytest.mark.feature(51)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_file_of_a_hotline_counts_once(embedded, rules, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "工单.csv"
    file.write_text("\n".join(",".join(row) for row in [HEAD, *ROWS]), encoding=encoding)
    first = take(embedded, rules, file)
    assert (first.taken, first.unchanged, [line for line, _ in first.refused]) == (2, 0, [4, 5])
    assert "澄海" in first.refused[1][1]
    again = take(embedded, rules, file)
    assert (again.taken, again.unchanged) == (0, 2)
    with reading(embedded) as connection:
        query = select(events.c.title, events.c.region, events.c.origin, events.c.must_check, events.c.reporter_phone)
        rows = [tuple(row) for row in connection.execute(query.order_by(events.c.origin_id))]
    assert rows[0] == ("涵洞积水", "445102100", "hotline", True, "13800138000")
    assert rows[1][:2] == ("路灯不亮，影响出行", "445122")


def test_a_workbook_with_a_title_above_its_heading(embedded, rules, tmp_path: Path) -> None:
    book = Workbook()
    for row in (["12345 热线工单导出"], HEAD, *ROWS[:2]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert take(embedded, rules, tmp_path / "a.xlsx").taken == 2


def test_another_table_is_refused_with_what_it_needs(embedded, rules, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("指标,数值\nPM2.5,23\n")
    with pytest.raises(FileRefused, match="工单编号"):
        take(embedded, rules, file)


def test_a_line_that_cannot_be_read_and_a_short_one_are_named(embedded, rules, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    lines = [",".join(row).encode() for row in (HEAD, ROWS[0])]
    file.write_bytes(b"\n".join([*lines, b"RX-8,\xff\xfe\x81,x,2026-11-22 09:10,,,", b"RX-9,short"]))
    found = take(embedded, rules, file)
    assert found.taken == 1
    assert [line for line, _ in found.refused] == [3, 4]
