"""Seasonal indices of many series at once: classical decomposition, shrunk towards no season by its own noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def centred_mean(panel: Array, period: int) -> Array:
    """Centred moving average over one cycle (2 x m if m is even); NaN where the window is not full."""
    weights = np.ones(period + 1 - period % 2) / period
    if period % 2 == 0:
        weights[[0, -1]] /= 2
    half = len(weights) // 2
    out = np.full_like(panel, np.nan)
    width = panel.shape[1] - 2 * half
    if width > 0:
        out[:, half : half + width] = sum(w * panel[:, i : i + width] for i, w in enumerate(weights))
    return out


def by_phase(panel: Array, period: int) -> Array:
    """N x T to N x cycles x period; the last column is the last observation, NaN pads the first cycle."""
    missing = -panel.shape[1] % period
    padded = np.pad(panel, ((0, 0), (missing, 0)), constant_values=np.nan)
    return padded.reshape(len(panel), -1, period)


def seasonal_indices(panel: Array, period: int, memory: float = 0.9) -> Array:
    """N x period additive indices (logs for positive series), phase 0 = the season one step after the last value.

    A cycle counts `memory` times as much as the following one. The mean ratio of a season is pulled to zero by
    A / (A + noise), James and Stein's weight (Miller and Williams 2003, International Journal of Forecasting 19).
    """
    indices = np.zeros((len(panel), period))
    if period < 2:
        return indices
    detrended = panel - centred_mean(panel, period)
    for _ in range(2):
        raw, noise = _weighted_means(by_phase(detrended, period), memory)
        indices = _shrunk(raw, noise)
        detrended = panel - _edge_trend(panel - tiled(indices, panel.shape[1]), period)
    raw, noise = _weighted_means(by_phase(detrended, period), memory)
    return _shrunk(raw, noise)


def _edge_trend(panel: Array, period: int) -> Array:
    """Centred moving average, its ends continued by half of the slope of the last full cycle's means."""
    trend = centred_mean(panel, period)
    known = np.isfinite(trend)
    some: NDArray[np.bool_] = np.any(known, axis=1)
    first, last = known.argmax(axis=1), panel.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    rows, steps = np.arange(len(panel)), np.arange(panel.shape[1])
    reach = np.minimum(period, last - first)
    with np.errstate(divide="ignore", invalid="ignore"):
        head = (trend[rows, first + reach] - trend[rows, first]) / np.maximum(reach, 1)
        tail = (trend[rows, last] - trend[rows, last - reach]) / np.maximum(reach, 1)
    before = trend[rows, first][:, None] + (head / 2)[:, None] * (steps[None, :] - first[:, None])
    after = trend[rows, last][:, None] + (tail / 2)[:, None] * (steps[None, :] - last[:, None])
    filled = np.where(steps[None, :] < first[:, None], before, np.where(steps[None, :] > last[:, None], after, trend))
    return np.where(some[:, None], filled, np.nan)


def _weighted_means(cycles: Array, memory: float) -> tuple[Array, Array]:
    """Weighted, winsorised mean of each season (centred over the seasons) and the variance of that mean."""
    age = np.arange(cycles.shape[1])[::-1]
    known = np.isfinite(cycles)
    weights = np.where(known, (memory**age)[None, :, None], 0.0)
    total = weights.sum(axis=1)
    filled = np.where(known, cycles, 0.0)
    safe = np.maximum(total, 1e-12)
    mean = (weights * filled).sum(axis=1) / safe
    rest = np.where(known, filled - mean[:, None, :], np.nan)
    spread = 1.4826 * _nanmedian(np.abs(rest).reshape(len(cycles), -1)) * 1.3
    clipped = np.clip(np.nan_to_num(rest), -2.5 * spread[:, None, None], 2.5 * spread[:, None, None])
    mean = mean + (weights * clipped).sum(axis=1) / safe
    mean = np.where(total > 0, mean, 0.0)
    free = np.maximum(known.sum(axis=(1, 2)) - cycles.shape[2], 1)
    variance = (np.where(known, clipped, 0.0) ** 2).sum(axis=(1, 2)) / free
    effective = np.maximum(total**2 / np.maximum((weights**2).sum(axis=1), 1e-12), 1e-12)
    noise = variance[:, None] / effective
    return mean - mean.mean(axis=1, keepdims=True), np.where(total > 0, noise, np.inf)


def _shrunk(raw: Array, noise: Array) -> Array:
    """Indices times A / (A + noise), A = the variance of the indices that noise does not explain."""
    enough = np.isfinite(noise).all(axis=1)
    average = np.where(enough, np.where(np.isfinite(noise), noise, 0.0).mean(axis=1), 0.0)
    spread = (raw**2).sum(axis=1) / max(raw.shape[1] - 1, 1)
    real = np.maximum(spread - average, 0.0)
    weight = np.where(enough & (spread > 1e-18), real / np.maximum(real + average, 1e-300), 0.0)
    return raw * weight[:, None]


def _nanmedian(rows: Array) -> Array:
    out = np.zeros(len(rows))
    some = np.isfinite(rows).any(axis=1)
    out[some] = np.nanmedian(rows[some], axis=1)
    return out


def tiled(indices: Array, steps: int) -> Array:
    """The indices laid over the last `steps` observations."""
    period = indices.shape[1]
    repeats = -(-steps // period)
    return np.tile(indices, (1, repeats))[:, repeats * period - steps :]


def ahead(indices: Array, horizon: int) -> Array:
    """The indices of the next `horizon` steps."""
    return np.tile(indices, (1, -(-horizon // indices.shape[1])))[:, :horizon]
