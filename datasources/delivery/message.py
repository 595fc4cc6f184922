"""The JSON message by which readings are pushed, the same over HTTP and MQTT.

    {"source": "air_stations", "readings": [{"indicator": "ENV-01", "region": "445102", "value": 31.5,
     "observed_at": "2026-11-22T14:05:00+08:00"}]}

A message that is no such message is refused whole; a bad reading inside a good message is given up alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import orjson

from datasources.delivery.observation import Delivery, Observation, SourceFailed, Unreadable
from datasources.delivery.period import Frequency, frequency_of, period_of

FIELDS = (
    "indicator", "region", "period", "value", "observed_at", "numerator", "denominator", "dim", "basis", "quality"
)  # fmt: skip
_BASES = ("period", "ytd", "point")
_RAW_LENGTH = 500
_ENVELOPE = frozenset({"source", "readings"})
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)")


@dataclass(frozen=True)
class Limits:
    """How large a message may be."""

    bytes: int
    readings: int


class Misfit(ValueError):
    """A reading that is no reading; the message says what is wrong and what would be right."""


def delivery_of(
    payload: bytes, *, origin: str, now: datetime, limits: Limits, frequencies: Mapping[str, Frequency] | None = None
) -> Delivery:
    """The readings of one message; SourceFailed (permanent) if it is no readings message at all.

    `frequencies` tells the frequency of an indicator where a reading names only its instant; unknown ones get the
    minute grid. The source is the one the message names, '' if none.
    """
    envelope = _envelope(payload, limits)
    observations: list[Observation] = []
    unreadable: list[Unreadable] = []
    for line, row in enumerate(envelope["readings"], start=1):
        try:
            observations.append(observation_of(row, line, frequencies or {}))
        except Misfit as misfit:
            unreadable.append(Unreadable(line, _raw(row), f"第 {line} 条：{misfit}"))
    digest = hashlib.sha256(payload).hexdigest()
    return Delivery(envelope.get("source") or "", origin, now, observations, unreadable, digest)


def _envelope(payload: bytes, limits: Limits) -> dict[str, Any]:
    if len(payload) > limits.bytes:
        raise SourceFailed(f"消息过大：{len(payload)} 字节，上限 {limits.bytes} 字节，请分批发送", permanent=True)
    try:
        envelope = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise SourceFailed(f"不是有效的 JSON（UTF-8）：{error}", permanent=True) from error
    if not isinstance(envelope, dict) or not isinstance(envelope.get("readings"), list):
        raise SourceFailed('消息应为 {"source": …, "readings": [ … ]}', permanent=True)
    if stray := sorted(envelope.keys() - _ENVELOPE):
        raise SourceFailed(f"消息中有不认识的字段：{'、'.join(stray)}", permanent=True)
    if not isinstance(envelope.get("source", ""), str | None):
        raise SourceFailed("source 应为文本", permanent=True)
    if len(envelope["readings"]) > limits.readings:
        count = len(envelope["readings"])
        raise SourceFailed(f"一次最多 {limits.readings} 条，收到 {count} 条，请分批发送", permanent=True)
    return envelope


def observation_of(row: object, line: int, frequencies: Mapping[str, Frequency]) -> Observation:
    """One reading of a message, or a line of a recorded stream; Misfit if it is none."""
    if not isinstance(row, dict):
        raise Misfit("应为一个对象")
    for name in row:
        if name not in _READ:
            raise Misfit(_stray(name))
    found = {name: read(row[name], name) for name, read in _READ.items() if name in row}
    for name in ("indicator", "region"):
        if not found.get(name):
            raise Misfit(f"缺少 {name}")
    if "value" not in row:
        raise Misfit("缺少 value；确无数值时请写 null 并在 quality 中注明原因")
    return Observation(**{**found, "period": _period(found, frequencies)}, line=line, raw=_raw(row))


def _stray(name: str) -> str:
    near = get_close_matches(name, FIELDS, n=1)
    return f"不认识的字段 {name}。" + (f"您是否想填 {near[0]}？" if near else f"可用字段：{'、'.join(FIELDS)}")


def _period(found: Mapping[str, Any], frequencies: Mapping[str, Frequency]) -> str:
    if found.get("period"):
        return str(found["period"])
    observed_at = found.get("observed_at")
    if observed_at is None:
        raise Misfit("period 与 observed_at 至少填一项")
    return period_of(observed_at, frequencies.get(found["indicator"], Frequency.MINUTE))


# One field each


def _text(given: object, name: str) -> str:
    if given is None:
        return ""
    if not isinstance(given, str) or len(given) > 120:
        raise Misfit(f"{name} 应为不超过 120 字的文本")
    return given.strip()


def _number(given: object, name: str) -> float | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise Misfit(f"{name} 应为数字，收到 {_raw(given)[:40]}")
    return float(given)


def _label(given: object, name: str) -> str:
    return _known_label(_text(given, name)) if given is not None else ""


@lru_cache(maxsize=4096)
def _known_label(label: str) -> str:
    try:
        frequency_of(label)
    except ValueError:
        raise Misfit(f"period “{label}”无法识别，应如 2025、2025-Q3、2025-09、2025-09-03 或 2025-09-03T14:05") from None
    return label


def _instant(given: object, name: str) -> datetime | None:
    if given is None:
        return None
    if not isinstance(given, str) or not _INSTANT.fullmatch(given):
        raise Misfit(f"{name} “{_raw(given)[:40]}”应为带时区的时间，如 2026-11-22T14:05:00+08:00")
    try:
        return datetime.fromisoformat(given)
    except ValueError:
        raise Misfit(f"{name} “{given}”不是有效的时间") from None


def _basis(given: object, name: str) -> str | None:
    if given is not None and given not in _BASES:
        raise Misfit(f"{name} 应为 {'、'.join(_BASES)} 之一")
    return given if isinstance(given, str) else None


def _flags(given: object, name: str) -> tuple[str, ...]:
    words = [given] if isinstance(given, str) else given
    if not isinstance(words, list) or not all(isinstance(word, str) and 0 < len(word) <= 40 for word in words):
        raise Misfit(f"{name} 应为简短文本或文本列表")
    return tuple(word.replace(" ", "_") for word in words)


_READ: dict[str, Callable[[object, str], Any]] = {
    "indicator": _text,
    "region": _text,
    "period": _label,
    "value": _number,
    "observed_at": _instant,
    "numerator": _number,
    "denominator": _number,
    "dim": _text,
    "basis": _basis,
    "quality": _flags,
}


def _raw(row: object) -> str:
    try:
        return orjson.dumps(row).decode()[:_RAW_LENGTH]
    except (TypeError, ValueError):  # numbers beyond 64 bit
        return repr(row)[:_RAW_LENGTH]
