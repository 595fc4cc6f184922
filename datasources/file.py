"""Files as departments send them: CSV and XLSX, in the plain template or mapped by the source's entry in the catalogue.

The bytes are read in a child process with limits (`delivery/confined_process.py`); here only lines of JSON arrive.
Any source takes the template: 指标编码 | 地区 | 时期 | 数值, and if wanted 分子, 分母, 单位, 观测时间, 维度, 口径.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from sys import intern
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, model_validator

from datasources.delivery.confined_process import ChildFailed, Limits, answers
from datasources.delivery.observation import Delivery, Observation, SourceFailed, Unreadable
from datasources.delivery.sheet_names import regions_by_name, tidy_name

_LOG = logging.getLogger(__name__)
Heading = Annotated[str, Field(min_length=1, max_length=120)]
TEMPLATE: dict[str, tuple[str, ...]] = {
    "indicator": ("指标编码", "指标代码", "指标", "指标名称", "indicator", "indicator_code", "code"),
    "region": ("地区", "地区编码", "地区代码", "行政区划", "行政区划代码", "区域", "region", "region_code"),
    "period": ("时期", "报告期", "统计时期", "期别", "统计时间", "数据时间", "时间", "日期", "period", "date"),
    "value": ("数值", "指标值", "值", "本期值", "value"),
    "numerator": ("分子", "numerator"),
    "denominator": ("分母", "denominator"),
    "unit": ("单位", "计量单位", "unit"),
    "observed_at": ("观测时间", "采集时间", "observed_at"),
    "dim": ("维度", "分项", "dim"),
    "basis": ("口径", "basis"),
}
"""Role -> headings of the plain template, the preferred one first."""

_FAILED = {
    "time": "解析文件超过 {seconds:.0f} 秒，已终止。请只保留要上报的数据，或分成几个文件上传。",
    "memory": "解析文件需要的内存超过上限，已终止。请只保留要上报的数据，或分成几个文件上传。",
    "answer": "文件里的数据过多，已终止。请分成几个文件上传。",
    "crash": "文件无法解析，解析进程已退出。请在 Excel 中打开并另存后再上传。",
}


class Entry(BaseModel):
    """Base of the settings: frozen, a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Place(Entry):
    """Where the region, the period or the indicator of a reading stands. Exactly one of the three."""

    column: Heading | None = Field(default=None, description="heading of the column")
    fixed: str | None = Field(default=None, description="the same for the whole file")
    title: bool = Field(default=False, description="period only: in the title, the sheet's or the file's name")

    @model_validator(mode="after")
    def _is_one(self) -> Place:
        if (self.column is not None) + (self.fixed is not None) + self.title != 1:
            raise ValueError("exactly one of column, fixed and title")
        return self


class Column(Entry):
    """What a column of values (or a row, as `row name/heading`) feeds."""

    indicator: str = Field(description="code of the indicator")
    unit: str | None = Field(default=None, description="unit in the file; converted into the indicator's own")
    basis: Literal["period", "ytd", "point"] | None = Field(default=None, description="当期, 累计, 时点")
    dim: str = Field(default="", description="breakdown that the column stands for")
    region: str | None = Field(default=None, description="region that the column stands for")
    numerator: Heading | None = Field(default=None, description="heading of the numerator's column")
    denominator: Heading | None = Field(default=None, description="heading of the denominator's column")


