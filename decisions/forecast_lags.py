"""Autoregression of many series at once: ridge on lags, pulled towards a given set of weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def lag_weights(panel: Array, prior: Array, ridge: float) -> Array:
    """N x q weights of the last q values, newest first; `ridge` is the share of the lags' own energy."""
    lags, steps = len(prior), panel.shape[1]
    past = np.stack([panel[:, lags - 1 - j : steps - 1 - j] for j in range(lags)], axis=-1)
    now = panel[:, lags:]
    usable = np.isfinite(past).all(axis=2) & np.isfinite(now)
    past, now = np.where(usable[..., None], past, 0.0), np.where(usable, now, 0.0)
    energy = np.matmul(past.transpose(0, 2, 1), past)
    pull = ridge * np.trace(energy, axis1=1, axis2=2) + 1e-9
    right = np.matmul(past.transpose(0, 2, 1), now[..., None])[..., 0] + pull[:, None] * prior
    solved: Array = np.linalg.solve(energy + pull[:, None, None] * np.eye(lags), right[..., None])[..., 0]
    return solved


def run_on(panel: Array, weights: Array, horizon: int, limit: Array) -> Array:
    """The recursion continued for `horizon` steps, each step kept within +-limit of its row."""
    recent = np.nan_to_num(panel[:, : -weights.shape[1] - 1 : -1])
    out = np.zeros((len(panel), horizon))
    for step in range(horizon):
        out[:, step] = np.clip((recent * weights).sum(axis=1), -limit, limit)
        recent = np.concatenate([out[:, step : step + 1], recent[:, :-1]], axis=1)
    return out
