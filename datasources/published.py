"""Published statistics shipped as CSV: every printed figure, and as readings those that feed an indicator.

A reviewed table, `mapping.csv`, says which printed name is which indicator. What is not in it stays a published figure
and is never a reading. See docs/decisions/010-published-figures.md for why a name is in the table or not.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import isfinite
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from datasources.delivery.observation import Delivery, Observation, SourceFailed, Unreadable
from datasources.delivery.period import Frequency, frequency_of

PRODUCT = Path(__file__).resolve().parent.parent
RAW_LIMIT = 500
ESTIMATE = "estimated"
INFERRED_YEAR = "inferred_year"


class Spec(BaseModel):
    """Options of `kind: published`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path = Field(
        default=Path("indicators/published"), description="folder of the files, from the product's own"
    )
    figures: str = Field(default="chaozhou_stats.csv", pattern=r"^[\w.-]+\.csv$", description="the printed figures")
    mapping: str = Field(default="mapping.csv", pattern=r"^[\w.-]+\.csv$", description="printed name to indicator")
    region: str = Field(default="445100", description="the region whose figures are readings; others stay figures")

    def path(self, name: str) -> Path:
        """Where a file of the folder lies."""
        return PRODUCT / self.folder / name


@dataclass(frozen=True)
class Figure:
    """One figure as printed. `period` and `basis` are the publisher's: a quarter is January to its end."""

    line: int
    title: str
    region: str
    period: str
    value: float | None
    unit: str
    basis: str
    source_title: str
    source_url: str
    fragment: str
    publisher: str
    note: str
    raw: str


class Meaning(BaseModel):
    """One row of the mapping: what a printed name means in the catalogue."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    indicator: str = Field(pattern=r"^[A-Z]{3}-\d{2,3}$")
    dim: str
    printed_unit: str
    factor: float = Field(gt=0, description="indicator value = printed value × factor")
    frequency: Frequency
    basis: str = Field(pattern=r"^(ytd|point)$")
    note: str


def read(spec: Spec, *, source: str, now: datetime) -> Delivery:
    """The readings in the shipped figures; SourceFailed if a file is missing or the mapping is wrong."""
    path = spec.path(spec.figures)
    meanings = load_mapping(spec.path(spec.mapping))
    observations: list[Observation] = []
    unreadable: list[Unreadable] = []
    skipped: Counter[str] = Counter()
    for figure in load_figures(path):
        fitting = meanings.get(figure.title, ()) if figure.region == spec.region else ()
        if not fitting:
            skipped["figure_only"] += 1
        for meaning in fitting:
            row = _reading(figure, meaning)
            if isinstance(row, Unreadable):
                unreadable.append(row)
            else:
                observations.append(row)
    digest = sha256(path.read_bytes() + spec.path(spec.mapping).read_bytes()).hexdigest()
    return Delivery(source, path.name, now, observations, unreadable, digest, dict(skipped))


def load_figures(path: Path) -> list[Figure]:
    """Every figure of the file in its order; a value that is no number is None."""
    try:
        return [_figure(line, row) for line, row in enumerate(_rows(path), 2)]
    except KeyError as absent:
        raise SourceFailed(
            f"{path.name} 缺少“{absent.args[0]}”一列，请按随产品发布的文件补齐", permanent=True
        ) from absent


def load_mapping(path: Path) -> Mapping[str, tuple[Meaning, ...]]:
    """Printed name to its meanings; SourceFailed names the line that is wrong."""
    found: dict[str, list[Meaning]] = defaultdict(list)
    for line, row in enumerate(_rows(path), 2):
        try:
            meaning = Meaning.model_validate(row)
        except ValidationError as wrong:
            place = wrong.errors()[0]["loc"][0]
            raise SourceFailed(
                f"{path.name} 第 {line} 行“{place}”一列填写有误，请改正后重试", permanent=True
            ) from wrong
        found[meaning.title].append(meaning)
    return {title: tuple(several) for title, several in found.items()}


def _figure(line: int, row: Mapping[str, str]) -> Figure:
    return Figure(
        line=line,
        title=row["indicator_zh"],
        region=REGIONS.get(row["region_code"], row["region_code"]),
        period=row["period"],
        value=_number(row["value"]),
        unit=row["unit"],
        basis=row["basis"],
        source_title=row["source_title"],
        source_url=row["source_url"],
        fragment=row["fragment"],
        publisher=row["publisher"],
        note=row["note"],
        raw=",".join(row.values())[:RAW_LIMIT],
    )


REGIONS = {"枫溪区": "445185"}
"""Regions printed by name because the bureau of statistics has no code for them."""


def _reading(figure: Figure, meaning: Meaning) -> Observation | Unreadable:
    problem = _problem(figure, meaning)
    if problem or figure.value is None:
        return Unreadable(figure.line, figure.raw, problem or f"“{figure.title}”的数值不是数字，请核对原文")
    return Observation(
        indicator=meaning.indicator,
        region=figure.region,
        period=period_in(figure.period, meaning.frequency),
        value=figure.value * meaning.factor,
        dim=meaning.dim,
        basis=meaning.basis,
        quality=tuple(_doubts(figure)),
        line=figure.line,
        raw=figure.raw,
    )


CUMULATIVE = frozenset({"ytd", "annual", "annual estimate(预计)"})
"""Printed bases that speak of January to the end of the period; for a stock (生猪存栏) of the end itself."""


def _problem(figure: Figure, meaning: Meaning) -> str | None:
    if figure.unit != meaning.printed_unit:
        return f"“{figure.title}”的单位是“{figure.unit}”，对照表写的是“{meaning.printed_unit}”；请核对后修改对照表"
    if figure.basis not in CUMULATIVE:
        return f"“{figure.title}”的口径“{figure.basis}”不是年初累计，不能作为 {meaning.indicator} 入库；请核对原文"
    if period_in(figure.period, meaning.frequency) == "":
        return f"“{figure.title}”的时期“{figure.period}”不能落到 {meaning.indicator} 的报告期上；请核对原文"
    return None


def period_in(printed: str, frequency: Frequency) -> str:
    """The period of `frequency` that ends where the printed one ends; '' if none does.

    A cumulative figure of 2024 is that of 2024-Q4 and of 2024-12; one of 2024-Q3 is that of 2024-09.
    """
    try:
        written = frequency_of(printed)
    except ValueError:
        return ""
    if written is frequency:
        return printed
    return _SAME_END.get((written, frequency), lambda label: "")(printed)


def _quarter_ending(month: str) -> str:
    number = int(month[-2:])
    return "" if number % 3 else f"{month[:4]}-Q{number // 3}"


_SAME_END: dict[tuple[Frequency, Frequency], Callable[[str], str]] = {
    (Frequency.YEARLY, Frequency.QUARTERLY): lambda year: f"{year}-Q4",
    (Frequency.YEARLY, Frequency.MONTHLY): lambda year: f"{year}-12",
    (Frequency.QUARTERLY, Frequency.MONTHLY): lambda quarter: f"{quarter[:4]}-{int(quarter[-1]) * 3:02d}",
    (Frequency.MONTHLY, Frequency.QUARTERLY): _quarter_ending,
}


def _doubts(figure: Figure) -> Iterable[str]:
    if "预计" in figure.basis:
        yield ESTIMATE
    if "inferred" in figure.note:
        yield INFERRED_YEAR


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [{name: text for name, text in row.items() if name} for row in csv.DictReader(file, restval="")]
    except (OSError, UnicodeDecodeError) as error:
        raise SourceFailed(f"读不到随产品发布的文件 {path.name}；请重新安装或恢复该文件", permanent=True) from error


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None
