"""Confidence that can be taken at its word: measured on predictions for texts that the predictor had not seen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from decisions.routing_rows import Array, Places, log_softmax

FEWEST = 60
"""Examples needed to measure anything."""
SCALES = np.geomspace(0.3, 4.0, 66)
DOUBTS = (0.0, 0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1)


@dataclass(frozen=True)
class Confidence:
    """Scores are multiplied by `scale` (Guo et al. 2017); a share `doubt` of labels is anyone's guess."""

    scale: float
    doubt: float

    def of(self, scores: Array) -> Array:
        """Probabilities, one row per text."""
        likely = np.exp(log_softmax(scores * np.float32(self.scale)))
        return np.asarray(likely * np.float32(1 - self.doubt) + np.float32(self.doubt / scores.shape[1]), np.float32)


CAUTIOUS = Confidence(0.6, 0.02)
"""For when there are too few examples to measure."""


def measured(scores: Array, classes: Places) -> Confidence:
    """The confidence under which the true classes of unseen texts are likeliest; CAUTIOUS for fewer than FEWEST."""
    if len(classes) < FEWEST:
        return CAUTIOUS
    tried = [Confidence(float(size), doubt) for size, doubt in product(SCALES, DOUBTS)]
    return min(tried, key=lambda each: _loss(each, scores, classes))


def _loss(confidence: Confidence, scores: Array, classes: Places) -> float:
    return -float(np.log(np.maximum(confidence.of(scores)[np.arange(len(classes)), classes], 1e-12)).mean())


def shares(classes: Places, count: int) -> Places:
    """Number from 0 to count - 1 for each example: every class is dealt out in turn, in the order given."""
    out = np.zeros(len(classes), np.int64)
    dealt = 0
    for each in np.unique(classes):
        members = np.flatnonzero(classes == each)
        out[members] = (np.arange(len(members)) + dealt) % count
        dealt += len(members)
    return out
