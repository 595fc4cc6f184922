"""How far to go from the equal-weight base towards each member: learned from rolling origins, pulled to not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from decisions.forecast_members import Proposals
from decisions.forecast_panel import Panel

Array = NDArray[np.float64]
Proposer = Callable[[Panel, int, int], Proposals]

TRUST = 0.8
"""Share of the learned move that is made: what held at past origins holds a little less at the next."""
PULL = 2.0
"""Strength of the pull to the base, in units of a hundred series' worth of evidence."""
REWEIGHTINGS = 4


@dataclass(frozen=True)
class Backtest:
    """What would have been proposed some steps ago, and what came."""

    rows: NDArray[np.int64]
    """Row numbers of the panel that were long enough then."""
    proposals: Proposals
    actual: Array


def backtests(panel: Panel, horizon: int, period: int, propose: Proposer, most: int, least: int) -> list[Backtest]:
    """Up to `most` origins, newest first, a third of the horizon apart; a row takes part with `least` values before."""
    lengths = panel.lengths()
    out = []
    for origin in range(most):
        cut = horizon + origin * max(1, horizon // 3)
        enough = lengths - cut >= least
        if not enough.any():
            break
        end = panel.values.shape[1] - cut
        actual = panel.values[enough, end : end + horizon]
        out.append(Backtest(np.flatnonzero(enough), propose(panel.rows(enough).before(cut), horizon, period), actual))
    return out


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
    """The ensemble's mean, N x horizon, in model space."""
    if learned is None:
        return proposals.base
    moved: Array = proposals.base + TRUST * (learned.moves(proposals) @ learned.weights)
    return moved


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
