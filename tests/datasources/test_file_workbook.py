"""Workbooks as Excel and WPS really write them, part by part: what a reader would see is what is read."""

from __future__ import annotations

import io
import zipfile

import pytest

from datasources.delivery.observation import SourceFailed
from file_reading import take, told

pytestmark = pytest.mark.feature(49)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    '<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;;@"/>'
    '<numFmt numFmtId="177" formatCode="0.0&quot;%&quot;"/><numFmt numFmtId="178" formatCode="[$-804]yyyy/m/d\\ h:mm"/>'
    '</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>'
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 10, 14, 57, 176, 177, 178, 2))
    + "</cellXfs></styleSheet>"
)
PLAIN, PERCENT, DATE, MONTH_57, MONTH, PERCENT_SIGN, CLOCK, TWO_PLACES = range(8)


def book(
    rows: str, texts: str = "", *, merges: str = "", date1904: bool = False, sheets: str = "", prefix: str = ""
) -> bytes:
    """A workbook made of its XML; `rows` is the inside of sheetData."""
    colon = f"{prefix}:" if prefix else ""
    space = f'xmlns:{prefix}="{MAIN}"' if prefix else f'xmlns="{MAIN}"'
    listed = sheets or f'<{colon}sheet name="表1" sheetId="1" r:id="rId1"/>'
    parts = {
        "xl/workbook.xml": f'<{colon}workbook {space} xmlns:r="{LINK}"><{colon}workbookPr date1904="{int(date1904)}"/>'
        f"<{colon}sheets>{listed}</{colon}sheets></{colon}workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        f'<Relationship Id="rId1" Type="{LINK}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{LINK}/styles" Target="/xl/styles.xml"/>'
        f'<Relationship Id="rId3" Type="{LINK}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<{colon}worksheet {space}><{colon}sheetData>{rows}</{colon}sheetData>{merges}"
        f"</{colon}worksheet>",
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f"<sst>{texts}</sst>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def line(number: int, *cells: str) -> str:
    """A row of cells given as attributes and inside: `s="1"|0.083`."""
    made = "".join(
        f"<c {attributes}>{inside if inside.startswith('<') else f'<v>{inside}</v>'}</c>" if inside else "<c/>"
        for attributes, _, inside in (cell.partition("|") for cell in cells)
    )
    return f'<row r="{number}">{made}</row>'


def text(value: str) -> str:
    return f't="inlineStr"|<is><t>{value}</t></is>'


HEADING = line(1, *map(text, ("指标编码", "地区", "时期", "数值")))


def value_of(cell: str, code: str = "ECO-08", period: str = text("2026-09"), **of_book: bool) -> float | None:
    delivery = take(book(HEADING + line(2, text(code), text("湘桥区"), period, cell), **of_book), "a.xlsx")
    return delivery.observations[0].value if delivery.observations else None


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (f's="{PERCENT}"|0.083', 8.3),
        (f's="{PERCENT}"|8.3000000000000004E-2', 8.3),
        (f's="{PERCENT}"|-1.2E-2', -1.2),
        (f's="{PERCENT_SIGN}"|8.3', 8.3),
        (f's="{PLAIN}"|8.3', 8.3),
        ('s="999"|8.3', 8.3),
        ('t="str"|<f>A1</f><v>8.3%</v>', 8.3),
        ("|<f>A1+1</f><v>8.3</v>", 8.3),
        ("|<f>A1+1</f>", None),
        ("|<f>A1+1</f><v></v>", None),
        ('t="e"|#N/A', None),
        ('t="b"|1', None),
    ],
)
def test_a_number_is_what_the_cell_shows(cell: str, value: float | None) -> None:
    assert value_of(cell) == value


@pytest.mark.parametrize(
    ("cell", "date1904", "period"),
    [
        (f's="{DATE}"|46266', False, "2026-09"),
        (f's="{MONTH_57}"|46266', False, "2026-09"),
        (f's="{MONTH}"|46270', False, "2026-09"),
        (f's="{PLAIN}"|46266', False, "2026-09"),
        (f's="{MONTH}"|44804', True, "2026-09"),
        (f's="{PLAIN}"|44804', True, "2026-09"),
        (f's="{TWO_PLACES}"|2026.1', False, "2026-10"),
        (f's="{PLAIN}"|202609', False, "2026-09"),
        ('t="d"|2026-09-01T00:00:00', False, "2026-09"),
    ],
)
def test_a_date_is_read_by_its_format_and_epoch(cell: str, date1904: bool, period: str) -> None:
    rows = HEADING + line(2, text("ECO-08"), text("湘桥区"), cell, "|5.6")
    assert told(take(book(rows, date1904=date1904), "a.xlsx")) == [("ECO-08", "445102", period, 5.6)]


