"""Puts the stamp on a finished file: its last line, and for XLSX the document's properties too."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from html import escape
from zipfile import ZIP_DEFLATED, ZipFile

from access.spreadsheet_text import harmless

LEAD = "导出水印："
_PROPERTIES, _SHEET = "docProps/core.xml", "xl/worksheets/sheet1.xml"


def stamped(form: str, body: bytes, stamp: str) -> bytes:
    """The `csv`, `xlsx` or `yaml` file with its stamp."""
    return _BY_FORM[form](body, stamp)


def _csv(body: bytes, stamp: str) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(LEAD + stamp)])
    return body + out.getvalue().encode()


def _yaml(body: bytes, stamp: str) -> bytes:
    return body + f"# {LEAD}{' '.join(stamp.split())}\n".encode()


def _xlsx(body: bytes, stamp: str) -> bytes:
    """Copied part by part; the two parts that carry the stamp are changed on the way."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(body)) as given, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for part in given.namelist():
            content = given.read(part)
            made.writestr(part, _CHANGES.get(part, _same)(content, escape(stamp)))
    return out.getvalue()


def _same(content: bytes, stamp: str) -> bytes:
    return content


def _with_line(content: bytes, stamp: str) -> bytes:
    line = f'<row><c t="inlineStr"><is><t>{LEAD}{stamp}</t></is></c></row></sheetData>'
    return content.replace(b"</sheetData>", line.encode(), 1)


def _with_properties(content: bytes, stamp: str) -> bytes:
    """Word, Excel and WPS show the description and the creator under 文件 → 属性."""
    told = f"<dc:description>{LEAD}{stamp}</dc:description></cp:coreProperties>"
    named = content.replace(b"<dc:creator>openpyxl</dc:creator>", f"<dc:creator>{stamp}</dc:creator>".encode())
    return named.replace(b"</cp:coreProperties>", told.encode(), 1)


_CHANGES: Mapping[str, Callable[[bytes, str], bytes]] = {_SHEET: _with_line, _PROPERTIES: _with_properties}
_BY_FORM: Mapping[str, Callable[[bytes, str], bytes]] = {"csv": _csv, "xlsx": _xlsx, "yaml": _yaml}
