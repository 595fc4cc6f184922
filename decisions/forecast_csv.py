"""Series from `id,step,value` and forecasts to `id,step,mean,lo80,hi80,lo95,hi95,model`."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

IN_COLUMNS = ("id", "step", "value")
OUT_COLUMNS = ("id", "step", "mean", "lo80", "hi80", "lo95", "hi95", "model")
LONGEST = 1_000_000
"""Steps between the first and the last of one id; more is a slip of the pen, not a series."""


class ForecastFileError(ValueError):
    """A file that cannot be read; `line` counts from 1."""

    def __init__(self, source: Path, line: int, message: str) -> None:
        super().__init__(f"{source.name}:{line}: {message}")
        self.line = line


@dataclass(frozen=True)
class StepSeries:
    """One id; `values` run from its first to its last step, NaN where a step is missing or empty."""

    id: str
    last_step: int
    values: tuple[float, ...]


class Stepwise(Protocol):
    """What is written for each step."""

    @property
    def mean(self) -> Sequence[float]: ...
    @property
    def lo80(self) -> Sequence[float]: ...
    @property
    def hi80(self) -> Sequence[float]: ...
    @property
    def lo95(self) -> Sequence[float]: ...
    @property
    def hi95(self) -> Sequence[float]: ...
    @property
    def model(self) -> str: ...


def read_series(source: Path) -> list[StepSeries]:
    """Ids in their order of appearance; rows of one id may stand in any order."""
    found: dict[str, dict[int, float]] = {}
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        absent = [name for name in IN_COLUMNS if name not in (reader.fieldnames or [])]
        if absent:
            raise ForecastFileError(source, 1, f"no column {', '.join(absent)}; the columns are {','.join(IN_COLUMNS)}")
        for row in reader:
            _keep(found, row, source, reader.line_num)
    return [_series(key, steps) for key, steps in found.items()]


def _keep(found: dict[str, dict[int, float]], row: dict[str, str], source: Path, line: int) -> None:
    key, step, value = (row[name] for name in IN_COLUMNS)
    steps = found.setdefault(key, {})
    try:
        number = int(step)
    except (TypeError, ValueError):
        raise ForecastFileError(source, line, f"step '{step}' is not a whole number") from None
    if number in steps:
        raise ForecastFileError(source, line, f"step {number} of '{key}' stands twice")
    if steps and abs(number - next(iter(steps))) > LONGEST:
        raise ForecastFileError(source, line, f"step {number} of '{key}' is more than {LONGEST} steps from its first")
    steps[number] = _value(value, source, line)


def _value(text: str | None, source: Path, line: int) -> float:
    if text is None or text.strip() in ("", "NA", "NaN", "nan"):
        return math.nan
    try:
        value = float(text)
    except ValueError:
        raise ForecastFileError(source, line, f"value '{text}' is not a number") from None
    if math.isinf(value):
        raise ForecastFileError(source, line, "value is infinite")
    return value


def _series(key: str, steps: dict[int, float]) -> StepSeries:
    last = max(steps)
    return StepSeries(key, last, tuple(steps.get(step, math.nan) for step in range(min(steps), last + 1)))


def write_forecasts(target: Path, made: Iterable[tuple[StepSeries, Stepwise]]) -> None:
    """One row per id and step, full precision; a missing figure is an empty cell."""
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(OUT_COLUMNS)
        for series, forecast in made:
            bands = zip(forecast.mean, forecast.lo80, forecast.hi80, forecast.lo95, forecast.hi95, strict=True)
            for ahead, figures in enumerate(bands, start=1):
                cells = ["" if math.isnan(each) else repr(float(each)) for each in figures]
                writer.writerow([series.id, series.last_step + ahead, *cells, forecast.model])
