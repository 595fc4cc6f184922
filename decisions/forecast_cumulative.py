"""Year-to-date figures split into the figures of single months or quarters, and forecasts of those joined again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from datasources.delivery.period import following

Array = NDArray[np.float64]
TOGETHER = 0.5
"""How much errors of coming periods go together: between 0 (independent) and 1 (all the same way)."""


def split(labels: Sequence[str], totals: Sequence[float] | Array) -> Array:
    """Single periods' figures from year-to-date totals; labels without a hole, NaN for a total that is missing.

    A total after missing ones is spread evenly over the periods it newly covers: 1–2月, published together, gives
    January and February half each. Periods after the year's last known total are NaN.
    """
    out = np.full(len(labels), np.nan)
    year, known, covered = "", 0.0, 0
    for number, (label, total) in enumerate(zip(labels, totals, strict=True)):
        if label[:4] != year:
            year, known, covered = label[:4], 0.0, number
            whole = following(label, -1)[:4] != year
        if np.isfinite(total):
            if whole or covered > _first_of(labels, year):
                out[covered : number + 1] = (total - known) / (number + 1 - covered)
            known, covered = float(total), number + 1
    return out


def _first_of(labels: Sequence[str], year: str) -> int:
    """Where the year's labels begin."""
    return next(number for number, label in enumerate(labels) if label[:4] == year)


def join(labels: Sequence[str], flows: Sequence[float], before: float) -> Array:
    """Year-to-date totals of coming periods; `before` is the total of the running year up to the first of them."""
    out = np.zeros(len(labels))
    total = before
    for number, (label, flow) in enumerate(zip(labels, flows, strict=True)):
        total = (0.0 if _starts_year(label) else total) + flow
        out[number] = total
    return out


def joined_widths(labels: Sequence[str], widths: Sequence[float]) -> Array:
    """Half widths of year-to-date totals from those of single periods: what is already counted is certain."""
    out = np.zeros(len(labels))
    plain = square = 0.0
    for number, (label, width) in enumerate(zip(labels, widths, strict=True)):
        if _starts_year(label):
            plain = square = 0.0
        plain, square = plain + width, square + width**2
        out[number] = np.sqrt(TOGETHER * plain**2 + (1 - TOGETHER) * square)
    return out


def _starts_year(label: str) -> bool:
    return following(label, -1)[:4] != label[:4]
