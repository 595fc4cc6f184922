"""Rows from `timestamp,value` and scores to `timestamp,score`, one at a time."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

IN_COLUMNS = ("timestamp", "value")
OUT_COLUMNS = ("timestamp", "score")
MISSING = ("", "na", "nan", "null", "none")


class WatchFileError(ValueError):
    """A file that cannot be read; `line` counts from 1."""

    def __init__(self, source: Path, line: int, message: str) -> None:
        super().__init__(f"{source.name}:{line}: {message}")
        self.line = line


@dataclass(frozen=True)
class Row:
    """One row; `text` is the timestamp as it stood, `value` NaN where it is missing."""

    text: str
    timestamp: datetime
    value: float


def read_rows(source: Path) -> Iterator[Row]:
    """Rows as they stand: neither sorted nor freed of duplicates. Times without a zone are left without one."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        absent = [name for name in IN_COLUMNS if name not in (reader.fieldnames or [])]
        if absent:
            raise WatchFileError(source, 1, f"no column {', '.join(absent)}; the columns are {','.join(IN_COLUMNS)}")
        for row in reader:
            text = row["timestamp"]
            yield Row(text, _time(text, source, reader.line_num), _value(row["value"], source, reader.line_num))


def _time(text: str, source: Path, line: int) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise WatchFileError(source, line, f"timestamp '{text}' is not like 2026-01-31 08:05:00") from None


def _value(text: str | None, source: Path, line: int) -> float:
    if text is None or text.strip().lower() in MISSING:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        raise WatchFileError(source, line, f"value '{text}' is not a number") from None
    if math.isinf(value):
        raise WatchFileError(source, line, "value is infinite")
    return value


def write_scores(target: Path, scored: Iterable[tuple[str, float]]) -> int:
    """One row per score, full precision, timestamps as they came; the number of rows."""
    count = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(OUT_COLUMNS)
        for text, score in scored:
            writer.writerow([text, repr(float(score))])
            count += 1
    return count
