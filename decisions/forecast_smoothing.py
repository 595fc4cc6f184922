"""Exponential smoothing of many series at once; a grid of parameters is averaged by likelihood, not searched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """Smoothing of level, share of it that moves the trend, damping: one entry per tried parameter set."""

    level: Array
    trend: Array
    damping: Array


def grid(levels: list[float], trends: list[float], dampings: list[float]) -> Grid:
    """All combinations."""
    a, b, c = np.meshgrid(levels, trends, dampings, indexing="ij")
    return Grid(a.ravel(), b.ravel(), c.ravel())


LEVELS = [0.04, 0.08, 0.14, 0.22, 0.32, 0.44, 0.58, 0.74, 0.9, 0.99]
SIMPLE = grid(LEVELS, [0.0], [1.0])
DAMPED = grid([0.06, 0.14, 0.26, 0.42, 0.62, 0.8, 0.97], [0.03, 0.1, 0.25, 0.5], [0.8, 0.9, 0.96])
LASTING = grid([0.1, 0.3, 0.5, 0.8], [0.03, 0.1, 0.25, 0.5], [0.99])


def starts_of(panel: Array) -> NDArray[np.int64]:
    """First known column of each row (rows are right-aligned and gapless)."""
    return np.isfinite(panel).argmax(axis=1)


def line(panel: Array, first: int | None = None) -> tuple[Array, Array]:
    """Least squares slope per row and its value at the first known column; over the `first` known values only."""
    start = starts_of(panel)
    steps = np.arange(panel.shape[1])[None, :] - start[:, None]
    used = (steps >= 0) & ((steps < first) if first else True)
    count = used.sum(axis=1)
    x = np.where(used, steps, 0).astype(float)
    y = np.where(used, np.nan_to_num(panel), 0.0)
    mean_x, mean_y = x.sum(axis=1) / count, y.sum(axis=1) / count
    spread = np.where(used, (x - mean_x[:, None]) ** 2, 0.0).sum(axis=1)
    slope = np.where(used, (x - mean_x[:, None]) * (y - mean_y[:, None]), 0.0).sum(axis=1) / np.maximum(spread, 1e-9)
    return slope, mean_y - slope * mean_x


def smooth(panel: Array, horizon: int, tried: Grid, slope: Array, level: Array) -> tuple[Array, Array]:
    """Likelihood-weighted forecasts, N x horizon, and the one-step error's standard deviation, N.

    l' = l + f b + a e, b' = f b + a t e (Gardner and McKenzie 1985, Management Science 31). Weights are
    (sum of squared errors)^(-n/2), errors cut at three robust deviations.
    """
    start = starts_of(panel)
    n, k = len(panel), len(tried.level)
    a, t, f = (value[None, :] for value in (tried.level, tried.level * tried.trend, tried.damping))
    lev = np.repeat((level - slope)[:, None], k, axis=1)
    tre = np.repeat(slope[:, None], k, axis=1)
    loss, count = np.zeros((n, k)), np.zeros(n)
    cut = 3.0 * _scale(panel)[:, None]
    known = np.isfinite(panel)
    for step in range(int(start.min()), panel.shape[1]):
        live = known[:, step]
        drift = f * tre
        guess = lev + drift
        error = np.where(live[:, None], np.nan_to_num(panel[:, step])[:, None] - guess, 0.0)
        lev = np.where(live[:, None], guess + a * error, lev)
        tre = np.where(live[:, None], drift + t * error, tre)
        loss += np.clip(error, -cut, cut) ** 2
        count += live
    floor = 1e-12 * (np.nanmean(np.abs(panel), axis=1) ** 2 + 1e-300)
    loss += (floor * count)[:, None]
    log = -0.5 * count[:, None] * np.log(loss)
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    power = np.cumsum(tried.damping[None, :] ** np.arange(1, horizon + 1)[:, None], axis=0)
    mean_level, out = (weight * lev).sum(axis=1), (weight * tre) @ power.T
    return mean_level[:, None] + out, np.sqrt((weight * loss).sum(axis=1) / np.maximum(count, 1))


def _scale(panel: Array) -> Array:
    """Robust standard deviation of the steps."""
    step = np.abs(np.diff(panel, axis=1))
    out = np.zeros(len(panel))
    some = np.isfinite(step).any(axis=1)
    out[some] = 1.4826 * np.nanmedian(step[some], axis=1)
    mean = np.zeros(len(panel))
    mean[some] = np.nanmean(step[some], axis=1)
    return np.maximum(out, mean) + 1e-300
