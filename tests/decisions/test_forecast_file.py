"""The file command: what it writes, and what it says about files that cannot be read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from decisions.forecast import forecast_file
from decisions.forecast_csv import ForecastFileError, read_series

HEADER = "id,step,value\n"


def written(folder: Path, text: str) -> Path:
    source = folder / "in.csv"
    source.write_text(text, encoding="utf-8")
    return source


def test_steps_go_on_and_short_ids_get_the_naive_forecast(tmp_path: Path) -> None:
    rows = "".join(f"长,{step},{100 + step}\n" for step in range(1, 31)) + "短,4,7\n短,5,9\n"
    target = tmp_path / "out.csv"
    assert forecast_file(written(tmp_path, HEADER + rows), target, 3, 4) == 2
    with target.open(encoding="utf-8", newline="") as file:
        out = list(csv.DictReader(file))
    assert list(out[0]) == ["id", "step", "mean", "lo80", "hi80", "lo95", "hi95", "model"]
    assert [(row["id"], row["step"]) for row in out] == [
        ("长", "31"), ("长", "32"), ("长", "33"), ("短", "6"), ("短", "7"), ("短", "8"),
    ]  # fmt: skip
    assert {row["mean"] for row in out[3:]} == {"9.0"}
    assert {row["model"] for row in out[3:]} == {"naive"}
    assert float(out[2]["lo95"]) <= float(out[2]["lo80"]) <= float(out[2]["mean"]) <= float(out[2]["hi80"])


def test_mixed_rows_missing_steps_and_a_mark_at_the_front_are_read(tmp_path: Path) -> None:
    found = read_series(written(tmp_path, "﻿" + HEADER + "b,3,1.5\na,1,1\nb,1,0.5\na,2,\n"))
    assert [(each.id, each.last_step, len(each.values)) for each in found] == [("b", 3, 3), ("a", 2, 2)]
    assert found[0].values[0] == 0.5
    assert found[0].values[1] != found[0].values[1]


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("id,value\n", 1, "step"),
        ("", 1, "id"),
        (HEADER + "a,one,1\n", 2, "whole number"),
        (HEADER + "a,1,1\na,1,2\n", 3, "twice"),
        (HEADER + "a,1,eleven\n", 2, "not a number"),
        (HEADER + "a,1,inf\n", 2, "infinite"),
        (HEADER + "a,1,1\na,99999999,2\n", 3, "more than"),
        (HEADER + "a\n", 2, "whole number"),
    ],
)
def test_unreadable_files_name_their_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    with pytest.raises(ForecastFileError, match=word) as caught:
        read_series(written(tmp_path, text))
    assert caught.value.line == line


def test_a_file_without_series_gives_a_header_alone(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    assert forecast_file(written(tmp_path, HEADER), target, 3, 4) == 0
    assert target.read_text(encoding="utf-8").splitlines() == ["id,step,mean,lo80,hi80,lo95,hi95,model"]
