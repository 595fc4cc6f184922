"""What the ensemble's members propose for series with a short season: Theta, damped trend, aggregation, lags, means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from decisions.forecast_lags import lag_weights, run_on
from decisions.forecast_panel import Panel
from decisions.forecast_season import ahead, seasonal_indices, tiled
from decisions.forecast_smoothing import DAMPED, LASTING, SIMPLE, line, smooth

Array = NDArray[np.float64]
LARGEST_STEP = 1.5
"""No member may leave the base by more than this in model space."""


@dataclass(frozen=True)
class Proposals:
    """One origin: the equal-weight base and how far each member is from it."""

    base: Array
    """N x horizon, model space, with season."""
    apart: Array
    """N x horizon x members."""
    names: tuple[str, ...]
    noise: Array
    """N: standard deviation of one-step errors in model space."""
    spread: Array
    """N x horizon: standard deviation between the members of the base."""
    state: Array
    """N x 2: log noise, and noise over the size of the changes (0.7 = mostly noise, 1 = a random walk)."""

    def parted(self, sizes: Sequence[int]) -> list[Proposals]:
        """Consecutive groups of rows."""
        ends = np.cumsum(sizes)
        return [self._rows(slice(end - size, end)) for size, end in zip(sizes, ends, strict=True)]

    def _rows(self, rows: slice) -> Proposals:
        return Proposals(
            self.base[rows], self.apart[rows], self.names, self.noise[rows], self.spread[rows], self.state[rows]
        )


def joined(parts: Sequence[Proposals]) -> Proposals:
    """The rows of all parts, one after the other."""
    return Proposals(
        np.concatenate([part.base for part in parts]),
        np.concatenate([part.apart for part in parts]),
        parts[0].names,
        np.concatenate([part.noise for part in parts]),
        np.concatenate([part.spread for part in parts]),
        np.concatenate([part.state for part in parts]),
    )


def state_of(values: Array, noise: Array) -> Array:
    """What tells a noisy series from a wandering one."""
    moved = np.nanstd(np.diff(values, axis=1), axis=1)
    return np.stack([np.log(noise + 1e-3), np.minimum(noise / (moved + 1e-6), 2.0)], axis=1)


@dataclass(frozen=True)
class _Plain:
    """A panel without its season, in model space and in values."""

    model: Array
    value: Array
    logs: NDArray[np.bool_]

    def to_model(self, forecasts: Array) -> Array:
        """Values to model space; of logs never under a twentieth of the last value."""
        logs = self.logs[:, None]
        floor = np.where(logs, 0.05 * self.value[:, -1:], 1.0)
        return np.where(logs, np.log(np.maximum(np.where(logs, forecasts, 1.0), floor)), forecasts)


def propose(panel: Panel, horizon: int, period: int) -> Proposals:
    """The members' forecasts of the `horizon` steps after the panel's end; uses nothing but the panel."""
    indices = seasonal_indices(panel.values, period)
    plain = _without(panel, indices)
    season = ahead(indices, horizon)
    core, noise = _core(plain, horizon, period)
    base = np.mean(list(core.values()), axis=0)
    others = _means(plain.model, period) | _lagged(plain.model, horizon, period)
    others |= _trends(plain.model, horizon, period)
    if period > 1:
        others |= _aggregated(plain, horizon, period)
    apart = {name: member - base for name, member in (core | others).items() if name != "ses"}
    if period > 1:
        apart |= _seasons(panel.values, indices, season, base, period)
        apart["added_season"] = _added_season(panel, plain, base, period) - base - season
    stacked = np.stack([np.broadcast_to(each, base.shape) for each in apart.values()], axis=-1)
    stacked = np.nan_to_num(np.clip(stacked, -LARGEST_STEP, LARGEST_STEP))
    spread = np.std(list(core.values()), axis=0)
    return Proposals(base + season, stacked, tuple(apart), noise, spread, state_of(panel.values, noise))


def _without(panel: Panel, indices: Array) -> _Plain:
    model = panel.values - tiled(indices, panel.values.shape[1])
    logs = panel.logs[:, None]
    return _Plain(model, np.where(logs, np.exp(np.where(logs, model, 0.0)), model), panel.logs)


def _core(plain: _Plain, horizon: int, period: int) -> tuple[dict[str, Array], Array]:
    """The five members of the base: Theta and damped trend of values and of logs, simple smoothing; and its noise."""
    out: dict[str, Array] = {}
    for suffix, panel in (("", plain.value), ("_log", plain.model)):
        slope, level = line(panel)
        theta, _ = smooth(panel, horizon, SIMPLE, slope / 2, level)
        early, first = line(panel, max(6, period))
        damped, _ = smooth(panel, horizon, DAMPED, early / 2, first)
        out |= {f"theta{suffix}": theta, f"damped{suffix}": damped}
    out = {name: each if name.endswith("_log") else plain.to_model(each) for name, each in out.items()}
    out["ses"], noise = smooth(plain.model, horizon, SIMPLE, np.zeros(len(plain.model)), first)
    return out, noise


def _means(plain: Array, period: int) -> dict[str, Array]:
    """The last value and means over ever longer spans."""
    cycle = max(period, 4)
    spans = {"last": 1, "mean_third": max(2, cycle // 3), "mean_1": cycle, "mean_2": 2 * cycle, "mean_3": 3 * cycle}
    means = {name: np.nanmean(plain[:, -span:], axis=1, keepdims=True) for name, span in spans.items()}
    return means | {"mean_all": np.nanmean(plain, axis=1, keepdims=True)}


def _trends(plain: Array, horizon: int, period: int) -> dict[str, Array]:
    """Those that believe in growth: the line through all values, the mean change, a trend that hardly fades."""
    slope, level = line(plain)
    count = np.isfinite(plain).sum(axis=1)
    first = plain[np.arange(len(plain)), np.isfinite(plain).argmax(axis=1)]
    change = (plain[:, -1] - first) / np.maximum(count - 1, 1)
    early, start = line(plain, max(6, period))
    holt, _ = smooth(plain, horizon, LASTING, 0.9 * early, start)
    return {
        "line": level[:, None] + slope[:, None] * (count[:, None] + np.arange(horizon)),
        "drift": plain[:, -1:] + change[:, None] * np.arange(1, horizon + 1),
        "holt": holt,
    }


def _lagged(plain: Array, horizon: int, period: int) -> dict[str, Array]:
    """Ridge on lags of the changes (pulled to no change) and of the values (pulled to smoothing)."""
    lags = min(max(4, min(period + 1, 13)), max(1, (plain.shape[1] - 1) // 3))
    change = np.diff(plain, axis=1)
    limit = 3.0 * _typical(change)
    change = np.clip(change, -limit[:, None], limit[:, None])
    moved = run_on(change, lag_weights(change, np.zeros(lags), 0.1), horizon, limit)
    mean = np.nanmean(plain, axis=1, keepdims=True)
    prior = 0.5 ** np.arange(lags)
    weights = lag_weights(plain - mean, 0.95 * prior / prior.sum(), 0.05)
    reach = 3.0 * np.nanmax(np.abs(plain - mean), axis=1)
    return {
        "change_lags": plain[:, -1:] + np.cumsum(moved, axis=1),
        "value_lags": mean + run_on(plain - mean, weights, horizon, reach),
    }


def _typical(change: Array) -> Array:
    """Robust size of a change per row, in standard deviations of a normal law."""
    size = np.abs(change)
    return np.maximum(1.4826 * np.nanmedian(size, axis=1), np.nanmean(size, axis=1)) + 1e-9


def _aggregated(plain: _Plain, horizon: int, period: int) -> dict[str, Array]:
    """Forecasts of block means, spread back over the steps (Kourentzes, Petropoulos and Trapero 2014, IJF 30)."""
    short = period if period < 6 else max(2, period // 4)
    out = {"blocks": plain.to_model(_blocks(plain.value, horizon, short))}
    if period >= 6:
        enough = plain.value.shape[1] >= 3 * period
        out["cycles"] = plain.to_model(_blocks(plain.value, horizon, period)) if enough else out["blocks"]
    return out


def _blocks(values: Array, horizon: int, size: int) -> Array:
    """Damped trend and Theta on means of `size` steps; a row too short for two blocks keeps its last block."""
    count = values.shape[1] // size
    means = values[:, values.shape[1] - count * size :].reshape(len(values), count, size).mean(axis=2)
    means[:, -1] = np.nanmean(values[:, -size:], axis=1)
    far = -(-horizon // size) + 1
    early, first = line(means, 6)
    damped, _ = smooth(means, far, DAMPED, early / 2, first)
    slope, level = line(means)
    theta, _ = smooth(means, far, SIMPLE, slope / 2, level)
    knots = np.concatenate([means[:, -1:], (damped + theta) / 2], axis=1)
    centres = (size + 1) / 2 + size * np.arange(-1, far)
    return np.array([np.interp(np.arange(1, horizon + 1), centres, row) for row in knots])


def _added_season(panel: Panel, plain: _Plain, base: Array, period: int) -> Array:
    """The base with a season that is added to the values, whatever their level."""
    logs = panel.logs[:, None]
    indices = seasonal_indices(np.where(logs, np.exp(np.where(logs, panel.values, 0.0)), panel.values), period)
    level = np.where(logs, np.exp(np.clip(base, -300.0, 300.0)), base)
    return plain.to_model(level + ahead(indices, base.shape[1]))


def _seasons(panel: Array, indices: Array, season: Array, base: Array, period: int) -> dict[str, Array]:
    """Other opinions on the season: last cycle as it was, a faster one, none at all."""
    horizon = base.shape[1]
    last = ahead(np.where(np.isfinite(panel[:, -period:]), panel[:, -period:], 0.0), horizon)
    faster = ahead(seasonal_indices(panel, period, memory=0.5), horizon)
    return {"last_cycle": last - base - season, "fast_season": faster - season, "no_season": -season}
