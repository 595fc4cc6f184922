"""How hot a group of messages is: many people in a time in which few were to be expected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.float64]
LIKES = 0.1
"""Heat added per doubling of the likes, as a share."""


@dataclass(frozen=True)
class Burst:
    """Members `first` to `last` (inclusive, in order of time) and the log likelihood ratio of their crowding."""

    first: int
    last: int
    ratio: float


def crowding(count: float, total: float, share: float) -> float:
    """Kulldorff's log likelihood ratio (1997) of `count` of `total` in a window where `share` of all messages fall."""
    expected = total * min(max(share, 1e-9), 1.0)
    if count <= expected or total <= 0:
        return 0.0
    outside = total - count
    rest = outside * math.log(outside / (total - expected)) if outside > 0 else 0.0
    return count * math.log(count / expected) + rest


def densest(times: Days, everyone: Days) -> Burst:
    """The stretch of the sorted `times` that is likeliest to be a burst, given the sorted times of all messages."""
    total = len(times)
    starts = np.searchsorted(everyone, times, side="left")
    ends = np.searchsorted(everyone, times, side="right")
    best = Burst(0, total - 1, 0.0)
    for first in range(total):
        for last in range(first + 1, total):
            ratio = crowding(last - first + 1, total, (ends[last] - starts[first]) / len(everyone))
            if ratio > best.ratio:
                best = Burst(first, last, ratio)
    return best


def heat(ratio: float, members: int, people: int, likes: Sequence[float]) -> float:
    """Crowding counted by people instead of messages, raised by likes; no unit, only for ranking."""
    return ratio * people / members * (1 + LIKES * math.log2(1 + max(sum(likes), 0.0)))
