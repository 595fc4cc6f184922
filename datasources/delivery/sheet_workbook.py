"""XLSX read as a stream into the text a reader sees: dates, percentages, merged cells, formulas by their result.

Our own 250 lines instead of a library, for what the libraries do not tell (docs/decisions/016): the number format that
makes 0.083 a percentage, the date formats of Chinese Excel, merged cells together with streaming, and caps that stop
in the middle of a row.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from datasources.delivery.number_format import Shown, shown_by
from datasources.delivery.sheet import Merges, Refused, Row, Sheet
from datasources.delivery.sheet_xml import chunks, fed, local, parse_part, parser
from datasources.delivery.workbook_rows import LONGEST_CELL, RowReader, column_number, number_of

MOST_SHEETS = 64
_MOST_HIDDEN = 200_000
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"')


class _Listed(NamedTuple):
    name: str
    part: str


@dataclass
class _Book:
    """What the sheets need from the rest of the workbook."""

    archive: zipfile.ZipFile
    sheets: list[_Listed] = field(default_factory=list)
    date1904: bool = False
    texts: list[str] = field(default_factory=list)
    styles: list[Shown] = field(default_factory=list)


def read_workbook(archive: zipfile.ZipFile, wished: str | int | None, *, max_columns: int) -> list[Sheet]:
    """The visible sheets, or the wished one by name or number from 1 (`*`: all); rows are read only when asked for."""
    book = _open(archive)
    chosen = _chosen(book.sheets, wished)
    return [
        Sheet(
            one.name, _rows(book, one.part, max_columns), book.date1904, merges=_merges(archive, one.part), note="XLSX"
        )
        for one in chosen
    ]


def _chosen(sheets: list[_Listed], wished: str | int | None) -> list[_Listed]:
    if wished is None or wished == "*":
        return sheets
    if isinstance(wished, int):
        chosen = sheets[wished - 1 : wished]
    else:
        chosen = [one for one in sheets if one.name.strip() == wished.strip()]
    if not chosen:
        raise Refused(f"工作簿里没有工作表“{wished}”，现有：{'、'.join(one.name for one in sheets[:10])}。")
    return chosen


def _open(archive: zipfile.ZipFile) -> _Book:
    book = _Book(archive)
    names = {name.lower(): name for name in archive.namelist()}
    related = _related(archive, names.get("xl/_rels/workbook.xml.rels"))
    _read_workbook_part(book, names["xl/workbook.xml"], related)
    for kind, read in (("sharedStrings", _read_texts), ("styles", _read_styles)):
        part = next((target for target, type_ in related.values() if type_.endswith("/" + kind)), None)
        if part and part.lower() in names:
            read(book, names[part.lower()])
    return book


def _related(archive: zipfile.ZipFile, part: str | None) -> dict[str, tuple[str, str]]:
    """Relation id -> (part, type); nothing outside the archive is ever followed."""
    related: dict[str, tuple[str, str]] = {}

    def start(name: str, has: dict[str, str]) -> None:
        if local(name) == "Relationship" and has.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/xl", has.get("Target", ""))).lstrip("/")
            related[has.get("Id", "")] = (target, has.get("Type", ""))

    if part is None:
        raise Refused("工作簿缺少目录，文件不完整。请重新保存后再上传。")
    parse_part(archive, part, parser(start))
    return related


def _read_workbook_part(book: _Book, part: str, related: dict[str, tuple[str, str]]) -> None:
    def start(name: str, has: dict[str, str]) -> None:
        if local(name) == "workbookPr":
            book.date1904 = has.get("date1904", "0").lower() in {"1", "true"}
        if local(name) == "sheet":
            if len(book.sheets) >= MOST_SHEETS:
                raise Refused(f"工作表超过 {MOST_SHEETS} 张。请只保留要上报的工作表。")
            target = next((related[v][0] for k, v in has.items() if local(k) == "id" and v in related), None)
            if target and has.get("state", "visible") == "visible":
                book.sheets.append(_Listed(has.get("name", ""), target))

    parse_part(book.archive, part, parser(start))
    if not book.sheets:
        raise Refused("工作簿里没有可见的工作表。")


def _read_texts(book: _Book, part: str) -> None:
    """Shared strings; the phonetic guides of a cell are not part of its text."""
    pieces: list[str] = []
    inside = {"t": False, "rPh": False}

    def start(name: str, has: dict[str, str]) -> None:
        if local(name) in inside:
            inside[local(name)] = True

    def end(name: str) -> None:
        if local(name) in inside:
            inside[local(name)] = False
        if local(name) == "si":
            book.texts.append("".join(pieces)[:LONGEST_CELL])
            pieces.clear()

    def text(piece: str) -> None:
        if inside["t"] and not inside["rPh"]:
            pieces.append(piece)

    parse_part(book.archive, part, parser(start, end, text))


def _read_styles(book: _Book, part: str) -> None:
    codes: dict[int, str] = {}
    inside = [False]

    def start(name: str, has: dict[str, str]) -> None:
        tag = local(name)
        if tag == "numFmt":
            codes[number_of(has.get("numFmtId"))] = has.get("formatCode", "")
        elif tag == "cellXfs":
            inside[0] = True
        elif tag == "xf" and inside[0]:
            number = number_of(has.get("numFmtId"))
            book.styles.append(shown_by(number, codes.get(number)))

    def end(name: str) -> None:
        if local(name) == "cellXfs":
            inside[0] = False

    parse_part(book.archive, part, parser(start, end))


def _merges(archive: zipfile.ZipFile, part: str) -> Merges:
    """Hidden cells of the sheet; the list stands behind the rows, so it is found by a pass of its own."""
    hidden: dict[tuple[int, int], tuple[int, int]] = {}
    rest = b""
    for piece in chunks(archive, part):
        window = rest + piece
        for found in _MERGE.finditer(window):
            _hide(
                hidden,
                column_number(found[1].decode()),
                int(found[2]),
                column_number(found[3].decode()),
                int(found[4]),
            )
        cut = window.rfind(b"<")
        rest = window[cut:] if 0 <= len(window) - cut < 512 else b""
    return Merges(hidden)


def _hide(hidden: dict[tuple[int, int], tuple[int, int]], left: int, top: int, right: int, bottom: int) -> None:
    if (right - left + 1) * (bottom - top + 1) + len(hidden) > _MOST_HIDDEN:
        return  # a whole row or column merged for looks; such cells are empty anyway
    for line in range(top, bottom + 1):
        for column in range(left, right + 1):
            if (line, column) != (top, left):
                hidden[(line, column)] = (top, left)


def _rows(book: _Book, part: str, max_columns: int) -> Iterator[Row]:
    reader = RowReader(book.texts, book.styles, date1904=book.date1904, max_columns=max_columns)
    for piece in chunks(book.archive, part):
        fed(reader.parser, piece)
        yield from reader.taken()
    fed(reader.parser, b"", last=True)
    yield from reader.taken()
