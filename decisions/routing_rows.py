"""Sparse rows of numbers and their two products, in numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Compressed rows: the entries of row i are `starts[i]` to `starts[i + 1]` of `columns` and `values`."""

    starts: Places
    columns: Places
    values: Array
    width: int

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.starts) - 1

    @cached_property
    def _rows(self) -> Places:
        return np.repeat(np.arange(self.count), np.diff(self.starts))

    @cached_property
    def _by_column(self) -> tuple[Places, Array, Places, Places]:
        order = np.argsort(self.columns, kind="stable")
        present, starts = np.unique(self.columns[order], return_index=True)
        return self._rows[order], self.values[order], present, starts

    def times(self, weights: Array) -> Array:
        """Rows (n x width) times weights (width x k)."""
        out = np.zeros((self.count, weights.shape[1]), np.float32)
        filled = np.diff(self.starts) > 0
        if filled.any():
            parts = weights[self.columns] * self.values[:, None]
            out[filled] = np.add.reduceat(parts, self.starts[:-1][filled], axis=0)
        return out

    def transposed_parts(self, errors: Array) -> tuple[Places, Array]:
        """The columns that occur, and their rows of this transposed (width x n) times errors (n x k)."""
        rows, values, present, starts = self._by_column
        if not len(present):
            return present, np.zeros((0, errors.shape[1]), np.float32)
        return present, np.add.reduceat(errors[rows] * values[:, None], starts, axis=0)

    def take(self, chosen: Places) -> Rows:
        """The chosen rows, in that order."""
        lengths = self.starts[chosen + 1] - self.starts[chosen]
        ends = np.cumsum(lengths)
        at = np.repeat(self.starts[chosen] - (ends - lengths), lengths) + np.arange(int(lengths.sum()))
        return Rows(np.concatenate(([0], ends)), self.columns[at], self.values[at], self.width)


def gathered(rows: Sequence[tuple[Places, Array]], width: int) -> Rows:
    """Rows from (columns, values) pairs."""
    lengths = [len(columns) for columns, _ in rows]
    columns = np.concatenate([np.zeros(0, np.int64), *(columns for columns, _ in rows)])
    values = np.concatenate([np.zeros(0, np.float32), *(values for _, values in rows)])
    return Rows(np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))), columns, values, width)


def log_softmax(scores: Array) -> Array:
    """Logarithms of probabilities; rows sum to one after exp."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)), scores.dtype)
