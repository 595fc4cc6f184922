"""The naive forecast every model must beat: last value, or last cycle if the series has a season (M4's Naive2 test)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
NORMAL = ((0.5, 0.674), (0.8, 1.2816), (0.9, 1.645), (0.95, 1.96), (0.99, 2.576))
"""Level of a central interval and its half width in standard deviations."""


def is_seasonal(values: Array, period: int) -> bool:
    """The 90 % autocorrelation test of the M competitions; False with less than three cycles."""
    if period < 2 or len(values) < 3 * period:
        return False
    centred = values - values.mean()
    energy = float(centred @ centred)
    if energy <= 0:
        return False
    shares = np.array([float(centred[lag:] @ centred[:-lag]) / energy for lag in range(1, period + 1)])
    bound = 1.645 * np.sqrt((1 + 2 * float((shares[:-1] ** 2).sum())) / len(values))
    return bool(abs(shares[-1]) > bound)


def naive_steps(values: Array, horizon: int, period: int) -> Array:
    """Last cycle repeated if seasonal, else the last value; NaN if there is no value at all."""
    if len(values) == 0:
        return np.full(horizon, np.nan)
    cycle = values[-period:] if is_seasonal(values, period) else values[-1:]
    return np.resize(cycle, horizon)


def naive_widths(values: Array, horizon: int, period: int, levels: tuple[float, float]) -> tuple[Array, Array]:
    """Half widths of a random walk with the series' own changes; zero with fewer than two changes."""
    changes = np.diff(values)
    size = float(np.sqrt((changes**2).mean())) if len(changes) > 1 else 0.0
    law = size * np.sqrt(np.arange(1, horizon + 1))
    known, multiples = zip(*NORMAL, strict=True)
    inner, outer = (law * float(np.interp(level, known, multiples)) for level in levels)
    return inner, outer
