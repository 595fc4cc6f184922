"""Forecasts of one series or a night's batch, with calibrated intervals and the naive forecast beside them.

The ensemble's equal-weight base (Theta, damped trend, simple smoothing, of values and of logs) is moved towards further
members by weights learned from the batch's own rolling origins; the widths come from the same past errors. A series
that is too short gets the naive forecast and the reason in plain words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from decisions.forecast_csv import read_series, write_forecasts
from decisions.forecast_hourly import propose_hourly
from decisions.forecast_members import propose
from decisions.forecast_naive import naive_steps, naive_widths
from decisions.forecast_panel import Panel, filled, panel_of
from decisions.forecast_stack import Backtest, Learned, Proposer, combine, learn, rolling
from decisions.forecast_width import learn_widths

Array = NDArray[np.float64]

LEVELS = (0.80, 0.95)
SHORTEST = 8
"""Known values below which nothing but the naive forecast is honest."""
LARGEST_GAP_SHARE = 0.4
STEPWISE = ("mean", "lo80", "hi80", "lo95", "hi95", "naive")


@dataclass(frozen=True)
class Forecast:
    """Values of the next steps in the series' own unit. `reason` is set if we abstained and show the naive forecast."""

    mean: tuple[float, ...]
    lo80: tuple[float, ...]
    hi80: tuple[float, ...]
    lo95: tuple[float, ...]
    hi95: tuple[float, ...]
    naive: tuple[float, ...]
    model: str
    reason: str | None = None
    error: float | None = None
    """sMAPE (%) of our mean over this series' own rolling origins; None without any."""
    naive_error: float | None = None
    """The same of the naive forecast."""

    @property
    def abstained(self) -> bool:
        """True if the figures are no more than the naive forecast."""
        return self.reason is not None

    def without_first(self, steps: int) -> Forecast:
        """The same without its first steps."""
        return self.changed({name: np.array(getattr(self, name)[steps:]) for name in STEPWISE})

    def changed(self, steps: Mapping[str, Array]) -> Forecast:
        """The same with other figures under some of the names of STEPWISE."""
        mean, lo80, hi80, lo95, hi95, naive = (_figures(steps.get(name, getattr(self, name))) for name in STEPWISE)
        return replace(self, mean=mean, lo80=lo80, hi80=hi80, lo95=lo95, hi95=hi95, naive=naive)


@dataclass(frozen=True)
class _Family:
    """Which members speak for a season length, what they need and how far back they look."""

    name: str
    propose: Proposer
    cycles: float
    """Cycles before an origin that make it worth testing."""
    longest: int
    """Values kept; older ones say little about tomorrow."""
    origins: int


_SHORT = _Family("ensemble", propose, 2.0, 600, 4)
_MONTHLY = _Family("ensemble", propose, 2.0, 600, 8)
_HOURLY = _Family("hourly ensemble", propose_hourly, 4.0, 1500, 10)
MONTHLY_FROM = 12
"""Season lengths from here on leave room for more origins, and more of them make the weights steadier."""
HOURLY_FROM = 20
"""Season lengths from here on are days of hours or finer, with a week above them."""


def forecast(values: Sequence[float], horizon: int, period: int, *, levels: tuple[float, float] = LEVELS) -> Forecast:
    """The next `horizon` values. NaN marks a missing one; `period` is the season length (1 = none).

    ValueError for a horizon or period below 1. `levels` are the inner and the outer interval's coverage.
    """
    return forecast_many([values], horizon, period, levels=levels)[0]


def forecast_many(
    series: Sequence[Sequence[float]], horizon: int, period: int, *, levels: tuple[float, float] = LEVELS
) -> list[Forecast]:
    """As `forecast`, for many series at once: member weights and widths are learned from all of them together."""
    if horizon < 1 or period < 1:
        raise ValueError(f"horizon {horizon} and period {period} must be at least 1")
    raw = [np.asarray(values, dtype=float) for values in series]
    reasons = [_reason(values) for values in raw]
    clean = [filled(values, period) for values in raw]
    made = [_abstain(clean[i], horizon, period, reason or "", levels) for i, reason in enumerate(reasons)]
    for late, rows in _by_missing_end(raw, reasons).items():
        whole = _ensemble([clean[row] for row in rows], horizon + late, period, levels)
        for row, each in zip(rows, whole, strict=True):
            made[row] = each.without_first(late)
    return made


def _by_missing_end(raw: list[Array], reasons: list[str | None]) -> dict[int, list[int]]:
    """Row numbers by how many values are missing at the end: their forecasts begin that much earlier."""
    out: dict[int, list[int]] = {}
    for row, values in enumerate(raw):
        if reasons[row] is None:
            late = int(np.isfinite(values)[::-1].argmax())
            out.setdefault(late, []).append(row)
    return out