def test_shared_texts_with_runs_and_phonetic_guides() -> None:
    texts = "<si><t>指标编码</t></si><si><r><t>地</t></r><r><t>区</t></r><rPh><t>dìqū</t></rPh></si>"
    texts += "<si><t>时期</t></si><si><t>数值</t></si>"
    rows = line(1, *(f't="s"|{n}' for n in range(4))) + line(2, text("ECO-08"), text("湘桥区"), text("2026-09"), "|5.6")
    assert take(book(rows, texts), "a.xlsx").rows == 1


def test_an_index_beyond_the_shared_texts_is_an_empty_cell() -> None:
    assert value_of('t="s"|7') is None


def test_other_namespace_prefixes_are_read_alike() -> None:
    rows = HEADING + line(2, text("ECO-08"), text("湘桥区"), text("2026-09"), "|5.6")
    prefixed = rows.replace("<", "<x:").replace("<x:/", "</x:")
    assert take(book(prefixed, prefix="x"), "a.xlsx").rows == 1


def test_cells_without_references_and_with_gaps() -> None:
    rows = '<row><c r="B1" t="inlineStr"><is><t>指标</t></is></c><c r="D1" t="inlineStr"><is><t>地区</t></is></c>'
    rows += '<c t="inlineStr"><is><t>时期</t></is></c><c t="inlineStr"><is><t>数值</t></is></c></row>'
    rows += '<row r="7"><c r="F7"><v>5.6</v></c><c r="B7" t="str"><v>ECO-08</v></c><c r="D7" t="str"><v>湘桥</v></c>'
    rows += '<c r="E7"><v>202609</v></c></row>'
    delivery = take(book(rows), "a.xlsx")
    assert told(delivery) == [("ECO-08", "445102", "2026-09", 5.6)]
    assert delivery.observations[0].line == 7


def test_a_region_merged_over_three_rows_names_all_three_but_a_merged_value_counts_once() -> None:
    rows = HEADING + line(2, text("ECO-06"), text("湘桥区"), text("2026-07"), "|1")
    rows += line(3, text("ECO-06"), "", text("2026-08"), "|2") + line(4, text("ECO-06"), "", text("2026-09"), "")
    merges = '<mergeCells><mergeCell ref="B2:B4"/><mergeCell ref="D3:D4"/></mergeCells>'
    delivery = take(book(rows, merges=merges), "a.xlsx")
    assert [(one.region, one.period, one.value) for one in delivery.observations] == [
        ("445102", "2026-07", 1.0),
        ("445102", "2026-08", 2.0),
    ]
    assert delivery.skipped == {"header": 1, "missing": 1}


def test_a_hidden_sheet_is_not_read_and_an_unknown_one_is_named() -> None:
    sheets = '<sheet name="旧" state="hidden" r:id="rId1"/>'
    with pytest.raises(SourceFailed, match="没有可见的工作表"):
        take(book(HEADING, sheets=sheets), "a.xlsx")
    with pytest.raises(SourceFailed, match="没有工作表“二月”，现有：表1"):
        take(book(HEADING), "a.xlsx", sheet="二月")


def test_all_sheets_are_read_if_the_entry_says_so() -> None:
    rows = line(1, text("地区"), text("产值")) + line(2, text("湘桥区"), "|1")
    sheets = (
        '<sheet name="2026年8月" r:id="rId1"/><sheet name="说明" r:id="rId2"/><sheet name="2026年9月" r:id="rId1"/>'
    )
    settings = {"layout": "wide", "sheet": "*", "period": {"title": True}, "columns": {"产值": "ECO-06"}}
    delivery = take(book(rows, sheets=sheets), "a.xlsx", **settings)
    assert [one.period for one in delivery.observations] == ["2026-08", "2026-09"]
    assert delivery.read_as == "XLSX，2026年8月，2026年9月"
