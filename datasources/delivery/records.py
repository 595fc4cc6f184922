"""From the records of a query or an interface to observations; what cannot be read is given up with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from math import isfinite
from typing import Any, Literal

from datasources.delivery.fields import Fields, NoSuchField
from datasources.delivery.observation import Observation, Unreadable
from datasources.delivery.period import CITY_TIME, Frequency, frequency_of, period_of, start

RAW_LIMIT = 500
TEXT_LIMIT = 120
Pick = Callable[[Any, str], Any]
"""Gives the value of a named field of a record; raises NoSuchField."""


class Unusable(ValueError):
    """A field is there but holds nothing usable; the message says which and why."""


@dataclass(frozen=True)
class Read:
    """Records as far as they could be read."""

    observations: list[Observation] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """Reads records by `fields`. `frequencies` (indicator to frequency) labels values that carry only an instant."""

    fields: Fields
    pick: Pick
    frequencies: Mapping[str, Frequency]

    def observe(self, records: Iterable[Any]) -> Read:
        """Every value of every record. `line` counts records from 1."""
        read = Read()
        for line, record in enumerate(records, 1):
            for code, place in self._places():
                try:
                    read.observations.append(self._observation(record, line, code, place))
                except NoSuchField as absent:
                    message = f"第 {line} 条记录中{absent}"
                    read.unreadable.append(Unreadable(line, raw(record), message, check="field"))
                except Unusable as wrong:
                    read.unreadable.append(Unreadable(line, raw(record), f"第 {line} 条记录：{wrong}"))
        return read

    def _places(self) -> Iterable[tuple[str | None, str]]:
        return self.fields.values.items() if self.fields.values else [(None, self.fields.value or "")]

    def _observation(self, record: Any, line: int, code: str | None, place: str) -> Observation:
        fields = self.fields
        indicator = code or _coded(self.pick(record, fields.indicator or ""), fields.codes, "指标")
        observed_at = _instant(self.pick(record, fields.observed_at), fields.epoch) if fields.observed_at else None
        return Observation(
            indicator=indicator,
            region=fields.fixed_region or _coded(self.pick(record, fields.region or ""), fields.regions, "区域"),
            period=self._period(record, indicator, observed_at),
            value=self._number(record, place) * fields.factors.get(indicator, 1.0),
            observed_at=observed_at,
            numerator=self._number(record, fields.numerator) if fields.numerator else None,
            denominator=self._number(record, fields.denominator) if fields.denominator else None,
            dim=";".join(f"{dim}={_text(self.pick(record, name), dim)}" for dim, name in sorted(fields.dims.items())),
            basis=fields.basis,
            line=line,
            raw=raw(record),
        )

    def _number(self, record: Any, place: str) -> float:
        return number(self.pick(record, place), place)

    def _period(self, record: Any, indicator: str, observed_at: datetime | None) -> str:
        fields = self.fields
        given = self.pick(record, fields.period) if fields.period else fields.fixed_period
        label = str(given).strip()
        if not fields.epoch and _is_label(label) and isinstance(given, str | int):
            return _label(label, fields.frequency)
        moment = observed_at if given is None and observed_at else _instant(given, fields.epoch)
        return period_of(moment, fields.frequency or self.frequencies.get(indicator, Frequency.MINUTE))


def number(given: Any, what: str) -> float:
    """A finite number, also when written as plain digits; anything else is Unusable, never taken for 0."""
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal | str):
        raise Unusable(f"“{what}”没有数值（{shown(given)}）")
    try:
        value = float(given)
    except (ValueError, OverflowError):
        raise Unusable(f"“{what}”应为不带单位的数字，收到{shown(given)}") from None
    if not isfinite(value):
        raise Unusable(f"“{what}”不是有限的数值（{shown(given)}）")
    return value


def shown(given: Any) -> str:
    """A delivered value for a message: short, and an empty one said in words."""
    return "空值" if given is None or given == "" else f"“{str(given)[:40]}”"


def raw(record: Any) -> str:
    """The record as it is kept beside a value or in quarantine."""
    return str(record)[:RAW_LIMIT]


def _coded(given: Any, codes: Mapping[str, str], what: str) -> str:
    name = _text(given, what)
    if codes and name not in codes:
        near = get_close_matches(name, codes, n=1, cutoff=0.5)
        hint = f"您是否想填“{near[0]}”？" if near else "请在来源设置中补充对应关系"
        raise Unusable(f"{what}“{name[:40]}”不在对应关系中，{hint}")
    return codes.get(name, name)


def _text(given: Any, what: str) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int) or str(given).strip() == "":
        raise Unusable(f"{what}应为文本，收到{shown(given)}")
    return str(given).strip()[:TEXT_LIMIT]


def _is_label(text: str) -> bool:
    try:
        frequency_of(text)
    except ValueError:
        return False
    return True


def _label(label: str, frequency: Frequency | None) -> str:
    """The label itself, or the period of the wished `frequency` in which a finer label begins."""
    coarse_to_fine = list(Frequency)
    if frequency is None or coarse_to_fine.index(frequency_of(label)) == coarse_to_fine.index(frequency):
        return label
    if coarse_to_fine.index(frequency_of(label)) < coarse_to_fine.index(frequency):
        raise Unusable(f"时期“{label}”比所需的频率粗，不能作为报告期")
    return period_of(start(label), frequency)


def _instant(given: Any, epoch: Literal["s", "ms"] | None) -> datetime:
    """An aware instant; one without a zone is meant in city time."""
    try:
        moment = _moment(given, epoch)
    except (ValueError, OverflowError, OSError):
        raise Unusable(f"时间{shown(given)}无法识别，应如 2026-11-22T14:05:00+08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=CITY_TIME)


def _moment(given: Any, epoch: Literal["s", "ms"] | None) -> datetime:
    if isinstance(given, datetime):
        return given
    if isinstance(given, date):
        return datetime.combine(given, time())
    if epoch:
        return datetime.fromtimestamp(number(given, "时间") / (1000 if epoch == "ms" else 1), CITY_TIME)
    if isinstance(given, str):
        return datetime.fromisoformat(given.strip().replace("/", "-"))
    raise ValueError(given)
