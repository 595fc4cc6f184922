"""Many series as one right-aligned matrix, in the space they are modelled in: logs if clearly positive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
SMALLEST_SHARE = 0.02
"""A value below this share of the median keeps a series out of the logs: one near-zero would rule its forecast."""


@dataclass(frozen=True)
class Panel:
    """Rows end at the same column; NaN stands before a row's first value and nowhere else."""

    values: Array
    """N x T in model space."""
    logs: NDArray[np.bool_]
    """Which rows are logarithms."""
    scale: Array
    """What the model space 1.0 (or, of logs, 0.0) stands for in the row's own unit."""

    def lengths(self) -> NDArray[np.int64]:
        """Known values per row."""
        return np.isfinite(self.values).sum(axis=1)

    def rows(self, chosen: NDArray[np.int64]) -> Panel:
        """Some of the rows, without the columns that are empty in all of them."""
        return _tight(self.values[chosen], self.logs[chosen], self.scale[chosen])

    def part(self, first: int, end: int) -> Panel:
        """Rows `first` to `end` (without it), empty columns kept."""
        return Panel(self.values[first:end], self.logs[first:end], self.scale[first:end])

    def before(self, steps: int) -> Panel:
        """The same rows as they were `steps` values ago."""
        return _tight(self.values[:, : self.values.shape[1] - steps], self.logs, self.scale)

    def back(self, forecasts: Array) -> Array:
        """Model space to the rows' own units."""
        bounded = np.clip(forecasts, -300.0, 300.0)
        return np.where(self.logs[:, None], np.exp(bounded), forecasts) * self.scale[:, None]


def _tight(values: Array, logs: NDArray[np.bool_], scale: Array) -> Panel:
    known = np.isfinite(values).any(axis=0)
    first = int(known.argmax()) if known.any() else 0
    return Panel(values[:, first:], logs, scale)


def panel_of(series: Sequence[Array]) -> Panel:
    """A panel of gapless series, each with at least one value."""
    width = max(len(values) for values in series)
    out = np.full((len(series), width), np.nan)
    logs, scale = np.zeros(len(series), dtype=bool), np.ones(len(series))
    for row, values in enumerate(series):
        middle = float(np.median(np.abs(values)))
        logs[row] = bool(values.min() > SMALLEST_SHARE * middle)
        scale[row] = middle or float(np.mean(np.abs(values))) or 1.0
        out[row, width - len(values) :] = np.log(values / scale[row]) if logs[row] else values / scale[row]
    return Panel(out, logs, scale)


def filled(values: Sequence[float] | Array, period: int) -> Array:
    """A gapless copy: leading and trailing NaN cut off, the others interpolated around the season's usual offset."""
    raw = np.asarray(values, dtype=float)
    known = np.flatnonzero(np.isfinite(raw))
    if len(known) == 0:
        return raw[:0]
    raw = raw[known[0] : known[-1] + 1]
    missing = ~np.isfinite(raw)
    if not missing.any():
        return raw
    offset = _season_offset(raw, period)
    steps = np.arange(len(raw))
    return np.where(missing, np.interp(steps, steps[~missing], (raw - offset)[~missing]) + offset, raw)


def _season_offset(raw: Array, period: int) -> Array:
    """The median of each season's distance from the interpolated course; zero with less than three full cycles."""
    known = np.isfinite(raw)
    if period < 2 or known.sum() < 3 * period:
        return np.zeros(len(raw))
    steps = np.arange(len(raw))
    course = np.interp(steps, steps[known], raw[known])
    kernel = np.ones(period) / period
    rest = raw - np.convolve(np.pad(course, period // 2, mode="edge"), kernel, mode="same")[period // 2 :][: len(raw)]
    medians = [np.nanmedian(rest[phase::period]) if known[phase::period].any() else 0.0 for phase in range(period)]
    return np.resize(np.array(medians), len(raw))
