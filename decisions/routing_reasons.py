"""The words of a message that spoke most for its class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from decisions.routing_features import TAIL, Encoder
from decisions.routing_nets import Nets
from decisions.wording import placeless
from decisions.wording_words import Found, Words

MOST = 4
LOOKED_AT = 200
"""Characters of the text in which reasons are looked for."""
LEAST = 0.15
"""Share of the weightiest word that a word must have to be named."""
UNKNOWN = "没有认识的词，只按各类多少判断"

Shares = NDArray[np.float64]
Located = list[tuple[str, list[int]]]
"""Features with the positions of the characters they stand on."""


def reasons(text: str, label: int, encoder: Encoder, nets: Nets) -> tuple[str, ...]:
    """At most MOST words, the weightiest first; each character carries its share of the features it is part of."""
    short = placeless(text)[:LOOKED_AT]
    shares = _shares(short, encoder, _gains(text, label, encoder, nets))
    weighed = [(float(shares[start:end].sum()), start, end) for start, end in _pieces(short, encoder.words)]
    bar = LEAST * max((weight for weight, _, _ in weighed), default=0.0)
    heavy = (each for each in weighed if each[0] > max(bar, 0.0))
    words = _apart(short, sorted(heavy, key=lambda each: (-each[0], each[1])))
    return tuple(words[:MOST]) or (UNKNOWN,)


def _gains(text: str, label: int, encoder: Encoder, nets: Nets) -> dict[int, float]:
    """What each column of the text adds to the score of the label over the mean of all."""
    row = encoder.encode([text])
    return dict(zip(row.columns.tolist(), (row.values * nets.pull(row, label)).tolist(), strict=True))


def _shares(text: str, encoder: Encoder, gains: dict[int, float]) -> Shares:
    """Every feature's gain spread evenly over the characters it stands on."""
    shares, offset = np.zeros(len(text)), 0
    for vocabulary, located in zip(encoder.vocabularies, _located(text, encoder.words), strict=True):
        times = Counter(feature for feature, _ in located)
        for feature, places in located:
            column = vocabulary.columns.get(feature)
            if column is not None and places:
                shares[places] += gains.get(column + offset, 0.0) / times[feature] / len(places)
        offset += len(vocabulary.columns)
    return shares


def _located(text: str, words: Words) -> tuple[Located, ...]:
    """As `seen`, with positions."""
    found = words.find(text)
    spans = [list(range(each.start, each.end)) for each in found]
    matters = [(matter, span) for each, span in zip(found, spans, strict=True) for matter in words.matters[each.word]]
    known = [(each.word, span) for each, span in zip(found, spans, strict=True)]
    tail = max(0, len(text) - TAIL)
    characters, end = _pieced(f"^{text}$", -1, len(text)), _pieced(text[tail:], tail, len(text))
    return characters, known, matters, _pairs(found, spans, words), end


def _pieced(text: str, shift: int, length: int) -> Located:
    """One- and two-character pieces; the edge signs ^ and $ stand on no character."""
    pieces = [(size, start) for size in (1, 2) for start in range(len(text) - size + 1)]
    return [
        (text[start : start + size], [at + shift for at in range(start, start + size) if 0 <= at + shift < length])
        for size, start in pieces
    ]


def _pairs(found: Sequence[Found], spans: Sequence[list[int]], words: Words) -> Located:
    first = [words.matters[each.word][0] for each in found]
    pairs: dict[str, list[int]] = {}
    for right in range(len(found)):
        for left in range(right):
            pairs.setdefault("|".join(sorted((first[left], first[right]))), spans[left] + spans[right])
    return list(pairs.items())


def _pieces(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """Known words, and pairs of characters in between."""
    end = 0
    for each in [*words.find(text), Found("", len(text))]:
        yield from ((start, start + 2) for start in range(end, each.start - 1) if text[start : start + 2].isalpha())
        if each.word:
            yield each.start, each.end
        end = each.end


def _apart(text: str, weighed: Sequence[tuple[float, int, int]]) -> list[str]:
    """The pieces in order, without those that overlap one taken before."""
    taken: set[int] = set()
    words: dict[str, None] = {}
    for _, start, end in weighed:
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            words[text[start:end]] = None
    return list(words)