def forecast_file(source: Path, target: Path, horizon: int, period: int) -> int:
    """CSV `id,step,value` to CSV `id,step,mean,lo80,hi80,lo95,hi95,model`; returns the number of series.

    Steps continue after each id's last one. Ids that are too short are written with the naive forecast and the model
    name `naive`. ForecastFileError names the line that cannot be read.
    """
    found = read_series(source)
    made = forecast_many([each.values for each in found], horizon, period)
    write_forecasts(target, [(each, forecast) for each, forecast in zip(found, made, strict=True)])
    return len(found)


def _reason(values: Array) -> str | None:
    """Why we abstain, in words for the reader; None if we need not."""
    known = int(np.isfinite(values).sum())
    if known < SHORTEST:
        return f"历史数据只有{known}期，至少需要{SHORTEST}期，仅列出基准值"
    if known < (1 - LARGEST_GAP_SHARE) * len(np.trim_zeros(np.isfinite(values))):
        return "历史数据缺失过多，仅列出基准值"
    return None


def _abstain(clean: Array, horizon: int, period: int, reason: str, levels: tuple[float, float]) -> Forecast:
    naive = naive_steps(clean, horizon, period)
    inner, outer = naive_widths(clean, horizon, period, levels)
    floor = 0.0 if len(clean) and clean.min() >= 0 else -np.inf
    bands = [naive, naive - inner, naive + inner, naive - outer, naive + outer]
    mean, lo80, hi80, lo95, hi95 = (_figures(np.maximum(each, floor)) for each in bands)
    return Forecast(mean, lo80, hi80, lo95, hi95, mean, "naive", reason)


def _ensemble(series: list[Array], horizon: int, period: int, levels: tuple[float, float]) -> list[Forecast]:
    """Series that are long enough, all at once."""
    if not series:
        return []
    family = _family(period, max(map(len, series)))
    panel = panel_of([values[-family.longest :] for values in series])
    least = max(SHORTEST, int(family.cycles * period) + 2)
    proposals, tests = rolling(panel, horizon, period, family.propose, family.origins, least)
    weights = learn(tests)
    errors = [test.actual - combine(test.proposals, weights) for test in tests]
    widths = learn_widths([test.proposals for test in tests], errors, levels)
    mean = combine(proposals, weights)
    inner, outer = widths.half_widths(proposals)
    bands = [panel.back(each) for each in (mean, mean - inner, mean + inner, mean - outer, mean + outer)]
    scores = _scores(panel, tests, weights, horizon, period)
    return [
        _one(values, [band[row] for band in bands], naive_steps(values, horizon, period), family.name, scores[row])
        for row, values in enumerate(series)
    ]


def _family(period: int, longest: int) -> _Family:
    if period >= HOURLY_FROM and longest >= _HOURLY.cycles * period:
        return _HOURLY
    return _MONTHLY if period >= MONTHLY_FROM else _SHORT


def _one(values: Array, bands: list[Array], naive: Array, name: str, scores: tuple[float, float] | None) -> Forecast:
    """One row as its owner sees it: never below zero if it never was."""
    if values.min() >= 0:
        bands = [np.maximum(band, 0.0) for band in bands]
    mean, lo80, hi80, lo95, hi95 = (_figures(band) for band in bands)
    error, naive_error = scores or (None, None)
    return Forecast(mean, lo80, hi80, lo95, hi95, _figures(naive), name, None, error, naive_error)


def _figures(steps: Array) -> tuple[float, ...]:
    return tuple(float(each) for each in steps)


def _scores(
    panel: Panel, tests: list[Backtest], weights: Learned | None, horizon: int, period: int
) -> list[tuple[float, float] | None]:
    """Our and the naive sMAPE of each row over its rolling origins."""
    sums = np.zeros((len(panel.values), 3))
    for test in tests:
        rows = panel.rows(test.rows)
        earlier = rows.before(test.cut)
        actual, ours = rows.back(test.actual), rows.back(combine(test.proposals, weights))
        past = earlier.back(earlier.values)
        naive = np.stack([naive_steps(each[np.isfinite(each)], horizon, period) for each in past])
        sums[test.rows] += np.stack([smape(actual, ours), smape(actual, naive), np.ones(len(actual))], axis=1)
    return [(float(o / k), float(n / k)) if k else None for o, n, k in sums]


def smape(actual: Array, forecasts: Array) -> Array:
    """Symmetric mean absolute percentage error of each row, 0 to 200 (M3 and M4 rules)."""
    size = np.abs(actual) + np.abs(forecasts)
    ratio = np.abs(actual - forecasts) / np.where(size > 0, size, 1.0)
    mean: Array = 200.0 * ratio.mean(axis=1)
    return mean
