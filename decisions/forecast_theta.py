"""The Theta method as it won the M3 competition: the yardstick of `forecast_trial`, not a member of the ensemble.

Assimakopoulos and Nikolopoulos 2000, International Journal of Forecasting 16: the mean of the straight line through the
series (theta 0) and simple smoothing of the series with its distances from that line doubled (theta 2). A season that
passes the 90 % autocorrelation test is taken out by classical multiplicative decomposition first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from decisions.forecast_naive import is_seasonal
from decisions.forecast_season import by_phase, centred_mean

Array = NDArray[np.float64]
SMOOTHINGS = np.linspace(0.01, 0.99, 99)


def theta_steps(values: Array, horizon: int, period: int) -> Array:
    """The next `horizon` values; at least two known ones without gaps are needed."""
    index = _season(values, period)
    steps = len(values)
    plain = values / _laid(index, 0, steps)
    slope, level = np.polyfit(np.arange(steps), plain, 1)
    doubled = 2 * plain - (level + slope * np.arange(steps))
    line = level + slope * np.arange(steps, steps + horizon)
    made: Array = (line + last_level(doubled)) / 2 * _laid(index, steps, horizon)
    return made


def last_level(values: Array, smoothings: Array = SMOOTHINGS) -> float:
    """Simple smoothing that begins with the first value, by the constant with the least squared one-step errors."""
    level, loss = np.full(len(smoothings), values[0]), np.zeros(len(smoothings))
    for value in values[1:]:
        error = value - level
        loss += error**2
        level = level + smoothings * error
    return float(level[loss.argmin()])


def _season(values: Array, period: int) -> Array:
    """Multiplicative indices of mean 1, the first one for the first value; ones without a season."""
    if values.min() <= 0 or not is_seasonal(values, period):
        return np.ones(1)
    ratios = values / centred_mean(values[None, :], period)[0]
    late = np.nanmean(by_phase(ratios[None, :], period)[0], axis=0)
    index: Array = np.roll(late, len(values) % period) / late.mean()
    return index


def _laid(index: Array, first: int, count: int) -> Array:
    laid: Array = index[np.arange(first, first + count) % len(index)]
    return laid
