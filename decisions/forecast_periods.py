"""Forecasts of an indicator's history as it is kept: labelled periods, holes, year-to-date totals, Chinese holidays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasources.delivery.period import Frequency, following, frequency_of
from decisions.forecast import Forecast, forecast_many
from decisions.forecast_calendar import HolidayEffect, holiday_effect
from decisions.forecast_cumulative import join, joined_widths, split
from decisions.forecast_panel import SMALLEST_SHARE, filled

Array = NDArray[np.float64]

SEASON = {
    Frequency.YEARLY: 1,
    Frequency.QUARTERLY: 4,
    Frequency.MONTHLY: 12,
    Frequency.DAILY: 7,
    Frequency.HOURLY: 24,
    Frequency.MINUTE: 1,
    Frequency.REALTIME: 1,
}
"""Steps of the season that a forecast of this frequency looks for."""
LONGEST_HISTORY = 5000
"""Periods between the first and the last label that are looked at."""
BANDS = ("lo80", "hi80", "lo95", "hi95")


@dataclass(frozen=True)
class PeriodForecast:
    """A forecast with the labels of its periods; `holidays` says if the calendar moved it."""

    labels: tuple[str, ...]
    forecast: Forecast
    holidays: bool = False


@dataclass(frozen=True)
class Past:
    """A history to go on from: periods with their values in any order, holes allowed, each period once.

    `cumulative` histories are year-to-date totals of something that adds up; their forecasts are totals again.
    """

    history: Sequence[tuple[str, float | None]]
    cumulative: bool = False


def forecast_periods(
    history: Sequence[tuple[str, float | None]], horizon: int, *, cumulative: bool = False
) -> PeriodForecast:
    """The `horizon` periods after the newest of `history`.

    ValueError for an empty history, mixed frequencies or a label given twice.
    """
    return forecast_periods_many([Past(history, cumulative)], horizon)[0]


def forecast_periods_many(pasts: Sequence[Past], horizon: int) -> list[PeriodForecast]:
    """As `forecast_periods`, for many histories: those of one frequency teach each other weights and widths."""
    cases = [_case(past, horizon) for past in pasts]
    made: dict[int, Forecast] = {}
    for season in {case.season for case in cases}:
        places = [place for place, case in enumerate(cases) if case.season == season]
        found = forecast_many([list(cases[place].plain) for place in places], horizon, season)
        made.update(zip(places, found, strict=True))
    return [_answer(case, made[place]) for place, case in enumerate(cases)]


@dataclass(frozen=True)
class _Case:
    """A history on its way to a forecast: single periods without the calendar's effect."""

    past: Past
    labels: list[str]
    values: Array
    coming: tuple[str, ...]
    season: int
    plain: Array
    effect: HolidayEffect | None
    logs: bool


def _case(past: Past, horizon: int) -> _Case:
    labels, values = _gapless(past.history)
    coming = tuple(following(labels[-1], step) for step in range(1, horizon + 1))
    season = SEASON[frequency_of(labels[-1])]
    single = split(labels, values) if past.cumulative else values
    plain, effect, logs = _without_holidays(single, labels, coming, season)
    return _Case(past, labels, values, coming, season, plain, effect, logs)


def _answer(case: _Case, made: Forecast) -> PeriodForecast:
    if case.effect is not None:
        made = _put_back(made, case.effect, case.logs)
    if case.past.cumulative:
        made = _totals(made, case.coming, case.labels, case.values)
    return PeriodForecast(case.coming, made, case.effect is not None)


def _gapless(history: Sequence[tuple[str, float | None]]) -> tuple[list[str], Array]:
    """All labels from the first to the last with a value, NaN for those without one."""
    if len({label for label, _ in history}) != len(history):
        raise ValueError("the history gives a period twice")
    known = {label: float(value) for label, value in history if value is not None and not math.isnan(value)}
    if len({frequency_of(label) for label in known}) != 1:
        raise ValueError("the history is empty or mixes frequencies")
    last = max(known)
    labels = [last]
    first = min(known)
    while labels[-1] > first and len(labels) < LONGEST_HISTORY:
        labels.append(following(labels[-1], -1))
    labels.reverse()
    return labels, np.array([known.get(label, math.nan) for label in labels])


def _without_holidays(
    values: Array, labels: list[str], coming: tuple[str, ...], season: int
) -> tuple[Array, HolidayEffect | None, bool]:
    """The values without the calendar's effect, the effect to be put on the coming periods, and if it is of logs."""
    usable = np.isfinite(values)
    if not usable.any():  # a single year-to-date total from the middle of a year cannot be split
        return values, None, False
    first, last = int(usable.argmax()), len(values) - int(usable[::-1].argmax())
    clean, names = filled(values, season), labels[first:last]
    logs = bool(clean.min() > SMALLEST_SHARE * np.median(np.abs(clean)))
    effect = holiday_effect(np.log(clean) if logs else clean, names, coming)
    if not effect.is_found:
        return values, None, logs
    plain = values.copy()
    plain[first:last] = _taken_out(values[first:last], effect.past, logs)
    return plain, effect, logs


def _taken_out(values: Array, effect: Array, logs: bool) -> Array:
    return values / np.exp(effect) if logs else values - effect


def _put_back(made: Forecast, effect: HolidayEffect, logs: bool) -> Forecast:
    """Mean and bands with the effect; the naive forecast stays ignorant of the calendar."""
    plain = {name: np.array(getattr(made, name)) for name in ("mean", *BANDS)}
    factor = np.exp(effect.coming)
    return made.changed({name: steps * factor if logs else steps + effect.coming for name, steps in plain.items()})


def _totals(made: Forecast, coming: tuple[str, ...], labels: list[str], totals: Array) -> Forecast:
    """Single periods' forecast as year-to-date totals; widths grow within a year and start again in January."""
    running = [total for label, total in zip(labels, totals, strict=True) if label[:4] == coming[0][:4]]
    before = next((float(total) for total in reversed(running) if np.isfinite(total)), 0.0)
    mean = join(coming, made.mean, before)
    out = {"mean": mean, "naive": join(coming, made.naive, before)}
    for name in BANDS:
        widths = np.array(getattr(made, name)) - np.array(made.mean)
        out[name] = mean + np.sign(widths) * joined_widths(coming, [float(abs(width)) for width in widths])
    return made.changed(out)
