"""Several small rectifier networks trained side by side, each blind to its own share of the examples.

The blind shares give honest predictions for every example without a second training, for the confidence.
Inputs and hidden units are dropped at random (Srivastava et al. 2014), targets smoothed (Szegedy et al. 2016),
steps are Adam's (Kingma and Ba 2015), taken only on the columns that a batch contains.
A fixed seed: same input, same nets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from decisions.routing_rows import Array, Places, Rows, log_softmax


@dataclass(frozen=True)
class Training:
    """How the nets are trained; the values were chosen by cross-validation on titles of citizens' messages."""

    nets: int = 5
    hidden: int = 48
    epochs: int = 12
    batch: int = 64
    rate: float = 2e-3
    inputs_dropped: float = 0.3
    hidden_dropped: float = 0.3
    smoothing: float = 0.05
    decay: float = 1e-4
    seed: int = 0


@dataclass(frozen=True)
class Nets:
    """Weights in (width x nets.hidden), offsets in, weights out (nets x hidden x classes), offsets out."""

    inward: Array
    inward_offset: Array
    outward: Array
    outward_offset: Array

    def each(self, rows: Rows) -> Array:
        """Scores of each net: nets x texts x classes."""
        nets, hidden, _ = self.outward.shape
        excited = np.maximum(rows.times(self.inward) + self.inward_offset, 0).reshape(-1, nets, hidden)
        return np.asarray(np.matmul(excited.transpose(1, 0, 2), self.outward) + self.outward_offset[:, None, :])

    def scores(self, rows: Rows) -> Array:
        """Mean of the nets' scores: texts x classes."""
        return np.asarray(self.each(rows).mean(axis=0))

    def pull(self, row: Rows, label: int) -> Array:
        """What a unit of each feature of this one text adds to the label's score over the mean of all classes.

        Exact: a rectifier network is linear among the texts that switch on the same units.
        """
        nets, hidden, _ = self.outward.shape
        awake = (row.times(self.inward) + self.inward_offset)[0] > 0
        outward = self.outward[:, :, label] - self.outward.mean(axis=2)
        return np.asarray(self.inward[row.columns] @ (awake * outward.reshape(nets * hidden)) / np.float32(nets))


class Adam:
    """Running means of a slope and of its square, for one array of weights."""

    def __init__(self, weights: Array, decay: float = 0.0) -> None:
        self.weights, self.decay = weights, np.float32(decay)
        self._mean, self._square = np.zeros_like(weights), np.zeros_like(weights)

    def step(self, slope: Array, rate: float, count: int, at: Places | slice = slice(None)) -> None:
        """Move the weights at the given rows; `count` steps have been taken including this one."""
        self._mean[at] = mean = np.float32(0.9) * self._mean[at] + np.float32(0.1) * slope
        self._square[at] = square = np.float32(0.999) * self._square[at] + np.float32(0.001) * slope * slope
        size = np.sqrt(square / np.float32(1 - 0.999**count)) + np.float32(1e-8)
        way = mean / np.float32(1 - 0.9**count) / size
        self.weights[at] -= np.float32(rate) * (way + self.decay * self.weights[at])


def train_nets(rows: Rows, classes: Places, count: int, blind: Places, how: Training) -> Nets:
    """Nets for `count` classes; example i is not shown to net `blind[i]` (-1: shown to all)."""
    random = np.random.default_rng(how.seed)
    nets = _fresh(rows.width, count, how, random)
    moves = [Adam(nets.inward, how.decay), Adam(nets.inward_offset), Adam(nets.outward), Adam(nets.outward_offset)]
    wanted = np.eye(count, dtype=np.float32)[classes] * np.float32(1 - how.smoothing) + np.float32(
        how.smoothing / count
    )
    shown = (blind[:, None] != np.arange(how.nets)).astype(np.float32)
    for number, (rate, chosen) in enumerate(batches(rows.count, how, random), start=1):
        batch = thinned(rows.take(chosen), how.inputs_dropped, random)
        _learn(nets, moves, batch, wanted[chosen], shown[chosen], (rate, number, how, random))
    return nets


def _fresh(width: int, count: int, how: Training, random: np.random.Generator) -> Nets:
    def drawn(*shape: int) -> Array:
        return (random.standard_normal(shape) * 0.1).astype(np.float32)

    units = how.nets * how.hidden
    blank = np.zeros((how.nets, count), np.float32)
    return Nets(drawn(width, units), np.zeros(units, np.float32), drawn(how.nets, how.hidden, count), blank)


def batches(count: int, how: Training, random: np.random.Generator) -> Iterator[tuple[float, Places]]:
    """(rate, examples); the rate falls in a straight line from epoch to epoch."""
    for epoch in range(how.epochs):
        order = random.permutation(count)
        for start in range(0, count, how.batch):
            yield how.rate * (1 - epoch / how.epochs), order[start : start + how.batch]


def thinned(rows: Rows, dropped: float, random: np.random.Generator) -> Rows:
    """Without a random share of the entries; the rest is raised so that sums stay the same on average."""
    kept = random.random(len(rows.columns)) >= dropped
    starts = np.concatenate(([0], np.cumsum(kept)))[rows.starts]
    return Rows(starts, rows.columns[kept], rows.values[kept] / np.float32(1 - dropped), rows.width)


def _learn(
    nets: Nets,
    moves: list[Adam],
    rows: Rows,
    wanted: Array,
    shown: Array,
    how_far: tuple[float, int, Training, np.random.Generator],
) -> None:
    """One step on one batch: forward, backward, move."""
    rate, number, how, random = how_far
    shape = (rows.count, how.nets, how.hidden)
    excited = np.maximum(rows.times(nets.inward) + nets.inward_offset, 0).reshape(shape)
    open_units = (random.random(shape, np.float32) >= how.hidden_dropped).astype(np.float32) / np.float32(
        1 - how.hidden_dropped
    )
    active = (excited * open_units).transpose(1, 0, 2)
    scores = np.matmul(active, nets.outward) + nets.outward_offset[:, None, :]
    likely = np.exp(log_softmax(scores.reshape(-1, scores.shape[2]))).reshape(scores.shape)
    errors = (likely - wanted) * (shown.T[:, :, None] / np.float32(rows.count))
    back = np.matmul(errors, nets.outward.transpose(0, 2, 1)).transpose(1, 0, 2) * open_units * (excited > 0)
    back = np.ascontiguousarray(back).reshape(rows.count, -1)
    present, slope = rows.transposed_parts(back)
    moves[0].step(slope, rate, number, present)
    moves[1].step(back.sum(axis=0), rate, number)
    moves[2].step(np.matmul(active.transpose(0, 2, 1), errors), rate, number)
    moves[3].step(errors.sum(axis=1), rate, number)
