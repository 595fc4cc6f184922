"""Multinomial logistic regression with an L2 penalty, solved by L-BFGS (Liu and Nocedal 1989)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from decisions.routing_rows import Array, Places, Rows

MEMORY = 8
STEPS = 50
"""Stopping early costs nothing here: the scores of held-out texts no longer change after some forty steps."""

Slope = Callable[[Array], tuple[float, Array]]


@dataclass(frozen=True)
class Linear:
    """Weights (width x classes) and offsets."""

    weights: Array
    offsets: Array

    def scores(self, rows: Rows) -> Array:
        """Log-odds up to a constant, one row per text."""
        return rows.times(self.weights) + self.offsets


def log_softmax(scores: Array) -> Array:
    """Logarithms of probabilities; rows sum to one after exp."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)), scores.dtype)


def fit(rows: Rows, classes: Places, count: int, cost: float) -> Linear:
    """Penalty |W|^2 / (2 cost) on the weights, none on the offsets."""
    wanted = np.eye(count, dtype=np.float32)[classes]

    def slope(point: Array) -> tuple[float, Array]:
        weights, offsets = point[:-1], point[-1]
        logs = log_softmax(rows.times(weights) + offsets)
        errors = np.exp(logs) - wanted
        loss = -float((wanted * logs).sum()) + float((weights * weights).sum()) / (2 * cost)
        return loss, np.vstack([rows.transposed_times(errors) + weights / np.float32(cost), errors.sum(axis=0)])

    point = minimise(slope, np.zeros((rows.width + 1, count), np.float32))
    return Linear(point[:-1], point[-1])


def minimise(slope: Slope, start: Array, *, steps: int = STEPS, small: float = 1e-4) -> Array:
    """A point with a gradient `small` times that at the start, or the point after `steps` steps."""
    point, (loss, gradient) = start, slope(start)
    enough = small * float(np.linalg.norm(gradient))
    past: deque[tuple[Array, Array]] = deque(maxlen=MEMORY)
    for _ in range(steps):
        if float(np.linalg.norm(gradient)) <= enough:
            break
        way = -_rescaled(gradient, past)
        taken, loss, after = _line_search(slope, point, way, loss, float(np.vdot(way, gradient)))
        if float(np.vdot(taken, after - gradient)) > 1e-12:
            past.append((taken, after - gradient))
        point, gradient = point + taken, after
    return point


def _rescaled(gradient: Array, past: deque[tuple[Array, Array]]) -> Array:
    """Inverse Hessian times gradient, from the last few steps and changes of slope (two loops)."""
    if not past:
        return gradient / np.float32(max(float(np.linalg.norm(gradient)), 1e-9))
    way, pulls = gradient.copy(), []
    for step, change in reversed(past):
        pull = np.float32(np.vdot(step, way) / np.vdot(step, change))
        way -= pull * change
        pulls.append(pull)
    step, change = past[-1]
    way *= np.float32(np.vdot(step, change) / np.vdot(change, change))
    for (step, change), pull in zip(past, reversed(pulls), strict=True):
        way += (pull - np.float32(np.vdot(change, way) / np.vdot(step, change))) * step
    return way


def _line_search(slope: Slope, point: Array, way: Array, loss: float, descent: float) -> tuple[Array, float, Array]:
    """Halve the step until the loss falls by a ten-thousandth of what the slope promises (Armijo)."""
    length = 1.0
    while True:
        taken = np.float32(length) * way
        reached, gradient = slope(point + taken)
        if reached <= loss + 1e-4 * length * descent or length < 1e-6:
            return taken, reached, gradient
        length /= 2
