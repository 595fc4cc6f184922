"""CSV as it really arrives: GBK, GB18030, UTF-8, UTF-16, commas, tabs, open quotes, damaged lines."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from datasources.delivery.sheet import Broken, Refused, Row, Sheet

_MARKS = [
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
]
_TRIED = ("utf-8", "gb18030")
_NAMES = {"utf-8": "UTF-8", "gb18030": "GBK/GB18030", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
_DELIMITERS = ",\t;|，"
MOST_LINES_IN_A_CELL = 20
"""A quoted cell over more lines is a quote that was never closed."""
_LONGEST_CELL = 100_000
_OPEN_QUOTE = "本行的引号没有成对，或单元格过长。请检查本行的双引号。"


def read_text(content: bytes, name: str, *, encoding: str, delimiter: str | None, max_columns: int) -> Sheet:
    """The rows of a text file. A line that cannot be decoded is Broken; Refused for what is no text."""
    chosen, body = _encoding(content, encoding)
    lines, broken = _decoded(body, chosen)
    used = delimiter or _delimiter(lines)
    return Sheet(name, _rows(lines, broken, used, max_columns), ragged=True, note=_NAMES.get(chosen, chosen))


def _encoding(content: bytes, wished: str) -> tuple[str, bytes]:
    for mark, name in _MARKS:
        if content.startswith(mark):
            if name == "utf-32":
                raise Refused("文件是 UTF-32 编码，请另存为 UTF-8 或 GBK 编码的 CSV。")
            return name, content[len(mark) :]
    if wished != "auto":
        return {"gbk": "gb18030", "utf-16": "utf-16-le"}.get(wished, wished), content
    head = content[:4000]
    zeros = (head[0::2].count(0), head[1::2].count(0))
    if max(zeros) * 5 > len(head) and min(zeros) * 20 <= len(head):
        return ("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"), content
    if content.count(0) * 50 > len(content):
        raise Refused("文件内容不是文本。请上传 CSV（UTF-8 或 GBK 编码）或 XLSX 文件。")
    return _fewest_damaged(content), content


def _fewest_damaged(content: bytes) -> str:
    """UTF-8 if all of it is; otherwise the encoding that leaves the fewest lines undecodable."""
    for name in _TRIED:
        try:
            content.decode(name)
        except UnicodeDecodeError:
            continue
        return name if name == "utf-8" or not _mostly_utf8(content) else "utf-8"
    return min(_TRIED, key=lambda name: sum(not _decodes(line, name) for line in content.split(b"\n")))


def _mostly_utf8(content: bytes) -> bool:
    """Some damaged bytes make a UTF-8 file decodable as GB18030, into nonsense: judge by the lines beyond ASCII."""
    foreign = [line for line in content.split(b"\n") if not line.isascii()]
    return sum(_decodes(line, "utf-8") for line in foreign) * 2 > len(foreign)


def _decodes(line: bytes, name: str) -> bool:
    try:
        line.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(body: bytes, encoding: str) -> tuple[list[str], dict[int, Broken]]:
    """All lines with their ends, and the numbers of those that could not be decoded."""
    try:
        return _lines(body.decode(encoding)), {}
    except UnicodeDecodeError:
        pass
    lines, broken = [], {}
    for number, line in enumerate(_split(body, encoding), start=1):
        try:
            lines.append(line.decode(encoding).rstrip("\r") + "\n")
        except UnicodeDecodeError:
            lines.append("\n")
            broken[number] = Broken(
                line[:200].decode(encoding, "backslashreplace"), _undecodable(line, encoding), "encoding"
            )
    return lines, broken


def _split(body: bytes, encoding: str) -> list[bytes]:
    if not encoding.startswith("utf-16"):
        return body.removesuffix(b"\n").split(b"\n")
    end = "\n".encode(encoding)
    cut, start, lines = 0, 0, []
    while (cut := body.find(end, cut)) >= 0:
        if cut % 2 == 0:
            lines.append(body[start:cut])
            start = cut + 2
        cut += 1
    return [*lines, body[start:]] if start < len(body) else lines


def _lines(text: str) -> list[str]:
    r"""Lines ended by \n, \r\n or \r alone; not by the other separators that str.splitlines knows."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return [line + "\n" for line in lines]


def _undecodable(line: bytes, encoding: str) -> str:
    other = next((name for name in _TRIED if name != encoding and _decodes(line, name)), None)
    like = f"（像是 {_NAMES[other]}）" if other and not line.isascii() else ""
    return f"本行不是 {_NAMES.get(encoding, encoding)} 编码{like}，无法识别文字。请用同一种编码重新保存文件后再导入。"


def _delimiter(lines: list[str]) -> str:
    """The separator that splits most of the first lines, and into most cells."""
    head = [line for line in lines[:60] if line.strip()]
    if head and head[0].lower().startswith("sep=") and len(head[0].strip()) == 5:  # written by Excel for itself
        return head[0][4]
    return max(_DELIMITERS, key=lambda one: (sum(one in line for line in head), sum(line.count(one) for line in head)))


class _Runaway(Exception):
    """A record does not end."""


class _Feed:
    """Lines for the CSV reader, which can go back when a quote swallows too many of them."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.taken = 0
        self.start = 0

    def begin(self) -> int:
        """The number of the line at which the next record begins; 0 at the end."""
        self.start = self.taken
        return self.taken + 1 if self.taken < len(self.lines) else 0

    def give_up(self) -> str:
        """Leave the record at its first line, and go on with the second."""
        self.taken = self.start + 1
        return self.lines[self.start]

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.taken >= len(self.lines):
            raise StopIteration
        if self.taken - self.start >= MOST_LINES_IN_A_CELL:
            raise _Runaway
        self.taken += 1
        return self.lines[self.taken - 1]


def _rows(lines: list[str], broken: dict[int, Broken], delimiter: str, max_columns: int) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while line := feed.begin():
        if line in broken:
            feed.give_up()
            yield line, broken[line]
            continue
        try:
            cells = next(reader)
        except (_Runaway, csv.Error):
            yield line, Broken(feed.give_up().strip()[:500], _OPEN_QUOTE, "quotes")
            continue
        if len(cells) > max_columns:
            raise Refused(f"第 {line} 行超过 {max_columns} 列。请检查分隔符，或删去多余的列后再上传。")
        yield line, cells
        if broken:
            yield from ((inner, broken[inner]) for inner in range(line + 1, feed.taken + 1) if inner in broken)
