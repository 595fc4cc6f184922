"""What messages are about apart from where: vectors of words and matters, and groups of like ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from decisions.wording import grams
from decisions.wording_words import Words

Matrix = NDArray[np.float64]
ALIKE = 0.19
"""Mean cosine above which two groups tell of the same matter; chosen on planted issues."""
TITLE_COUNTS = 2
"""Times that the title counts beside the text."""
TEXT = 160
"""Characters of the text that are looked at: what happened is told first."""
WORD, MATTER, PIECE = 1.0, 1.0, 0.8
"""Lengths of the three parts of a vector."""

Bag = tuple[Counter[str], Counter[str], Counter[str]]


def bag(title: str, text: str, words: Words) -> Bag:
    """Known words, their matters, and pairs of characters of one message."""
    parts: Bag = (Counter(), Counter(), Counter())
    for piece, times in ((title, TITLE_COUNTS), (text[:TEXT], 1)):
        found = [each.word for each in words.find(piece)]
        for counter, features in zip(parts, (found, _matters(found, words), grams(piece, (2,))), strict=True):
            for feature in features:
                counter[feature] += times
    return parts


def _matters(found: Sequence[str], words: Words) -> list[str]:
    return [matter for word in found for matter in words.matters[word]]


class Rarity:
    """Inverse document frequencies over all messages, one table for each part of a bag."""

    def __init__(self, bags: Sequence[Bag]) -> None:
        self._count = len(bags)
        self._spread = [Counter(feature for each in bags for feature in each[part]) for part in range(3)]

    def vectors(self, bags: Sequence[Bag], without: str) -> Matrix:
        """One row of length one per bag; features inside the text `without` (the place) are left out."""
        parts = [
            length * self._part(part, [each[part] for each in bags], without)
            for part, length in enumerate((WORD, MATTER, PIECE))
        ]
        return _to_length_one(np.hstack(parts))

    def of_word(self, word: str) -> float:
        """Logarithm of one over the share of messages with this known word."""
        return float(np.log((1 + self._count) / (1 + self._spread[0][word])))

    def _part(self, part: int, counters: Sequence[Counter[str]], without: str) -> Matrix:
        features = sorted({feature for counter in counters for feature in counter if feature not in without})
        columns = {feature: column for column, feature in enumerate(features)}
        rarity = [np.log((1 + self._count) / (1 + self._spread[part][feature])) for feature in features]
        out = np.zeros((len(counters), len(features)))
        for row, counter in enumerate(counters):
            for feature, times in counter.items():
                if feature in columns:
                    out[row, columns[feature]] = (1 + np.log(times)) * rarity[columns[feature]]
        return _to_length_one(out)


def _to_length_one(matrix: Matrix) -> Matrix:
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(lengths > 0, lengths, 1.0))


def alike(vectors: Matrix, bar: float = ALIKE) -> list[list[int]]:
    """Groups by average linkage: the two likest groups are joined while their mean cosine is at least `bar`."""
    sums = vectors @ vectors.T
    sizes = np.ones(len(vectors))
    groups: dict[int, list[int]] = {each: [each] for each in range(len(vectors))}
    means = sums.copy()
    np.fill_diagonal(means, -1.0)
    while len(groups) > 1:
        left, right = sorted(divmod(int(means.argmax()), len(means)))
        if means[left, right] < bar:
            break
        groups[left] += groups.pop(right)
        sums[left] += sums[right]
        sums[:, left] += sums[:, right]
        sizes[left] += sizes[right]
        means[left] = sums[left] / (sizes[left] * sizes)
        means[:, left] = means[left]
        means[right] = means[:, right] = -1.0
        gone = [each for each in range(len(means)) if each not in groups]
        means[left, gone] = means[gone, left] = -1.0
        means[left, left] = -1.0
    return [sorted(group) for group in groups.values()]
