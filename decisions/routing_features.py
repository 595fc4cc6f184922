"""What a router sees of a message: characters, known words, their matters, pairs of matters, its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from decisions.routing_rows import Array, Places, Rows, gathered
from decisions.wording import grams, placeless
from decisions.wording_words import Words

TAIL = 8
"""Characters of the end of a title that are also looked at on their own: Chinese puts what is wanted last."""


@dataclass(frozen=True)
class Family:
    """Features of one sort: `weight` is the length of its vector, `rarest` in how many texts one must occur."""

    name: str
    weight: float
    rarest: int


FAMILIES = (
    Family("character", 1.0, 2),
    Family("word", 0.7, 2),
    Family("matter", 0.7, 2),
    Family("pair", 0.5, 3),
    Family("end", 0.5, 2),
)


def seen(text: str, words: Words) -> tuple[list[str], ...]:
    """Features of a placeless text, one list for each of FAMILIES."""
    found = [each.word for each in words.find(text)]
    matters = [matter for word in found for matter in words.matters[word]]
    first = [words.matters[word][0] for word in found]
    pairs = sorted({"|".join(sorted(pair)) for pair in combinations(first, 2)})
    return grams(f"^{text}$", (1, 2)), found, matters, pairs, grams(text[-TAIL:], (1, 2))


@dataclass(frozen=True)
class Vocabulary:
    """Columns and inverse document frequencies of one family."""

    family: Family
    columns: dict[str, int]
    rarity: Array

    def row(self, features: Sequence[str], offset: int) -> tuple[Places, Array]:
        """(1 + ln count) x rarity, scaled to the family's weight."""
        counts = Counter(self.columns[feature] for feature in features if feature in self.columns)
        columns = np.fromiter(counts.keys(), np.int64, len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.rarity[columns]
        length = float(np.sqrt(values @ values))
        return columns + offset, (values * (self.family.weight / length) if length else values).astype(np.float32)


@dataclass(frozen=True)
class Encoder:
    """Texts to rows of numbers."""

    words: Words
    vocabularies: tuple[Vocabulary, ...]

    @property
    def width(self) -> int:
        """Number of columns."""
        return sum(len(vocabulary.columns) for vocabulary in self.vocabularies)

    def encode(self, texts: Sequence[str]) -> Rows:
        """One row per text; features never seen in training are left out."""
        return self.of_features([seen(placeless(text), self.words) for text in texts])

    def of_features(self, features: Sequence[tuple[list[str], ...]]) -> Rows:
        """One row per tuple made by `seen`."""
        return gathered([self._row(each) for each in features], self.width)

    def _row(self, features: tuple[list[str], ...]) -> tuple[Places, Array]:
        parts, offset = [], 0
        for vocabulary, listed in zip(self.vocabularies, features, strict=True):
            parts.append(vocabulary.row(listed, offset))
            offset += len(vocabulary.columns)
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def learn(features: Sequence[tuple[list[str], ...]], words: Words) -> Encoder:
    """Vocabulary and rarity from the training texts alone."""
    by_family = [[each[place] for each in features] for place in range(len(FAMILIES))]
    return Encoder(words, tuple(_vocabulary(family, texts) for family, texts in zip(FAMILIES, by_family, strict=True)))


def _vocabulary(family: Family, texts: Sequence[Sequence[str]]) -> Vocabulary:
    spread = Counter(feature for text in texts for feature in set(text))
    rarest = min(family.rarest, max(1, len(texts) // 50))
    kept = sorted(feature for feature, count in spread.items() if count >= rarest)
    rarity = [np.log((1 + len(texts)) / (1 + spread[feature])) + 1 for feature in kept]
    return Vocabulary(family, {feature: column for column, feature in enumerate(kept)}, np.array(rarity, np.float32))
