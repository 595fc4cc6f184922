"""What runs in the confined child process for plain tables: a file comes in, its first sheet goes out as JSON lines."""

from __future__ import annotations

import json
from typing import IO

from datasources.delivery.sheet import Broken, Refused
from datasources.delivery.sheet_archive import kind_of, open_archive
from datasources.delivery.sheet_text import read_text

MOST_COLUMNS = 200
MOST_INFLATED = 200 * 2**20


def main(given: IO[bytes], out: IO[bytes]) -> None:
    """First line of `given`: the file's name; the rest: the file. Each line out: [line, cells] or [line, null, why]."""
    filename = json.loads(given.readline())
    try:
        for row in _rows(given.read(), filename):
            out.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    except Refused as refusal:
        out.write(json.dumps([0, None, str(refusal)], ensure_ascii=False).encode() + b"\n")
    out.flush()


def _rows(content: bytes, filename: str) -> list[list[object]]:
    if kind_of(content, filename) == "text":
        sheet = read_text(content, "", encoding="auto", delimiter=None, max_columns=MOST_COLUMNS)
    else:
        from datasources.delivery.sheet_workbook import read_workbook  # the XML parser only where it is needed

        sheet = read_workbook(open_archive(content, max_inflated=MOST_INFLATED), None, max_columns=MOST_COLUMNS)[0]
    return [
        [line, None, cells.message] if isinstance(cells, Broken) else [line, list(cells)] for line, cells in sheet.rows
    ]
