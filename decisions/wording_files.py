"""Tables of messages from CSV files as offices send them: UTF-8 with or without mark, GBK, UTF-16."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

ENCODINGS = ("utf-8-sig", "gb18030")
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class TableRefused(ValueError):
    """A file that is no table of messages; `path` and the way out are in the text."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name}：{reason}")
        self.path = path


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Rows by column name, missing cells as empty text. Raises TableRefused if a needed column is absent.

    Blanks around column names are ignored; a row counts even if all its cells are empty, so order is kept.
    """
    reader = csv.reader(io.StringIO(_decoded(path), newline=""))
    try:
        rows = list(reader)
    except csv.Error as error:
        raise TableRefused(path, f"第 {reader.line_num} 行不是 CSV（{error}）") from error
    names = [name.strip() for name in rows[0]] if rows else []
    absent = [name for name in columns if name not in names]
    if absent:
        raise TableRefused(path, f"缺少列 {'、'.join(absent)}；第一行应为 {','.join(columns)}")
    return [_named(names, row) for row in rows[1:] if row]


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """UTF-8 without mark, one header line; a text that a spreadsheet would take for a formula is left as it is."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _named(names: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    return {name: row[place] if place < len(row) else "" for place, name in enumerate(names)}


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    encodings = (MARKS[raw[:2]],) if raw[:2] in MARKS else ENCODINGS
    for encoding in encodings:
        try:
            return raw.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise TableRefused(path, "编码无法识别，请另存为 UTF-8")
