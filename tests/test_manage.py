"""The command line as people use it: what it prints, what it refuses, how it ends."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest

from product import ROOT, Product

NASTY = ROOT / "tests" / "datasources" / "fixtures" / "file" / "nasty_gbk.csv"


@pytest.fixture
def command(tmp_path: Path) -> Product:
    """manage.py with an empty data folder."""
    return Product(tmp_path / "data")


@pytest.mark.feature(130)
def test_check_passes_on_the_shipped_files(command: Product) -> None:
    done = command.manage("check")
    assert done.returncode == 0
    assert "27 个主题，355 项指标" in done.stdout


@pytest.mark.feature(130)
def test_check_names_file_line_and_path_of_every_problem(command: Product, tmp_path: Path) -> None:
    text = (ROOT / "indicators.yaml").read_text(encoding="utf-8")
    broken = text.replace("direction: higher_better", "direction: higher_beter", 2)
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "indicators.yaml").write_text(broken, encoding="utf-8")
    shutil.copy(ROOT / "departments.yaml", folder)
    done = command.manage("check", str(folder))
    assert done.returncode == 1
    told = [line for line in done.stdout.splitlines() if re.match(r".*indicators\.yaml:\d+: [^:]+: .+", line)]
    assert len(told) == 2
    assert all("higher_better" in line for line in told)


@pytest.mark.feature(44, 49)
def test_every_row_of_a_nasty_gbk_file_is_taken_unchanged_or_quarantined(command: Product) -> None:
    for expected in ((12, 0, 8), (0, 12, 8)):
        done = command.manage("import", str(NASTY), "--source", "industry_direct_report")
        assert done.returncode == 0, done.stderr
        rows, taken, unchanged, held = map(
            int, re.search(r"共 (\d+) 行：taken (\d+).*unchanged (\d+).*quarantined (\d+)", done.stdout).groups()
        )
        assert (taken, unchanged, held) == expected
        assert rows == taken + unchanged + held
        reasons = [line for line in done.stdout.splitlines() if re.match(r"第 \d+ 行 隔离：.{6,}", line)]
        assert len(reasons) == held


def test_an_unknown_source_is_told_with_the_nearest_one(command: Product) -> None:
    done = command.manage("import", str(NASTY), "--source", "industry_direct_repor")
    assert done.returncode == 1
    assert "industry_direct_report" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("PORT", "http", "PORT=http"), ("WORKERS", "0", "WORKERS=0")],
)
def test_a_setting_that_cannot_be_used_is_named(command: Product, name: str, value: str, said: str) -> None:
    command.settings[name] = value
    done = command.manage("check")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_forecast_continues_every_series_with_ordered_intervals(command: Product, tmp_path: Path) -> None:
    given, made = tmp_path / "in.csv", tmp_path / "out.csv"
    rows = [(name, step, 100 + step + 10 * (step % 4)) for name in ("a", "b") for step in range(1, 41)]
    with given.open("w", newline="") as opened:
        csv.writer(opened).writerows([("id", "step", "value"), *rows])
    done = command.manage("forecast", "--input", str(given), "--output", str(made), "--horizon", "8", "--period", "4")
    assert done.returncode == 0, done.stderr
    found = list(csv.DictReader(made.open()))
    assert [(row["id"], int(row["step"])) for row in found] == [(n, s) for n in ("a", "b") for s in range(41, 49)]
    for row in found:
        low95, low80, mean, high80, high95 = (float(row[key]) for key in ("lo95", "lo80", "mean", "hi80", "hi95"))
        assert low95 <= low80 <= mean <= high80 <= high95


def test_a_missing_input_is_one_sentence(command: Product, tmp_path: Path) -> None:
    done = command.manage("hotspots", "--input", str(tmp_path / "none.csv"), "--output", str(tmp_path / "o.csv"))
    assert done.returncode == 1
    assert "none.csv" in done.stderr
    assert "Traceback" not in done.stderr
