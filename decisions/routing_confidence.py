"""Confidence that can be taken at its word: a temperature fitted on predictions for texts left out of the fit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from decisions.routing_linear import log_softmax
from decisions.routing_rows import Array, Places

CAUTIOUS = 0.6
"""Scale for the scores when there are too few examples to measure one."""
FEWEST = 60
"""Examples needed to measure a temperature."""
SCALES = np.geomspace(0.2, 5.0, 121)

Predict = Callable[[Places, Places], Array]
"""(rows to learn from, rows to score) -> scores."""


def folds(classes: Places, count: int) -> Places:
    """Fold of each example: every class is dealt out in turn, in the order of the file."""
    out = np.zeros(len(classes), np.int64)
    dealt = 0
    for each in np.unique(classes):
        members = np.flatnonzero(classes == each)
        out[members] = (np.arange(len(members)) + dealt) % count
        dealt += len(members)
    return out


def held_out(predict: Predict, classes: Places, count: int, parts: int) -> Array:
    """Scores of every example from a fit that did not see it."""
    fold = folds(classes, parts)
    scores = np.zeros((len(classes), count), np.float32)
    for part in range(parts):
        inside, outside = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
        scores[outside] = predict(inside, outside)
    return scores


def scale(scores: Array, classes: Places) -> float:
    """The factor on the scores under which the true classes are likeliest (Guo et al. 2017, temperature scaling)."""
    if len(classes) < FEWEST:
        return CAUTIOUS
    rows = np.arange(len(classes))
    losses = [-float(log_softmax(scores * np.float32(each))[rows, classes].mean()) for each in SCALES]
    return float(SCALES[int(np.argmin(losses))])
