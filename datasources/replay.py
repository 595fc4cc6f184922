"""A recorded stream played back at 1 to 60 times its speed, restamped to the present: for demos, tests and drills.

The recording is CSV with a header, or one JSON object per line, with the fields of a pushed reading. The same record
always falls on the same instant, so reading twice delivers nothing twice.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from datasources.delivery.message import Misfit, observation_of
from datasources.delivery.observation import Delivery, Observation, SourceFailed, Unreadable
from datasources.delivery.period import CITY_TIME, frequency_of, period_of

PRODUCT = Path(__file__).resolve().parent.parent
_NUMBERS = ("value", "numerator", "denominator")
_CLOCKED = 13  # labels of this length or longer name an hour or a minute: only those are restamped


class Spec(BaseModel):
    """Options of `kind: replay`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: Path = Field(description="the recording, .csv or .jsonl, from the product's folder")
    speed: float = Field(default=1.0, ge=1, le=60, description="recorded seconds per second")
    begins: AwareDatetime | None = Field(default=None, description="when it starts; midnight of today if missing")
    repeat: bool = Field(default=True, description="start again at its end")
    window: int = Field(default=900, gt=0, le=86400, description="seconds before now that one call looks back")
    max_bytes: int = Field(default=50_000_000, gt=0, description="largest recording in bytes")


@dataclass(frozen=True)
class Recording:
    """What was recorded: readings with their instants in order, and the lines that are no readings."""

    readings: list[Observation]
    unreadable: list[Unreadable]

    @property
    def first(self) -> datetime:
        """The first recorded instant."""
        return _instant(self.readings[0])

    @property
    def length(self) -> timedelta:
        """From the first instant to one recorded minute after the last."""
        return _instant(self.readings[-1]) - self.first + timedelta(minutes=1)


def read(spec: Spec, *, source: str, now: datetime) -> Delivery:
    """What the recording gives in the window up to `now`; SourceFailed (permanent) for a recording nobody can play."""
    content = _content(spec)
    recording = _recording(content, spec.file)
    played = {}
    count = 0
    for reading in _played(recording, spec, now):
        played[(reading.indicator, reading.region, reading.dim, reading.period)] = reading
        count += 1
    skipped = {"superseded": count - len(played)} if count > len(played) else {}
    digest = sha256(content + str(sorted(played)).encode()).hexdigest()
    return Delivery(source, spec.file.name, now, list(played.values()), recording.unreadable, digest, skipped)


def _played(recording: Recording, spec: Spec, now: datetime) -> Iterator[Observation]:
    begins = spec.begins or now.astimezone(CITY_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
    turn = recording.length / spec.speed
    oldest = now - timedelta(seconds=spec.window)
    number = max(int((oldest - begins) / turn), 0) if spec.repeat else 0
    while (opening := begins + number * turn) <= now and (spec.repeat or number == 0):
        for reading in recording.readings:
            instant = opening + (_instant(reading) - recording.first) / spec.speed
            if oldest < instant <= now:
                yield _restamped(reading, instant)
        number += 1


def _restamped(reading: Observation, instant: datetime) -> Observation:
    if len(reading.period) < _CLOCKED:
        return reading
    return replace(reading, observed_at=instant, period=period_of(instant, frequency_of(reading.period)))


def _instant(reading: Observation) -> datetime:
    if reading.observed_at is None:
        raise SourceFailed(f"第 {reading.line} 行缺少 observed_at，无法回放", permanent=True)
    return reading.observed_at


def _content(spec: Spec) -> bytes:
    path = PRODUCT / spec.file
    try:
        if path.stat().st_size > spec.max_bytes:
            raise SourceFailed(f"录制文件 {spec.file.name} 超过上限 {spec.max_bytes} 字节", permanent=True)
        return path.read_bytes()
    except OSError as error:
        raise SourceFailed(f"读不到录制文件 {spec.file.name}", permanent=True) from error


def _recording(content: bytes, file: Path) -> Recording:
    readings: list[Observation] = []
    unreadable: list[Unreadable] = []
    for line, row in _rows(content, file):
        try:
            readings.append(observation_of(row, line, {}))
        except Misfit as misfit:
            unreadable.append(Unreadable(line, str(row)[:500], f"第 {line} 行：{misfit}"))
    if not readings:
        raise SourceFailed(f"录制文件 {file.name} 中没有可回放的记录", permanent=True)
    return Recording(sorted(readings, key=_instant), unreadable)


def _rows(content: bytes, file: Path) -> Iterator[tuple[int, object]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceFailed(f"录制文件 {file.name} 不是 UTF-8 编码", permanent=True) from error
    if file.suffix == ".csv":
        rows = csv.DictReader(text.splitlines())
        yield from ((rows.line_num, _typed(row)) for row in rows)
        return
    for line, one in enumerate(text.splitlines(), start=1):
        if one.strip():
            yield line, _object(one)


def _object(line: str) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return line


def _typed(row: dict[str, str]) -> dict[str, object]:
    """CSV cells as the JSON fields they stand for; empty cells are absent, except an empty value, which is null."""
    typed: dict[str, object] = {name: cell for name, cell in row.items() if name is not None and cell}
    for name in _NUMBERS:
        if name in typed:
            typed[name] = _number(str(typed[name]))
    return {"value": None, **typed} if "value" in row else typed


def _number(cell: str) -> object:
    try:
        return float(cell)
    except ValueError:
        return cell