class Spec(Entry):
    """Settings of a file source; without any the plain template is expected."""

    layout: Literal["long", "wide"] = Field(default="long", description="long: one reading per row; wide: several")
    across: Literal["indicators", "regions", "periods"] = Field(
        default="indicators", description="wide: what the columns are"
    )
    sheet: str | int | None = Field(
        default=None, description="name or number from 1; * reads all; the first with a table"
    )
    header_rows: int | None = Field(default=None, ge=1, le=5, description="rows of the heading; found if missing")
    columns: dict[Heading, Column | str] = Field(
        default_factory=dict, description="heading -> indicator, `上级/下级` for two rows"
    )
    indicator: Place | None = Field(default=None, description="where the indicator stands")
    region: Place | None = Field(default=None, description="where the region stands")
    period: Place | None = Field(default=None, description="where the period stands")
    value: Heading | None = Field(default=None, description="long: heading of the value")
    numerator: Heading | None = Field(default=None, description="long: heading of the numerator")
    denominator: Heading | None = Field(default=None, description="long: heading of the denominator")
    unit: Heading | None = Field(default=None, description="heading of the unit")
    observed_at: Heading | None = Field(default=None, description="heading of the instant of observation")
    dim: Heading | None = Field(default=None, description="heading of the breakdown")
    regions: dict[str, str] = Field(
        default_factory=dict, description="names in this file -> region codes, e.g. 全市: 445100"
    )
    indicators: dict[str, str] = Field(default_factory=dict, description="names in this file -> indicator codes")
    fill_down: bool = Field(default=False, description="an empty label repeats the one above")
    encoding: Literal["auto", "utf-8", "gbk", "gb18030", "utf-16"] = "auto"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    max_bytes: int = Field(default=10 * 2**20, ge=1, le=200 * 2**20)
    max_rows: int = Field(default=100_000, ge=1, le=5_000_000)
    max_columns: int = Field(default=512, ge=1, le=16_384)
    max_readings: int = Field(default=500_000, ge=1, le=10_000_000)
    memory_mb: int = Field(default=512, ge=128, le=4096, description="address space of the reading process")
    timeout_seconds: float = Field(default=30.0, gt=0, le=600)

    @model_validator(mode="after")
    def _is_complete(self) -> Spec:
        if self.layout == "wide" and self.across == "indicators" and not self.columns:
            raise ValueError("a wide layout across indicators needs `columns`")
        if self.layout == "wide" and self.across != "indicators" and self.indicator is None:
            raise ValueError(f"a wide layout across {self.across} needs `indicator`: a column or a fixed code")
        return self


@dataclass(frozen=True)
class FileDelivery(Delivery):
    """A delivery that also tells which lines were left out, and how the file was read."""

    skipped_lines: dict[str, list[int]] = field(default_factory=dict)
    """Kind of line -> line numbers (one entry per cell for `missing`); the first 20,000 of each."""
    read_as: str = ""
    """Encoding or format, and the sheets read."""


def read(
    spec: Spec,
    content: bytes,
    filename: str,
    *,
    source: str,
    names: Mapping[str, str],
    units: Mapping[str, str],
    now: datetime,
    indicators: Mapping[str, str] | None = None,
    frequencies: Mapping[str, str] | None = None,
) -> FileDelivery:
    """All readings of the file; SourceFailed (permanent) with a message for people if the whole file is refused.

    `names`: region names -> codes; `units`: indicator code -> unit; `indicators`: exact indicator names -> codes;
    `frequencies`: indicator code -> frequency, so that a date 2026-01-01 in a monthly column is 2026-01.
    """
    if len(content) > spec.max_bytes:
        raise _refused(
            filename,
            f"文件有 {len(content) / 2**20:.1f} MB，超过上限 {spec.max_bytes / 2**20:.0f} MB。请分成几个文件上传。",
        )
    plan = _plan(spec, filename, names, units, indicators or {}, frequencies or {})
    limits = Limits(spec.memory_mb * 2**20, spec.timeout_seconds)
    collected = _Collected()
    try:
        for line in answers(
            "datasources.delivery.sheet_process:main", [json.dumps(plan).encode(), b"\n", content], limits
        ):
            collected.take(*orjson.loads(line))
    except ChildFailed as failure:
        _LOG.error("reading %s failed (%s): %s", _origin(filename), failure.cause, failure.detail)
        raise _refused(filename, _FAILED[failure.cause].format(seconds=spec.timeout_seconds)) from failure
    if collected.refusal or not collected.ending:
        raise _refused(filename, collected.refusal or _FAILED["crash"])
    ending = collected.ending
    return FileDelivery(
        source, _origin(filename), now, collected.observations, collected.unreadable,
        hashlib.sha256(content).hexdigest(), ending["skipped"], ending["lines"],
        "，".join(filter(None, [ending["note"], *ending["sheets"]])),
    )  # fmt: skip


