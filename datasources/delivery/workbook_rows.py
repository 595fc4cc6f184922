"""The rows of one sheet of a workbook, collected while its XML streams by."""

from __future__ import annotations

import re

from datasources.delivery.cell import NOT_CALCULATED
from datasources.delivery.number_format import GENERAL, Shown, as_shown
from datasources.delivery.sheet import Refused, Row
from datasources.delivery.sheet_xml import local, parser

LONGEST_CELL = 32_767
"""Characters; what Excel itself allows."""
_LETTERS = re.compile(r"[A-Z]{1,7}")


def column_number(letters: str) -> int:
    """Column number from 0 of its letters: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def number_of(text: str | None) -> int:
    """A whole number in an attribute; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


class RowReader:
    """Collects the rows of one sheet while its XML streams by."""

    def __init__(self, texts: list[str], styles: list[Shown], *, date1904: bool, max_columns: int) -> None:
        """`texts`, `styles`: what the numbers in the cells point to. Refused for cells beyond `max_columns`."""
        self._texts, self._styles, self._date1904 = texts, styles, date1904
        self._max_columns = max_columns
        self._done: list[Row] = []
        self._line = 0
        self._cells: list[str] = []
        self._columns: dict[str, int] = {}
        self._text: list[str] = []
        self._heard = 0
        self._kind, self._style, self._column = "n", 0, -1
        self._reads = self._formula = self._phonetic = False
        self.parser = parser(self._start, self._end, self._hear)

    def taken(self) -> list[Row]:
        """The rows finished since the last call."""
        done, self._done = self._done, []
        return done

    def _start(self, name: str, has: dict[str, str]) -> None:
        tag = name if ":" not in name else local(name)
        if tag == "c":
            self._start_cell(has)
        elif tag in ("v", "t"):
            self._reads = not self._phonetic
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._line = number_of(has.get("r")) or self._line + 1
            self._cells, self._column = [], -1
        elif tag == "rPh":
            self._phonetic = True

    def _start_cell(self, has: dict[str, str]) -> None:
        reference = has.get("r")
        self._column = self._at(reference) if reference else self._column + 1
        self._kind, self._style = has.get("t", "n"), number_of(has.get("s"))
        self._text, self._heard, self._formula = [], 0, False

    def _at(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = (
                column_number(letters) if _LETTERS.fullmatch(letters) else self._max_columns
            )
        return column

    def _hear(self, piece: str) -> None:
        if self._reads:
            self._text.append(piece)
            self._heard += len(piece)
            if self._heard > LONGEST_CELL:
                raise Refused(f"第 {self._line} 行有超过 {LONGEST_CELL} 个字的单元格，不是正常的报表。")

    def _end(self, name: str) -> None:
        tag = name if ":" not in name else local(name)
        if tag in ("v", "t"):
            self._reads = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            self._done.append((self._line, self._cells))

    def _end_cell(self) -> None:
        text = self._shown()
        if not text:
            return
        if self._column >= self._max_columns:
            raise Refused(f"第 {self._line} 行超过 {self._max_columns} 列。请删去多余的列后再上传。")
        missing = self._column + 1 - len(self._cells)
        if missing > 0:
            self._cells.extend([""] * missing)
        self._cells[self._column] = text

    def _shown(self) -> str:
        raw = "".join(self._text)
        if self._formula and not raw and self._kind != "str":
            return NOT_CALCULATED
        if self._kind == "s":
            return self._shared(raw)
        if self._kind == "n" and raw:
            shown = self._styles[self._style] if self._style < len(self._styles) else GENERAL
            return as_shown(raw, shown, date1904=self._date1904)
        if self._kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        return raw

    def _shared(self, raw: str) -> str:
        index = number_of(raw)
        return self._texts[index] if raw.isdigit() and index < len(self._texts) else ""
