"""Tables as CSV or XLSX for people. Each reading says unit, source, as of when, and 模拟 where it is simulated."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from access.spreadsheet_text import Cell, harmless
from api.shapes import ReadingShape
from datasources.delivery.period import CITY_TIME
from indicators.reading import Freshness, Provenance, World
from indicators.small_counts import SMALLEST, WITHHELD

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

HEADINGS = (
    "标记", "指标代码", "指标", "区域代码", "区域", "世界", "细分", "时期", "数值", "单位", "口径", "分子", "分母",
    "来源性质", "数据源", "责任单位", "时效", "观测时间", "获知时间", "质量", "说明", "数据截至",
)  # fmt: skip
WORLDS = {World.REAL: "真实", World.DEMO: "演示城市"}
PROVENANCES = {
    Provenance.PUBLISHED: "公开发布",
    Provenance.LIVE: "实时",
    Provenance.SIMULATED: "模拟",
    Provenance.MANUAL: "人工填报",
}
FRESHNESSES = {
    Freshness.FRESH: "正常",
    Freshness.LATE: "迟到",
    Freshness.STALE: "过期",
    Freshness.DEAD: "中断",
}
BASES = {"period": "当期", "ytd": "年初累计", "point": "时点"}


def file_of(form: str, catalogue: Catalogue, readings: Iterable[ReadingShape], as_of: datetime) -> bytes:
    """The bytes of a `csv` or `xlsx` file with one row per reading."""
    return sheet_of(form, HEADINGS, [row_of(catalogue, reading, as_of) for reading in readings], "读数")


def row_of(catalogue: Catalogue, reading: ReadingShape, as_of: datetime) -> list[Cell]:
    """One reading under HEADINGS. Times are the city's."""
    indicator = catalogue.indicators[reading.indicator]
    region = catalogue.regions[reading.region]
    return [
        reading.mark or "",
        reading.indicator,
        indicator.name,
        reading.region,
        region.name,
        WORLDS[reading.world],
        reading.dim,
        reading.period,
        f"<{SMALLEST}" if reading.reason == WITHHELD else reading.value,
        reading.unit,
        BASES.get(reading.basis, reading.basis),
        reading.numerator,
        reading.denominator,
        PROVENANCES[reading.provenance],
        reading.source_name,
        reading.owner_name,
        FRESHNESSES[reading.freshness],
        _local(reading.observed_at),
        _local(reading.known_at),
        " ".join(reading.quality),
        reading.reason or "",
        _local(as_of),
    ]


def sheet_of(form: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], title: str) -> bytes:
    """The bytes of a `csv` or `xlsx` file of any table; no cell of it is a formula."""
    return _WRITERS[form](headings, rows, title)


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]], _: str) -> bytes:
    """UTF-8 with a byte order mark: without it Excel reads Chinese as GBK."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff".encode() + out.getvalue().encode()


def _xlsx(headings: Sequence[str], rows: Iterable[Sequence[Cell]], title: str) -> bytes:
    from openpyxl import Workbook  # only who exports pays for its memory
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append(list(headings))
    for row in rows:
        clean = [ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell for cell in row]
        sheet.append([harmless(cell) for cell in clean])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_Writer = Callable[[Sequence[str], Iterable[Sequence[Cell]], str], bytes]
_WRITERS: Mapping[str, _Writer] = {"csv": _csv, "xlsx": _xlsx}


def _local(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(CITY_TIME):%Y-%m-%d %H:%M:%S}"