class _Collected:
    """What the child has told so far."""

    def __init__(self) -> None:
        self.observations: list[Observation] = []
        self.unreadable: list[Unreadable] = []
        self.ending: dict[str, Any] = {}
        self.refusal = ""

    def take(self, what: str, body: Any) -> None:
        """One line of the answer."""
        if what == "readings":
            rows, raws = body
            self.observations += [_observation(row, raws) for row in rows]
        elif what == "unreadable":
            self.unreadable += [Unreadable(*row) for row in body]
        elif what == "refused":
            self.refusal = body
        else:
            self.ending = body


def _observation(row: list[Any], raws: dict[str, str]) -> Observation:
    indicator, region, period, value, observed_at, numerator, denominator, dim, basis, line = row
    return Observation(
        intern(indicator), intern(region), intern(period), value,
        datetime.fromisoformat(observed_at) if observed_at else None,
        numerator, denominator, dim, basis, (), line, raws[str(line)],
    )  # fmt: skip


def _plan(
    spec: Spec, filename: str, names: Mapping[str, str], units: Mapping[str, str], indicators: Mapping[str, str],
    frequencies: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    places = {"indicator": spec.indicator, "region": spec.region, "period": spec.period}
    return {
        "filename": _origin(filename),
        **spec.model_dump(include={"layout", "across", "sheet", "header_rows", "encoding", "delimiter", "fill_down"}),
        **spec.model_dump(include={"max_rows", "max_columns", "max_readings"}),
        "headings": _headings(spec, places),
        "template": {role: list(headings) for role, headings in TEMPLATE.items()},
        "fixed": {role: place.fixed for role, place in places.items() if place and place.fixed is not None},
        "period_from_title": bool(spec.period and spec.period.title),
        "targets": {heading: _target(column) for heading, column in spec.columns.items()},
        "regions": regions_by_name({**names, **spec.regions}),
        "indicators": {
            tidy_name(name): code
            for name, code in ({code: code for code in units} | dict(indicators) | spec.indicators).items()
        },
        "units": dict(units),
        "frequencies": {code: str(frequency) for code, frequency in frequencies.items()},
    }


def _headings(spec: Spec, places: dict[str, Place | None]) -> dict[str, list[str]]:
    """Headings by role: the mapped ones, and those of the template where nothing is said."""
    headings: dict[str, list[str]] = {}
    plain = {role: getattr(spec, role) for role in ("value", "numerator", "denominator", "unit", "observed_at", "dim")}
    for role, known in TEMPLATE.items():
        place, heading = places.get(role), plain.get(role)
        if heading or (place and place.column):
            headings[role] = [heading or place.column]  # type: ignore[union-attr,list-item]
        elif place is None and (spec.layout == "long" or role in ("region", "period", "unit")):
            headings[role] = list(known)
    if spec.layout == "wide" and spec.across == "regions":
        headings.pop("region", None)
    if spec.layout == "wide" and spec.across == "periods":
        headings.pop("period", None)
    return headings


def _target(column: Column | str) -> dict[str, Any]:
    return {"indicator": column} if isinstance(column, str) else column.model_dump()


def _refused(filename: str, message: str) -> SourceFailed:
    return SourceFailed(f"{_origin(filename)}：{message}", permanent=True)


def _origin(filename: str) -> str:
    """The bare name of the file, without folders and control characters."""
    return re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[/\\]", filename)[-1])[:200] or "未命名"
