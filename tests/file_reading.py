"""What the tests of the file source share: a small catalogue and one way to read bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from datasources.file import FileDelivery, Spec, read

FIXTURES = Path(__file__).parent / "datasources" / "fixtures" / "file"
NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
NAMES = {
    "潮州市": "445100",
    "湘桥区": "445102",
    "潮安区": "445103",
    "饶平县": "445122",
    "枫溪区": "445185",
    "枫溪镇": "445103104",
    "彩塘镇": "445103108",
    "凤泉湖高新区": "4451-FQH",
}
INDICATORS = {
    "地区生产总值（累计）": ("ECO-01", "亿元", "quarterly"),
    "规模以上工业总产值": ("ECO-06", "亿元", "monthly"),
    "规模以上工业增加值（累计）": ("ECO-07", "亿元", "monthly"),
    "规模以上工业增加值同比增速": ("ECO-08", "%", "monthly"),
    "固定资产投资同比增速": ("ECO-09", "%", "monthly"),
    "规模以上工业企业数": ("IND-01", "家", "monthly"),
    "细颗粒物浓度": ("ENV-01", "微克/立方米", "daily"),
    "办件按时办结率": ("GOV-01", "%", "daily"),
}
CODES = {name: code for name, (code, _, _) in INDICATORS.items()}
UNITS = {code: unit for code, unit, _ in INDICATORS.values()}
FREQUENCIES = {code: frequency for code, _, frequency in INDICATORS.values()}


def take(content: bytes | str, name: str = "报表.csv", /, **settings: Any) -> FileDelivery:
    """Read `content` with the settings a source entry would have."""
    spec = Spec.model_validate(settings)
    given = content.encode("utf-8") if isinstance(content, str) else content
    return read(
        spec, given, name, source="stats", names=NAMES, units=UNITS, now=NOW, indicators=CODES, frequencies=FREQUENCIES
    )  # fmt: skip


def take_fixture(name: str, **settings: Any) -> FileDelivery:
    """Read a file of the fixtures folder."""
    return take((FIXTURES / name).read_bytes(), name, **settings)


def told(delivery: FileDelivery) -> list[tuple[str, str, str, float | None]]:
    """The observations in short: indicator, region, period, value."""
    return [(one.indicator, one.region, one.period, one.value) for one in delivery.observations]


def lines_accounted_for(delivery: FileDelivery) -> set[int | None]:
    """Every line that became a reading, an unreadable row or a counted kind of line."""
    read_lines = {one.line for one in delivery.observations} | {one.line for one in delivery.unreadable}
    return read_lines | {line for lines in delivery.skipped_lines.values() for line in lines}
