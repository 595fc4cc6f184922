"""Rows in, scores out: `timestamp,value` to `timestamp,score`."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from decisions.watch import watch_file
from decisions.watch_csv import WatchFileError
from decisions.watch_made import made_series


def written(folder: Path, text: str) -> Path:
    source = folder / "in.csv"
    source.write_text(text, encoding="utf-8")
    return source


def long_file(rows: int) -> str:
    made = made_series()[0]
    lines = [f"{at:%Y-%m-%d %H:%M:%S},{value!r}" for at, value in zip(made.times, made.values.tolist(), strict=True)]
    return "\n".join(["timestamp,value", *lines[:rows]]) + "\n"


def test_a_truncated_file_gives_the_same_lines(tmp_path: Path) -> None:
    whole, part = tmp_path / "whole.csv", tmp_path / "part.csv"
    assert watch_file(written(tmp_path, long_file(900)), whole) == 900
    assert watch_file(written(tmp_path, long_file(500)), part) == 500
    assert whole.read_text().startswith(part.read_text())


def test_a_row_for_each_row_with_its_own_timestamp(tmp_path: Path) -> None:
    source = written(tmp_path, long_file(300))
    watch_file(source, tmp_path / "out.csv")
    before = list(csv.DictReader(source.open(newline="")))
    after = list(csv.DictReader((tmp_path / "out.csv").open(newline="")))
    assert [row["timestamp"] for row in after] == [row["timestamp"] for row in before]
    assert max(len(row["score"]) for row in after) > 12


def test_double_rows_gaps_and_empty_cells_are_kept_in_place(tmp_path: Path) -> None:
    rows = ["2026-01-01 00:00:00,1", "2026-01-01 00:00:00,1", "2026-01-09T00:00:00,", "2026-01-02 00:00:00+08:00,NaN"]
    source = written(tmp_path, "\ufefftimestamp,value\n" + "\n".join(rows) + "\n")
    assert watch_file(source, tmp_path / "out.csv") == 4
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines == ["timestamp,score", *[f"{row.split(',')[0]},0.0" for row in rows]]


def test_a_file_with_a_heading_only(tmp_path: Path) -> None:
    assert watch_file(written(tmp_path, "timestamp,value\n"), tmp_path / "out.csv") == 0
    assert (tmp_path / "out.csv").read_text() == "timestamp,score\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("time,value\n", 1, "no column timestamp"),
        ("timestamp,value\n2026-01-01,1\n01/02/2026,2\n", 3, "'01/02/2026' is not like"),
        ("timestamp,value\n2026-01-01,one\n", 2, "'one' is not a number"),
        ("timestamp,value\n2026-01-01,inf\n", 2, "infinite"),
    ],
)
def test_an_unreadable_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(WatchFileError, match=says) as refused:
        watch_file(written(tmp_path, text), tmp_path / "out.csv")
    assert refused.value.line == line
