"""Trend: history solid, forecast dashed within its band, one line for the target, last year behind it, events on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash.development.base_component import Component

from components import numbers
from components.chart_axis import axis, ceiling_of, shortened
from components.chart_frame import Goal, Sheet, framed, goal_data, nothing
from components.times import period


@dataclass(frozen=True)
class Forecast:
    """The coming periods: middle and the edges of the 80 % band. `words` stand before the last middle value.

    `wide` are the edges of the 95 % band, `naive` the baseline drawn beside the model; both may be left out.
    """

    labels: Sequence[str]
    middle: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    words: str = "预测"
    wide: tuple[Sequence[float], Sequence[float]] | None = None
    naive: Sequence[float] = ()

    def __post_init__(self) -> None:
        if not len(self.labels) == len(self.middle) == len(self.low) == len(self.high):
            raise ValueError("a forecast has a middle and two edges for every period")
        if any(len(more) not in (0, len(self.labels)) for more in (self.naive, *(self.wide or ()))):
            raise ValueError("the wide band and the baseline cover every period or none")

    @property
    def reach(self) -> list[float]:
        """Every number of it that must find room."""
        wide = [edge for side in self.wide or () for edge in side]
        return [*self.low, *self.high, *wide, *self.naive]


@dataclass(frozen=True)
class Note:
    """Something that happened, written on the line at the period `label`."""

    label: str
    words: str


@dataclass(frozen=True)
class Trend:
    """A series of `unit` by period label (`2026-09`, `2026-11-22T14:05`; gaps are None), and what stands beside it.

    `before` is last year's series laid under this one, value by value; `before_words` says how it was aligned
    (上年同期, 上年农历同期).
    """

    title: str
    unit: str
    labels: Sequence[str]
    values: Sequence[float | None]
    decimals: int = 1
    basis: str = "period"
    forecast: Forecast | None = None
    goal: Goal | None = None
    before: Sequence[float | None] = ()
    before_words: str = "上年同期"
    notes: Sequence[Note] = ()
    zero: bool = False

    def __post_init__(self) -> None:
        if len(self.labels) != len(self.values) or len(self.before) not in (0, len(self.labels)):
            raise ValueError(f"{self.title}: every period has one value, and one of the year before or none")

    @property
    def all_labels(self) -> list[str]:
        """The known periods and those of the forecast."""
        return [*self.labels, *(self.forecast.labels if self.forecast else ())]

    @property
    def numbers(self) -> list[float | None]:
        """Every number that must find room."""
        ahead = self.forecast.reach if self.forecast else []
        return [*self.values, *self.before, *ahead, *([self.goal.value] if self.goal else [])]

    @property
    def last(self) -> int | None:
        """Index of the newest value that is known."""
        return next((i for i in reversed(range(len(self.values))) if numbers.is_number(self.values[i])), None)


def trend(one: Trend, *, look: str = "") -> Component:
    """The figure of a series."""
    if one.last is None:
        return nothing(one.title)
    scale = numbers.scale(one.numbers, one.unit)
    return framed(one.title, _said(one, scale), _spec(one, scale), _sheet(one, scale), look=look)


def _spec(one: Trend, scale: numbers.Scale) -> dict[str, object]:
    def sized(values: Sequence[float | None]) -> list[float | None]:
        return [scale.sized(value) for value in values]

    return {
        "kind": "trend",
        "unit": scale.unit,
        "names": [period(label, one.basis) for label in one.all_labels],
        "ticks": shortened(one.all_labels),
        "axis": axis(sized(one.numbers), zero=one.zero, ceiling=ceiling_of(scale.unit)).data(),
        "values": sized(one.values),
        "texts": [scale.words(value, one.decimals) for value in one.values],
        "last": _last(one, scale),
        "before": {"values": sized(one.before), "words": one.before_words} if one.before else None,
        "goal": goal_data(one.goal, scale, one.decimals),
        "ahead": _ahead(one, scale),
        "notes": [_note(one, note) for note in one.notes if note.label in one.labels],
    }


def _last(one: Trend, scale: numbers.Scale) -> dict[str, object] | None:
    index = one.last
    return None if index is None else {"at": index, "words": scale.words(one.values[index], one.decimals)}


def _note(one: Trend, note: Note) -> dict[str, object]:
    return {"at": list(one.labels).index(note.label), "words": note.words}


def _ahead(one: Trend, scale: numbers.Scale) -> dict[str, object] | None:
    """The forecast, joined to the last known value so that line and band begin there."""
    found, index = one.forecast, one.last
    if found is None or index is None or not found.labels:
        return None
    start = one.values[index]
    joined = {"middle": found.middle, "low": found.low, "high": found.high}
    if found.wide:
        joined |= {"low95": found.wide[0], "high95": found.wide[1]}
    if found.naive:
        joined["naive"] = found.naive
    parts = {name: [scale.sized(value) for value in (start, *side)] for name, side in joined.items()}
    at = [index, *range(len(one.labels), len(one.labels) + len(found.labels))]
    words = f"{found.words} {scale.plain(found.middle[-1], one.decimals)}"
    bands = [
        f"{scale.words(m, one.decimals)}（80% 区间 {_between(one, scale, i)}）" for i, m in enumerate(found.middle)
    ]
    return {"at": at, **parts, "words": words, "texts": ["", *bands]}


def _between(one: Trend, scale: numbers.Scale, index: int) -> str:
    if one.forecast is None:
        return ""
    edges = (one.forecast.low[index], one.forecast.high[index])
    return "–".join(scale.plain(edge, one.decimals) for edge in edges)


def _said(one: Trend, scale: numbers.Scale) -> str:
    """The message in one sentence, for those who hear the page."""
    if one.last is None:
        return "尚无数据"
    newest = f"{period(one.labels[one.last], one.basis)} {scale.words(one.values[one.last], one.decimals)}"
    parts = [f"{len(one.labels)} 期，最新 {newest}"]
    if one.goal:
        parts.append(f"{one.goal.words} {scale.words(one.goal.value, one.decimals)}")
    if one.forecast and one.forecast.labels:
        end = period(one.forecast.labels[-1], one.basis)
        middle = scale.words(one.forecast.middle[-1], one.decimals)
        parts.append(f"{one.forecast.words}{end} {middle}，80% 区间 {_between(one, scale, -1)}")
    return "；".join([*parts, *(f"{period(note.label, one.basis)} {note.words}" for note in one.notes)])


def _sheet(one: Trend, scale: numbers.Scale) -> Sheet:
    """Newest first; the forecast on top."""
    beside = [one.before_words] if one.before else []
    band = _band_names(one.forecast)
    columns = ["时期", f"数值（{scale.unit}）" if scale.unit else "数值", *beside, *band]

    def cell(value: float | None) -> str:
        return scale.plain(value, one.decimals)

    known = [
        (period(label, one.basis), [cell(one.values[i]), *(cell(one.before[i]) for _ in beside), *("" for _ in band)])
        for i, label in enumerate(one.labels)
    ]
    found = one.forecast
    coming = [
        (_coming(one, label), [cell(found.middle[i]), *("" for _ in beside), *_bands(one, found, scale, i)])
        for i, label in enumerate(found.labels if found else ())
        if found
    ]
    return Sheet(columns, [*known, *coming][::-1])


def _band_names(found: Forecast | None) -> list[str]:
    if found is None:
        return []
    return ["80% 区间", *(["95% 区间"] if found.wide else []), *(["基准"] if found.naive else [])]


def _bands(one: Trend, found: Forecast, scale: numbers.Scale, index: int) -> list[str]:
    told = [_between(one, scale, index)]
    if found.wide:
        told.append("–".join(scale.plain(side[index], one.decimals) for side in found.wide))
    if found.naive:
        told.append(scale.plain(found.naive[index], one.decimals))
    return told


def _coming(one: Trend, label: str) -> str:
    return f"{period(label, one.basis)}（{one.forecast.words if one.forecast else ''}）"
