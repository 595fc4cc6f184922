"""How far to go from the equal-weight base towards each member: learned from rolling origins, pulled to not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from decisions.forecast_members import Proposals, joined
from decisions.forecast_panel import Panel

Array = NDArray[np.float64]
Proposer = Callable[[Panel, int, int], Proposals]

TRUST = 0.8
"""Share of the learned move that is made: what held at past origins holds a little less at the next."""
PULL = 2.0
"""Strength of the pull to the base, in units of a hundred series' worth of evidence."""
REWEIGHTINGS = 4
CHUNK = 128
"""Rows proposed together."""


@dataclass(frozen=True)
class Backtest:
    """What would have been proposed some steps ago, and what came."""

    rows: NDArray[np.int64]
    """Row numbers of the panel that were long enough then."""
    cut: int
    """How many values ago it was."""
    proposals: Proposals
    actual: Array


def rolling(
    panel: Panel, horizon: int, period: int, propose: Proposer, most: int, least: int
) -> tuple[Proposals, list[Backtest]]:
    """The proposals for the coming steps, and those of up to `most` earlier origins, newest first.

    Origins are a third of the horizon apart; a row takes part with `least` values before the origin. All origins are
    proposed in one go, each a row that ends there: nothing after its end is in it.
    """
    lengths, width = panel.lengths(), panel.values.shape[1]
    cuts = [step_back(origin, horizon) for origin in range(most)]
    rows = [found for cut in cuts if len(found := np.flatnonzero(lengths - cut >= least))]
    pieces = [panel.values] + [_moved(panel.values[found], cut) for found, cut in zip(rows, cuts, strict=False)]
    chosen = np.concatenate([np.arange(len(panel.values)), *rows])
    made = _in_chunks(Panel(np.concatenate(pieces), panel.logs[chosen], panel.scale[chosen]), horizon, period, propose)
    parts = made.parted([len(piece) for piece in pieces])
    tests = []
    for found, cut, proposals in zip(rows, cuts, parts[1:], strict=False):
        actual = panel.values[found, width - cut : width - cut + horizon]
        tests.append(Backtest(found, cut, proposals, actual))
    return parts[0], tests


def step_back(origin: int, horizon: int) -> int:
    """How many values before the end the origin of that number lies."""
    return horizon + origin * max(1, horizon // 3)


def _moved(values: Array, steps: int) -> Array:
    """Rows without their last `steps` values, still ending at the last column."""
    return np.concatenate([np.full((len(values), steps), np.nan), values[:, :-steps]], axis=1)


def _in_chunks(panel: Panel, horizon: int, period: int, propose: Proposer) -> Proposals:
    """Proposals of many rows, a part at a time so that the work stays in the processor's cache."""
    parts = [propose(panel.part(at, at + CHUNK), horizon, period) for at in range(0, len(panel.values), CHUNK)]
    return joined(parts)


@dataclass(frozen=True)
class Learned:
    """Weights of the members: alone, times lead time, times each state of the series (centred and bounded)."""

    weights: Array
    centre: Array
    size: Array

    def moves(self, proposals: Proposals) -> Array:
        """N x horizon x weights."""
        return _moves(proposals, self.centre, self.size)


def learn(tests: Sequence[Backtest], pull: float = PULL) -> Learned | None:
    """Least absolute errors by reweighting, ridge towards staying at the base; None without any test."""
    if not tests:
        return None
    states = np.concatenate([test.proposals.state for test in tests])
    centre, size = states.mean(axis=0), states.std(axis=0) + 1e-6
    moves = np.concatenate([_moves(test.proposals, centre, size) for test in tests])
    errors = np.concatenate([test.actual - test.proposals.base for test in tests])
    return Learned(_least_absolute(moves, errors, pull), centre, size)


def combine(proposals: Proposals, learned: Learned | None) -> Array:
    """The ensemble's mean, N x horizon, in model space; never further from the base than some member is."""
    if learned is None:
        return proposals.base
    moved = TRUST * (learned.moves(proposals) @ learned.weights)
    farthest = np.maximum(proposals.apart.max(axis=2), 0.0), np.minimum(proposals.apart.min(axis=2), 0.0)
    mean: Array = proposals.base + np.clip(moved, farthest[1], farthest[0])
    return mean


def _moves(proposals: Proposals, centre: Array, size: Array) -> Array:
    apart = proposals.apart
    lead = np.arange(1, apart.shape[1] + 1) / apart.shape[1] - 0.5
    state = np.tanh((proposals.state - centre) / size)
    by_state = [apart * column[:, None, None] for column in state.T]
    return np.concatenate([apart, apart * lead[None, :, None], *by_state], axis=2)


def _least_absolute(moves: Array, errors: Array, pull: float) -> Array:
    horizon, count = moves.shape[1:]
    scale = float(np.sqrt((moves**2).mean(axis=(0, 1))).mean())
    ridge = (pull * horizon * 100 * scale**2 + 1e-12) * np.eye(count)
    flat, target = moves.reshape(-1, count), errors.ravel()
    weight, learned = np.ones(len(target)), np.zeros(count)
    for _ in range(REWEIGHTINGS):
        weighted = flat * weight[:, None]
        learned = np.linalg.solve(weighted.T @ flat + ridge, weighted.T @ target)
        rest = np.abs(target - flat @ learned)
        weight = 1.0 / np.maximum(rest, np.median(rest) / 2 + 1e-9)
        weight /= weight.mean()
    return learned
