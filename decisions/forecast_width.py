"""How wide an interval must be: the usual size of errors by noise and lead time, times a counted quantile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from decisions.forecast_members import Proposals

Array = NDArray[np.float64]

USUAL_LAW = np.array([-0.95, 0.45, 0.80, 0.09, 0.08])
"""Log of a typical absolute error: constant, log lead, log noise, log relative spread of the base, the same of all
members. Fitted on rolling origins of weekly series and their 4-, 13- and 52-week means; where a lone series starts."""
USUAL_QUANTILES = ((0.5, 1.2), (0.8, 2.38), (0.9, 3.3), (0.95, 4.35), (0.99, 7.0))
"""Level and the multiple of the typical error that covers it, of the same series."""
LAW_STRENGTH = 20.0
"""Series' worth of evidence that the usual law counts for."""
QUANTILE_STRENGTH = 40.0
SMALLEST = 1e-4


@dataclass(frozen=True)
class WidthLaw:
    """What one batch taught about its errors."""

    law: Array
    multiples: tuple[float, ...]
    """One per level, of the typical error."""

    def half_widths(self, proposals: Proposals) -> list[Array]:
        """N x horizon in model space, one per level; never shrinking with lead time. A flat series has none."""
        typical = np.exp(_features(proposals) @ self.law)
        typical = np.maximum.accumulate(typical, axis=1)
        typical = np.where(proposals.noise[:, None] > 1e-7, typical, 0.0)
        return [multiple * typical for multiple in self.multiples]


def learn_widths(proposals: Sequence[Proposals], errors: Sequence[Array], levels: Sequence[float]) -> WidthLaw:
    """The law and multiples of these backtests, each blended with the usual one; no backtests: the usual ones."""
    usual = [_usual_multiple(level) for level in levels]
    if not proposals:
        return WidthLaw(USUAL_LAW, tuple(usual))
    features = np.concatenate([_features(each) for each in proposals])
    sizes = np.abs(np.concatenate(list(errors)))
    floor = np.concatenate([np.repeat(0.05 * each.noise[:, None], sizes.shape[1], axis=1) for each in proposals])
    law = _fit(features, np.log(np.maximum(sizes, floor) + SMALLEST))
    ratios = sizes / np.exp(features @ law)
    series = max(len(each.base) for each in proposals)
    trust = series * np.sqrt(len(proposals)) / (series * np.sqrt(len(proposals)) + QUANTILE_STRENGTH)
    counted = [max(float(np.quantile(ratios, level)), 1e-3) for level in levels]
    blended = [np.exp(trust * np.log(c) + (1 - trust) * np.log(u)) for c, u in zip(counted, usual, strict=True)]
    return WidthLaw(law, tuple(float(each) for each in blended))


def _usual_multiple(level: float) -> float:
    known, multiples = zip(*USUAL_QUANTILES, strict=True)
    return float(np.interp(level, known, multiples))


def _features(proposals: Proposals) -> Array:
    """N x horizon x 5, see USUAL_LAW."""
    base = proposals.base
    noise = np.repeat(np.log(proposals.noise + SMALLEST)[:, None], base.shape[1], axis=1)
    floor = 0.1 * proposals.noise[:, None] + SMALLEST
    lead = np.broadcast_to(np.log(np.arange(1, base.shape[1] + 1)), base.shape)
    spread = np.log(proposals.spread + floor) - noise
    every = np.log(np.abs(proposals.apart).mean(axis=2) + floor) - noise
    return np.stack([np.ones_like(lead), lead, noise, spread, every], axis=2)


def _fit(features: Array, sizes: Array) -> Array:
    """Least squares of log sizes, ridge towards the usual law."""
    horizon, count = features.shape[1:]
    flat, target = features.reshape(-1, count), sizes.ravel()
    pull = LAW_STRENGTH * horizon * np.eye(count)
    solved: Array = np.linalg.solve(flat.T @ flat + pull, flat.T @ target + pull @ USUAL_LAW)
    return solved
